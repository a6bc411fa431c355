"""Send what is due for one organisation by one channel: claim, hand over outside of any transaction, write what became of it."""

import logging
import time
from collections.abc import Callable, Sequence
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from staveworks.db.transaction import acting, use_case
from staveworks.foundation.notices.channels.types import Trouble, Way
from staveworks.foundation.notices.claiming import Claim, Limit, claim
from staveworks.foundation.notices.composing import Ready, compose
from staveworks.foundation.notices.gateways import Route, route_for
from staveworks.foundation.notices.messages.types import Channel
from staveworks.foundation.notices.models import Gateway
from staveworks.foundation.notices.outcomes import Outcome, record
from staveworks.foundation.parties.types import Actor

log = logging.getLogger("staveworks.notices")
AT_ONCE = 20
HOLD = 1 / 3
"""Claimed messages that aren't sent within this part of their lease go back to the queue."""
BACK = Outcome("back")


def send_due(
    actor: Actor,
    *,
    operator: UUID,
    channel: Channel,
    gateway: UUID | None = None,
    most: int = AT_ONCE,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Claim up to ``most`` messages of the actor's organisation and send them; how many were claimed.

    What isn't handed over when ``stopping`` says so goes back to the queue.
    """
    route = route_for(operator, channel, org=actor.org, gateway=gateway)
    if route is None:
        return 0
    claims = _claim(actor, channel=channel, gateway=gateway, route=route, most=most)
    if claims:
        _send_all(actor, route, compose(actor, channel=channel, operator=operator, claims=claims), stopping)
    return len(claims)


def _send_all(actor: Actor, route: Route, messages: Sequence[Ready], stopping: Callable[[], bool]) -> None:
    began, closed = time.monotonic(), ""
    with route.open() as way:
        for one in messages:
            if stopping() or time.monotonic() - began > settings.MESSAGE_LEASE_S * HOLD:
                outcome = BACK
            elif closed:
                outcome = Outcome("gateway", closed)
            else:
                outcome = _send(way, one)
            closed = outcome.code if outcome.kind == "gateway" else closed
            if not _record(actor, one=one, outcome=outcome, carrier=route.owner):
                log.warning("delivery %s: its lease ended before its outcome was written", one.claim.leader)
    if messages:
        _note_gateway(route, failing=bool(closed))


def _send(way: Way, one: Ready) -> Outcome:
    if one.quiet:
        return BACK
    if one.outgoing is None:
        return Outcome("never", "template")
    try:
        accepted = way.send(one.outgoing)
    except Trouble as trouble:
        return Outcome(trouble.kind, trouble.code, again=way.repeats)
    except DatabaseError:
        raise  # of the sink, whose database is ours: nothing can be written now
    except Exception as error:  # a message that breaks its channel must not hold up the others
        log.exception("delivery %s can't be sent", one.claim.leader)
        return Outcome("never", type(error).__name__)
    return Outcome("sent", provider_id=accepted.provider_id)


def _note_gateway(route: Route, *, failing: bool) -> None:
    """Remember since when a connected way has been closed; its page says so."""
    if route.gateway is None:
        return
    with acting(org=route.owner):
        held = Gateway.objects.filter(id=route.gateway)
        if failing:
            held.filter(failing_since=None).update(failing_since=timezone.now())
        else:
            held.exclude(failing_since=None).update(failing_since=None)


@use_case
def _claim(actor: Actor, *, channel: Channel, gateway: UUID | None, route: Route, most: int) -> list[Claim]:
    limit = Limit(route.bucket, route.a_minute, route.at_once)
    return claim(actor.org, channel, gateway, limit, most=min(most, route.at_once))


@use_case
def _record(actor: Actor, *, one: Ready, outcome: Outcome, carrier: UUID | None) -> bool:
    return record(one.claim, outcome, one.hours, carrier=carrier)

"""Take what is asked for until the database's clock says that the hold has expired: all of it or nothing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from psycopg import Error as PsycopgError

from staveworks.db.transaction import sqlstate, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.reservation.domain import check_ttl
from staveworks.foundation.reservation.models import Reservation as Row
from staveworks.foundation.reservation.queries import inquire
from staveworks.foundation.reservation.rows import as_json, chain_of
from staveworks.foundation.reservation.types import Ask, Chain, Finding, NotFree, Obstacle
from staveworks.kit.ids import new_id

OVERLAP, OVERSOLD = "23P01", "23514"
LIMITS = {"_quota": Obstacle.QUOTA, "_admission": Obstacle.NOT_ADMITTED}
"""How constraints end by which rooms above limit what one holder may take, and who; the resource stands in their detail."""


@use_case
def hold(actor: Actor, asks: Mapping[UUID, Sequence[Ask]], *, ttl: timedelta) -> Chain:
    """The chain of what is held now for ``ttl``. ``asks``: what each subject (the caller's own thing) needs.

    One call of the database, however many asks. Raises ``NotFree`` with the nearest alternatives, ``TtlInvalid``.
    """
    subjects = [subject for subject, its in asks.items() for _ in its]
    listed = [ask for its in asks.values() for ask in its]
    chain = new_id()
    refused = _taken_or_refused(chain, check_ttl(ttl), subjects, listed)
    if refused:
        raise NotFree(_findings(actor, listed, refused))
    append_event(actor, "reservation.held", subject=chain, asks=len(listed))
    return chain_of(chain, Row.objects.filter(chain_id=chain).order_by("place", "unit"))


def _taken_or_refused(
    chain: UUID, ttl: timedelta, subjects: Sequence[UUID], asks: Sequence[Ask]
) -> dict[int, Obstacle]:
    """The places of the asks that can't be had; then nothing is left held."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT place, obstacle FROM reservation_hold(%s, make_interval(secs => %s), %s::jsonb)",
                [chain, ttl.total_seconds(), as_json(subjects, asks)],
            )
            refused = {place: Obstacle(obstacle) for place, obstacle in cursor.fetchall() if obstacle}
            if refused:
                transaction.set_rollback(True)
            return refused
    except IntegrityError as error:  # somebody wrote past the lock: the constraints have the last word
        if sqlstate(error) not in (OVERLAP, OVERSOLD):
            raise
        said = error.__cause__.diag if isinstance(error.__cause__, PsycopgError) else None
        name = (said.constraint_name or "") if said else ""
        limit = next((each for end, each in LIMITS.items() if name.endswith(end)), None)
        if said and limit:
            return {
                place: limit for place, ask in enumerate(asks) if str(ask.resource_id) == said.message_detail
            }
        return dict.fromkeys(range(len(asks)), Obstacle.TAKEN)


def _findings(actor: Actor, asks: Sequence[Ask], refused: Mapping[int, Obstacle]) -> list[Finding]:
    """What to say of each ask that was refused. It may be free by itself and not beside the others of its chain."""
    found = inquire(actor, [asks[place] for place in sorted(refused)])
    return [
        each if each.obstacle else Finding(each.ask, each.free, refused[place], each.alternatives)
        for place, each in zip(sorted(refused), found, strict=True)
    ]

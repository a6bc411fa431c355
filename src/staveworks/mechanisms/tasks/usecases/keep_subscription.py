"""A subscription from its first line on: begun, renewed by itself, paused, gone on with, ended; its price announced and kept."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, DateField, F, Func, IntegerField, Q
from django.db.models.functions import Cast

from staveworks.db.clock import database_now, database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.tasks.domain import WORKABLE
from staveworks.mechanisms.tasks.models import (
    Subscription,
    SubscriptionMove,
    SubscriptionPeriod,
    SubscriptionPrice,
)
from staveworks.mechanisms.tasks.periods import first_after, number_on, start_of
from staveworks.mechanisms.tasks.subscription_rows import (
    months_of,
    needs_approval_anew,
    price_of,
    waits_for_approval,
    was_paused,
)
from staveworks.mechanisms.tasks.terms import SubscriptionTerms, read_terms
from staveworks.mechanisms.tasks.types.subscriptions import (
    MoveKind,
    PriceInvalid,
    SubscriptionMoved,
    SubscriptionNotFound,
)
from staveworks.trade.catalogue.queries import access_version
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.terms import limits_of
from staveworks.trade.orders.usecases.repeat_line import repeat_line

MOST_FEN = 10**14


@use_case
def begin_subscription(actor: Actor, *, subject: UUID) -> UUID | None:
    """The subscription that the line ``subject`` begins; again: the same one. None: it begins none, or is a later period's.

    Follows ``line.confirmed``, as the provider. Raises ``RightMissing``, ``LineNotFound``.
    """
    actor.require("line.serve")
    line = access_line(actor, line_id=subject)
    if line.provider_org != actor.org or line.mechanism != "task" or line.state not in WORKABLE:
        return None
    terms = read_terms(access_version(actor, version_id=line.version_id).content.terms or {})
    if (
        not isinstance(terms, SubscriptionTerms)
        or SubscriptionPeriod.objects.filter(line_id=subject).exists()
    ):
        return None
    first = database_today()
    parties = {"buyer_org_id": line.buyer_org, "provider_org_id": line.provider_org}
    begun = Subscription(
        line_id=subject,
        period=terms.period,
        notice_days=terms.notice_days,
        price_fen=line.price_fen,
        first_date=first,
        zone=str(settings.TIME_ZONE),
        **parties,
    )
    begun.save(force_insert=True)
    SubscriptionPeriod.objects.create(
        subscription=begun, number=0, starts_date=first, line_id=subject, **parties
    )
    _note(actor, "subscription.begun", begun)
    return begun.id


def list_due(*, limit: int = 500) -> Sequence[tuple[UUID, UUID]]:
    """(buyer, subscription) of all that may have a period to order. Under the cross role."""
    coming = Func(
        F("first_date"), F("period"), F("number"), function="tasks_period_start", output_field=DateField()
    )
    found = (
        Subscription.objects.using("cross")
        .annotate(number=Cast(Count("periods"), IntegerField()))
        .annotate(coming=coming)
    )
    due = found.filter(
        Q(last_number=None) | Q(last_number__gte=F("number")), coming__lte=database_today("cross")
    )
    return list(due.order_by("coming", "id").values_list("buyer_org_id", "id")[:limit])


@use_case
def renew_subscription(actor: Actor, *, subscription_id: UUID) -> int:
    """As the buyer: how many periods were brought up to date; each that has begun once, in its order, none missed.

    One whose price nobody has approved that has to is left out, as in a pause. Raises ``RightMissing``, ``SubscriptionNotFound``.
    """
    row = _locked(actor, subscription_id, buyer=True)
    done, today, limit = 0, database_today(), limits_of(actor).limit_fen
    while True:
        number = row.periods.count()
        starts = start_of(row.first_date, months_of(row), number)
        if starts > today or (row.last_number is not None and number > row.last_number):
            return done
        paused = was_paused(row, starts) or waits_for_approval(row, number, limit)
        line = None if paused else repeat_line(actor, line_id=row.line_id, price_fen=price_of(row, number))
        SubscriptionPeriod.objects.create(
            subscription=row,
            number=number,
            starts_date=starts,
            line_id=line,
            buyer_org_id=row.buyer_org_id,
            provider_org_id=row.provider_org_id,
        )
        _note(actor, "subscription.renewed", row, number=number, paused=paused)
        done += 1


@use_case
def move_subscription(actor: Actor, *, subscription_id: UUID, kind: MoveKind) -> None:
    """Pause it (periods that begin meanwhile cost nothing), or go on; by either side.

    Raises ``RightMissing``, ``SubscriptionNotFound``, ``SubscriptionMoved``.
    """
    row = _locked(actor, subscription_id)
    if row.last_number is not None:
        raise SubscriptionMoved
    try:
        with transaction.atomic():
            SubscriptionMove.objects.create(
                subscription=row,
                kind=kind,
                by_id=actor.person_id,
                buyer_org_id=row.buyer_org_id,
                provider_org_id=row.provider_org_id,
            )
    except IntegrityError:
        raise SubscriptionMoved from None
    _note(actor, f"subscription.{kind}", row)


@use_case
def end_subscription(actor: Actor, *, subscription_id: UUID) -> None:
    """At the end of the period that runs; by either side. Raises ``RightMissing``, ``SubscriptionNotFound``, ``SubscriptionMoved``."""
    row = _locked(actor, subscription_id)
    last = number_on(row.first_date, months_of(row), database_today())
    if not Subscription.objects.filter(id=row.id, last_number=None).update(last_number=last):
        raise SubscriptionMoved
    _note(actor, "subscription.ended", row)


@use_case
def announce_price(actor: Actor, *, subscription_id: UUID, price_fen: int) -> int:
    """The provider's new price: the number of the first period that it holds for, after the days of notice.

    Raises ``RightMissing``, ``SubscriptionNotFound``, ``SubscriptionMoved``, ``PriceInvalid``.
    """
    row = _locked(actor, subscription_id, buyer=False)
    months = months_of(row)
    number = first_after(row.first_date, months, database_today() + timedelta(days=row.notice_days))
    number = max(number, row.periods.count())
    if not 0 <= price_fen <= MOST_FEN or price_fen == price_of(row, number):
        raise PriceInvalid(field="price_fen")
    if row.last_number is not None or row.prices.filter(number__gte=number).exists():
        raise SubscriptionMoved
    SubscriptionPrice.objects.create(
        subscription=row,
        number=number,
        price_fen=price_fen,
        buyer_org_id=row.buyer_org_id,
        provider_org_id=row.provider_org_id,
    )
    _note(actor, "subscription.price_announced", row, price_fen=price_fen)
    return number


@use_case
def keep_price(actor: Actor, *, subscription_id: UUID) -> None:
    """The buyer has seen the new price and goes on; above the firm's limit who may approve orders says so.

    Raises ``RightMissing``, ``SubscriptionNotFound``, ``SubscriptionMoved``.
    """
    row = _locked(actor, subscription_id, buyer=True)
    if needs_approval_anew(row, limits_of(actor).limit_fen):
        actor.require("order.approve")
    if not row.prices.filter(kept_at=None).update(kept_at=database_now()):
        raise SubscriptionMoved
    _note(actor, "subscription.price_kept", row)


def _locked(actor: Actor, subscription_id: UUID, *, buyer: bool | None = None) -> Subscription:
    """Of the actor's organisation, as the side that is asked for; what is done with it is done one after the other."""
    row = Subscription.objects.select_for_update().filter(id=subscription_id).first()
    if row is None or (
        buyer is not None and (row.buyer_org_id if buyer else row.provider_org_id) != actor.org
    ):
        raise SubscriptionNotFound
    actor.require("order.place" if row.buyer_org_id == actor.org else "line.serve")
    return row


def _note(actor: Actor, event: str, row: Subscription, **data: object) -> None:
    append_event(
        actor,
        event,
        subject=row.id,
        org=actor.org,
        buyer=row.buyer_org_id,
        provider=row.provider_org_id,
        **data,
    )

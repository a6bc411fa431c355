"""订阅: what is ordered anew each period; paused, gone on with, ended, its price announced and kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Path as PathParam
from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Nothing, Out, Words
from staveworks.foundation.parties.doors import Door
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.subscription_queries import access_subscription, list_subscriptions
from staveworks.mechanisms.tasks.types.subscriptions import MoveKind, Period, Subscription, SubscriptionState
from staveworks.mechanisms.tasks.usecases.keep_subscription import (
    MOST_FEN,
    announce_price,
    end_subscription,
    keep_price,
    move_subscription,
)

router, desk_router = Resource("subscriptions"), Resource("subscriptions")
READ, PLACE, SERVE = right("order.read"), right("order.place"), right("line.serve")


class SubscriptionPeriodOut(Out):
    """``line`` null: paused or not approved when it began; it costs nothing."""

    number: int
    starts_date: date
    line: UUID | None
    price_fen: int


class PriceNoticeOut(Out):
    """From period ``number`` on. ``kept``: the buyer goes on; ``to_approve``: that takes the right to approve orders."""

    number: int
    from_date: date
    price_fen: int
    kept: bool
    to_approve: bool


class SubscriptionOut(Out):
    """``next_date``, ``next_fen``: the next period and its price; null once it ends, and then ``ends_date`` is its end."""

    id: UUID
    title: Words
    buyer: UUID
    provider: UUID
    period: Period
    notice_days: int
    state: SubscriptionState
    price_fen: int
    next_date: date | None
    next_fen: int | None
    ends_date: date | None
    periods: list[SubscriptionPeriodOut]
    notice: PriceNoticeOut | None

    @classmethod
    def of(cls, found: Subscription) -> "SubscriptionOut":
        return cls(
            id=found.id,
            title=Words.of(found.title),
            buyer=found.buyer_org,
            provider=found.provider_org,
            period=found.period,
            notice_days=found.notice_days,
            state=found.state,
            price_fen=found.price_fen,
            next_date=found.next_date,
            next_fen=found.next_fen,
            ends_date=found.ends_date,
            periods=[
                SubscriptionPeriodOut(
                    number=each.number,
                    starts_date=each.starts_date,
                    line=each.line_id,
                    price_fen=each.price_fen,
                )
                for each in found.periods
            ],
            notice=PriceNoticeOut.model_validate(found.notice) if found.notice else None,
        )


class AnnouncePrice(In):
    """What a period costs, tax included."""

    price_fen: Annotated[int, Field(ge=0, le=MOST_FEN)]


class PriceAnnounced(Out):
    """The first period that it holds for, counted from 0."""

    number: int


@router.read("", says=Text(zh="列出订阅", en="List subscriptions"), door=READ, answer=Page[SubscriptionOut])
def list_own_subscriptions(request: Call, paging: Query[Paging]) -> Page[SubscriptionOut]:
    """What the organisation has: the latest 200, the newest first."""
    return _listed(request.auth, paging, serving=False)


@router.read(
    "/{uuid:subscription}",
    says=Text(zh="看一项订阅", en="Read a subscription"),
    door=READ,
    answer=SubscriptionOut,
)
def read_subscription(request: Call, subscription: UUID) -> SubscriptionOut:
    """For its buyer and its provider, with every period's line."""
    return SubscriptionOut.of(access_subscription(request.auth, subscription_id=subscription))


@router.effect(
    "POST",
    "/{uuid:subscription}/keep",
    says=Text(zh="接受订阅的新价", en="Go on at the new price"),
    door=PLACE,
    answer=Nothing,
    takes=None,
)
def keep_subscription_price(request: Call, subscription: UUID) -> Nothing:
    """Above the firm's limit that is its approval, and takes the right `order.approve`."""
    keep_price(request.auth, subscription_id=subscription)
    return Nothing()


@desk_router.read(
    "",
    says=Text(zh="列出提供的订阅", en="List subscriptions served"),
    door=SERVE,
    answer=Page[SubscriptionOut],
)
def list_served_subscriptions(request: Call, paging: Query[Paging]) -> Page[SubscriptionOut]:
    """What the organisation serves: the latest 200, the newest first."""
    return _listed(request.auth, paging, serving=True)


@desk_router.effect(
    "POST",
    "/{uuid:served_subscription}/price",
    says=Text(zh="通知订阅改价", en="Announce a new price"),
    door=SERVE,
    answer=PriceAnnounced,
    status=201,
)
def announce_one_price(request: Call, served_subscription: UUID, body: AnnouncePrice) -> PriceAnnounced:
    """It holds from the first period that begins after the days of notice; the buyer hears of it and may end it before."""
    number = announce_price(request.auth, subscription_id=served_subscription, price_fen=body.price_fen)
    return PriceAnnounced(number=number)


def _listed(actor: Actor, paging: Paging, *, serving: bool) -> Page[SubscriptionOut]:
    return page_of_all(
        list_subscriptions(actor, serving=serving),
        paging=paging,
        listing="served subscriptions" if serving else "subscriptions",
        key=lambda each: (each.periods[-1].starts_date.isoformat(), str(each.id)),
        show=SubscriptionOut.of,
        newest_first=True,
    )


def _move(actor: Actor, subscription: UUID, kind: MoveKind) -> None:
    move_subscription(actor, subscription_id=subscription, kind=kind)


@dataclass(frozen=True)
class Step:
    """What either side may do with a subscription: its buyer, and its provider at an address and by a right of its own."""

    does: str
    own: Text
    served: Text
    explains: str
    take: Callable[[Actor, UUID], None]


STEPS = (
    Step(
        "pause",
        Text(zh="暂停订阅", en="Pause a subscription"),
        Text(zh="暂停提供的订阅", en="Pause a subscription served"),
        "Periods that begin from now on are not ordered and cost nothing.",
        lambda actor, subscription: _move(actor, subscription, MoveKind.PAUSED),
    ),
    Step(
        "resume",
        Text(zh="恢复订阅", en="Go on with a subscription"),
        Text(zh="恢复提供的订阅", en="Go on with a subscription served"),
        "It is ordered again from the next period on.",
        lambda actor, subscription: _move(actor, subscription, MoveKind.RESUMED),
    ),
    Step(
        "end",
        Text(zh="结束订阅", en="End a subscription"),
        Text(zh="结束提供的订阅", en="End a subscription served"),
        "With the period that runs.",
        lambda actor, subscription: end_subscription(actor, subscription_id=subscription),
    ),
)


def _offer(step: Step, to: Resource, *, door: Door, says: Text, named: str) -> None:
    """``named``: what the address calls the subscription."""
    which = Annotated[UUID, PathParam(alias=named)]

    def take(request: Call, subscription: which) -> Nothing:
        step.take(request.auth, subscription)
        return Nothing()

    take.__name__, take.__doc__ = f"{step.does}_{named}", step.explains
    path = f"/{{uuid:{named}}}/{step.does}"
    to.effect("POST", path, says=says, door=door, answer=Nothing, takes=None)(take)


for _step in STEPS:
    _offer(_step, router, door=PLACE, says=_step.own, named="subscription")
    _offer(_step, desk_router, door=SERVE, says=_step.served, named="served_subscription")

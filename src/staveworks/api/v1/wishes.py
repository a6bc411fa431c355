"""候补: places in waiting lists; what comes free is kept for the first in line, who takes or declines it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Query
from pydantic import AwareDatetime

from staveworks.api.authentication import Call
from staveworks.api.faults import problem_of
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Nothing, Out, Words
from staveworks.api.v1.order_shapes import Fen
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.queries import access_wish, list_wishes, price_wish
from staveworks.mechanisms.booking.types import TimeFree, Wish, WishState
from staveworks.mechanisms.booking.usecases.answer_wish import decline_time, take_time
from staveworks.mechanisms.booking.usecases.make_wish import leave_list, make_wish
from staveworks.trade.orders.types import OrderState

router = Resource("wishes")
READ, PLACE = right("order.read"), right("order.place")


class WishIn(In):
    """``request``: answers to the offer's form, but when. Any time from ``earliest_at`` on that is over by ``latest_at`` will do."""

    offer: UUID
    request: dict[str, Any] = {}
    earliest_at: AwareDatetime
    latest_at: AwareDatetime


class WishMade(Out):
    """The id alone: who may order need not be allowed to read."""

    id: UUID


class WishOut(Out):
    """``starts_at``, ``kept_until``: of the time that is kept. ``line``: what it becomes when it is taken; ``moves``: the
    booking that falls away with that."""

    id: UUID
    resource: UUID
    resource_name: Words
    offer: UUID
    provider: UUID
    units: int
    minutes: int
    earliest_at: datetime
    latest_at: datetime
    state: WishState
    starts_at: datetime | None
    kept_until: datetime | None
    line: UUID | None
    moves: UUID | None
    made_at: datetime

    @classmethod
    def of(cls, wish: Wish) -> "WishOut":
        return cls(
            id=wish.id,
            resource=wish.resource_id,
            resource_name=Words.of(wish.resource),
            offer=wish.offer_id,
            provider=wish.provider_org,
            units=wish.units,
            minutes=wish.minutes,
            earliest_at=wish.earliest_at,
            latest_at=wish.latest_at,
            state=wish.state,
            starts_at=wish.starts_at,
            kept_until=wish.kept_until,
            line=wish.line_id if wish.state is WishState.TAKEN else None,
            moves=wish.moves,
            made_at=wish.made_at,
        )


class MoveLine(In):
    """From when on an earlier time will do."""

    earliest_at: AwareDatetime


class PricedWish(Out):
    """``price_fen``: what the time that is kept costs now; null: nothing is kept, or it can't be ordered any more."""

    wish: WishOut
    price_fen: int | None


class TakeTime(In):
    """``expected_fen``: the price that was seen; if it is another by now nothing is ordered."""

    expected_fen: Fen | None = None


class TimeTaken(Out):
    order: UUID
    line: UUID
    state: OrderState


@router.read("", says=Text(zh="列出候补", en="List places in waiting lists"), door=READ, answer=Page[WishOut])
def list_own_wishes(request: Call, paging: Query[Paging]) -> Page[WishOut]:
    """The organisation's latest 200, the newest first."""
    return page_of_all(
        list_wishes(request.auth),
        paging=paging,
        listing="wishes",
        key=lambda each: (each.made_at.isoformat(), str(each.id)),
        show=WishOut.of,
        newest_first=True,
    )


@router.effect(
    "POST", "", says=Text(zh="加入候补", en="Join a waiting list"), door=PLACE, answer=WishMade, status=201
)
def add_wish(request: Call, body: WishIn) -> WishMade:
    """Of what the offer lends. A firm stands once in a list; who joined first is served first. Nobody waits for what is free:
    ``time-free`` has ``free``, what to order instead (``POST /orders/lines``)."""
    try:
        made = make_wish(
            request.auth,
            offer_id=body.offer,
            request=body.request,
            earliest_at=body.earliest_at,
            latest_at=body.latest_at,
        )
    except TimeFree as refused:
        problem = problem_of(refused)
        problem.more["free"] = {"starts_at": refused.starts_at.isoformat(), "request": dict(refused.request)}
        raise problem from refused
    return WishMade(id=made)


@router.read(
    "/{uuid:wish}",
    says=Text(zh="看一项候补", en="Read a place in a waiting list"),
    door=READ,
    answer=PricedWish,
)
def read_wish(request: Call, wish: UUID) -> PricedWish:
    """With what the time that is kept would cost now."""
    found = access_wish(request.auth, wish_id=wish)
    return PricedWish(wish=WishOut.of(found), price_fen=price_wish(request.auth, wish_id=wish))


@router.effect(
    "POST",
    "/{uuid:wish}/take",
    says=Text(zh="要留的时间", en="Take the time that is kept"),
    door=PLACE,
    answer=TimeTaken,
)
def take_kept_time(request: Call, wish: UUID, body: TakeTime) -> TimeTaken:
    """It is ordered with it, or waits for approval above the firm's limit."""
    ordered = take_time(request.auth, wish_id=wish, expected_fen=body.expected_fen)
    return TimeTaken(order=ordered.order_id, line=ordered.line_id, state=ordered.state)


@router.effect(
    "POST",
    "/{uuid:wish}/decline",
    says=Text(zh="不要留的时间", en="Decline the time that is kept"),
    door=PLACE,
    answer=Nothing,
    takes=None,
)
def decline_kept_time(request: Call, wish: UUID) -> Nothing:
    """It goes to the next in line."""
    decline_time(request.auth, wish_id=wish)
    return Nothing()


@router.effect(
    "DELETE",
    "/{uuid:wish}",
    says=Text(zh="退出候补", en="Leave a waiting list"),
    door=PLACE,
    answer=Nothing,
    takes=None,
)
def leave_one_list(request: Call, wish: UUID) -> Nothing:
    """While nothing is kept."""
    leave_list(request.auth, wish_id=wish)
    return Nothing()

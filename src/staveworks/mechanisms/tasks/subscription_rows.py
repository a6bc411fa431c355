"""Subscriptions as the room hands them out."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from staveworks.foundation.parties.types import title_of
from staveworks.mechanisms.tasks.models import Subscription as Row
from staveworks.mechanisms.tasks.periods import number_on, start_of
from staveworks.mechanisms.tasks.types.subscriptions import (
    MoveKind,
    Period,
    PriceNotice,
    Subscription,
    SubscriptionPeriod,
    SubscriptionState,
)
from staveworks.trade.catalogue.documents import read_document


def months_of(row: Row) -> int:
    return Period(row.period).months


def begins_at(row: Row, starts: date) -> datetime:
    """The moment of a period's first day, where the subscription is kept."""
    return datetime.combine(starts, time(), ZoneInfo(row.zone))


def price_of(row: Row, number: int) -> int:
    """What period ``number`` costs."""
    announced = [each for each in row.prices.all() if each.number <= number]
    return max(announced, key=lambda each: each.number).price_fen if announced else row.price_fen


def was_paused(row: Row, starts: date) -> bool:
    """Whether it was paused when the period began; how late a job looks changes nothing."""
    begins = begins_at(row, starts)
    before = [each for each in row.moves.all() if each.at <= begins]
    return bool(before) and max(before, key=lambda each: each.at).kind == MoveKind.PAUSED


def waits_for_approval(row: Row, number: int, limit_fen: int) -> bool:
    """Whether period ``number`` costs more than the firm's limit and than what was approved when it began."""
    begins = begins_at(row, start_of(row.first_date, months_of(row), number))
    kept = [each.price_fen for each in row.prices.all() if each.kept_at and each.kept_at <= begins]
    return price_of(row, number) > max(limit_fen, row.price_fen, *kept)


def needs_approval_anew(row: Row, limit_fen: int) -> bool:
    """Whether a price that waits for the buyer's word is above the firm's limit and above what was approved before."""
    kept = [each.price_fen for each in row.prices.all() if each.kept_at]
    waiting = [each.price_fen for each in row.prices.all() if not each.kept_at]
    return max(waiting, default=0) > max(limit_fen, row.price_fen, *kept)


def subscription_of(row: Row, today: date, *, limit_fen: int | None = None) -> Subscription:
    """``row`` comes with everything that it is shown with. ``limit_fen``: of its buyer, for her own eyes."""
    months, periods = months_of(row), sorted(row.periods.all(), key=lambda each: each.number)
    state, number = _state(row, today), len(periods)
    goes_on = row.last_number is None
    coming = max(row.prices.all(), key=lambda each: each.number, default=None)
    if (
        coming is not None
        and start_of(row.first_date, months, coming.number) <= today
        and state is not SubscriptionState.HELD
    ):
        coming = None
    return Subscription(
        id=row.id,
        title=read_document(row.line.version.content).title,
        buyer_org=row.buyer_org_id,
        buyer=title_of(row.buyer_org.name, row.buyer_org.name_en),
        provider_org=row.provider_org_id,
        provider=title_of(row.provider_org.name, row.provider_org.name_en),
        period=Period(row.period),
        notice_days=row.notice_days,
        state=state,
        price_fen=price_of(row, max(0, number_on(row.first_date, months, today))),
        next_date=start_of(row.first_date, months, number) if goes_on else None,
        next_fen=price_of(row, number) if goes_on else None,
        ends_date=None if row.last_number is None else start_of(row.first_date, months, row.last_number + 1),
        periods=tuple(
            SubscriptionPeriod(each.number, each.starts_date, each.line_id, price_of(row, each.number))
            for each in reversed(periods)
        ),
        notice=PriceNotice(
            coming.number,
            start_of(row.first_date, months, coming.number),
            coming.price_fen,
            coming.kept_at is not None,
            limit_fen is not None and needs_approval_anew(row, limit_fen),
        )
        if coming
        else None,
    )


def _state(row: Row, today: date) -> SubscriptionState:
    if row.last_number is not None:
        over = start_of(row.first_date, months_of(row), row.last_number + 1) <= today
        return SubscriptionState.ENDED if over else SubscriptionState.ENDING
    last = max(row.moves.all(), key=lambda each: each.at, default=None)
    if last and last.kind == MoveKind.PAUSED:
        return SubscriptionState.PAUSED
    newest = max(row.periods.all(), key=lambda each: each.number)
    held = newest.line_id is None and not was_paused(row, newest.starts_date) and _unkept(row, newest.number)
    return SubscriptionState.HELD if held else SubscriptionState.RUNNING


def _unkept(row: Row, number: int) -> bool:
    announced = [each for each in row.prices.all() if each.number <= number]
    return bool(announced) and max(announced, key=lambda each: each.number).kept_at is None

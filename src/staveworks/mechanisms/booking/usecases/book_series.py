"""Book every free date of a series: one line of the draft for each, held together or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import Refused
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.repeating import Occurrence, preview_series
from staveworks.trade.orders.types import Added, LinesNotFree, PriceChanged
from staveworks.trade.orders.usecases.fill_order import add_lines
from staveworks.trade.orders.usecases.hold_order import hold_order

TRIES = 3
"""Somebody may book one of the dates between the look and the hold; then it is skipped like any other."""


class NoDateFree(Refused):
    text = Text(
        zh="这些日期一个也约不上。请换时间，或换一种重复方式。",
        en="Not one of these dates can be booked. Choose another time or another rhythm.",
    )


@dataclass(frozen=True, slots=True)
class SeriesBooked:
    """``held_until`` None: something else in the draft stands in the way of holding, its page says what."""

    order_id: UUID
    lines: tuple[UUID, ...]
    skipped: tuple[Occurrence, ...]
    held_until: datetime | None


@use_case
def book_series(
    actor: Actor,
    *,
    version_id: UUID,
    request: Mapping[str, Any],
    rrule: str,
    order_id: UUID | None = None,
) -> SeriesBooked:
    """A line of each free date; all of the draft is held in one call of the kernel.

    Raises as ``preview_series`` and ``add_line``, and ``NoDateFree``.
    """
    for last in (*(False,) * (TRIES - 1), True):
        dates = preview_series(actor, version_id=version_id, request=request, rrule=rrule)
        asked = [{**request, "starts_at": each.local} for each in dates if each.free]
        if not asked:
            raise NoDateFree
        skipped = tuple(each for each in dates if not each.free)
        added: list[Added] = []
        try:
            with transaction.atomic():
                added = add_lines(actor, version_id=version_id, requests=asked, order_id=order_id)
                chain = hold_order(actor, order_id=added[0].order_id)
        except LinesNotFree as refused:
            ours = {each.line_id for each in added} & {each.line_id for each in refused.missing}
            if ours and not last:
                continue
        except PriceChanged:
            pass
        else:
            return SeriesBooked(added[0].order_id, _ids(added), skipped, chain.expires_at)
        added = add_lines(actor, version_id=version_id, requests=asked, order_id=order_id)
        return SeriesBooked(added[0].order_id, _ids(added), skipped, None)
    raise AssertionError("unreachable")


def _ids(added: list[Added]) -> tuple[UUID, ...]:
    return tuple(each.line_id for each in added)

"""What a refused order shows: of each line that can't be had what is free instead, and the waiting list for what was wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.booking.alternatives import list_alternatives
from staveworks.mechanisms.booking.mechanism import MECHANISM
from staveworks.mechanisms.booking.types import Alternative
from staveworks.trade.orders.types import Line, LinesNotFree, Missing, Order

ASKED = ("starts_at", "minutes", "quantity")


@dataclass(frozen=True, slots=True)
class MissingLine:
    """``waiting``: where its waiting list is joined; empty where there is none."""

    missing: Missing
    alternatives: Sequence[Alternative]
    waiting: str


def missing_lines(actor: Actor, order: Order, refused: LinesNotFree) -> list[MissingLine]:
    """Each of them with what is free instead, as of now."""
    lines = {line.id: line for line in order.lines}
    return [_missing(actor, each, lines.get(each.line_id)) for each in refused.missing]


def _missing(actor: Actor, missing: Missing, line: Line | None) -> MissingLine:
    if line is None or line.mechanism != MECHANISM.code:
        return MissingLine(missing, (), "")
    found = list_alternatives(actor, version_id=line.version_id, request=line.request)
    asked = urlencode({name: line.request[name] for name in ASKED if name in line.request})
    return MissingLine(missing, found, f"{reverse('wish_new', args=[line.offer_id])}?{asked}")

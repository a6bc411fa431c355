"""The operator's table of firms page by page: after the last firm seen, so that new firms shift nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from staveworks.cluster.barrel.firms import (
    SHOWN,
    SORTS,
    FirmFilter,
    FirmRow,
    _barrels,
    _narrow,
    _row,
    firms_of,
)
from staveworks.db.transaction import query
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Purpose
from staveworks.foundation.parties.types import Actor

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PlacedFirm:
    """A firm with the values by which it is sorted, its id the last."""

    key: Key
    row: FirmRow


@query
def list_firms_after(
    actor: Actor, *, narrowed: FirmFilter, after: Key | None, limit: int
) -> list[PlacedFirm]:
    """At most ``limit`` firms in the filter's order, from the one after ``after`` on. Raises ``RightMissing``."""
    actor.require("firm.read")
    with reading(actor, purpose=Purpose.OPERATION, fields=SHOWN) as log:
        placed = _placed(actor, narrowed, after, limit)
        log.of(firm.row.id for firm in placed)
    return placed


def _placed(actor: Actor, narrowed: FirmFilter, after: Key | None, limit: int) -> list[PlacedFirm]:
    down = narrowed.sort.startswith("-")
    columns = (*SORTS.get(narrowed.sort.removeprefix("-"), SORTS["name"]), "id")
    names = [f"key_{place}" for place in range(len(columns))]
    found = _narrow(firms_of(actor), narrowed).annotate(
        **{name: F(column) for name, column in zip(names, columns, strict=True)}
    )
    if after is not None and len(after) == len(names):
        found = found.filter(_beyond(names, after, down=down))
    order = [F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True) for name in names]
    firms = list(found.order_by(*order)[:limit])
    barrels = _barrels(firms)
    return [
        PlacedFirm(tuple(_plain(getattr(firm, name)) for name in names), _row(firm, barrels.get(firm.id)))
        for firm in firms
    ]


def _beyond(names: list[str], after: Key, *, down: bool) -> Q:
    """Rows that come after ``after``; nulls are last in both directions."""
    name, value = names[0], after[0]
    rest = _beyond(names[1:], after[1:], down=down) if len(names) > 1 else Q(pk__in=[])
    same: Q = Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    if value is None:
        return same & rest
    further: Q = Q(**{f"{name}__{'lt' if down else 'gt'}": value}) | Q(**{f"{name}__isnull": True})
    return further | (same & rest)


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, int, float)) else str(value)

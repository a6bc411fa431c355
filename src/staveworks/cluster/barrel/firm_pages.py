"""The operator's table of firms page by page: after the last firm seen, so that new firms shift nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from staveworks.cluster.barrel.firms import (
    SHOWN,
    FirmFilter,
    FirmRow,
    chosen_of,
    keys_of,
    terms_of,
    with_barrels,
)
from staveworks.cluster.barrel.listing import find_rows
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
    keys, down = keys_of(narrowed.sort)
    known = after is not None and len(after) == len(keys)
    values = dict(zip(keys, after, strict=True)) if after and known else {}
    found = find_rows(
        actor,
        narrowed.words,
        chosen_of(narrowed),
        terms_of(keys, down),
        limit,
        _beyond(keys, values, down=down) if known else "true",
        {f"after_{key}": value for key, value in values.items()},
    )
    rows = with_barrels(found)
    return [
        PlacedFirm(tuple(_plain(each[key]) for key in keys), row)
        for each, row in zip(found, rows, strict=True)
    ]


def _beyond(keys: Sequence[str], after: Mapping[str, Any], *, down: bool) -> str:
    """Rows that come after ``after``; nulls are last in both directions."""
    key, *others = keys
    rest = _beyond(others, after, down=down) if others else "false"
    if after[key] is None:
        return f"({key} IS NULL AND {rest})"
    sign = "<" if down else ">"
    return f"({key} {sign} %(after_{key})s OR {key} IS NULL OR ({key} = %(after_{key})s AND {rest}))"


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, int, float)) else str(value)

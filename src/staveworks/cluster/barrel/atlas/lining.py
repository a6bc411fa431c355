"""Firms become lines: counted, their quartiles taken. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from staveworks.cluster.barrel.atlas.types import Choice, Line, Narrowed, Spot
from staveworks.cluster.barrel.types import SIZE_TEXTS, Size
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Firm:
    """What the map needs of one firm. ``city``: the prefecture, ``district``: the county, as far as they are known."""

    id: UUID
    city: str
    district: str
    business_type: str
    size: str
    water: float | None
    binding: str


def is_inside(firm: Firm, narrowed: Narrowed) -> bool:
    return (
        narrowed.place in ("", firm.city, firm.district)
        and narrowed.business_type in ("", firm.business_type)
        and narrowed.size in ("", firm.size)
    )


def line_of(key: str, name: Text, firms: Iterable[Firm], fewest: int, spot: Spot | None = None) -> Line:
    found = list(firms)
    levels = [firm.water for firm in found if firm.water is not None]
    held = Counter(firm.binding for firm in found if firm.water is not None and firm.binding)
    low, median, high = np.quantile(levels, (0.25, 0.5, 0.75)).tolist() if levels else (None, None, None)
    most = max(held.values(), default=0)
    return Line(
        key=key,
        name=name,
        firms=len(found),
        diagnosed=len(levels),
        low=low,
        median=median,
        high=high,
        shortest=tuple(sorted(plank for plank, count in held.items() if count == most)),
        cells={plank: float(count) for plank, count in held.items()},
        spot=spot,
        few=len(levels) < fewest,
    )


def lines_of(
    firms: Iterable[Firm],
    key: Callable[[Firm], str],
    names: Mapping[str, Text],
    fewest: int,
    spots: Mapping[str, Spot] | None = None,
) -> tuple[Line, ...]:
    """One line for each key, the most assessed firms first; firms without a key come last, under the name of ``""``."""
    groups: dict[str, list[Firm]] = defaultdict(list)
    for firm in firms:
        groups[key(firm)].append(firm)
    lines = [
        line_of(code, names.get(code, Text(zh=code, en=code)), inside, fewest, (spots or {}).get(code))
        for code, inside in groups.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.key == "", -line.diagnosed, -line.firms, line.key)))


def choices_of(
    firms: Iterable[Firm], key: Callable[[Firm], str], names: Mapping[str, Text]
) -> tuple[Choice, ...]:
    counted = Counter(key(firm) for firm in firms)
    return tuple(
        Choice(code, names[code], count)
        for code, count in sorted(counted.items(), key=_most)
        if code in names
    )


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


SIZE_NAMES: Mapping[str, Text] = {str(size): SIZE_TEXTS[size] for size in Size}

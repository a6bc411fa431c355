"""Groups of firms become lines: counted, their quartiles taken. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from staveworks.cluster.barrel.atlas.types import Choice, Line, Narrowed, Spot
from staveworks.cluster.barrel.types import SIZE_TEXTS, Size
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Alike:
    """Firms of which the map says the same. ``city``: the prefecture, ``district``: the county, as far as they are known.
    ``water``: the likely level of each barrel among them."""

    city: str
    district: str
    business_type: str
    size: str
    binding: str
    firms: int
    water: list[float]


def is_inside(alike: Alike, narrowed: Narrowed) -> bool:
    return (
        narrowed.place in ("", alike.city, alike.district)
        and narrowed.business_type in ("", alike.business_type)
        and narrowed.size in ("", alike.size)
    )


def line_of(key: str, name: Text, groups: Iterable[Alike], fewest: int, spot: Spot | None = None) -> Line:
    found = list(groups)
    levels = [level for alike in found for level in alike.water]
    held: Counter[str] = Counter()
    for alike in found:
        if alike.binding and alike.water:
            held[alike.binding] += len(alike.water)
    low, median, high = np.quantile(levels, (0.25, 0.5, 0.75)).tolist() if levels else (None, None, None)
    most = max(held.values(), default=0)
    return Line(
        key=key,
        name=name,
        firms=sum(alike.firms for alike in found),
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
    groups: Iterable[Alike],
    key: Callable[[Alike], str],
    names: Mapping[str, Text],
    fewest: int,
    spots: Mapping[str, Spot] | None = None,
) -> tuple[Line, ...]:
    """One line for each key, the most assessed firms first; firms without a key come last, under the name of ``""``."""
    by_key: dict[str, list[Alike]] = defaultdict(list)
    for alike in groups:
        by_key[key(alike)].append(alike)
    lines = [
        line_of(code, names.get(code, Text(zh=code, en=code)), inside, fewest, (spots or {}).get(code))
        for code, inside in by_key.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.key == "", -line.diagnosed, -line.firms, line.key)))


def choices_of(
    groups: Iterable[Alike], key: Callable[[Alike], str], names: Mapping[str, Text]
) -> tuple[Choice, ...]:
    counted: Counter[str] = Counter()
    for alike in groups:
        counted[key(alike)] += alike.firms
    return tuple(
        Choice(code, names[code], count)
        for code, count in sorted(counted.items(), key=_most)
        if code in names
    )


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


SIZE_NAMES: Mapping[str, Text] = {str(size): SIZE_TEXTS[size] for size in Size}

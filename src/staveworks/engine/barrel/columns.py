"""The answers of many firms to one leaf, read as a column: checked by type and range at once, firm by firm only where
that fails. One firm is a column of one, so there is one truth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.barrel.answers import AnswerRefused, Answers, check_answer, check_value
from staveworks.engine.barrel.rubric import FULL, NOT_APPLICABLE, Bands, Leaf, Rubric

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Refusals = dict[int, AnswerRefused]
"""Firm (its place in the batch) → the first answer that is refused."""


@dataclass(frozen=True, slots=True)
class Column:
    """``value``: the number answered, NaN where none; for a multi its points. ``absent``: "not applicable", or None."""

    value: Floats
    absent: Flags | None = None

    @property
    def answered(self) -> Flags:
        known = ~np.isnan(self.value)
        return known if self.absent is None else known | self.absent


@dataclass(frozen=True, slots=True)
class Layout:
    """Firms' answers in the order of the leaves, None where there is none. ``odd``: firms that gave more than that
    (codes of rubrics referred to, codes that do not exist, nulls), kept whole by their place."""

    rows: list[list[object]]
    odd: Mapping[int, Answers]


def lay_out(leaves: Sequence[Leaf], firms: Iterable[Answers]) -> Layout:
    """Takes one firm at a time and lets it go, so that a long file stays small in memory and near in cache."""
    codes = [leaf.code for leaf in leaves]
    rows: list[list[object]] = []
    odd: dict[int, Answers] = {}
    for firm in firms:
        row: list[object] = list(map(firm.get, codes))
        if len(row) - row.count(None) != len(firm):
            odd[len(rows)] = firm
        rows.append(row)
    return Layout(rows, odd)


def read_columns(leaves: Sequence[Leaf], layout: Layout, refusals: Refusals) -> dict[str, Column]:
    """The columns of ``leaves``. A refused answer is noted in ``refusals`` and counts as none."""
    values = zip(*layout.rows, strict=True) if layout.rows else ([] for _ in leaves)
    return {leaf.code: _read(leaf, column, refusals) for leaf, column in zip(leaves, values, strict=True)}


def find_strangers(rubric: Rubric, layout: Layout) -> Refusals:
    """Firms with a code that the rubric does not have, or with a null."""
    found: Refusals = {}
    for place, firm in layout.odd.items():
        try:
            for code, value in firm.items():
                check_answer(rubric, code, value)
        except AnswerRefused as refusal:
            found[place] = refusal
    return found


def _read(leaf: Leaf, values: Sequence[object], refusals: Refusals) -> Column:
    if leaf.kind == "multi":
        return _read_lists(leaf, values, refusals)
    if not set(map(type, values)) <= {int, float, type(None)}:
        return _read_one_by_one(leaf, values, refusals)
    try:
        numbers = np.array(values, dtype=np.float64)
    except OverflowError:
        return _read_one_by_one(leaf, values, refusals)
    bad = _out_of_range(leaf, numbers)
    for row in np.flatnonzero(bad).tolist():
        if values[row] is not None:
            numbers[row] = _checked(leaf, values, row, refusals)
    return Column(numbers)


def _out_of_range(leaf: Leaf, numbers: Floats) -> Flags:
    """Where a number must be looked at again; NaN (none, or a NaN that was sent) is always among them."""
    bad = ~np.isfinite(numbers)
    least, most = (0.0, len(leaf.options) - 1.0) if leaf.by_option else (leaf.least, leaf.most)
    if least is not None:
        bad |= numbers < least
    if most is not None:
        bad |= numbers > most
    if leaf.by_option:
        bad |= numbers != np.floor(numbers)
    return bad


def _checked(leaf: Leaf, values: Sequence[object], row: int, refusals: Refusals) -> float:
    """The number of one answer, NaN if it is none, not applicable or refused (then noted)."""
    value = values[row]
    if value is None:
        return np.nan
    try:
        check_value(leaf, value)
    except AnswerRefused as refusal:
        refusals.setdefault(row, refusal)
        return np.nan
    if isinstance(value, list):
        return _list_points(leaf, tuple(value))
    return np.nan if isinstance(value, str) else float(value)  # type: ignore[arg-type]


def _read_one_by_one(leaf: Leaf, values: Sequence[object], refusals: Refusals) -> Column:
    numbers = np.array([_checked(leaf, values, row, refusals) for row in range(len(values))])
    if not leaf.may_be_not_applicable:
        return Column(numbers)
    return Column(numbers, np.array([isinstance(v, str) and v == NOT_APPLICABLE for v in values]))


def _read_lists(leaf: Leaf, values: Sequence[object], refusals: Refusals) -> Column:
    """Lists are looked up by content: few of the possible combinations occur."""
    lists = [value for value in values if type(value) is list]
    plain = len(lists) + values.count(None) == len(values)
    if not plain or not set(map(type, chain.from_iterable(lists))) <= {int}:
        return _read_one_by_one(leaf, values, refusals)
    keys = [tuple(value) if isinstance(value, list) else None for value in values]
    points = {key: np.nan if key is None else _points_of_list(leaf, key) for key in set(keys)}
    numbers = np.array([points[key] for key in keys])
    for row in np.flatnonzero(np.isnan(numbers)).tolist():
        _checked(leaf, values, row, refusals)
    return Column(numbers)


def _points_of_list(leaf: Leaf, chosen: tuple[int, ...]) -> float:
    """The points of a list, NaN where it is refused."""
    try:
        check_value(leaf, list(chosen))
    except AnswerRefused:
        return np.nan
    return _list_points(leaf, chosen)


def _list_points(leaf: Leaf, chosen: tuple[int, ...]) -> float:
    return min(sum(leaf.options[int(each)].points for each in chosen), leaf.cap)


def points_of(leaf: Leaf, columns: Mapping[str, Column], median: float | None = None) -> Floats:
    """Score 0–100 of each firm on ``leaf``, NaN where unknown. ``median``: the industry's, for a ``peer`` leaf."""
    value = columns[leaf.code].value
    if leaf.kind in ("multi", "points"):
        marks = value
    elif leaf.formula:
        marks = leaf.formula({name: columns[code].value for name, code in leaf.names.items()})
    elif leaf.by_option:
        known = np.where(np.isnan(value), 0, value).astype(np.intp)
        marks = np.where(np.isnan(value), np.nan, _table(leaf)[known])
    elif leaf.kind == "peer":
        marks = in_bands(_bands(leaf), gap(value, median))
    else:
        marks = in_bands(_bands(leaf), value)
    return np.clip(marks * (FULL / leaf.points), 0.0, FULL)


def gap(value: Floats, median: float | None) -> Floats:
    """How far above (+) or below (−) the median, in percent of it; NaN without a median other than 0."""
    if not median:
        return np.full_like(value, np.nan)
    return 100.0 * (value - median) / abs(median)


def in_bands(bands: Bands, value: Floats) -> Floats:
    """The points of each value, NaN for NaN."""
    place = np.searchsorted(bands.bounds, value, side="left" if bands.upper_included else "right")
    return np.where(np.isnan(value), np.nan, np.take(bands.points, place, mode="clip"))


def _bands(leaf: Leaf) -> Bands:
    assert leaf.bands, f"{leaf.code} has no bands"
    return leaf.bands


@cache
def _table_of(points: tuple[float, ...]) -> Floats:
    return np.array(points)


def _table(leaf: Leaf) -> Floats:
    return _table_of(tuple(option.points for option in leaf.options))

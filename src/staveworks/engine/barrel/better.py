"""The smallest better answer to one answered question: the next step on its own ladder, in the leaf's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, nextafter

from staveworks.engine.barrel.answers import Answer
from staveworks.engine.barrel.leaves import step
from staveworks.engine.barrel.rubric import NOT_APPLICABLE, Bands, Leaf
from staveworks.kit.text import Text

AT_LEAST = Text(zh="至少 {bound}{unit}", en="at least {bound}{unit}")
OVER = Text(zh="{bound}{unit} 以上", en="more than {bound}{unit}")
AT_MOST = Text(zh="不超过 {bound}{unit}", en="at most {bound}{unit}")
UNDER = Text(zh="低于 {bound}{unit}", en="less than {bound}{unit}")
OF_PEERS = Text(zh="（与同业中位数之差，%）", en=" (percent above or below the peers' median)")
ADDED = Text(zh="加上：{name}", en="add: {name}")
POINTS = Text(zh="{bound} 分", en="{bound} points")
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Better:
    """An answer that scores more, and what it means."""

    answer: Answer
    words: Text


def better_answer(leaf: Leaf, answer: Answer | None, medians: Mapping[str, float]) -> Better | None:
    """None where nothing better can be done about it: full marks, unanswered, "not applicable", a number that only gates
    read, or a formula, which has no ladder of its own (years pass by themselves)."""
    if answer is None or answer == NOT_APPLICABLE or leaf.kind in ("number", "formula"):
        return None
    if isinstance(answer, list):
        return _one_more(leaf, answer)
    if isinstance(answer, str):
        return None
    if leaf.by_option:
        return _next_option(leaf, int(answer))
    if leaf.kind == "points":
        return _next_quarter(leaf, answer)
    return _next_band(leaf, answer, medians.get(leaf.code))


def _next_option(leaf: Leaf, answer: int) -> Better | None:
    here = leaf.options[answer].points
    above = [(option.points, place) for place, option in enumerate(leaf.options) if option.points > here]
    if not above:
        return None
    place = min(above)[1]
    return Better(place, leaf.options[place].text)


def _one_more(leaf: Leaf, answer: list[int]) -> Better | None:
    """The list with the option added that counts most; an exclusive one goes."""
    chosen = [int(each) for each in answer if not leaf.options[int(each)].exclusive]
    if sum(leaf.options[each].points for each in chosen) >= leaf.cap:
        return None
    left = [
        (-option.points, place)
        for place, option in enumerate(leaf.options)
        if place not in chosen and not option.exclusive and option.points > 0
    ]
    if not left:
        return None
    place = min(left)[1]
    return Better(sorted([*chosen, place]), ADDED.format_each(leaf.options[place].text))


def _next_quarter(leaf: Leaf, answer: float) -> Better | None:
    quarter = leaf.points / QUARTERS
    wanted = min(leaf.points, (int(answer / quarter + 1e-9) + 1) * quarter)
    return None if answer >= leaf.points else Better(wanted, POINTS.format(bound=f"{wanted:g}"))


def _next_band(leaf: Leaf, answer: float, median: float | None) -> Better | None:
    """The nearest value in a band that gives more, upwards or downwards as the bands go."""
    bands = leaf.bands
    if bands is None or (leaf.kind == "peer" and not median):
        return None
    here = 100.0 * (answer - median) / abs(median) if leaf.kind == "peer" and median else float(answer)
    marks = step(bands, here)
    nearest = min(_doors(bands, marks), key=lambda door: abs(door[0] - here), default=None)
    if nearest is None:
        return None
    value, words, bound = nearest
    wanted = median + abs(median) * value / 100.0 if leaf.kind == "peer" and median else value
    if not (leaf.least is None or wanted >= leaf.least) or not (leaf.most is None or wanted <= leaf.most):
        return None
    return Better(wanted, _said(leaf, words, bound))


def _doors(bands: Bands, marks: float) -> list[tuple[float, Text, float]]:
    """For every bound the value just on the side that gives more than ``marks``: (value, how it is said, bound)."""
    found = []
    for place, bound in enumerate(bands.bounds):
        below, above = bands.points[place], bands.points[place + 1]
        if above > max(below, marks):
            found.append(
                (nextafter(bound, inf), OVER, bound) if bands.upper_included else (bound, AT_LEAST, bound)
            )
        if below > max(above, marks):
            found.append(
                (bound, AT_MOST, bound) if bands.upper_included else (nextafter(bound, -inf), UNDER, bound)
            )
    return found


def _said(leaf: Leaf, words: Text, bound: float) -> Text:
    unit = leaf.unit or Text(zh="", en="")
    if leaf.kind == "peer":
        unit = OF_PEERS
    elif unit.zh:
        unit = Text(zh=f" {unit.zh}", en=f" {unit.en}")
    shown = f"{bound:g}"
    return Text(zh=words.zh.format(bound=shown, unit=unit.zh), en=words.en.format(bound=shown, unit=unit.en))

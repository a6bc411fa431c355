"""The picture in words: title, description with every value, and the rows of the table below it."""

from dataclasses import dataclass
from math import floor

from staveworks.cluster.barrel.picture.view import Barrel, Height
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Language, Text

TITLE = Text(zh="{firm}的木桶", en="Barrel of {firm}")
RANGE = Text(zh="{low} 到 {high}，多半 {likely}", en="{low} to {high}, probably {likely}")
WATER = Text(zh="水位 {level}。", en="Water level {level}.")
SHORTEST = Text(zh="最短的板：{plank}。", en="Shortest stave: {plank}.")
HOOPS_BIND = Text(
    zh="卡住水位的是桶箍，先补{plank}。", en="The hoops hold the water down, first of all {plank}."
)
LENT = Text(zh="其中 {lent} 由平台借出", en="of which {lent} lent by the platform")
LEAK = Text(zh="{hole} 处有漏洞", en="leaking at {hole}")
UNKNOWN = Text(zh="尚有未答", en="partly unanswered")
BEARING = Text(zh="承载 {level}", en="Bearing {level}")
WITHOUT = Text(zh="不借板时水位 {level}。", en="Water level without lending {level}.")
NOT_NEEDED = Text(zh="不需要：{planks}。", en="Not needed: {planks}.")
UNNEEDED = Text(zh="不需要", en="not needed")
COMMA = Text(zh="，", en=", ")
SEMICOLON = Text(zh="；", en="; ")
STOP = Text(zh="。", en=".")
COLON = Text(zh="：", en=": ")


def whole(value: float) -> str:
    """A level as people read it: whole, halves up."""
    return str(floor(value + 0.5))


def short_range(value: Interval) -> str:
    """``34`` or ``34–41``, for labels and tables."""
    low, high = whole(value.low), whole(value.high)
    return low if low == high else f"{low}–{high}"


@dataclass(frozen=True, slots=True)
class Row:
    """One plank in the table below the picture; levels as they are printed, ``note`` in the reader's language."""

    code: str
    kind: str
    name: str
    level: str
    likely: str
    own: str
    lent: str
    note: str
    binding: bool


def title(barrel: Barrel, language: Language) -> str:
    return TITLE.say(language, firm=barrel.firm)


def description(barrel: Barrel, language: Language) -> str:
    """Every value of the picture as sentences: water, binding plank, staves, bearing, hoops, level without lending."""
    parts = [WATER.say(language, level=_range(barrel.water, language)), _binding(barrel, language)]
    others = [_plank(stave, language) for stave in barrel.standing if stave.code != barrel.binding]
    if others:
        parts.append(SEMICOLON.in_language(language).join(others) + STOP.in_language(language))
    parts += [_bearing(barrel, language), _without(barrel, language), left_out(barrel, language)]
    gap = "" if language == "zh" else " "
    return gap.join(part for part in parts if part)


def left_out(barrel: Barrel, language: Language) -> str:
    """The sentence that names the planks this kind of business does not need; empty if it needs all."""
    names = COMMA.in_language(language).join(plank.name.in_language(language) for plank in barrel.left_out)
    return NOT_NEEDED.say(language, planks=names) if names else ""


def rows(barrel: Barrel, language: Language) -> list[Row]:
    """The same values as table rows: staves from the left, then hoops from the bottom, those not needed last."""
    drawn = [*(("stave", p) for p in barrel.standing), *(("hoop", p) for p in barrel.bands)]
    staves = {plank.code for plank in barrel.staves}
    spare = [("stave" if p.code in staves else "hoop", p) for p in barrel.left_out]
    return [_row(kind, p, barrel, language) for kind, p in drawn] + [
        _spare(kind, p, language) for kind, p in spare
    ]


def _spare(kind: str, plank: Height, language: Language) -> Row:
    name, note = plank.name.in_language(language), UNNEEDED.in_language(language)
    return Row(plank.code, kind, name, level="–", likely="–", own="–", lent="–", note=note, binding=False)


def _row(kind: str, plank: Height, barrel: Barrel, language: Language) -> Row:
    notes = [LEAK.say(language, hole=whole(plank.hole))] if plank.leaks and plank.hole is not None else []
    if plank.high > plank.low:
        notes.append(UNKNOWN.in_language(language))
    return Row(
        code=plank.code,
        kind=kind,
        name=plank.name.in_language(language),
        level=short_range(plank.holds),
        likely=whole(plank.holds.likely),
        own=whole(plank.own),
        lent=whole(plank.lent) if plank.lent > 0 else "–",
        note=COMMA.in_language(language).join(notes),
        binding=plank.code == barrel.binding,
    )


def _range(value: Interval, language: Language) -> str:
    low, high = whole(value.low), whole(value.high)
    return low if low == high else RANGE.say(language, low=low, high=high, likely=whole(value.likely))


def _plank(plank: Height, language: Language) -> str:
    parts = [
        f"{plank.name.in_language(language)} {_range(Interval(plank.low, plank.likely, plank.high), language)}"
    ]
    if plank.lent > 0:
        parts.append(LENT.say(language, lent=whole(plank.lent)))
    if plank.leaks and plank.hole is not None:
        parts.append(LEAK.say(language, hole=whole(plank.hole)))
    if plank.high > plank.low:
        parts.append(UNKNOWN.in_language(language))
    return COMMA.in_language(language).join(parts)


def _binding(barrel: Barrel, language: Language) -> str:
    plank = barrel.binding_plank
    if plank is None:
        return ""
    if plank in barrel.standing:
        return SHORTEST.say(language, plank=_plank(plank, language))
    return HOOPS_BIND.say(language, plank=plank.name.in_language(language))


def _bearing(barrel: Barrel, language: Language) -> str:
    if not barrel.bands:
        return ""
    hoops = COMMA if all(hoop.high == hoop.low for hoop in barrel.bands) else SEMICOLON
    listed = hoops.in_language(language).join(_plank(hoop, language) for hoop in barrel.bands)
    head = BEARING.say(language, level=_range(barrel.bearing, language))
    return head + COLON.in_language(language) + listed + STOP.in_language(language)


def _without(barrel: Barrel, language: Language) -> str:
    if barrel.without_lending is None:
        return ""
    return WITHOUT.say(language, level=whole(barrel.without_lending))

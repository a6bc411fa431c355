"""The score of a rubric without planks, drawn: what is sure, what is hatched because it is open, what each level wants."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from staveworks.cluster.barrel.picture.marks import element, words
from staveworks.cluster.barrel.picture.spread import Wish, spread, text_width
from staveworks.cluster.barrel.queries import AssessmentView
from staveworks.cluster.barrel.types import PeerBand
from staveworks.engine.barrel import ConditionOutcome
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Language, Text
from staveworks.web.figures import points

SURE = Text(zh="得分 {score}。", en="Score {score}.")
OPEN = Text(
    zh="得分至少 {low}，至多 {high}，多半 {likely}。",
    en="Score at least {low}, at most {high}, probably {likely}.",
)
WANTS = Text(zh="{name}要 {points} 分。", en="{name} wants {points} points.")
PEERS = Text(zh="同业中间一半 {low} 到 {high}。", en="Middle half of the peers {low} to {high}.")
PASS = Text(zh="及格", en="Pass")
SIZES = {"wide": 640.0, "narrow": 320.0}
SIDE, TOP, TALL, LINE, FONT = 12.0, 16.0, 20.0, 15.0, 12.5
"""Room at the sides and above, height of the bar and of a line of text, size of letters; in px."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A score that a level or a gate wants."""

    at: float
    name: Text
    reached: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """0–100 across a drawing of ``width`` px."""

    width: float

    def x(self, value: float) -> float:
        return round(SIDE + value * self._unit, 2)

    def bar(self, class_: str, low: float, high: float, top: float = TOP, tall: float = TALL) -> str:
        wide = round((high - low) * self._unit, 2)
        return element("rect", class_=class_, x=self.x(low), y=top, width=wide, height=tall)

    @property
    def _unit(self) -> float:
        return (self.width - 2 * SIDE) / 100


def score_scale(view: AssessmentView, language: Language) -> SafeString:
    """Wide and narrow; the stylesheet shows the one that fits its place."""
    score, marks = view.result.score, marks_of(view)
    drawings = [_draw(size, score, marks, view.peers, language) for size in SIZES]
    return mark_safe(f'<div class="barrel-frame">{"".join(drawings)}</div>')  # noqa: S308 - our own elements, escaped


def marks_of(view: AssessmentView) -> list[Mark]:
    """From the levels, or where these ask for gates alone, from the gates."""
    score = view.result.score
    levels = [(level.min_score, level.name) for level in view.rubric.levels if level.min_score is not None]
    gates = [(at, PASS) for gate in view.result.gates for at in _wanted(gate.condition)]
    return [Mark(at, name, score.low >= at) for at, name in levels or gates]


def _wanted(condition: ConditionOutcome) -> list[float]:
    if condition.combine == "one":
        return [condition.need] if condition.answer is None else []
    return [at for part in condition.parts for at in _wanted(part)]


def _draw(size: str, score: Interval, marks: list[Mark], peers: PeerBand | None, language: Language) -> str:
    scale = Scale(SIZES[size])
    drawn = [element("title", escape(spoken(score, marks, peers, language))), scale.bar("bar-ground", 0, 100)]
    if peers:
        drawn.append(scale.bar("s-peers", peers.low, max(peers.high, peers.low + 1), TOP - 9, 5))
    if score.low > 0:
        drawn.append(scale.bar("b-own", 0, score.low))
    if score.width > 0:
        drawn += _unknown(scale, score)
    drawn += _labels(scale, marks, language)
    return element(
        "svg", "".join(drawn), class_=f"barrel barrel-{size}", role="img",
        viewBox=f"0 0 {scale.width:g} {TOP + TALL + 2 * LINE + 12:g}",
    )  # fmt: skip


def _unknown(scale: Scale, score: Interval) -> Iterator[str]:
    low, high, bottom = scale.x(score.low), scale.x(score.high), TOP + TALL
    lean = min(TALL / 2, high - low)
    lines = "".join(
        f"M{low + 4 + 7 * i:.1f} {bottom}l{lean:.1f} {-TALL}" for i in range(int((high - low - lean) // 7))
    )
    yield element("path", class_="bar-unk", d=f"M{low:.1f} {TOP}H{high:.1f}V{bottom}H{low:.1f}Z{lines}")
    yield element("path", class_="b-likely", d=f"M{scale.x(score.likely)} {TOP + 3}V{bottom - 3}")


def _labels(scale: Scale, marks: list[Mark], language: Language) -> Iterator[str]:
    """A line at each mark; name over number below it, moved aside where they would touch. Numbers alone where names don't fit."""
    names = [mark.name.in_language(language) for mark in marks]
    rooms = [text_width(name, FONT) / 2 + 5 for name in names]
    named = 2 * sum(rooms) <= scale.width
    wishes = [Wish(scale.x(mark.at), room, room) for mark, room in zip(marks, rooms, strict=True)]
    places = spread(wishes, 0, scale.width) if named else [wish.place for wish in wishes]
    for mark, name, place in zip(marks, names, places, strict=True):
        look, line = ("reached" if mark.reached else "wanted"), TOP + TALL + 20
        yield element("path", class_=f"s-want {look}", d=f"M{scale.x(mark.at)} {TOP - 4}V{TOP + TALL + 6}")
        if named:
            yield words(name, round(place, 1), line, f"s-name {look}", FONT, text_anchor="middle")
        number_line = line + LINE if named else line
        yield words(
            points(mark.at), round(place, 1), number_line, f"s-name {look}", FONT, text_anchor="middle"
        )


def spoken(score: Interval, marks: list[Mark], peers: PeerBand | None, language: Language) -> str:
    """The drawing in words."""
    if score.width > 0:
        ends = {"low": points(score.low), "high": points(score.high), "likely": points(score.likely)}
        said = [OPEN.say(language, **ends)]
    else:
        said = [SURE.say(language, score=points(score.low))]
    said += [
        WANTS.say(language, name=mark.name.in_language(language), points=points(mark.at)) for mark in marks
    ]
    if peers:
        said.append(PEERS.say(language, low=points(peers.low), high=points(peers.high)))
    return ("" if language == "zh" else " ").join(said)

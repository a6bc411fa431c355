"""Small drawings on a scale from 0 to 100: water and mean among the peers, one plank at two dates."""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from staveworks.cluster.barrel.types import DiagnosisCard, PeerBand
from staveworks.kit.figures import mean as figure
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Language, Text

SPREAD = Text(zh="水位 {water}，平均 {mean}", en="water level {water}, mean {mean}")
PEERS = Text(zh="，同业中间一半 {low} 到 {high}", en=", middle half of the peers {low} to {high}")
SHARE = Text(zh="{name}：有所要的 {low}% 到 {high}%", en="{name}: {low} to {high} % of what is wanted")
STEP = Text(zh="{name}：{most} 级里的第 {at} 级", en="{name}: step {at} of {most}")
STEP_OPEN = Text(zh="{name}：未答", en="{name}: open")
MOVED = Text(zh="{before} 到 {after}", en="{before} to {after}")


def spread_scale(diagnosis: DiagnosisCard, peers: PeerBand | None, language: Language) -> SafeString:
    """What is paid for but can't be used: from the water level to the mean, over the peers' middle half."""
    water, mean = diagnosis.water.likely, diagnosis.mean.likely
    said = SPREAD.say(language, water=figure(water), mean=figure(mean))
    marks = [_rect("s-line", 0, 9.5, 100, 1)]
    if peers:
        said += PEERS.say(language, low=round(peers.low), high=round(peers.high))
        marks.append(_rect("s-peers", peers.low, 4, max(0.6, peers.high - peers.low), 12))
    marks += [
        _rect("s-unused", water, 8, max(0.0, mean - water), 4),
        _rect("s-water", water - 0.4, 2, 0.8, 16),
        _rect("s-mean", mean - 0.4, 2, 0.8, 16),
    ]
    return _scale(marks, said)


def moved_scale(before: Interval | None, after: Interval | None, language: Language) -> SafeString:
    """Two dates of one plank: a ring, a dot, a line between; what was unknown is pale."""
    marks = [_rect("s-line", 0, 9.5, 100, 1)]
    for interval in (before, after):
        if interval and interval.width > 0:
            marks.append(_rect("s-unknown", interval.low, 6, interval.width, 8))
    if before and after:
        low, high = sorted((before.likely, after.likely))
        marks.append(_rect("s-moved", low, 9, high - low, 2))
    if before:
        marks.append(_rect("s-before", before.likely - 0.9, 4, 1.8, 12))
    if after:
        marks.append(_rect("s-after", after.likely - 0.9, 4, 1.8, 12))
    said = MOVED.say(language, before=_whole(before), after=_whole(after))
    return _scale(marks, said)


def share_bar(share: Interval, name: str, language: Language) -> SafeString:
    """What is there in percent of what is wanted: sure, then hatched what open questions may add."""
    marks = [_rect("bar-ground", 0, 6, 100, 8)]
    if share.low > 0:
        marks.append(_rect("b-own", 0, 6, share.low, 8))
    if share.width > 0:
        marks.append(hatched(share.low, share.high, 6.5, 13.5))
    said = SHARE.say(language, name=name, low=round(share.low), high=round(share.high))
    return _scale(marks, said, "scale share")


def step_bar(
    reached: int | None, most: int, counts_from: int | None, name: str, language: Language
) -> SafeString:
    """One cell a step; hatched while the question is open."""
    cell = 100 / most
    marks = [_rect("bar-ground", i * cell, 6, cell - 1.5, 8) for i in range(most)]
    if reached is None:
        marks.append(hatched(0, 98.5, 6.5, 13.5))
    marks += [_rect("b-own", i * cell, 6, cell - 1.5, 8) for i in range(reached or 0)]
    if counts_from:
        marks.append(_rect("s-counts", (counts_from - 1) * cell - 1.3, 2, 1, 16))
    said = STEP_OPEN if reached is None else STEP
    return _scale(marks, said.say(language, name=name, at=reached, most=most), "scale share")


def hatched(low: float, high: float, top: float, bottom: float) -> str:
    """A framed span of slanted lines, drawn singly since the drawing is stretched."""
    lean = min(2.0, high - low)
    lines = "".join(
        f"M{low + x:.1f} {bottom}l{lean:.1f} {top - bottom}" for x in range(1, int(high - low - 1), 3)
    )
    return f'<path class="bar-unk" d="M{low:.1f} {top}H{high:.1f}V{bottom}H{low:.1f}Z{lines}"/>'


def _whole(interval: Interval | None) -> str:
    return "–" if interval is None else str(round(interval.likely))


def _rect(class_: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{class_}" x="{x:.2f}" y="{y}" width="{width:.2f}" height="{height}"/>'


def _scale(marks: list[str], said: str, class_: str = "scale") -> SafeString:
    return mark_safe(  # noqa: S308 - numbers and our own words, escaped
        f'<svg class="{class_}" role="img" viewBox="0 0 100 20" preserveAspectRatio="none"><title>{escape(said)}</title>'
        f"{''.join(marks)}</svg>"
    )

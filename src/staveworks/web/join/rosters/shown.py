"""What the pages of a list say: its sentence, its bar, its time left."""

from dataclasses import dataclass

from staveworks.foundation.rosters.types import OUTCOME_TEXTS, Counts, Outcome, RosterCard, RosterState
from staveworks.kit.text import Text

STATE_KINDS = {
    RosterState.MAPPED: "yours",
    RosterState.RUNNING: "running",
    RosterState.STOPPED: "waiting",
    RosterState.FAILED: "late",
    RosterState.DONE: "done",
    RosterState.DISCARDED: "over",
}
STEPS = (
    Text(zh="文件", en="File"),
    Text(zh="列", en="Columns"),
    Text(zh="预览", en="Preview"),
    Text(zh="导入", en="Import"),
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the bar: where it begins and how wide it is, in per cent of the bar."""

    outcome: Outcome
    text: Text
    count: int
    x: float
    width: float


def segments(counts: Counts) -> list[Segment]:
    """The bar of a list by outcome; what is there is at least visible."""
    found, x = [], 0.0
    for outcome in Outcome:
        count = getattr(counts, outcome.value)
        share = 100 * count / counts.rows if counts.rows else 0
        width = max(share, 0.6) if count else 0.0
        found.append(Segment(outcome, OUTCOME_TEXTS[outcome], count, round(x, 2), round(width, 2)))
        x += width
    return found


def steps(roster: RosterCard, now: int, urls: tuple[str, str]) -> list[tuple[Text, str | None, str]]:
    """The four steps of an import; those before the last can be reached again until it starts."""
    addresses = (None, *urls, None)
    kinds = ["done" if n < now else "now" if n == now else "next" for n in range(len(STEPS))]
    return list(zip(STEPS, addresses, kinds, strict=True))


def time_left(roster: RosterCard) -> Text | None:
    """In words, rounded as a person would."""
    seconds = roster.seconds_left
    if seconds is None:
        return None
    if seconds < 90:
        return Text(zh="还要约 {n} 秒", en="about {n} s left").format(n=max(5, round(seconds / 5) * 5))
    return Text(zh="还要约 {n} 分钟", en="about {n} min left").format(n=round(seconds / 60))

"""What the pages of a list say: its sentence, its bar, its time left."""

from collections.abc import Iterator
from dataclasses import dataclass

from staveworks.foundation.rosters.types import OUTCOME_TEXTS, Outcome, RosterCard, RosterState
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


DECIDED = Text(zh="判断过", en="decided")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the bar: where it begins and how wide it is, in per cent of the bar; ``code``: its colour."""

    code: str
    text: Text
    count: int
    x: float
    width: float


def segments(card: RosterCard) -> list[Segment]:
    """The bar of a list by what is the case now: a queued row that somebody has decided on waits no longer.

    What is there is at least visible.
    """
    found, x = [], 0.0
    for code, text, count in _pieces(card):
        share = 100 * count / card.counts.rows if card.counts.rows else 0
        width = max(share, 0.6) if count else 0.0
        found.append(Segment(code, text, count, round(x, 2), round(width, 2)))
        x += width
    return found


def _pieces(card: RosterCard) -> Iterator[tuple[str, Text, int]]:
    for outcome in Outcome:
        count = getattr(card.counts, outcome.value)
        if outcome is Outcome.QUEUED:
            if card.decided:
                yield "decided", DECIDED, card.decided
            count -= card.decided
        yield outcome.value, OUTCOME_TEXTS[outcome], count


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

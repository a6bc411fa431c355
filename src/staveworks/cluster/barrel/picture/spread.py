"""Labels that never overlap: each stays as near to its place as its neighbours allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a label would like to be, the room it takes before and after that place, in px, and how much it insists."""

    place: float
    before: float
    after: float
    weight: float = 1.0


def spread(wishes: Sequence[Wish], low: float, high: float) -> list[float]:
    """Places in the order given, without overlaps, inside low–high where they fit, moved as little as possible."""
    blocks: list[list[int]] = []
    for i in range(len(wishes)):
        blocks.append([i])
        while len(blocks) > 1 and _start(wishes, blocks[-2], low, high) + _length(
            wishes, blocks[-2]
        ) > _start(wishes, blocks[-1], low, high):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    places: list[float] = []
    for block in blocks:
        at = _start(wishes, block, low, high)
        for i in block:
            places.append(at + wishes[i].before)
            at += wishes[i].before + wishes[i].after
    return places


def _length(wishes: Sequence[Wish], block: list[int]) -> float:
    return sum(wishes[i].before + wishes[i].after for i in block)


def _start(wishes: Sequence[Wish], block: list[int], low: float, high: float) -> float:
    """Where a block of touching labels begins so that its members miss their places least, on average."""
    offset, misses = 0.0, 0.0
    for i in block:
        misses += wishes[i].weight * (wishes[i].place - wishes[i].before - offset)
        offset += wishes[i].before + wishes[i].after
    return max(low, min(misses / sum(wishes[i].weight for i in block), high - offset))


def text_width(text: str, size: float) -> float:
    """Roughly how wide a text is, in px: Chinese a full em, digits and Latin 0.6."""
    return size * sum(1.0 if east_asian_width(char) in "WF" else 0.6 for char in text)

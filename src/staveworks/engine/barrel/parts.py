"""The score of each part of a rubric without planks, down to the second storey of its tree."""

from collections.abc import Iterator
from dataclasses import dataclass

from staveworks.engine.barrel.answers import Answers
from staveworks.engine.barrel.assess import interval
from staveworks.engine.barrel.peers import NO_PEERS, Peers
from staveworks.engine.barrel.rubric import Group, Leaf, Rubric
from staveworks.engine.barrel.scoring import Sheet, combine, read_sheet
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text

DEEPEST = 2


@dataclass(frozen=True, slots=True)
class Part:
    """``weight``: of the whole, nominal; ``depth`` 1 for the root's own parts."""

    name: Text
    depth: int
    weight: float
    score: Interval


def parts_of(rubric: Rubric, answers: Answers, *, peers: Peers = NO_PEERS) -> list[Part]:
    """In the order of the rubric; empty for one that maps planks. Raises ``AnswerRefused``."""
    if rubric.root is None:
        return []
    sheet = read_sheet(rubric, [answers], peers)
    for refusal in sheet.refusals.values():
        raise refusal
    return list(_below(rubric.root, sheet, 1.0, 1))


def _below(group: Group, sheet: Sheet, weight: float, depth: int) -> Iterator[Part]:
    for branch in group.children:
        part = weight * branch.weight
        yield Part(branch.node.name, depth, part, interval(combine(branch.node, sheet.parts).value, 0))
        if depth < DEEPEST and not isinstance(branch.node, Leaf):
            yield from _below(branch.node, sheet, part, depth + 1)

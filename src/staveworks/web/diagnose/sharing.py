"""Rubrics that share questions, or stand for one another's question: where an answer given here also counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from staveworks.cluster.barrel.editions import offered_rubrics
from staveworks.cluster.barrel.queries import AssessmentView, count_newer
from staveworks.cluster.barrel.types import AssessmentCard, State
from staveworks.engine.barrel import Leaf, Rubric, load_rubric
from staveworks.foundation.parties.types import Actor


@dataclass(frozen=True, slots=True)
class Shared:
    """Another rubric: ``questions`` it has in common, leaves here that its result fills (``filled_by``) and leaves there
    that the result here fills (``fills``); the firm's ``latest`` assessment by it."""

    rubric: Rubric
    questions: int
    filled_by: tuple[Leaf, ...]
    fills: tuple[Leaf, ...]
    latest: AssessmentCard | None

    @property
    def scored(self) -> bool:
        return self.latest is not None and self.latest.scored is not None


def shared_with(rubric: Rubric, cards: Iterable[AssessmentCard]) -> list[Shared]:
    """The other rubrics on offer that have something to do with ``rubric``; ``cards``: the firm's, the newest first."""
    return list(_shared(rubric, list(cards)))


def _shared(rubric: Rubric, cards: list[AssessmentCard]) -> Iterator[Shared]:
    own = {leaf.code for leaf in rubric.leaves}
    for other in map(load_rubric, offered_rubrics()):
        if other.id == rubric.id:
            continue
        questions = sum(leaf.code in own for leaf in other.leaves)
        filled_by, fills = tuple(_refs(rubric, to=other)), tuple(_refs(other, to=rubric))
        if questions or filled_by or fills:
            yield Shared(other, questions, filled_by, fills, latest_of(other.id, cards))


def _refs(rubric: Rubric, *, to: Rubric) -> Iterator[Leaf]:
    """The leaves of ``rubric`` that stand for the result of ``to``."""
    return (leaf for leaf in rubric.leaves if leaf.link and leaf.link.rubric.id == to.id)


def latest_of(rubric_id: str, cards: Iterable[AssessmentCard]) -> AssessmentCard | None:
    """The firm's newest assessment by a rubric that has come to something, else the newest that was begun."""
    found = [card for card in cards if card.rubric == rubric_id]
    return next((card for card in found if card.scored), found[0] if found else None)


def newer_answers(actor: Actor, view: AssessmentView) -> int:
    """How many questions have a newer answer in another assessment, for who may take them over."""
    if view.card.state == State.SUPERSEDED or not actor.may("assessment.answer"):
        return 0
    if len(view.history) == 1:
        return 0  # there is no other
    return count_newer(actor, view)

"""The rubrics by which a firm may be assessed, each with what the firm has come to by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from staveworks.cluster.barrel.editions import offered_rubrics
from staveworks.cluster.barrel.picture import Barrel
from staveworks.cluster.barrel.picturing import picture_of
from staveworks.cluster.barrel.types import AssessmentCard, State
from staveworks.engine.barrel import Rubric, load_rubric
from staveworks.kit.planks import Register
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Offer:
    """A rubric with the firm's ``history`` by it, the newest first; ``rubric`` is None where it is no longer offered."""

    id: str
    name: Text
    rubric: Rubric | None
    history: tuple[tuple[AssessmentCard, Barrel | None], ...]

    @property
    def cards(self) -> list[AssessmentCard]:
        return [card for card, _ in self.history]

    @property
    def open(self) -> AssessmentCard | None:
        return next((card for card in self.cards if card.under_way), None)

    @property
    def latest(self) -> AssessmentCard | None:
        """The newest that has come to something."""
        return next((card for card in self.cards if card.scored), None)

    @property
    def comparable(self) -> bool:
        return sum(card.scored is not None for card in self.cards) > 1

    @property
    def by_planks(self) -> bool:
        return bool(self.rubric.plank_groups) if self.rubric else self.cards[0].by_planks

    @property
    def outdated(self) -> list[AssessmentCard]:
        """Finished ones that an earlier edition scored, while a newer one is in force."""
        return [
            card for card in self.cards if card.outdated and card.state == State.FINISHED and not card.merged
        ]


def offers(cards: Sequence[AssessmentCard], *, firm: str, register: Register) -> list[Offer]:
    """Every rubric on offer, and those by which the firm was assessed once; ``cards``: the firm's, the newest first."""
    rubrics = {each: load_rubric(each) for each in offered_rubrics()}
    gone = {card.rubric: card.rubric_name for card in cards if card.rubric not in rubrics}
    names = {each: rubric.name for each, rubric in rubrics.items()} | gone

    def history(rubric_id: str) -> tuple[tuple[AssessmentCard, Barrel | None], ...]:
        found = [card for card in cards if card.rubric == rubric_id]
        return tuple((card, _drawn(card, firm, register)) for card in found)

    return [Offer(each, name, rubrics.get(each), history(each)) for each, name in names.items()]


def _drawn(card: AssessmentCard, firm: str, register: Register) -> Barrel | None:
    return picture_of(card.diagnosis, firm=firm, register=register) if card.diagnosis else None

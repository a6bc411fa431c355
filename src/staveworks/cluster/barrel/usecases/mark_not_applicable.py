"""Say that a question does not apply: an answer, whose weight goes to its siblings."""

from uuid import UUID

from staveworks.cluster.barrel.types import Saved
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.engine.barrel import NOT_APPLICABLE
from staveworks.foundation.parties.types import Actor


def mark_not_applicable(actor: Actor, *, assessment_id: UUID, leaf: str) -> Saved:
    """As ``save_answer``; raises ``AnswerRefused`` where the question allows no "not applicable"."""
    return save_answer(actor, assessment_id=assessment_id, leaf=leaf, value=NOT_APPLICABLE)

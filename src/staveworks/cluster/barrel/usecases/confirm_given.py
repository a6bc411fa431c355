"""The firm's own people have looked at answers that others gave in its name: they are right."""

from collections.abc import Collection
from uuid import UUID

from staveworks.cluster.barrel.given import for_another, unchecked
from staveworks.cluster.barrel.models import AnswerCheck, Assessment
from staveworks.cluster.barrel.types import AnswersChanged, NotOwnAnswers
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor


@use_case
def confirm_given(actor: Actor, *, changes: Collection[UUID]) -> int:
    """How many questions she has confirmed. ``changes``: what she was shown (``list_given``); the same answer to the same question
    in another assessment is confirmed along with it.

    Raises ``RightMissing``, ``NotOwnAnswers`` (whoever answers for the firm doesn't confirm for it), ``AnswersChanged`` (one of
    them isn't the last word any more: nothing is confirmed).
    """
    actor.require("assessment.answer")
    if for_another(actor):
        raise NotOwnAnswers
    # As whoever answers: an answer that is being given waits, or is seen.
    list(Assessment.objects.select_for_update().filter(org_id=actor.org).order_by("id").values_list("id"))
    waiting = list(unchecked().filter(org_id=actor.org))
    shown = [each for each in waiting if each.id in set(changes)]
    if not shown or len(shown) != len(set(changes)):
        raise AnswersChanged
    said = [(each.leaf, each.value) for each in shown]
    checked = [each for each in waiting if (each.leaf, each.value) in said]
    AnswerCheck.objects.bulk_create(
        AnswerCheck(org_id=actor.org, change_id=each.id, person_id=actor.person_id) for each in checked
    )
    append_event(actor, "answers.confirmed", subject=actor.org, count=len(said))
    return len(said)

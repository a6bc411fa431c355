"""Two assessments of one firm by one rubric, side by side."""

from collections.abc import Iterable, Mapping
from typing import cast
from uuid import UUID

from staveworks.cluster.barrel.cards import assessment_card, carded
from staveworks.cluster.barrel.domain import answer_differences
from staveworks.cluster.barrel.editions import rubric_of
from staveworks.cluster.barrel.models import Answer, Assessment
from staveworks.cluster.barrel.peering import peer_group, peers_at
from staveworks.cluster.barrel.types import (
    AssessmentCard,
    AssessmentNotFound,
    Comparison,
    DifferentRubrics,
    PlankChange,
    Value,
)
from staveworks.db.transaction import query
from staveworks.engine.barrel import score
from staveworks.foundation.parties.firm_queries import stands_as
from staveworks.foundation.parties.types import Actor
from staveworks.kit.intervals import Interval

Values = Mapping[str, Value]


@query
def compare_assessments(actor: Actor, *, earlier: UUID, later: UUID) -> Comparison:
    """Plank by plank, or branch by branch, and answer by answer.

    Raises ``RightMissing``, ``AssessmentNotFound``, ``DifferentRubrics``.
    """
    actor.require("assessment.read")
    found = {each.id: each for each in carded(Assessment.objects.filter(id__in=[earlier, later]))}
    if set(found) != {earlier, later}:
        raise AssessmentNotFound
    if len(set(stands_as({each.org_id for each in found.values()}).values())) > 1:
        raise AssessmentNotFound
    if found[earlier].rubric != found[later].rubric:
        raise DifferentRubrics
    values = _values(found)
    one, two = assessment_card(found[earlier]), assessment_card(found[later])
    groups = [_groups(found[each], values[each]) for each in (earlier, later)]
    return Comparison(
        earlier=one,
        later=two,
        rubric=rubric_of(found[later].edition),
        water=PlankChange("", *(each.diagnosis.water if each.diagnosis else None for each in (one, two))),
        score=PlankChange("", *(each.scored.score if each.scored else None for each in (one, two))),
        planks=_changes(_heights(one), _heights(two)),
        groups=_changes(*groups),
        answers=answer_differences(values[earlier], values[later]),
    )


def _changes(before: Mapping[str, Interval], after: Mapping[str, Interval]) -> tuple[PlankChange, ...]:
    codes = dict.fromkeys([*after, *before])
    return tuple(PlankChange(code, before.get(code), after.get(code)) for code in codes)


def _heights(card: AssessmentCard) -> dict[str, Interval]:
    planks = card.diagnosis.planks if card.diagnosis else {}
    return {code: plank.height for code, plank in planks.items()}


def _groups(assessment: Assessment, values: Values) -> dict[str, Interval]:
    """The points of the rubric's branches, by its own edition; nothing where it has planks."""
    rubric = rubric_of(assessment.edition)
    if rubric.root is None:
        return {}
    result = score(rubric, values, peers=peers_at(assessment, peer_group(assessment)))
    return {group.code: group.points for group in result.groups}


def _values(assessments: Iterable[UUID]) -> dict[UUID, dict[str, Value]]:
    found: dict[UUID, dict[str, Value]] = {each: {} for each in assessments}
    held = Answer.objects.filter(assessment_id__in=list(found), value__isnull=False)
    for assessment, leaf, value in held.values_list("assessment_id", "leaf", "value"):
        found[assessment][leaf] = cast("Value", value)
    return found

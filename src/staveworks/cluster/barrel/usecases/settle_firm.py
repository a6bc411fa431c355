"""After a merge, its undoing, a claim revoked or restored: what counts for which firm, as the register says now."""

from uuid import UUID

from staveworks.cluster.barrel.models import Diagnosis
from staveworks.cluster.barrel.setting_aside import interrupted, set_aside
from staveworks.cluster.barrel.standing import choose_current, in_turn
from staveworks.cluster.barrel.types import Kind
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting, use_case
from staveworks.foundation.parties.firm_queries import merged_entries, stands_as
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor


@use_case
def settle_firm(actor: Actor, /, *, subject: UUID) -> None:
    """``subject``: an entry that was merged or parted, or a firm whose claim was revoked or restored.

    The diagnoses of an entry count for the firm as which it stands, whose newest one is current; nothing else of the entry
    moves, so undoing puts everything back. What was written under a revoked claim is set aside, and counts again when that
    is undone. It looks at how things stand and may run any number of times.
    """
    firm = stands_as([subject])[subject]
    group = sorted({firm, *merged_entries(firm)})
    for entry in group:
        with acting(org=entry, person=actor.person_id):
            set_aside(entry)
    left: set[UUID] = set()
    for entry in group:
        with acting(org=entry, person=actor.person_id):
            left |= _count_for(entry, firm)
    for each in sorted({firm, *left}):
        in_turn(each)
        with acting(org=each, person=actor.person_id):
            choose_current(each)
    _go_on(firm)


def _go_on(firm: UUID) -> None:
    """What was under way before a wrong claim goes on as an assessment of its own, with what was answered by then."""
    with acting(org=firm):
        begun = interrupted(firm)
    for rubric, kind in begun:
        start_assessment(operator_service_for(firm), rubric=rubric, kind=Kind(kind))


def _count_for(entry: UUID, firm: UUID) -> set[UUID]:
    """Let the entry's diagnoses count for ``firm``; for whom they counted before."""
    elsewhere = Diagnosis.objects.filter(assessment__org_id=entry).exclude(org_id=firm)
    before = set(elsewhere.values_list("org_id", flat=True))
    for each in sorted({firm, *before}) if before else ():
        in_turn(each)
    Diagnosis.objects.filter(
        assessment_id__in=list(elsewhere.values_list("assessment_id", flat=True))
    ).update(current=False, org_id=firm)
    return before

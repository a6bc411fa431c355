"""Begin an assessment, or go on with the one that is open, on whichever device."""

from uuid import UUID

from staveworks.cluster.barrel.answering import lock_assessment
from staveworks.cluster.barrel.carrying import said_elsewhere, said_since, take_over
from staveworks.cluster.barrel.diagnosing import diagnose
from staveworks.cluster.barrel.domain import is_profile
from staveworks.cluster.barrel.editions import DEFAULT_RUBRIC, edition_in_force, rubric_of
from staveworks.cluster.barrel.models import Answer, Assessment
from staveworks.cluster.barrel.types import Kind, State
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.firm_queries import standing_as
from staveworks.foundation.parties.models import Profile
from staveworks.foundation.parties.types import Actor


@use_case
def start_assessment(
    actor: Actor, *, kind: Kind = Kind.FULL, rubric: str = DEFAULT_RUBRIC, profile: str = ""
) -> UUID:
    """The id of the firm's open assessment by ``rubric``; made, with earlier answers taken over, if there is none.

    One that is open takes over what has been answered since by other rubrics. A quick start becomes a full assessment when
    that is asked for. ``profile``: the business type, where the firm's earlier assessment or its own data don't say.
    Raises ``RightMissing``, ``UnknownRubric``.
    """
    actor.require("assessment.answer")
    open_one = _open(actor, rubric)
    if open_one is None:
        _create(actor, kind, rubric, profile)
        open_one = _open(actor, rubric)
        assert open_one is not None
    else:
        _catch_up(actor, open_one)
    if kind == Kind.FULL and open_one.kind == Kind.QUICK:
        Assessment.objects.filter(id=open_one.id).update(kind=Kind.FULL)
    return open_one.id


def _open(actor: Actor, rubric: str) -> Assessment | None:
    found = Assessment.objects.filter(org_id=actor.org, rubric=rubric, state=State.OPEN)
    return found.select_related("edition").defer("edition__sources").first()


def _create(actor: Actor, kind: Kind, rubric: str, profile: str) -> None:
    earlier = _earlier(actor, rubric)
    assessment = Assessment(
        org_id=actor.org,
        rubric=rubric,
        edition=edition_in_force(rubric),
        kind=kind,
        profile=_profile(actor, earlier, profile),
        adjustments=earlier.adjustments if earlier else {},
        adjustment_reason=earlier.adjustment_reason if earlier else "",
        started_by_id=actor.person_id,
    )
    Assessment.objects.bulk_create(
        [assessment], ignore_conflicts=True
    )  # another device may be a moment earlier
    made = (
        Assessment.objects.filter(id=assessment.id)
        .select_related("edition")
        .defer("edition__sources")
        .first()
    )
    if made is None:
        return
    if said := said_elsewhere(made, rubric_of(made.edition)):
        take_over(actor, made, said)
        diagnose(made)
    append_event(actor, "assessment.started", subject=made.id, kind=kind, edition=made.edition_id)


def _catch_up(actor: Actor, open_one: Assessment) -> None:
    if not said_since(open_one, rubric_of(open_one.edition), Answer.objects.filter(assessment=open_one)):
        return
    assessment = lock_assessment(actor, open_one.id)
    if assessment.state != State.OPEN:
        return
    if said := said_since(
        assessment, rubric_of(assessment.edition), Answer.objects.filter(assessment=assessment)
    ):
        take_over(actor, assessment, said)
        diagnose(assessment)
        append_event(actor, "answers.saved", subject=assessment.id, count=len(said))


def _earlier(actor: Actor, rubric: str) -> Assessment | None:
    finished = Assessment.objects.filter(org_id__in=standing_as(actor.org), rubric=rubric)
    finished = finished.exclude(state__in=[State.OPEN, State.SET_ASIDE])
    return finished.order_by("-finished_at").first()


def _profile(actor: Actor, earlier: Assessment | None, asked: str) -> str:
    """What was just said, else the earlier assessment's type, else what is held about the firm."""
    held = Profile.objects.filter(org_id=actor.org).values_list("business_type", flat=True).first() or ""
    wishes = (asked, earlier.profile if earlier else "", held)
    return next((wish for wish in wishes if wish and is_profile(wish)), "")

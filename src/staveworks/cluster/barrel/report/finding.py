"""Gather what the report says, within what its reader may see."""

from uuid import UUID

from staveworks.cluster.barrel.cards import diagnosis_card
from staveworks.cluster.barrel.computing import steps_of
from staveworks.cluster.barrel.models import Assessment, Diagnosis
from staveworks.cluster.barrel.queries import AssessmentView, _view, _with_all
from staveworks.cluster.barrel.report.content import (
    Advice,
    Change,
    Firm,
    Method,
    NextStep,
    OpenQuestion,
    Report,
    Standard,
)
from staveworks.cluster.barrel.report.sight import sight_of
from staveworks.cluster.barrel.types import PlankChange, State
from staveworks.db.transaction import acting, query
from staveworks.engine.barrel import Step, level_gaps, parts_of, say_answer
from staveworks.foundation.facts.live import is_shown
from staveworks.foundation.facts.reading import reading, through
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.firm_queries import standing_as
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import NotFound
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text

QUESTIONS, STEPS = 3, 5


class ReportNotFound(NotFound):
    text = Text(
        zh="没有这份报告：还没有答过题，或您看不到它。",
        en="There is no such report: nothing is answered yet, or you can't see it.",
    )


@query
def find_report(actor: Actor, *, firm: UUID | None = None, assessment_id: UUID | None = None) -> Report:
    """The report on one assessment of the actor's own firm (default: its current barrel), or on the current barrel of another
    ``firm`` that shows it to her organisation. Who may see heights but no answers gets no advice.

    Raises ``RightMissing``, ``ReportNotFound``.
    """
    if firm is not None and firm != actor.org:
        return _of_another(actor, firm)
    actor.require("assessment.read" if assessment_id else "barrel.read")
    seen = Diagnosis.objects.filter(org_id=actor.org)
    seen = seen.filter(assessment_id=assessment_id) if assessment_id else seen.filter(current=True)
    shown = seen.values_list("assessment_id", "assessment__org_id").first()
    if shown is None:
        raise ReportNotFound
    with acting(org=shown[1], person=actor.person_id):
        return _report(actor, shown[0], actor.org, own=True, answers=actor.may("assessment.read"))


def _entry_of(assessment_id: UUID) -> UUID:
    """Whose rows they are: the firm's, or those of an entry that was merged into it."""
    return Assessment.objects.values_list("org_id", flat=True).get(id=assessment_id)


def _of_another(actor: Actor, firm: UUID) -> Report:
    """What the grant opens decides; by what the barrel was measured is then read as the firm's."""
    actor.require("firm.read")
    fields = [Field.BARREL, Field.ASSESSMENT]
    with through("report"), reading(actor, purpose=Purpose.OPERATION, fields=fields) as log:
        seen = Diagnosis.objects.filter(org_id=firm, current=True)
        shown = seen.values_list("assessment_id", flat=True).first()
        if shown is None:
            raise ReportNotFound
        log.of([firm])
        answers = is_shown(firm, Field.ASSESSMENT)
    with acting(org=firm, person=actor.person_id):
        entry = _entry_of(shown)
    with acting(org=entry, person=actor.person_id):
        return _report(actor, shown, firm, own=False, answers=answers)


def _report(actor: Actor, assessment_id: UUID, firm: UUID, *, own: bool, answers: bool) -> Report:
    found = _with_all(Assessment.objects.filter(id=assessment_id)).get()
    view = _view(found)
    with acting(org=firm, person=actor.person_id):
        change, sight = _change(found, view, firm), sight_of(actor, firm, own=own)
    if view.card.diagnosis is None and not answers:
        raise ReportNotFound  # scores by a standard are no heights
    return Report(
        firm=_firm(firm, view),
        at=view.card.date,
        finished=view.card.state != State.OPEN,
        method=_method(view),
        barrel=view.card.diagnosis,
        standard=None if view.card.diagnosis else _standard(view),
        peers=view.peers,
        advice=_advice(view) if answers else None,
        change=change,
        sight=sight,
    )


def _firm(org: UUID, view: AssessmentView) -> Firm:
    found = Organisation.objects.select_related("city__parent").get(id=org)
    city, trade = found.city, view.profile.name if view.card.profile else None
    above = city.parent if city and city.level > 2 else None  # the prefecture; a province says nothing new
    place = None
    if city:
        place = Text(
            zh=(above.name_zh if above else "") + city.name_zh,
            en=f"{city.name_en}, {above.name_en}" if above else city.name_en,
        )
    return Firm(Text(zh=found.name, en=found.name_en or found.name), found.uscc, place, trade)


def _method(view: AssessmentView) -> Method:
    card = view.card
    return Method(
        rubric=card.rubric_name,
        edition=card.edition,
        sha256=card.sha256,
        source=view.rubric.source,
        profile=view.profile.name if view.rubric.plank_groups else None,
        reason=card.adjustment_reason if card.adjustments else "",
        kind=card.kind,
        answered=view.result.answered,
        asked=view.result.asked,
    )


def _advice(view: AssessmentView) -> Advice:
    """The most telling open questions, unless the level is settled; and the next steps of the plank that binds, or of the whole standard."""
    binding = view.card.diagnosis.binding if view.card.diagnosis else None
    wanted = binding is not None or view.card.diagnosis is None
    steps = steps_of(view.case, binding) if wanted else ()
    telling = [each for each in steps if each.gain > 0 or (each.plank_gain or 0) > 0][:STEPS]
    barrel, diagnosis = view.result.barrel, view.card.diagnosis
    worth = () if diagnosis and diagnosis.settled else view.questions[:QUESTIONS]
    return Advice(
        questions=tuple(OpenQuestion(view.rubric.leaf(each.code), each.narrowing) for each in worth),
        steps=tuple(_step(view, each) for each in telling),
        holes=tuple(hole for hole in barrel.holes if hole.sure) if barrel else (),
    )


def _step(view: AssessmentView, step: Step) -> NextStep:
    leaf = view.rubric.leaf(step.code)
    return NextStep(leaf, say_answer(leaf, step.now), step)


def _standard(view: AssessmentView) -> Standard:
    peers = view.case.peers
    level, gaps = level_gaps(view.rubric, view.values, peers=peers)
    names = {each.level: each.name for each in view.rubric.levels}
    return Standard(
        score=view.result.score,
        level=view.result.level,
        levels=tuple((each.name, each.min_score) for each in view.rubric.levels),
        gates=view.result.gates,
        next_level=names.get(level),
        gaps=tuple(gaps),
        parts=tuple(parts_of(view.rubric, view.values, peers=peers)),
    )


def _change(found: Assessment, view: AssessmentView, firm: UUID) -> Change | None:
    """Against the firm's last finished assessment by the same rubric that began before this one."""
    others = Assessment.objects.filter(
        org_id__in=standing_as(firm),
        rubric=found.rubric,
        started_at__lt=found.started_at,
        finished_at__isnull=False,
    ).exclude(state=State.SET_ASIDE)
    earlier = others.select_related("diagnosis").order_by("-started_at").first()
    if earlier is None:
        return None
    kept: Diagnosis = earlier.diagnosis
    assert earlier.finished_at
    level, planks = _moves(view, kept)
    return Change(earlier.finished_at, earlier.edition_id != found.edition_id, level, planks)


def _moves(view: AssessmentView, kept: Diagnosis) -> tuple[PlankChange, tuple[PlankChange, ...]]:
    now = view.card.diagnosis
    if now is None or kept.water_low is None:
        return PlankChange("", Interval(*kept.score), view.result.score), ()
    before = diagnosis_card(kept)
    codes = dict.fromkeys([*now.planks, *before.planks])
    planks = [
        PlankChange(
            code,
            before.planks[code].height if code in before.planks and before.planks[code].needed else None,
            now.planks[code].height if code in now.planks and now.planks[code].needed else None,
        )
        for code in codes
    ]
    moved = tuple(each for each in planks if each.before or each.after)
    return PlankChange("", before.water, now.water), moved

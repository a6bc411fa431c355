"""Assessments of the firm one acts for: begin, answer, finish; history and comparison."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call, seeing
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import Count, In, Line, Out
from staveworks.api.v1.answers import Answers, Value
from staveworks.api.v1.assessment_shapes import (
    AssessmentOut,
    AssessmentRow,
    ComparisonOut,
    GivenOut,
    SavedOut,
    show_assessment,
    show_comparison,
    show_given,
    show_row,
    show_saved,
)
from staveworks.api.v1.papers import PDF, PaperIn, report_sent
from staveworks.cluster.barrel.comparing import compare_assessments
from staveworks.cluster.barrel.queries import access_assessment, list_assessments, list_given
from staveworks.cluster.barrel.report import find_report
from staveworks.cluster.barrel.types import Kind
from staveworks.cluster.barrel.usecases.choose_profile import choose_profile
from staveworks.cluster.barrel.usecases.clear_answer import clear_answer
from staveworks.cluster.barrel.usecases.confirm_given import confirm_given
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.rescore_assessment import rescore_assessment
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.kit.text import Text

router = Resource("assessments")
READ, ANSWER = right("assessment.read"), right("assessment.answer")


class Begin(In):
    """``kind``: the eight questions, or all. ``profile``: the business type, where it is not known yet."""

    kind: Literal["quick", "full"] = "full"
    rubric: Annotated[str, Field(max_length=60)] = "staveworks-planks-2026"
    profile: Annotated[str, Field(max_length=60)] = ""


class ValueIn(In):
    value: Value


class AnswersIn(In):
    answers: Answers


class ConfirmIn(In):
    changes: Annotated[list[UUID], Field(min_length=1, max_length=1000)]


class ConfirmedOut(Out):
    """How many questions."""

    confirmed: Count


class ProfileIn(In):
    """``adjustments``: plank → the firm's own target, with the ``reason``."""

    profile: Annotated[str, Field(max_length=60)]
    adjustments: Annotated[dict[str, Annotated[float, Field(ge=0, le=100)]], Field(max_length=50)] = {}
    reason: Line = ""


class Pair(In):
    earlier: UUID
    later: UUID


@router.read("", says=Text(zh="诊断历史", en="List assessments"), door=READ, answer=Page[AssessmentRow])
def list_own_assessments(request: Call, paging: Query[Paging]) -> Page[AssessmentRow]:
    """The firm's assessments, the newest first."""
    return page_of_all(
        list_assessments(request.auth),
        paging=paging,
        listing="assessments",
        key=lambda card: (card.started_at.isoformat(), str(card.id)),
        show=show_row,
        newest_first=True,
    )


@router.effect(
    "POST",
    "",
    says=Text(zh="开始诊断", en="Begin an assessment"),
    door=ANSWER,
    answer=AssessmentOut,
    status=201,
)
def begin_assessment(request: Call, body: Begin) -> AssessmentOut:
    """Begin, or go on with the one that is open; earlier answers are taken over."""
    found = start_assessment(request.auth, kind=Kind(body.kind), rubric=body.rubric, profile=body.profile)
    return _shown(request, found)


@router.read(
    "/compare", says=Text(zh="比较两次诊断", en="Compare two assessments"), door=READ, answer=ComparisonOut
)
def compare_two_assessments(request: Call, pair: Query[Pair]) -> ComparisonOut:
    """By one rubric: plank by plank or branch by branch, and answer by answer."""
    return show_comparison(compare_assessments(request.auth, earlier=pair.earlier, later=pair.later))


@router.read(
    "/given",
    says=Text(zh="别人替答的题", en="List answers given for the firm"),
    door=READ,
    answer=Page[GivenOut],
)
def list_given_answers(request: Call, paging: Query[Paging]) -> Page[GivenOut]:
    """What others answered in the firm's name and nobody of its own has confirmed, the newest first."""
    return page_of_all(
        list_given(request.auth),
        paging=paging,
        listing="given answers",
        key=lambda given: (given.at.isoformat(), str(given.change)),
        show=show_given,
        newest_first=True,
    )


@router.effect(
    "POST",
    "/given/confirm",
    says=Text(zh="确认替答的题", en="Confirm answers given for the firm"),
    door=ANSWER,
    answer=ConfirmedOut,
)
def confirm_given_answers(request: Call, body: ConfirmIn) -> ConfirmedOut:
    """All of ``changes`` or, if one isn't the last word any more, none. Not by mandate: the firm's own people confirm."""
    return ConfirmedOut(confirmed=confirm_given(request.auth, changes=body.changes))


@router.read(
    "/{uuid:assessment}", says=Text(zh="查看诊断", en="Get an assessment"), door=READ, answer=AssessmentOut
)
def get_assessment(request: Call, assessment: UUID) -> AssessmentOut:
    """With its answers, its barrel or what the next level asks for, and the open questions, the most telling first."""
    return show_assessment(access_assessment(request.auth, assessment_id=assessment))


@router.effect(
    "PATCH",
    "/{uuid:assessment}/answers",
    says=Text(zh="保存多题", en="Save answers"),
    door=ANSWER,
    answer=SavedOut,
)
def save_several_answers(request: Call, assessment: UUID, body: AnswersIn) -> SavedOut:
    """All of them or, if one is not valid, none."""
    return show_saved(save_answers(request.auth, assessment_id=assessment, answers=body.answers))


@router.effect(
    "PUT",
    "/{uuid:assessment}/answers/{leaf}",
    says=Text(zh="保存一题", en="Save an answer"),
    door=ANSWER,
    answer=SavedOut,
)
def save_one_answer(request: Call, assessment: UUID, leaf: str, body: ValueIn) -> SavedOut:
    """The answer to one question."""
    return show_saved(save_answer(request.auth, assessment_id=assessment, leaf=leaf, value=body.value))


@router.effect(
    "DELETE",
    "/{uuid:assessment}/answers/{leaf}",
    says=Text(zh="撤回一题", en="Take an answer back"),
    door=ANSWER,
    answer=SavedOut,
    takes=None,
)
def clear_one_answer(request: Call, assessment: UUID, leaf: str) -> SavedOut:
    """The question is unanswered again."""
    return show_saved(clear_answer(request.auth, assessment_id=assessment, leaf=leaf))


@router.effect(
    "PUT",
    "/{uuid:assessment}/profile",
    says=Text(zh="选择目标画像", en="Choose the profile"),
    door=ANSWER,
    answer=AssessmentOut,
)
def choose_assessment_profile(request: Call, assessment: UUID, body: ProfileIn) -> AssessmentOut:
    """The business type, and where the firm needs more or less of a plank, why."""
    choose_profile(
        request.auth,
        assessment_id=assessment,
        profile=body.profile,
        adjustments=body.adjustments,
        reason=body.reason,
    )
    return _shown(request, assessment)


@router.effect(
    "POST",
    "/{uuid:assessment}/finish",
    says=Text(zh="完成诊断", en="Finish an assessment"),
    door=ANSWER,
    answer=AssessmentOut,
    takes=None,
)
def finish_one_assessment(request: Call, assessment: UUID) -> AssessmentOut:
    """From then on it is a dated record."""
    finish_assessment(request.auth, assessment_id=assessment)
    return _shown(request, assessment)


@router.effect(
    "POST",
    "/{uuid:assessment}/rescore",
    says=Text(zh="按新版重算", en="Score again by the edition in force"),
    door=ANSWER,
    answer=AssessmentOut,
    status=201,
    takes=None,
)
def rescore_one_assessment(request: Call, assessment: UUID) -> AssessmentOut:
    """A new record with the same answers; the old one stays."""
    return _shown(request, rescore_assessment(request.auth, assessment_id=assessment))


def _shown(request: Call, assessment: UUID) -> AssessmentOut:
    return show_assessment(
        access_assessment(seeing(request.auth, "assessment.read"), assessment_id=assessment)
    )


@router.read(
    "/{uuid:assessment}/report.pdf",
    says=Text(zh="诊断报告", en="Get an assessment's report"),
    door=READ,
    answer=None,
    gives=PDF,
)
def get_assessment_report(request: Call, assessment: UUID, chosen: Query[PaperIn]) -> HttpResponse:
    """The report on one assessment of the firm as PDF; ``Repr-Digest`` is its SHA-256."""
    return report_sent(find_report(request.auth, assessment_id=assessment), chosen)

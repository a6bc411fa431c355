"""A diagnosis without an account: nothing is stored. The same result as ``staveworks diagnose --json``."""

from typing import Annotated

from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.faults import kind_of
from staveworks.api.operation import PUBLIC, Resource
from staveworks.api.problems import Fault, Problem
from staveworks.api.reading import step
from staveworks.api.shapes import In, Out, Span
from staveworks.api.v1.answers import Answers
from staveworks.engine.barrel import EVEN, batch_json, find_profile, load_rubric, next_questions, score_many
from staveworks.kit.text import Text

router = Resource("diagnoses")


class DiagnosisIn(In):
    """``profile``: a business type's code; without one every plank's target is 100."""

    rubric: Annotated[str, Field(max_length=60)]
    answers: Answers
    profile: Annotated[str, Field(max_length=60)] | None = None


class Ends(Out):
    low: float
    high: float


class Levels(Out):
    low: int
    high: int


class DiagnosisOut(Out):
    """Heights and levels in points 0–100. ``planks`` and what follows are null for a rubric without planks."""

    rubric: str
    score: Ends
    level: Levels | None
    planks: dict[str, Span] | None
    water_level: Span | None
    mean_level: Span | None
    unevenness: Span | None
    bearing: Span | None
    binding: str | None
    next_to_bind: list[str] | None
    next_question: str | None


@router.ask(
    "", says=Text(zh="试算诊断（不保存）", en="Diagnose without storing"), door=PUBLIC, answer=DiagnosisOut
)
def diagnose(request: Call, body: DiagnosisIn) -> DiagnosisOut:
    """Score answers. An unanswered question is an interval, never a zero."""
    rubric = load_rubric(body.rubric)
    profile = find_profile(body.profile) if body.profile else EVEN
    batch = score_many(rubric, [body.answers], profiles=profile)
    for refusal in batch.refusals.values():
        where = f"/answers/{step(refusal.field)}"
        raise Problem(
            422, refusal.text, kind=kind_of(type(refusal)), faults=(Fault(refusal.text, pointer=where),)
        )
    return DiagnosisOut(**batch_json(batch, next_questions(batch, profiles=profile))[0])

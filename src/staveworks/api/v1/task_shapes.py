"""Shapes of test orders, their samples, tests, reports, and of scopes of accreditation."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from staveworks.api.shapes import In, Line, Out, Words
from staveworks.mechanisms.tasks.types.reports import Mark, Report
from staveworks.mechanisms.tasks.types.results import NewResult, Test, Verdict
from staveworks.mechanisms.tasks.types.samples import Rest, Sample, TaskStep
from staveworks.mechanisms.tasks.types.tasks import Stage, Task, TaskCard

MOST = 5000
CameBy = Annotated[Literal["typed", "file", "api"], BeforeValidator(str)]
"""How a result came in; no shape of its own, since ``Source`` is where a fact comes from."""
Words120 = Annotated[str, Field(min_length=1, max_length=120)]


class TaskCardOut(Out):
    """``received`` of ``samples`` have arrived, ``tested`` of ``tests`` have a result (for the buyer: one in a report)."""

    id: UUID
    code: str
    title: Words
    buyer_name: Words
    provider_name: Words
    stage: Stage
    rush: bool
    due_at: datetime | None
    samples: int
    received: int
    tests: int
    tested: int
    opened_at: datetime

    @classmethod
    def of(cls, card: TaskCard) -> "TaskCardOut":
        return cls(
            id=card.line_id,
            code=card.code,
            title=Words.of(card.title),
            buyer_name=Words.of(card.buyer),
            provider_name=Words.of(card.provider),
            stage=card.stage,
            rush=card.rush,
            due_at=card.due_at,
            samples=card.samples,
            received=card.received,
            tests=card.tests,
            tested=card.tested,
            opened_at=card.opened_at,
        )


class CustodyOut(Out):
    """One link of the chain."""

    number: int
    step: TaskStep
    place: str
    note: str
    by: UUID | None
    at: datetime


class SampleOut(Out):
    """``code`` stands on its label; ``step``: the last of its custody, null before it arrives."""

    id: UUID
    number: int
    name: str
    code: str
    step: TaskStep | None
    custody: list[CustodyOut]

    @classmethod
    def of(cls, sample: Sample) -> "SampleOut":
        return cls.model_validate(sample)


class ResultOut(Out):
    """``number``: 2 and more are corrections. ``laboratory``: the second one; empty: the provider's own."""

    id: UUID
    number: int
    value: str
    unit: str
    verdict: Verdict
    tested_on: date
    laboratory: str
    source: CameBy
    recorded_at: datetime


class TestOut(Out):
    """One item by one method on one sample; the last result holds."""

    id: UUID
    sample: UUID
    item: Words
    method: str
    results: list[ResultOut]

    @classmethod
    def of(cls, test: Test) -> "TestOut":
        return cls(
            id=test.id,
            sample=test.sample_id,
            item=Words.of(test.item),
            method=test.method,
            results=[ResultOut.model_validate(each) for each in test.results],
        )


class ReportOut(Out):
    """``current``: no later version has replaced it. ``laboratories``: the second ones that tested something of it."""

    id: UUID
    series: int
    version: int
    number: str
    name: str
    size: int
    sha256: str
    marks: list[Mark]
    reason: str
    tests: list[UUID]
    laboratories: list[str]
    issued_at: datetime
    current: bool

    @classmethod
    def of(cls, report: Report) -> "ReportOut":
        return cls.model_validate(report)


class TaskOut(Out):
    """A test order with all that belongs to it."""

    order: TaskCardOut
    buyer: UUID
    provider: UUID
    rest: Rest
    retention_days: int
    samples: list[SampleOut]
    tests: list[TestOut]
    reports: list[ReportOut]

    @classmethod
    def of(cls, task: Task) -> "TaskOut":
        return cls(
            order=TaskCardOut.of(task.card),
            buyer=task.buyer_org,
            provider=task.provider_org,
            rest=task.rest,
            retention_days=task.retention_days,
            samples=[SampleOut.of(each) for each in task.samples],
            tests=[TestOut.of(each) for each in task.tests],
            reports=[ReportOut.of(each) for each in task.reports],
        )


class MoveSamples(In):
    """``place``: where they are from now on, or how they were sent back."""

    samples: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    step: TaskStep
    place: Annotated[str, Field(max_length=120)] = ""
    note: Line = ""


class ResultIn(In):
    """``tested_on``: today where it isn't said. ``laboratory``: the second one, if the provider didn't test itself."""

    test: UUID
    value: Annotated[str, Field(min_length=1, max_length=200)]
    unit: Annotated[str, Field(max_length=40)] = ""
    verdict: Verdict = Verdict.NONE
    tested_on: date | None = None
    laboratory: Annotated[str, Field(max_length=120)] = ""

    def new(self) -> NewResult:
        return NewResult(self.test, self.value, self.unit, self.verdict, self.tested_on, self.laboratory)


class NewResults(In):
    results: Annotated[list[ResultIn], Field(min_length=1, max_length=MOST)]


class Recorded(Out):
    """How many were recorded."""

    results: int


class ReportDone(Out):
    """The file is at ``/reports/{report}/file``."""

    report: UUID


class SampleFound(Out):
    """``task``: the test order in which it stands."""

    task: UUID
    sample: UUID


class ScopeFilter(In):
    """``laboratory``: an organisation's id."""

    laboratory: UUID | None = None


class ScopeOut(Out):
    """From a day to a day, both included; ``ended_date``: the last day, where it ended before."""

    id: UUID
    mark: Mark
    certificate: str
    item: str
    method: str
    from_date: date
    until_date: date
    ended_date: date | None


class NewScope(In):
    mark: Mark
    certificate: Annotated[str, Field(min_length=1, max_length=60)]
    item: Words120
    method: Words120
    from_date: date
    until_date: date


class ScopeDone(Out):
    scope: UUID


class EndScope(In):
    """``last_date``: the last day on which it holds."""

    last_date: date

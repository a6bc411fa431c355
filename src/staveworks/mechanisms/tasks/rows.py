"""Rows as the room hands them out."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch, QuerySet

from staveworks.foundation.parties.types import title_of
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.domain import stage_of
from staveworks.mechanisms.tasks.models import Custody, Report, Reported, Result, Sample, Scope, Task, Test
from staveworks.mechanisms.tasks.types.reports import Mark
from staveworks.mechanisms.tasks.types.reports import Report as ReportSeen
from staveworks.mechanisms.tasks.types.reports import Scope as ScopeSeen
from staveworks.mechanisms.tasks.types.results import Result as ResultSeen
from staveworks.mechanisms.tasks.types.results import Source, Verdict
from staveworks.mechanisms.tasks.types.results import Test as TestSeen
from staveworks.mechanisms.tasks.types.samples import CustodyStep, Rest, TaskStep
from staveworks.mechanisms.tasks.types.samples import Sample as SampleSeen
from staveworks.mechanisms.tasks.types.tasks import Task as TaskSeen
from staveworks.mechanisms.tasks.types.tasks import TaskCard
from staveworks.trade.catalogue.documents import read_document
from staveworks.trade.orders.types import LineState


def whole(rows: QuerySet[Task]) -> QuerySet[Task]:
    """With everything that a test order is shown with, in a number of queries that doesn't grow with it."""
    custody = Prefetch("custody", Custody.objects.order_by("number"))
    results = Prefetch("results", Result.objects.order_by("number"))
    tests = Prefetch("tests", Test.objects.order_by("place").prefetch_related(results))
    samples = Prefetch("samples", Sample.objects.order_by("number").prefetch_related(custody, tests))
    stated = Prefetch("stated", Reported.objects.select_related("result"))
    reports = Prefetch("reports", Report.objects.order_by("series", "version").prefetch_related(stated))
    return rows.select_related("line__version", "buyer_org", "provider_org").prefetch_related(
        samples, reports
    )


def card_of(row: Task) -> TaskCard:
    samples = list(row.samples.all())
    tests = [test for sample in samples for test in sample.tests.all()]
    received = sum(bool(sample.custody.all()) for sample in samples)
    tested = sum(bool(test.results.all()) for test in tests)
    line = LineState(row.line.state)
    return TaskCard(
        line_id=row.line_id,
        code=row.code,
        title=read_document(row.line.version.content).title,
        buyer=title_of(row.buyer_org.name, row.buyer_org.name_en),
        provider=title_of(row.provider_org.name, row.provider_org.name_en),
        stage=stage_of(line, samples=len(samples), received=received, tests=len(tests), tested=tested),
        rush=row.rush,
        due_at=row.due_at,
        samples=len(samples),
        received=received,
        tests=len(tests),
        tested=tested,
        opened_at=row.opened_at,
    )


def task_of(row: Task) -> TaskSeen:
    samples = list(row.samples.all())
    return TaskSeen(
        card=card_of(row),
        buyer_org=row.buyer_org_id,
        provider_org=row.provider_org_id,
        line_state=LineState(row.line.state),
        rest=Rest(row.rest),
        retention_days=row.retention_days,
        samples=tuple(sample_of(each) for each in samples),
        tests=tuple(test_of(test, sample.number) for sample in samples for test in sample.tests.all()),
        reports=tuple(reports_of(row.code, row.reports.all())),
    )


def sample_of(row: Sample) -> SampleSeen:
    """``row`` comes with its custody in order."""
    links = (
        CustodyStep(each.number, TaskStep(each.step), each.place, each.note, each.by_id, each.at)
        for each in row.custody.all()
    )
    return SampleSeen(row.id, row.number, row.name, row.code, tuple(links))


def test_of(row: Test, sample_number: int) -> TestSeen:
    results = tuple(result_of(each) for each in row.results.all())
    return TestSeen(
        row.id, row.sample_id, sample_number, Text(zh=row.item, en=row.item_en), row.method, results
    )


def result_of(row: Result) -> ResultSeen:
    return ResultSeen(
        row.id,
        row.number,
        row.value,
        row.unit,
        Verdict(row.verdict),
        row.tested_on,
        row.laboratory,
        Source(row.source),
        row.recorded_at,
    )


def reports_of(code: str, rows: Iterable[Report]) -> Sequence[ReportSeen]:
    """``rows`` in the order of series and version."""
    found = list(rows)
    newest = {row.series: row.version for row in found}
    return [
        ReportSeen(
            id=row.id,
            series=row.series,
            version=row.version,
            number=f"{code}-{row.series}",
            name=row.name,
            size=row.size,
            sha256=row.sha256,
            marks=tuple(Mark(mark) for mark in row.marks),
            reason=row.reason,
            tests=tuple(each.result.test_id for each in row.stated.all()),
            laboratories=tuple(
                sorted({each.result.laboratory for each in row.stated.all() if each.result.laboratory})
            ),
            issued_at=row.issued_at,
            current=row.version == newest[row.series],
        )
        for row in found
    ]


def scope_of(row: Scope) -> ScopeSeen:
    return ScopeSeen(
        row.id,
        Mark(row.mark),
        row.certificate,
        row.item,
        row.method,
        row.from_date,
        row.until_date,
        row.ended_date,
    )

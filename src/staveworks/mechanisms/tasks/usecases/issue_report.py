"""A report goes out, or a better one replaces it: versions with their digest, never overwritten."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from staveworks.db.transaction import use_case
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.acting import note, own_task, parties_of
from staveworks.mechanisms.tasks.domain import REPORTABLE, WORKABLE
from staveworks.mechanisms.tasks.models import Report, Reported, Result, Task, Test
from staveworks.mechanisms.tasks.types.reports import (
    AllReportedFirst,
    Mark,
    NothingReported,
    OutOfScope,
    ReasonForReplacing,
    ReportFileNotFound,
    ReportNotFound,
    ResultReplaced,
)
from staveworks.mechanisms.tasks.types.tasks import NotInHand
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.usecases.deliver_line import deliver_part

IN_SCOPE, LATEST = "tasks_reported_in_scope", "tasks_reported_latest"


@use_case
def issue_report(
    actor: Actor,
    *,
    line_id: UUID,
    file_id: UUID,
    test_ids: Sequence[UUID],
    marks: Sequence[Mark] = (),
    last: bool = False,
) -> UUID:
    """The report's id. It states the results of ``test_ids`` as they hold now, and is delivered to the buyer as a part of the
    line; with ``last`` nothing more comes.

    Raises ``RightMissing``, ``TaskNotFound``, ``NotInHand``, ``ReportFileNotFound``, ``NothingReported``, ``OutOfScope`` (a mark
    that doesn't cover one of them), ``ResultReplaced``, ``AllReportedFirst``.
    """
    task = _locked(actor, line_id)
    if LineState(task.line.state) not in WORKABLE:
        raise NotInHand
    newest = Report.objects.filter(task=task).aggregate(last=Max("series"))["last"] or 0
    report = _write(actor, task, newest + 1, file_id=file_id, test_ids=test_ids, marks=marks, reason="")
    if last and Test.objects.filter(sample__task=task).exclude(results__reported__isnull=False).exists():
        raise AllReportedFirst(field="last")
    text = f"{task.code}-{report.series} · SHA-256 {report.sha256[:16]}…"
    deliver_part(actor, line_id=line_id, text=text, last=last, by_mechanism=True)
    return report.id


@use_case
def replace_report(
    actor: Actor,
    *,
    line_id: UUID,
    series: int,
    file_id: UUID,
    test_ids: Sequence[UUID],
    marks: Sequence[Mark] = (),
    reason: str,
) -> UUID:
    """A new version of a report; those before stay and say that they were replaced. Also after acceptance.

    Raises what ``issue_report`` raises, ``ReportNotFound``, ``ReasonForReplacing``.
    """
    task = _locked(actor, line_id)
    if LineState(task.line.state) not in REPORTABLE:
        raise NotInHand
    wording = " ".join(reason.split())
    if not wording or len(wording) > 400:
        raise ReasonForReplacing(field="reason")
    if not Report.objects.filter(task=task, series=series).exists():
        raise ReportNotFound
    return _write(actor, task, series, file_id=file_id, test_ids=test_ids, marks=marks, reason=wording).id


def _locked(actor: Actor, line_id: UUID) -> Task:
    """Reports of one order are issued one after the other."""
    task = own_task(actor, line_id)
    Task.objects.select_for_update(no_key=True).get(line_id=task.line_id)
    return task


def _write(
    actor: Actor,
    task: Task,
    series: int,
    *,
    file_id: UUID,
    test_ids: Sequence[UUID],
    marks: Sequence[Mark],
    reason: str,
) -> Report:
    file = StoredFile.objects.filter(id=file_id, org_id=actor.org).first()
    if file is None:
        raise ReportFileNotFound(field="file")
    results = _latest(task, test_ids)
    report = Report(
        id=new_id(),
        task=task,
        series=series,
        version=0,
        file=file,
        name=file.name,
        size=file.size,
        sha256=file.sha256,
        marks=sorted(set(marks)),
        states=len(results),
        reason=reason,
        issued_by_id=actor.person_id,
        **parties_of(task),
    )
    report.save(force_insert=True)
    for each in results:
        with _told(each):
            Reported(id=new_id(), report=report, result=each, **parties_of(task)).save(force_insert=True)
    report.refresh_from_db(fields=["version"])
    event = "report.issued" if report.version == 1 else "report.replaced"
    note(actor, event, task, series=series, version=report.version, sha256=report.sha256)
    return report


def _latest(task: Task, test_ids: Sequence[UUID]) -> list[Result]:
    """The result that holds of each test. Raises ``NothingReported`` where one has none."""
    found = Result.objects.filter(test__sample__task=task, test_id__in=test_ids)
    newest = {each.test_id: each for each in found.select_related("test").order_by("number")}
    if not test_ids or len(newest) != len(set(test_ids)):
        raise NothingReported(field="tests")
    return sorted(newest.values(), key=lambda each: each.test_id)


@contextmanager
def _told(result: Result) -> Iterator[None]:
    """What the database refuses, in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if broken == LATEST:
            raise ResultReplaced from None
        if broken != IN_SCOPE:
            raise
        test = result.test
        raise OutOfScope(Text(zh=test.item, en=test.item_en), test.method) from None

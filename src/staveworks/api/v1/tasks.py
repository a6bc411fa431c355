"""委托单: samples with labels and custody, tests and their results, reports in versions; what laboratories are accredited for."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import File, Form, Query
from ninja.files import UploadedFile

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.reading import FORM
from staveworks.api.shapes import Nothing
from staveworks.api.v1.task_shapes import (
    EndScope,
    MoveSamples,
    NewResults,
    NewScope,
    Recorded,
    ReportDone,
    SampleFound,
    ScopeDone,
    ScopeFilter,
    ScopeOut,
    TaskCardOut,
    TaskOut,
)
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.queries import (
    access_task,
    find_sample,
    list_ordered,
    list_scopes,
    list_work,
    open_report,
)
from staveworks.mechanisms.tasks.types.reports import Mark
from staveworks.mechanisms.tasks.types.results import Source
from staveworks.mechanisms.tasks.usecases.issue_report import issue_report, replace_report
from staveworks.mechanisms.tasks.usecases.keep_scope import end_scope, record_scope
from staveworks.mechanisms.tasks.usecases.record_custody import record_custody
from staveworks.mechanisms.tasks.usecases.record_results import MOST_BYTES, record_file, record_results

router = Resource("tasks")
desk_router = Resource("tasks")
samples_router = Resource("tasks")
reports_router = Resource("tasks")
scopes_router = Resource("tasks")
READ, SERVE, OFFER = right("order.read"), right("line.serve"), right("offer.manage")
BYTES = "application/octet-stream"
MOST = 1000
Tests = Annotated[list[UUID], Form()]
Marks = Annotated[list[Mark], Form()]


@router.read("", says=Text(zh="列出自己的委托单", en="List test orders"), door=READ, answer=Page[TaskCardOut])
def list_test_orders(request: Call, paging: Query[Paging]) -> Page[TaskCardOut]:
    """Those that the organisation gave, the newest first; at most 1,000."""
    return page_of_all(
        list_ordered(request.auth, limit=MOST),
        paging=paging,
        listing="tasks",
        key=lambda card: (card.opened_at.isoformat(), str(card.line_id)),
        show=TaskCardOut.of,
        newest_first=True,
    )


@router.read("/{uuid:task}", says=Text(zh="看一张委托单", en="Read a test order"), door=READ, answer=TaskOut)
def read_test_order(request: Call, task: UUID) -> TaskOut:
    """For its laboratory; for its buyer and who decides its dispute, who read results once a report states them. Its id is the order line's."""
    return TaskOut.of(access_task(request.auth, line_id=task))


@desk_router.read(
    "", says=Text(zh="列出接到的委托单", en="List a laboratory's work"), door=SERVE, answer=Page[TaskCardOut]
)
def list_laboratory_work(request: Call, paging: Query[Paging]) -> Page[TaskCardOut]:
    """Test orders that the organisation took, the newest first; at most 1,000."""
    return page_of_all(
        list_work(request.auth, limit=MOST),
        paging=paging,
        listing="work",
        key=lambda card: (card.opened_at.isoformat(), str(card.line_id)),
        show=TaskCardOut.of,
        newest_first=True,
    )


@desk_router.effect(
    "POST",
    "/{uuid:served_task}/custody",
    says=Text(zh="记样品交接", en="Record custody"),
    door=SERVE,
    answer=Nothing,
    status=201,
)
def record_one_custody(request: Call, served_task: UUID, body: MoveSamples) -> Nothing:
    """One more link of the samples' chain of custody: all of them or none. What may follow what: the room's README."""
    record_custody(
        request.auth,
        line_id=served_task,
        sample_ids=body.samples,
        step=body.step,
        place=body.place,
        text=body.note,
    )
    return Nothing()


@desk_router.effect(
    "POST",
    "/{uuid:served_task}/results",
    says=Text(zh="记检测结果", en="Record results"),
    door=SERVE,
    answer=Recorded,
    status=201,
)
def record_some_results(request: Call, served_task: UUID, body: NewResults) -> Recorded:
    """All of them or none; for a test that has a result, a correction beside the one before."""
    results = [each.new() for each in body.results]
    return Recorded(
        results=record_results(request.auth, line_id=served_task, results=results, source=Source.API)
    )


@desk_router.effect(
    "POST",
    "/{uuid:served_task}/results/file",
    says=Text(zh="上传检测结果", en="Upload results"),
    door=SERVE,
    answer=Recorded,
    status=201,
    takes=FORM,
)
def upload_results(request: Call, served_task: UUID, file: File[UploadedFile]) -> Recorded:
    """CSV with the columns sample (number or code), item, value, and unit, verdict, tested_on, laboratory; up to 1 MB."""
    return Recorded(results=record_file(request.auth, line_id=served_task, content=file.read(MOST_BYTES + 1)))


@desk_router.effect(
    "POST",
    "/{uuid:served_task}/reports",
    says=Text(zh="出报告", en="Issue a report"),
    door=SERVE,
    answer=ReportDone,
    status=201,
    takes=FORM,
)
def issue_one_report(
    request: Call,
    served_task: UUID,
    file: File[UploadedFile],
    tests: Tests,
    marks: Marks = [],  # noqa: B006 - the framework copies it
    last: Annotated[bool, Form()] = False,
) -> ReportDone:
    """States the results of these tests and is delivered as a part of the order line; with ``last`` nothing more comes. A mark
    has to cover all of them."""
    report = issue_report(
        request.auth,
        line_id=served_task,
        file_id=_stored(request.auth, served_task, file),
        test_ids=tests,
        marks=marks,
        last=last,
    )
    return ReportDone(report=report)


@desk_router.effect(
    "POST",
    "/{uuid:served_task}/reports/{int:series}/versions",
    says=Text(zh="替换报告", en="Replace a report"),
    door=SERVE,
    answer=ReportDone,
    status=201,
    takes=FORM,
)
def replace_one_report(
    request: Call,
    served_task: UUID,
    series: int,
    file: File[UploadedFile],
    tests: Tests,
    reason: Annotated[str, Form(min_length=1, max_length=400)],
    marks: Marks = [],  # noqa: B006 - the framework copies it
) -> ReportDone:
    """The next version; those before stay and say that they were replaced. Also after acceptance."""
    report = replace_report(
        request.auth,
        line_id=served_task,
        series=series,
        file_id=_stored(request.auth, served_task, file),
        test_ids=tests,
        marks=marks,
        reason=reason,
    )
    return ReportDone(report=report)


def _stored(actor: Actor, line: UUID, file: UploadedFile) -> UUID:
    """Kept only for a test order that is hers."""
    actor.require("line.serve")
    access_task(actor, line_id=line)
    return store_file(actor, name=file.name or "", content=file.chunks(), field="file").id


@samples_router.read(
    "/{label}", says=Text(zh="按标签找样品", en="Find a sample"), door=READ, answer=SampleFound
)
def find_one_sample(request: Call, label: str) -> SampleFound:
    """By the code on its label, for its laboratory or its buyer."""
    task, sample = find_sample(request.auth, code=label)
    return SampleFound(task=task, sample=sample)


@reports_router.read(
    "/{uuid:report}/file",
    says=Text(zh="下载报告", en="Get a report"),
    door=READ,
    answer=None,
    gives=BYTES,
)
def get_test_report(request: Call, report: UUID) -> HttpResponse:
    """The bytes whose digest the report states; never shown in place, always saved."""
    found = open_report(request.auth, report_id=report)
    response = HttpResponse(found.content, content_type=BYTES)
    response.headers["Content-Disposition"] = f'attachment; filename="{report}"'
    return response


@scopes_router.read(
    "",
    says=Text(zh="看检测资质", en="List scopes of accreditation"),
    door=right("offer.read"),
    answer=Page[ScopeOut],
)
def list_accreditation(request: Call, narrowed: Query[ScopeFilter], paging: Query[Paging]) -> Page[ScopeOut]:
    """What a laboratory is or was accredited for, as it says itself; without one named, the caller's own."""
    return page_of_all(
        list_scopes(request.auth, org_id=narrowed.laboratory),
        paging=paging,
        listing=f"scopes:{narrowed.laboratory or ''}",
        key=lambda scope: (scope.mark, scope.item, scope.method, str(scope.id)),
        show=ScopeOut.model_validate,
    )


@scopes_router.effect(
    "POST",
    "",
    says=Text(zh="登记检测资质", en="Record a scope"),
    door=OFFER,
    answer=ScopeDone,
    status=201,
)
def record_one_scope(request: Call, body: NewScope) -> ScopeDone:
    """From a day to a day, both included. ``item`` and ``method`` as the offers write them in Chinese."""
    return ScopeDone(scope=record_scope(request.auth, **body.model_dump()))


@scopes_router.effect(
    "POST",
    "/{uuid:scope}/end",
    says=Text(zh="终止检测资质", en="End a scope"),
    door=OFFER,
    answer=Nothing,
)
def end_one_scope(request: Call, scope: UUID, body: EndScope) -> Nothing:
    """Suspended or withdrawn. Reports issued before stay as they are; the end is never put back."""
    end_scope(request.auth, scope_id=scope, last_date=body.last_date)
    return Nothing()

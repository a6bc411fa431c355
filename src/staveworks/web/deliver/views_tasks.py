"""Test orders: the laboratory's work list and desk, the buyer's view of samples and reports, one sample by its label, scopes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from staveworks.db.clock import database_today
from staveworks.foundation.files.queries import checked
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.domain import REPORTABLE, WORKABLE
from staveworks.mechanisms.tasks.queries import (
    access_task,
    find_sample,
    list_ordered,
    list_scopes,
    list_work,
    marks_for,
    open_report,
)
from staveworks.mechanisms.tasks.types.reports import Mark
from staveworks.mechanisms.tasks.types.samples import SampleNotFound, TaskStep
from staveworks.mechanisms.tasks.types.tasks import Stage, Task, TaskCard
from staveworks.mechanisms.tasks.usecases.issue_report import issue_report, replace_report
from staveworks.mechanisms.tasks.usecases.keep_scope import end_scope, record_scope
from staveworks.mechanisms.tasks.usecases.record_custody import record_custody
from staveworks.mechanisms.tasks.usecases.record_results import MOST_BYTES, record_file, record_results
from staveworks.web.asking import actor_of
from staveworks.web.deliver.labels import print_labels
from staveworks.web.deliver.task_forms import (
    CustodyForm,
    FileForm,
    ReportForm,
    ResultsForm,
    ScopeForm,
    acts_for,
    replaced,
    steps_for,
)
from staveworks.web.doors import door
from staveworks.web.language import current, say
from staveworks.web.middleware import status_of
from staveworks.web.papers import paper_response
from staveworks.web.words import error_words, put_error

BADGES = {
    Stage.AWAITING: "waiting",
    Stage.TESTING: "running",
    Stage.REPORTING: "running",
    Stage.DELIVERED: "done",
    Stage.OVER: "over",
}
YOURS = (Stage.TESTING, Stage.REPORTING)
MOVED = Text(zh="已记下样品交接。", en="Recorded where the samples went.")
RECORDED = Text(zh="已记下结果。", en="The results are recorded.")
NOTHING = Text(zh="没有改动。", en="Nothing changed.")
ISSUED = Text(zh="报告已交付，对方已知道。", en="The report is delivered; the buyer knows.")
REPLACED = Text(zh="已替换，前一版仍可查看。", en="Replaced; the version before stays readable.")
SCOPED = Text(zh="已登记。", en="Recorded.")
ENDED = Text(zh="已终止，今天起不能再用。", en="Ended: it can't be used from today on.")


@door("order.read")
def tasks(request: HttpRequest) -> HttpResponse:
    """What a laboratory has to test, the soonest due first; what the organisation had tested."""
    actor = actor_of(request)
    serves = actor.may("line.serve")
    work = list_work(actor, open_only=True) if serves else []
    newest = list_work(actor) if serves else []
    shown = {
        "work": [_row(card, serving=True) for card in work],
        "done": [_row(card, serving=True) for card in newest if card.stage in (Stage.DELIVERED, Stage.OVER)],
        "ordered": [_row(card, serving=False) for card in list_ordered(actor)],
        "may_serve": serves,
        "may_offer": actor.may("offer.manage"),
    }
    return render(request, "deliver/tasks.html", shown)


def _row(card: TaskCard, *, serving: bool) -> tuple[TaskCard, str, bool]:
    """With the shape of its state, and whether it is late."""
    yours = card.stage in YOURS if serving else card.stage is Stage.AWAITING
    late = bool(
        card.due_at and card.due_at < timezone.now() and card.stage not in (Stage.DELIVERED, Stage.OVER)
    )
    return card, "late" if late else "yours" if yours else BADGES[card.stage], late


@door("order.read")
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """A label's code, typed or read by a scanner that types."""
    code = request.GET.get("code", "").replace(" ", "").upper()
    try:
        find_sample(actor_of(request), code=code)
    except SampleNotFound as error:
        messages.error(request, error_words(error))
        return redirect("tasks")
    return redirect("sample", code)


@door("order.read")
@require_safe
def one(request: HttpRequest, task: UUID) -> HttpResponse:
    """A test order for its laboratory or its buyer."""
    return _page(request, access_task(actor_of(request), line_id=task))


@door("order.read")
@require_safe
def labels(request: HttpRequest, task: UUID) -> HttpResponse:
    """To print and stick on, by whoever packs or unpacks."""
    found = access_task(actor_of(request), line_id=task)

    def address(code: str) -> str:
        return request.build_absolute_uri(reverse("sample", args=[code]))

    content = print_labels(found, address=address, language=current(), at=timezone.now())
    return paper_response(content, f"labels-{found.card.code}")


@door("line.serve")
@require_POST
def custody(request: HttpRequest, served_task: UUID) -> HttpResponse:
    """Some samples change hands."""
    actor = actor_of(request)
    found = access_task(actor, line_id=served_task)
    form = CustodyForm(found, request.POST)

    def do() -> Text:
        given = form.cleaned_data
        record_custody(
            actor,
            line_id=served_task,
            sample_ids=[UUID(each) for each in given["samples"]],
            step=TaskStep(given["step"]),
            place=given["place"],
            text=given["note"],
        )
        return MOVED

    return _try(request, found, "custody", form, do)


@door("line.serve")
@require_POST
def results(request: HttpRequest, served_task: UUID) -> HttpResponse:
    """Typed results; what didn't change isn't recorded again."""
    actor = actor_of(request)
    found = access_task(actor, line_id=served_task)
    form = ResultsForm(found, request.POST)

    def do() -> Text:
        new = form.new()
        if new:
            record_results(actor, line_id=served_task, results=new)
        return RECORDED if new else NOTHING

    return _try(request, found, "results", form, do)


@door("line.serve")
@require_POST
def results_file(request: HttpRequest, served_task: UUID) -> HttpResponse:
    """Results out of a file."""
    actor = actor_of(request)
    found = access_task(actor, line_id=served_task)
    form = FileForm(request.POST, request.FILES)

    def do() -> Text:
        record_file(actor, line_id=served_task, content=form.cleaned_data["file"].read(MOST_BYTES + 1))
        return RECORDED

    return _try(request, found, "file", form, do)


@door("line.serve")
@require_POST
def report(request: HttpRequest, served_task: UUID) -> HttpResponse:
    """A report goes out, or replaces one."""
    actor = actor_of(request)
    found = access_task(actor, line_id=served_task)
    form = ReportForm(found, list(Mark), request.POST, request.FILES)

    def do() -> Text:
        given, series = form.cleaned_data, replaced(form, found.reports)
        upload = given["file"]
        file = store_file(actor, name=upload.name or "", content=upload.chunks(), field="file")
        stated: dict[str, Any] = {
            "line_id": served_task,
            "file_id": file.id,
            "test_ids": [UUID(each) for each in given["tests"]],
            "marks": [Mark(each) for each in given["marks"]],
        }
        if series is not None:
            replace_report(actor, series=series, reason=given["reason"], **stated)
            return REPLACED
        issue_report(actor, last=given["last"], **stated)
        return ISSUED

    return _try(request, found, "report", form, do)


def _try(
    request: HttpRequest, found: Task, name: str, form: forms.Form, do: Callable[[], Text]
) -> HttpResponse:
    """Do it; what is refused stands at its field, and nothing that was typed is lost."""
    status = 422
    if form.is_valid():
        try:
            done = do()
        except StaveworksError as error:
            put_error(form, error)
            status = status_of(error)
        else:
            messages.success(request, say(done))
            return redirect("task", found.card.line_id)
    return _page(request, found, tried={name: form}, status=status)


def _page(
    request: HttpRequest, task: Task, *, tried: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    serving = task.provider_org == actor.org and actor.may("line.serve")
    scopes = list_scopes(actor, org_id=task.provider_org) if serving else []
    ready = [test for test in task.tests if test.result]
    marks = marks_for(scopes, ready, today=timezone.localdate())
    blank: dict[str, forms.Form] = {}
    if serving:
        blank = {
            "custody": CustodyForm(task),
            "results": ResultsForm(task),
            "file": FileForm(),
            "report": ReportForm(task, marks),
        }
    given = blank | (tried or {})
    if isinstance(sent := given.get("report"), ReportForm):
        sent.offer(marks)
    for each, one_form in given.items():
        one_form.auto_id = f"{each}_%s"
    shown = {
        "task": task,
        "card": task.card,
        "badge": _row(task.card, serving=serving)[1],
        "serving": serving,
        "deciding": actor.org not in (task.buyer_org, task.provider_org),
        "missing": task.card.samples - task.card.received,
        "untested": task.card.tests - task.card.tested,
        "forms": given,
        "may_move": serving and bool(steps_for(task.samples)),
        "may_test": serving and task.line_state in REPORTABLE and any(each.custody for each in task.samples),
        "may_report": serving and task.line_state in WORKABLE and bool(ready),
        "may_replace": serving and task.line_state in REPORTABLE and bool(task.reports),
        "second": sorted({each for one in task.reports for each in one.laboratories}),
    }
    return render(request, "deliver/task.html", shown, status=status)


@door("order.read", to_change="line.serve")
def sample(request: HttpRequest, label: str) -> HttpResponse:
    """What a label's QR code opens: one sample, and at the laboratory the next step by one touch."""
    actor = actor_of(request)
    line, sample_id = find_sample(actor, code=label)
    if request.method == "POST":
        refused = _move(request, actor, line, sample_id)
        if refused is None:
            messages.success(request, say(MOVED))
            return redirect("sample", label)
        messages.error(request, error_words(refused))
    task = access_task(actor, line_id=line)
    found = next(each for each in task.samples if each.id == sample_id)
    serving = task.provider_org == actor.org and actor.may("line.serve")
    shown = {
        "task": task,
        "sample": found,
        "tests": [each for each in task.tests if each.sample_id == sample_id],
        "acts": acts_for(found) if serving else [],
        "place": request.POST.get("place", ""),
    }
    return render(request, "deliver/sample.html", shown, status=200 if request.method != "POST" else 422)


def _move(request: HttpRequest, actor: Actor, line: UUID, sample_id: UUID) -> StaveworksError | None:
    asked = request.POST.get("step", "")
    if asked not in list(TaskStep):
        return None
    try:
        record_custody(
            actor,
            line_id=line,
            sample_ids=[sample_id],
            step=TaskStep(asked),
            place=request.POST.get("place", ""),
        )
    except StaveworksError as error:
        return error
    return None


@door("order.read")
@require_safe
def download(request: HttpRequest, report: UUID) -> FileResponse:
    """The bytes whose digest the report states."""
    card = open_report(actor_of(request), report_id=report).card
    response = FileResponse(
        checked(card), as_attachment=True, filename=card.name, content_type=card.media_type
    )
    response["Cache-Control"] = "private, no-store"
    return response


@door("offer.manage")
def scopes(request: HttpRequest) -> HttpResponse:
    """What the laboratory is accredited for; one more."""
    actor = actor_of(request)
    form, status = ScopeForm(), 200
    if request.method == "POST":
        form, status = ScopeForm(request.POST), 422
        if form.is_valid():
            try:
                record_scope(actor, **{**form.cleaned_data, "mark": Mark(form.cleaned_data["mark"])})
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
            else:
                messages.success(request, say(SCOPED))
                return redirect("scopes")
    today = timezone.localdate()
    found = [
        (each, each.from_date <= today <= (each.ended_date or each.until_date)) for each in list_scopes(actor)
    ]
    return render(request, "deliver/scopes.html", {"found": found, "form": form}, status=status)


@door("offer.manage")
@require_POST
def stop_scope(request: HttpRequest, scope: UUID) -> HttpResponse:
    """Suspended or withdrawn: yesterday was its last day."""
    end_scope(actor_of(request), scope_id=scope, last_date=database_today() - timedelta(days=1))
    messages.success(request, say(ENDED))
    return redirect("scopes")

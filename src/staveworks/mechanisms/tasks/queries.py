"""Reads: the laboratory's work list, the buyer's test orders, a sample by its label, scopes, reports. ``access_…`` is the only way to one."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from staveworks.db.transaction import query
from staveworks.foundation.files.queries import open_file
from staveworks.foundation.files.types import OpenedFile
from staveworks.foundation.files.usecases.share_file import share_file
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.tasks.domain import WORKABLE
from staveworks.mechanisms.tasks.models import Report, Sample, Scope, Task
from staveworks.mechanisms.tasks.rows import card_of, scope_of, task_of, whole
from staveworks.mechanisms.tasks.types.reports import Mark, ReportNotFound
from staveworks.mechanisms.tasks.types.reports import Scope as ScopeSeen
from staveworks.mechanisms.tasks.types.results import Test as TestSeen
from staveworks.mechanisms.tasks.types.samples import SampleNotFound
from staveworks.mechanisms.tasks.types.tasks import Task as TaskSeen
from staveworks.mechanisms.tasks.types.tasks import TaskCard, TaskNotFound


@query
def list_work(actor: Actor, *, open_only: bool = False, limit: int = 200) -> list[TaskCard]:
    """The laboratory's test orders, the newest first; ``open_only``: what is to be done, the soonest due first.

    Raises ``RightMissing``.
    """
    actor.require("line.serve")
    its = whole(Task.objects.filter(provider_org_id=actor.org))
    to_do = its.filter(line__state__in=WORKABLE).order_by("due_at", "opened_at")
    found = to_do if open_only else its.order_by("-opened_at", "line_id")
    return [card_of(row) for row in found[:limit]]


@query
def list_ordered(actor: Actor, *, limit: int = 200) -> list[TaskCard]:
    """The test orders that the organisation gave, the newest first. Raises ``RightMissing``."""
    actor.require("order.read")
    found = Task.objects.filter(buyer_org_id=actor.org)
    return [card_of(row) for row in whole(found).order_by("-opened_at")[:limit]]


@query
def access_task(actor: Actor, *, line_id: UUID) -> TaskSeen:
    """For its laboratory; for its buyer and who decides its dispute, who read results once a report states them.

    Raises ``RightMissing``, ``TaskNotFound``.
    """
    row = whole(Task.objects.filter(line_id=line_id)).first()
    if row is None:
        raise TaskNotFound
    actor.require("line.serve" if row.provider_org_id == actor.org else "order.read")
    return task_of(row)


@query
def is_test_order(actor: Actor, *, line_id: UUID) -> bool:
    """Whether a line that the actor sees has one."""
    return Task.objects.filter(line_id=line_id).exists()


@query
def find_sample(actor: Actor, *, code: str) -> tuple[UUID, UUID]:
    """The line and the sample of a label. Raises ``SampleNotFound``."""
    row = Sample.objects.filter(code=code.strip().upper()).first()
    if row is None:
        raise SampleNotFound
    actor.require("line.serve" if row.provider_org_id == actor.org else "order.read")
    return row.task_id, row.id


@query
def list_scopes(actor: Actor, *, org_id: UUID | None = None) -> list[ScopeSeen]:
    """What a laboratory (default: the actor's organisation) is or was accredited for. Anybody may know. Raises ``RightMissing``."""
    actor.require("offer.read")
    found = Scope.objects.filter(org_id=org_id or actor.org).order_by("mark", "item", "method", "from_date")
    return [scope_of(row) for row in found]


def marks_for(scopes: Sequence[ScopeSeen], tests: Sequence[TestSeen], *, today: date) -> tuple[Mark, ...]:
    """The marks that a report on these tests may carry; those without a result are held against today."""

    def covers(mark: Mark, test: TestSeen) -> bool:
        result = test.result
        if result and result.laboratory:
            return False
        first = min(result.tested_on if result else today, today)
        return any(
            scope.mark == mark
            and (scope.item, scope.method) == (test.item.zh, test.method)
            and scope.from_date <= first
            and today <= (scope.ended_date or scope.until_date)
            for scope in scopes
        )

    return tuple(mark for mark in Mark if tests and all(covers(mark, test) for test in tests))


def open_report(actor: Actor, *, report_id: UUID) -> OpenedFile:
    """The file of a report, for its laboratory, its buyer, who decides its dispute: the latter two get a copy of their own, which
    stays with them.

    Raises ``RightMissing``, ``ReportNotFound``, ``FileWaiting``, ``FileQuarantined``.
    """
    file_id, of = _file_of(actor, report_id)
    if of == actor.org:
        return open_file(actor, file_id=file_id, right="line.serve")
    own = share_file(actor, file_id=file_id, of=of)
    if own is None:
        raise ReportNotFound
    return open_file(actor, file_id=own, right="order.read")


@query
def _file_of(actor: Actor, /, report_id: UUID) -> tuple[UUID, UUID]:
    row = Report.objects.filter(id=report_id).first()
    if row is None:
        raise ReportNotFound
    actor.require("line.serve" if row.provider_org_id == actor.org else "order.read")
    return row.file_id, row.provider_org_id

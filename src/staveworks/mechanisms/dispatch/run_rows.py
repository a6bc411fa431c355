"""From rows to the dataclasses that the room gives out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.documents import problem_of, unpack, unpack_result
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.models import Answer, Demand, Run, Share
from staveworks.mechanisms.dispatch.types.runs import (
    DemandCard,
    Fault,
    Mark,
    RunCard,
    RunKind,
    RunState,
    ShareCard,
    ShareEnd,
)


def waiting_upon(run: UUID) -> QuerySet[Run]:
    """The what-ifs upon a run whose fate is open."""
    return Run.objects.filter(base_id=run, kind=RunKind.WHAT_IF, accepted_at=None, discarded_at=None)


def plan_upon(run: Run) -> Plan | None:
    """The plan that a run is made upon, with the problem that it answers."""
    if run.base_id is None:
        return None
    base = Answer.objects.select_related("run__inputs").filter(run_id=run.base_id).first()
    return Plan(problem_of(unpack(base.run.inputs.tables)), unpack_result(base.arrays)) if base else None


def demand_card(row: Demand) -> DemandCard:
    return DemandCard(
        row.id,
        row.name,
        row.lines,
        [fault_of(each) for each in row.faults],
        row.with_capacity,
        row.made_at,
        row.changed_at,
    )


def fault_of(said: Mapping[str, Any]) -> Fault:
    return Fault(
        said["table"],
        said["row"],
        said["column"],
        Text(zh=said["zh"], en=said["en"]),
        said.get("value", ""),
        said.get("twin"),
    )


def fault_said(fault: Fault) -> dict[str, Any]:
    return {
        "table": fault.table,
        "row": fault.row,
        "column": fault.column,
        "zh": fault.text.zh,
        "en": fault.text.en,
        "value": fault.value.replace("\0", ""),
        **({} if fault.twin is None else {"twin": fault.twin}),
    }


def run_card(row: Run, summary: Mapping[str, Any] | None, digest: str | None = None) -> RunCard:
    return RunCard(
        id=row.id,
        name=row.name,
        kind=RunKind(row.kind),
        base=row.base_id,
        state=RunState(row.state),
        first_date=row.first_date,
        buckets=row.buckets,
        seed=row.seed,
        engine=row.engine,
        rules=row.rules,
        lines=row.lines,
        firms=row.firms,
        cities=row.cities,
        made_at=row.made_at,
        started_at=row.started_at,
        touched_at=row.touched_at,
        finished_at=row.finished_at,
        stop_asked_at=row.stop_asked_at,
        accepted_at=row.accepted_at,
        discarded_at=row.discarded_at,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_why=row.withdrawn_why,
        changes=row.changes,
        trail=[Mark(*mark) for mark in row.trail],
        reason=Text(**row.reason) if row.reason else None,
        replay=row.replay,
        digest=digest or "",
        summary=summary,
    )


def share_card(row: Share) -> ShareCard:
    return ShareCard(
        row.id,
        row.run_id,
        row.firm_id,
        row.name,
        row.first_date,
        row.work,
        row.reasons,
        row.published_at,
        row.ended_at,
        ShareEnd(row.ended_by) if row.ended_by else None,
        row.ended_why,
    )

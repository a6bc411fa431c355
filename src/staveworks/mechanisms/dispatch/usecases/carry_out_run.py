"""Carry out a queued run: read what is asked, let the engine work, keep the answer.

After ``kill -9`` of the worker the queue gives the job to another one, which begins anew: the engine is deterministic, so nothing but
time is lost. Each beginning has a number, and only the newest may write.
"""

import logging
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.engine.dispatch import NotSolved, Problem, Result
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.documents import (
    digest_of_result,
    pack,
    pack_result,
    problem_of,
    unpack,
)
from staveworks.mechanisms.dispatch.domain.bars import bars_of
from staveworks.mechanisms.dispatch.domain.differences import difference_of
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.domain.report import report_of
from staveworks.mechanisms.dispatch.models import Answer, Run
from staveworks.mechanisms.dispatch.run_rows import plan_upon
from staveworks.mechanisms.dispatch.solving import answer
from staveworks.mechanisms.dispatch.types.runs import OPEN, RunKind, RunState
from staveworks.mechanisms.dispatch.watching import Watch

log = logging.getLogger("staveworks.dispatch")
BROKE = Text(
    zh="引擎出错，没有方案。输入已保留，可以用同样的输入再排一次。",
    en="The engine failed; there is no plan. What was asked is kept and can be run again.",
)
NO_MEMORY = Text(
    zh="内存不够，没有方案。请减少订单行或周数，或在更大的机器上用命令 staveworks dispatch。",
    en="Too little memory; there is no plan. Take fewer lines or weeks, or the command staveworks dispatch on a larger machine.",
)
STOPPED_EARLY = Text(zh="还没有方案就停止了。", en="Stopped before there was a plan.")


@dataclass(frozen=True, slots=True)
class _Begun:
    """What the engine needs; ``base``: the plan that it is made upon."""

    attempt: int
    problem: Problem
    names: dict[str, dict[str, str]]
    seed: int
    base: Plan | None
    is_what_if: bool


def carry_out_run(actor: Actor, /, *, subject: UUID) -> RunState | None:
    """The state it ends in; None where there is nothing to do (it is over already)."""
    begun = _begin(actor, run=subject)
    if begun is None:
        return None
    watch = Watch(actor, subject, begun.attempt)
    try:
        with watch.alive():
            result = answer(
                begun.problem,
                seed=begun.seed,
                watch=watch,
                base=begun.base,
                stay_near=begun.is_what_if,
            )
    except MemoryError:
        return _end(actor, run=subject, attempt=begun.attempt, reason=NO_MEMORY)
    except NotSolved as error:
        log.exception("run %s wasn't solved", subject)
        return _end(actor, run=subject, attempt=begun.attempt, reason=error.text)
    except Exception:
        log.exception("run %s failed", subject)
        return _end(actor, run=subject, attempt=begun.attempt, reason=BROKE)
    return _keep(actor, run=subject, begun=begun, watch=watch, result=result)


@use_case
def _begin(actor: Actor, /, *, run: UUID) -> _Begun | None:
    row = Run.objects.select_for_update(of=("self",)).select_related("inputs").filter(id=run).first()
    if row is None or row.state not in OPEN:
        return None
    if row.stop_asked_at:
        Run.objects.filter(id=run).update(state=RunState.CANCELLED, finished_at=Now())
        append_event(actor, "dispatch.cancelled", subject=run)
        return None
    Run.objects.filter(id=run).update(
        state=RunState.RUNNING, attempt=F("attempt") + 1, started_at=Now(), touched_at=Now(), trail=[]
    )
    problem = problem_of(unpack(row.inputs.tables))
    return _Begun(
        row.attempt + 1, problem, row.inputs.names, row.seed, plan_upon(row), row.kind == RunKind.WHAT_IF
    )


@use_case
def _keep(actor: Actor, /, *, run: UUID, begun: _Begun, watch: Watch, result: Result) -> RunState:
    plan = Plan(begun.problem, result)
    report = report_of(plan, stopped=watch.stopped)
    if begun.base is not None:
        report["difference"] = difference_of(begun.base, plan)
    state = RunState.CANCELLED if watch.stopped else RunState.FINISHED
    mine = Run.objects.filter(id=run, attempt=begun.attempt, state=RunState.RUNNING)
    if not mine.update(state=state, trail=watch.trail, touched_at=Now(), finished_at=Now()):
        return state
    digest = digest_of_result(result)
    Answer.objects.create(
        id=new_id(),
        org_id=actor.org,
        run_id=run,
        digest=digest,
        arrays=pack_result(result),
        report=report,
        bars=pack(bars_of(plan, begun.names)),
    )
    append_event(
        actor,
        "dispatch.cancelled" if watch.stopped else "dispatch.finished",
        subject=run,
        digest=digest,
        late=report["summary"]["late_lines"],
    )
    return state


@use_case
def _end(actor: Actor, /, *, run: UUID, attempt: int, reason: Text) -> RunState:
    mine = Run.objects.filter(id=run, attempt=attempt, state=RunState.RUNNING)
    if mine.update(state=RunState.FAILED, finished_at=Now(), reason={"zh": reason.zh, "en": reason.en}):
        append_event(actor, "dispatch.failed", subject=run)
    return RunState.FAILED

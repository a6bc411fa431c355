"""Replay a run: the same inputs and seed through the engine again, and whether the same plan came out."""

from uuid import UUID

from staveworks.db.clock import database_now
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.documents import digest_of_result, problem_of, unpack
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.models import Answer, Run
from staveworks.mechanisms.dispatch.run_rows import plan_upon
from staveworks.mechanisms.dispatch.solving import Silent, answer
from staveworks.mechanisms.dispatch.types.runs import CantReplay, NoPlan, RunKind, RunNotFound, RunState


@use_case
def ask_replay(actor: Actor, /, *, run: UUID) -> None:
    """A job does it. Raises ``RightMissing``, ``RunNotFound``, ``NoPlan``, ``CantReplay``."""
    actor.require("dispatch.run")
    row = Run.objects.select_for_update().filter(id=run).first()
    if row is None:
        raise RunNotFound
    if row.state == RunState.CANCELLED:
        raise CantReplay
    if row.state != RunState.FINISHED:
        raise NoPlan
    Run.objects.filter(id=run).update(replay={"asked_at": database_now().isoformat()})
    append_event(actor, "dispatch.replay_asked", subject=run)


def replay_run(actor: Actor, /, *, subject: UUID) -> bool | None:
    """Whether it came out the same; None where nobody waits for it."""
    found = _asked(actor, run=subject)
    if found is None:
        return None
    answered, base = found
    result = answer(
        problem_of(unpack(answered.run.inputs.tables)),
        seed=answered.run.seed,
        watch=Silent(),
        base=base,
        stay_near=answered.run.kind == RunKind.WHAT_IF,
    )
    digest = digest_of_result(result)
    _note(actor, run=subject, digest=digest, same=digest == answered.digest)
    return digest == answered.digest


@use_case
def _asked(actor: Actor, /, *, run: UUID) -> tuple[Answer, Plan | None] | None:
    found = Answer.objects.select_related("run__inputs").filter(run_id=run).first()
    if found is None or not found.run.replay or "same" in found.run.replay:
        return None
    return found, plan_upon(found.run)


@use_case
def _note(actor: Actor, /, *, run: UUID, digest: str, same: bool) -> None:
    row = Run.objects.select_for_update().get(id=run)
    replay = {**(row.replay or {}), "at": database_now().isoformat(), "same": same, "digest": digest}
    Run.objects.filter(id=run).update(replay=replay)
    append_event(actor, "dispatch.replayed", subject=run, same=same, digest=digest)

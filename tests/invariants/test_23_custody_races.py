"""Invariant 23, a sample's way: of two who end it at the same moment, one does; a sample isn't sent back and destroyed."""

import threading
from collections.abc import Sequence
from uuid import UUID

import psycopg
import pytest

from staveworks.db.transaction import acting
from staveworks.mechanisms.tasks.models import Sample
from staveworks.mechanisms.tasks.types.samples import StepRefused, TaskStep
from staveworks.mechanisms.tasks.usecases import record_custody as recording
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.testing import Lab, make_lab
from tests.world import World, make_world


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


@pytest.fixture
def lab(world: World) -> Lab:
    return make_lab()


def end(lab: Lab, line: UUID, step: TaskStep) -> None:
    sample = lab.see(line).samples[0].id
    recording.record_custody(lab.fang, line_id=line, sample_ids=[sample], step=step)


def ends_of(lab: Lab, line: UUID) -> list[TaskStep]:
    return [each.step for each in lab.see(line).samples[0].custody][1:]


def both_ways(lab: Lab, line: UUID) -> list[object]:
    return at_once(
        *(lambda step=step: end(lab, line, step) for step in (TaskStep.RETURNED, TaskStep.DESTROYED))
    )


def test_of_two_ends_one_happens(world: World, lab: Lab) -> None:
    line = lab.order(world.lin)
    lab.receive(line)
    results = both_ways(lab, line)
    assert sorted(type(each).__name__ for each in results) == ["NoneType", StepRefused.__name__]
    assert len(ends_of(lab, line)) == 1


def test_without_lock_and_guards_both_happen(
    world: World, lab: Lab, committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    line = lab.order(world.lin)
    lab.receive(line)
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute("DROP TRIGGER tasks_custody_follows ON tasks_custody")
        owner.execute("ALTER TABLE tasks_custody DROP CONSTRAINT tasks_custody_numbered")
    both_have_looked = threading.Barrier(2, timeout=20)

    def look(line_id: UUID, sample_ids: Sequence[UUID]) -> list[Sample]:
        found = list(Sample.objects.filter(task_id=line_id, id__in=sample_ids).prefetch_related("custody"))
        both_have_looked.wait()
        return found

    monkeypatch.setattr(recording, "locked_samples", look)
    assert both_ways(lab, line) == [None, None]
    with acting(org=lab.fang.org):
        assert (
            Sample.objects.filter(
                task_id=line, custody__step__in=[TaskStep.RETURNED, TaskStep.DESTROYED]
            ).count()
            == 2
        )

"""Two dispatchers publish plans over the same hours at the same moment: one is told, no hour is given out twice."""

import threading
from uuid import UUID

import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.models import Event
from staveworks.mechanisms.dispatch import taken
from staveworks.mechanisms.dispatch.models import Run
from staveworks.mechanisms.dispatch.types.runs import HoursTaken, PlanWithdrawn
from staveworks.mechanisms.dispatch.usecases import publish_run as publishing
from staveworks.mechanisms.dispatch.usecases.withdraw_run import withdraw_run
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.rooms.dispatch.weaving import MOST, furnish, wove
from tests.world import World, make_world


@pytest.fixture
def world(committed: Clone) -> World:
    made = make_world()
    furnish(made)
    return made


def publish(world: World, runs: list[UUID]) -> list[object]:
    return at_once(*(lambda run=run: publishing.publish_run(world.gao, run=run) for run in runs))


def published(world: World) -> int:
    with acting(org=world.gao.org, person=world.gao.person_id):
        return Run.objects.exclude(published_at=None).count()


def test_a_plan_is_withdrawn_once_however_many_ask(world: World) -> None:
    run = wove(world, MOST)
    publishing.publish_run(world.gao, run=run)
    ask = lambda: withdraw_run(world.gao, run=run, reason="面料没到")  # noqa: E731
    results = at_once(*[ask] * 3)
    assert sum(isinstance(result, PlanWithdrawn) for result in results) == 2
    with acting(org=world.gao.org):
        assert Event.objects.filter(type="dispatch.withdrawn").count() == 1


def test_of_plans_published_at_once_over_the_same_hours_one_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And, the control: without the lock both are."""
    runs, later = ([wove(world, MOST, week=week) for _ in range(2)] for week in (0, 1))
    results = publish(world, runs)
    assert sum(isinstance(result, HoursTaken) for result in results) == 1
    assert published(world) == 1
    both_have_looked, look = threading.Barrier(2, timeout=20), taken.refuse_overlap
    monkeypatch.setattr(publishing, "keep_hours", lambda *_, **__: None)
    monkeypatch.setattr(publishing, "refuse_overlap", lambda *of: (look(*of), both_have_looked.wait()))
    publish(world, later)
    assert published(world) == 3

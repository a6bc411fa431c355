"""A run that is stopped keeps its best plan; one whose worker died begins anew, and what the dead one still writes is refused."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from staveworks.db.transaction import acting
from staveworks.engine.dispatch import Problem, Result, greedy
from staveworks.engine.dispatch.markets.lost import MarketLost
from staveworks.mechanisms.dispatch import watching
from staveworks.mechanisms.dispatch.models import Answer, Run
from staveworks.mechanisms.dispatch.run_queries import access_run
from staveworks.mechanisms.dispatch.types.runs import CantReplay, RunState
from staveworks.mechanisms.dispatch.usecases import carry_out_run as carrying
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from staveworks.mechanisms.dispatch.usecases.replay_run import ask_replay
from staveworks.mechanisms.dispatch.usecases.stop_run import stop_run
from staveworks.mechanisms.dispatch.watching import touch
from tests.rooms.dispatch.browsing import browse
from tests.seasons import queued
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def engine(monkeypatch: pytest.MonkeyPatch, meanwhile: Any = lambda: None) -> None:
    """A quick one, during which something happens."""

    def answer(problem: Problem, *, watch: Any, **more: Any) -> Result:
        found = greedy(problem)
        meanwhile()
        watch.told(found.objective, found.bound)
        return found

    monkeypatch.setattr(carrying, "answer", answer)
    monkeypatch.setattr(watching, "EVERY_S", 0.0)


def test_a_run_that_is_stopped_keeps_its_best_plan(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run = queued(world.gao)
    engine(monkeypatch, lambda: stop_run(world.gao, run=run))
    assert carry_out_run(world.gao, subject=run) is RunState.CANCELLED
    card = access_run(world.gao, run)
    assert card.summary is not None
    assert card.summary["stopped"]
    assert card.mark is not None
    with pytest.raises(CantReplay):
        ask_replay(world.gao, run=run)


def test_a_run_gives_signs_of_life_while_the_engine_says_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its page says what it waits for; without them for a minute that its worker may have stopped."""
    run = queued(world.gao)
    seen = threading.Event()
    monkeypatch.setattr(watching, "PULSE_S", 0.01)
    monkeypatch.setattr(watching, "touch", lambda *_, **__: seen.set())
    engine(monkeypatch, lambda: pages.append(looked_at(world, run)) if seen.wait(20) else None)
    pages: list[str] = []
    carry_out_run(world.gao, subject=run)
    (page,) = pages
    assert "工作进程在运行" in page
    assert "可能停了" not in page


def looked_at(world: World, run: UUID) -> str:
    """The page of a run that began a while ago, without a sign of life for two minutes and then with one."""
    with acting(org=world.gao.org):
        Run.objects.filter(id=run).update(
            started_at=Now() - timedelta(seconds=150), touched_at=Now() - timedelta(seconds=120)
        )
    client, address = browse(world.gao), reverse("dispatch_state", args=[run])
    assert "可能停了" in client.get(address).content.decode()
    touch(world.gao, run=run, attempt=1)
    return client.get(address).content.decode()


def test_a_run_taken_over_by_another_worker_is_answered_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queued(world.gao)

    def another_takes_over() -> None:
        engine(monkeypatch)
        assert carry_out_run(world.gao, subject=run) is RunState.FINISHED

    engine(monkeypatch, another_takes_over)
    carry_out_run(world.gao, subject=run)
    assert access_run(world.gao, run).state is RunState.FINISHED
    assert Answer.objects.filter(run_id=run).count() <= 1


@pytest.mark.parametrize(
    ("error", "words"),
    [(MemoryError(), "内存"), (MarketLost(1_200, "SIGKILL"), "1,200"), (OSError(), "引擎")],
)
def test_an_engine_that_breaks_leaves_a_reason_and_the_inputs(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    run = queued(world.gao)

    def broken(problem: Problem, **more: Any) -> Result:
        raise error

    monkeypatch.setattr(carrying, "answer", broken)
    assert carry_out_run(world.gao, subject=run) is RunState.FAILED
    reason = access_run(world.gao, run).reason
    assert reason is not None
    assert words in reason.zh

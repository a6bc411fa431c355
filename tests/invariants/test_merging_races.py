"""An entry's history is let count for a firm while its owner answers her first question: one barrel is current, both acts succeed."""

from collections.abc import Callable
from threading import Event
from time import monotonic, sleep
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from staveworks.cluster.barrel.models import Diagnosis
from staveworks.cluster.barrel.standing import choose_current
from staveworks.cluster.barrel.usecases import settle_firm as settling
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.usecases.merge_firms import merge_firms
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import World, make_unclaimed, make_world

LEAF = "产品设计"


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


def both(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], list[UUID]]:
    """The reaction to a merge has chosen and not committed yet when the owner begins; what each came to, what is current."""
    twin = make_unclaimed("远达印染厂", world.operator)
    steward = world.gao_for(twin)
    save_answer(steward, assessment_id=start_assessment(steward), leaf=LEAF, value=2)
    merge_firms(world.gao, kept=world.yuanda.id, gone=twin.id, values=None)
    chosen = Event()

    def dawdle(firm: UUID) -> None:
        choose_current(firm)
        chosen.set()
        wait_for(somebody_waits)

    def answer() -> UUID:
        assert chosen.wait(10)
        mine = start_assessment(world.wu)
        save_answer(world.wu, assessment_id=mine, leaf=LEAF, value=1)
        return mine

    monkeypatch.setattr(settling, "choose_current", dawdle)
    results = at_once(lambda: settling.settle_firm(operator_service(), subject=twin.id), answer)
    with acting(org=world.yuanda.id):
        current = Diagnosis.objects.filter(org_id=world.yuanda.id, current=True)
        return results, list(current.values_list("assessment_id", flat=True))


def wait_for(what: Callable[[], bool]) -> None:
    until = monotonic() + 5
    while monotonic() < until and not what():
        sleep(0.02)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
            "WHERE NOT l.granted AND d.datname = current_database()) OR EXISTS (SELECT 1 FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool((cursor.fetchone() or [False])[0])


def test_both_succeed_and_the_owners_own_barrel_is_current(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settled, mine), current = both(world, monkeypatch)
    assert settled is None
    assert current == [mine]


def test_control_without_turns_the_owners_answer_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("usecases.settle_firm", "diagnosing"):
        monkeypatch.setattr(f"staveworks.cluster.barrel.{place}.in_turn", lambda firm: None)
    (_, failed), _ = both(world, monkeypatch)
    assert isinstance(failed, IntegrityError)

"""The same question at the same moment is one prescription, accepted twice put in once; of two vouchers granted at once one holds."""

import threading
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError

from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.cluster.prescription.models import Basis, Prescription
from staveworks.cluster.prescription.usecases import accept_prescription as accepting
from staveworks.cluster.prescription.usecases import prescribe as prescribing
from staveworks.cluster.programmes.models import Voucher as Row
from staveworks.cluster.programmes.types import Voucher
from staveworks.cluster.programmes.usecases import grant_voucher as granting
from staveworks.db.transaction import acting
from staveworks.engine.prescription import prescribe as solve
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.parties.types import Kind, Role
from staveworks.trade.orders.models import Line
from tests.addresses import LEAF
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.rooms.barrel.conftest import data_folder, small_rubric
from tests.rooms.prescription.conftest import assess, sell
from tests.trading import PLAIN
from tests.world import CHUNHUI_USCC, World, join, make_firm, make_person, make_world

__all__ = ["data_folder", "small_rubric"]


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


def asked_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Two ask the same, and neither has written when the other has looked."""
    assessment = start_assessment(world.lin)
    save_answer(world.lin, assessment_id=assessment, leaf=LEAF, value=2)
    both_have_looked = threading.Barrier(2, timeout=20)

    def wait(*args: Any, **values: Any) -> Any:
        both_have_looked.wait()
        return solve(*args, **values)

    monkeypatch.setattr(prescribing, "prescribe", wait)
    return at_once(*[lambda: prescribing.make_prescription(world.lin, budget_fen=100)] * 2)


def test_the_same_question_at_once_is_one_record(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = asked_at_once(world, monkeypatch)
    assert isinstance(first, UUID)
    assert first == second
    with acting(org=world.lin.org):
        assert (Basis.objects.count(), Prescription.objects.count()) == (1, 1)
        assert Event.objects.filter(type__in=["basis.recorded", "prescription.made"]).count() == 2


def test_without_the_constraint_there_are_two(
    world: World, committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the second, about to answer, finds two."""
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute("ALTER TABLE prescription_prescription DROP CONSTRAINT prescription_once")
    answers = asked_at_once(world, monkeypatch)
    assert any(isinstance(each, Prescription.MultipleObjectsReturned) for each in answers)


def accepted_at_once(world: World, settings: Any) -> int:
    """Two accept one prescription of one service; how many lines there are then."""
    settings.MECHANISMS = PLAIN
    lab = join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER), Role.OWNER)
    assess(world.lin)
    sell(lab, "云仓", "logistics", "floor", 60, 100)
    made = prescribing.make_prescription(world.lin, budget_fen=100)
    done = at_once(*[lambda: accepting.accept_prescription(world.lin, prescription_id=made)] * 2)
    assert all(isinstance(each, accepting.Accepted) for each in done), done
    with acting(org=world.lin.org):
        return Line.objects.count()


def test_accepted_twice_at_once_it_stands_in_the_draft_once(
    small_rubric: Path, world: World, settings: Any
) -> None:
    assert accepted_at_once(world, settings) == 1


def test_without_taking_turns_it_stands_there_twice(
    small_rubric: Path, world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    both_have_looked, look = threading.Barrier(2, timeout=20), accepting.current_draft

    def look_together(*args: Any) -> Any:
        found = look(*args)
        both_have_looked.wait()
        return found

    monkeypatch.setattr(accepting, "take_turn", lambda actor: None)
    monkeypatch.setattr(accepting, "current_draft", look_together)
    assert accepted_at_once(world, settings) == 2


def grant(world: World) -> Voucher:
    return granting.grant_voucher(
        world.gao, uscc=CHUNHUI_USCC, programme="innovation", cap_fen=None, until=date(2099, 1, 1)
    )


def test_of_vouchers_granted_at_once_each_replaces_the_one_before(world: World) -> None:
    granted = at_once(*[lambda: grant(world)] * 3)
    assert all(isinstance(each, Voucher) for each in granted)
    with acting(org=world.gao.org):
        assert Row.objects.count() == 3
        assert Row.objects.filter(withdrawn_at=None).count() == 1


def test_without_taking_turns_one_of_them_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the constraint still lets one hold only, but the other is an error instead of its successor."""
    both_have_looked, replace = threading.Barrier(2, timeout=20), granting._replace

    def look(*args: Any) -> None:
        replace(*args)
        both_have_looked.wait()

    monkeypatch.setattr(granting, "_in_turn", lambda actor: None)
    monkeypatch.setattr(granting, "_replace", look)
    granted = at_once(*[lambda: grant(world)] * 2)
    assert sorted(isinstance(each, IntegrityError) for each in granted) == [False, True]

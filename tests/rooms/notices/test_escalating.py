"""Before a deadline lapses: a reminder, then owners and managers, then the operator; each exactly once, by the database's clock."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.notices.deadlines import REMIND, WARN_LEADERS
from staveworks.foundation.notices.escalating import due_steps
from staveworks.foundation.notices.models import Escalation, Message, Todo
from staveworks.foundation.notices.todo_queries import list_todos
from staveworks.foundation.notices.todo_types import Step
from staveworks.foundation.notices.usecases import escalate_todo as escalating
from staveworks.foundation.notices.usecases.escalate_todo import escalate_todo
from staveworks.foundation.notices.usecases.work_on_todo import snooze_todo, take_todo
from staveworks.foundation.parties.models import Agreement, Organisation
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor, Role
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.jobs.periodic import escalate_todos
from staveworks.jobs.todos.settling import settle_all
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.rooms.notices.happening import catch_up
from tests.rooms.notices.test_working import colleague, make_todo
from tests.world import World, join, make_person, make_world

HOUR = timedelta(hours=1)


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


def due_in(world_org: UUID, todo: UUID, left: timedelta) -> None:
    with acting(org=world_org):
        assert Todo.objects.filter(id=todo).update(due_at=Now() + left)


def told(actor: Actor, template: str, todo: UUID) -> int:
    with acting(person=actor.person_id):
        return Message.objects.filter(template=template, about=todo, person_id=actor.person_id).count()


@pytest.mark.parametrize(
    ("left", "steps"),
    [
        (REMIND + HOUR, set()),
        (REMIND - HOUR, {Step.REMINDER}),
        (WARN_LEADERS + HOUR, {Step.REMINDER}),
        (WARN_LEADERS - HOUR, {Step.LEADERS}),
        (-HOUR, {Step.LEADERS, Step.OPERATOR}),
    ],
)
def test_each_step_has_its_time_before_and_after_the_deadline(
    world: World, left: timedelta, steps: set[Step]
) -> None:
    todo = make_todo(world)
    due_in(world.operator.id, todo, left)
    assert {due.step for due in due_steps() if due.todo_id == todo} == steps


def test_the_reminder_goes_to_whose_turn_it_is_and_the_next_step_to_owners_and_managers_too(
    world: World,
) -> None:
    lin = colleague(world)
    clerk = colleague(world, "何静", Role.MANAGER)
    todo = make_todo(world)
    take_todo(lin, todo_id=todo)
    due_in(world.operator.id, todo, REMIND - HOUR)
    escalate_todos()
    assert [told(each, "todo.reminder", todo) for each in (lin, clerk, world.gao)] == [1, 0, 0]
    due_in(world.operator.id, todo, WARN_LEADERS - HOUR)
    escalate_todos()
    assert [told(each, "todo.leaders", todo) for each in (lin, clerk, world.gao)] == [1, 1, 1]


def test_running_again_or_after_a_pause_tells_nobody_twice(world: World) -> None:
    todo = make_todo(world)
    due_in(world.operator.id, todo, REMIND - HOUR)
    assert [escalate_todos() for _ in range(3)] == [1, 0, 0]
    due_in(world.operator.id, todo, -HOUR)
    assert escalate_todos() == 2, "leaders and operator; the time for a reminder has passed"
    assert escalate_todos() == 0
    assert told(world.gao, "todo.reminder", todo) == told(world.gao, "todo.leaders", todo) == 1


def test_what_is_put_off_is_reminded_of_all_the_same(world: World) -> None:
    todo = make_todo(world)
    snooze_todo(world.gao, todo_id=todo, until=timezone.localdate() + timedelta(days=2))
    due_in(world.operator.id, todo, REMIND - HOUR)
    assert escalate_todos() == 1


def old_agreement(world: World) -> UUID:
    """春晖织造 accepted an edition that another has replaced; that is its to-do."""
    accept_agreement(world.lin, shows=[])
    with acting(org=world.chunhui.id):
        Agreement.objects.filter(org_id=world.chunhui.id).update(edition="2025")
    settle_all(operator_service_for(world.chunhui.id), "agreement.accept")
    [card] = [each for each in list_todos(world.lin) if each.kind == "agreement.accept"]
    return card.id


def test_a_lapsed_deadline_of_a_firm_becomes_the_operators_to_do_until_the_firm_has_done_it(
    world: World,
) -> None:
    todo = old_agreement(world)
    due_in(world.chunhui.id, todo, -HOUR)
    assert escalate_todos() == 2
    catch_up()
    [raised] = list_todos(world.gao)
    assert (raised.kind, raised.subject) == ("todo.lapsed", todo)
    assert raised.what.zh == "“春晖织造”的入会约定过期没办"
    accept_agreement(world.lin, shows=[])
    catch_up()
    assert [each.kind for each in list_todos(world.lin)] == []
    assert list_todos(world.gao) == []


def test_the_operator_hears_nothing_of_kinds_that_are_the_firms_own_affair(world: World) -> None:
    todo = make_todo(world, "roster.start", name="a", n=1)
    due_in(world.operator.id, todo, -HOUR)
    assert {due.step for due in due_steps() if due.todo_id == todo} == {Step.LEADERS}


def test_an_operator_is_not_raised_to_itself(world: World) -> None:
    todo = make_todo(world)
    due_in(world.operator.id, todo, -HOUR)
    escalate_todos()
    catch_up()
    assert {each.kind for each in list_todos(world.gao)} == {"claim.decide"}
    assert list_todos(world.gao)[0].late, "late is shown as late"


def test_what_is_done_or_not_due_is_not_escalated_even_if_asked(world: World) -> None:
    todo, service = make_todo(world), operator_service_for(world.operator.id)
    assert escalate_todo(service, todo_id=todo, step=Step.REMINDER) is False
    due_in(world.operator.id, todo, REMIND - HOUR)
    with acting(org=world.operator.id):
        Todo.objects.filter(id=todo).update(state="dropped", closed_at=Now())
    assert escalate_todo(service, todo_id=todo, step=Step.REMINDER) is False


def test_steps_are_kept_as_they_were(world: World) -> None:
    todo = make_todo(world)
    due_in(world.operator.id, todo, REMIND - HOUR)
    escalate_todos()
    with acting(org=world.operator.id):
        step = Escalation.objects.get(todo_id=todo)
        assert step.told == 1
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Escalation.objects.filter(id=step.id).update(told=2)
        with pytest.raises(IntegrityError, match="each_step_once"), transaction.atomic():
            Escalation.objects.create(org_id=world.operator.id, todo_id=todo, step=step.step)
        Escalation.objects.create(org_id=world.operator.id, todo_id=todo, step=Step.LEADERS)


class TestTwoWorkers:
    """Two workers come to the same step at the same moment."""

    def works(self, world: World, todo: UUID) -> list[Any]:
        service = operator_service_for(world.operator.id)
        return [lambda: escalate_todo(service, todo_id=todo, step=Step.REMINDER)] * 2

    def test_one_of_them_takes_it(self, world: World) -> None:
        todo = make_todo(world)
        due_in(world.operator.id, todo, REMIND - HOUR)
        assert sorted(at_once(*self.works(world, todo)), key=str) == [False, True]

    def test_control_without_the_guards_both_do(
        self, world: World, committed: Clone, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        todo = make_todo(world)
        due_in(world.operator.id, todo, REMIND - HOUR)
        with psycopg.connect(committed.urls.owner) as owner:
            owner.execute("ALTER TABLE notices_escalation DROP CONSTRAINT notices_escalation_each_step_once")
        monkeypatch.setattr(escalating, "announce", lambda *_, **__: None)  # has a guard of its own: the key
        assert at_once(*self.works(world, todo)) == [True, True]


def test_members_who_lead_elsewhere_are_not_told(world: World) -> None:
    manager = join(make_person("吴经理", email="m@yuanda.example"), world.yuanda, Role.MANAGER)
    todo = make_todo(world)
    due_in(world.operator.id, todo, WARN_LEADERS - HOUR)
    escalate_todos()
    assert told(manager, "todo.leaders", todo) == 0
    assert Organisation.objects.get(id=world.yuanda.id).name == "远达印染"

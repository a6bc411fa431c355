"""What people do with a to-do: take, hand over, put off, say that it is done; and how it looks to each of them."""

from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.queries import list_events
from staveworks.foundation.notices.deadlines import deadline, deadline_words
from staveworks.foundation.notices.models import Message, Todo
from staveworks.foundation.notices.todo_queries import (
    access_todo,
    count_yours,
    counts_of,
    list_over,
    list_todos,
    list_yours,
)
from staveworks.foundation.notices.todo_types import (
    ColleagueUnknown,
    NotByHand,
    SnoozeDateInvalid,
    TakenAlready,
    TodoCard,
    TodoClosed,
    TodoNotFound,
    Turn,
)
from staveworks.foundation.notices.usecases import work_on_todo as working
from staveworks.foundation.notices.usecases.settle_todo import settle_todo
from staveworks.foundation.notices.usecases.work_on_todo import (
    finish_todo,
    hand_todo,
    release_todo,
    reopen_todo,
    snooze_todo,
    take_todo,
)
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor, Role
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.jobs.todos.settling import settle
from staveworks.kit.ids import new_id
from staveworks.kit.waiting import Waiting
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import World, join, make_person, make_world

ZONE = timezone.get_default_timezone()


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def make_todo(
    world: World, kind: str = "claim.decide", *, due: datetime | None = None, **params: Any
) -> UUID:
    """Something of the operator's to do, as its source would have it."""
    service = operator_service_for(world.operator.id)
    waiting = Waiting(
        world.operator.id,
        new_id(),
        timezone.now(),
        due_at=due,
        params={"firm": str(world.qinghe.id), "who": str(world.lin.person_id), **params},
    )
    made = settle_todo(service, kind=kind, subject=waiting.subject, look=lambda: waiting)
    assert made.todo_id
    return made.todo_id


def colleague(world: World, name: str = "林晓薇", role: Role = Role.STEWARD) -> Actor:
    return join(make_person(name, email=f"{new_id()}@example.cn"), world.operator, role)


def card(actor: Actor, todo: UUID) -> TodoCard:
    return access_todo(actor, todo)


def test_it_is_everybodys_turn_until_somebody_takes_it(world: World) -> None:
    todo, lin = make_todo(world), colleague(world)
    assert card(world.gao, todo).turn is card(lin, todo).turn is Turn.YOURS
    take_todo(lin, todo_id=todo)
    assert card(lin, todo).turn is Turn.YOURS
    assert (card(world.gao, todo).turn, card(world.gao, todo).holder) == (Turn.WAITING, "林晓薇")
    with pytest.raises(TakenAlready):
        take_todo(world.gao, todo_id=todo)
    release_todo(lin, todo_id=todo)
    take_todo(world.gao, todo_id=todo)


def test_it_is_handed_only_to_a_colleague_who_may_do_it_and_she_is_told(world: World) -> None:
    todo, lin = make_todo(world), colleague(world)
    for stranger in (world.shen, world.lin):
        with pytest.raises(ColleagueUnknown):
            hand_todo(world.gao, todo_id=todo, to=stranger.person)
    hand_todo(world.gao, todo_id=todo, to=lin.person)
    assert card(world.gao, todo).holder == "林晓薇"
    with acting(person=lin.person_id):
        assert Message.objects.filter(template="todo.handed", about=todo).count() == 1


def test_putting_it_off_takes_it_and_hides_it_until_its_day(world: World) -> None:
    todo, lin = make_todo(world), colleague(world)
    snooze_todo(lin, todo_id=todo, until=timezone.localdate() + timedelta(days=2))
    assert (card(lin, todo).turn, card(lin, todo).put_off) == (Turn.WAITING, True)
    assert list_yours(lin) == []
    assert count_yours(lin) == count_yours(world.gao) == 0
    with acting(org=world.operator.id):
        Todo.objects.filter(id=todo).update(snoozed_until=timezone.localdate())
    assert [each.id for each in list_yours(lin)] == [todo], "its day has come"
    assert list_yours(world.gao) == [], "but it is hers"


def test_what_waits_is_counted_as_it_is_listed(world: World) -> None:
    todo, lin = make_todo(world), colleague(world)

    def counted() -> list[int]:
        readers = (world.gao, lin, world.zhou, Actor(world.gao.person_id, None))
        assert [count_yours(reader) for reader in readers] == [len(list_yours(reader)) for reader in readers]
        return [count_yours(reader) for reader in readers]

    assert counted() == [1, 1, 0, 0]
    take_todo(world.gao, todo_id=todo)
    assert counted() == [1, 0, 0, 0]
    snooze_todo(world.gao, todo_id=todo, until=timezone.localdate() + timedelta(days=1))
    assert counted() == [0, 0, 0, 0]
    with acting(org=world.operator.id):
        Todo.objects.filter(id=todo).update(holder=None, snoozed_until=None, person=world.gao.person_id)
    assert counted() == [1, 0, 0, 1], "hers, wherever she acts"


@pytest.mark.parametrize("days", [-1, 0, 4])
def test_it_is_not_put_off_to_the_past_or_beyond_its_deadline(world: World, days: int) -> None:
    todo = make_todo(world)  # three days
    with pytest.raises(SnoozeDateInvalid):
        snooze_todo(world.gao, todo_id=todo, until=timezone.localdate() + timedelta(days=days))
    snooze_todo(world.gao, todo_id=todo, until=timezone.localdate() + timedelta(days=3))


def test_what_shows_by_itself_that_it_is_done_is_not_closed_by_hand(world: World) -> None:
    with pytest.raises(NotByHand):
        finish_todo(world.gao, todo_id=make_todo(world))
    by_hand = make_todo(world, "roster.correct", name="园区.xlsx", n=3)
    finish_todo(world.gao, todo_id=by_hand)
    assert [each.done_by for each in list_over(world.gao)] == ["高明远"]
    with pytest.raises(TodoClosed):
        finish_todo(world.gao, todo_id=by_hand)
    again = reopen_todo(world.gao, todo_id=by_hand)
    assert card(world.gao, again).what == card(world.gao, by_hand).what
    assert {each.id for each in list_todos(world.gao)} >= {again}


def test_whoever_lacks_the_right_finds_nothing_to_take(world: World) -> None:
    todo = make_todo(world)
    for stranger in (world.shen, world.lin):
        with pytest.raises(TodoNotFound):
            take_todo(stranger, todo_id=todo)
        with pytest.raises(TodoNotFound):
            access_todo(stranger, todo)
    take_todo(world.gao, todo_id=todo)


def test_an_invitation_waits_for_the_one_person_wherever_she_acts(world: World) -> None:
    wu = Person.objects.get(id=world.wu.person_id)
    invitation = invite_person(world.lin, role=Role.CLERK, contact=Contact("phone", wu.phone or ""))
    settle(operator_service_for(world.chunhui.id), "invitation.accept", invitation.id)
    for actor in (world.wu, Actor(wu.id, None)):
        [found] = list_todos(actor)
        assert (found.kind, found.what.zh) == ("invitation.accept", "接受“春晖织造”的邀请")
        assert found.url == f"/join/invitations/{world.chunhui.id}/{invitation.id}/"
    assert list_todos(world.lin) == [], "not for those who sent it"
    snooze_todo(world.wu, todo_id=found.id, until=timezone.localdate() + timedelta(days=1))
    assert card(world.wu, found.id).put_off


def test_each_act_stands_in_the_log_with_who_did_it(world: World) -> None:
    todo, lin = make_todo(world), colleague(world)
    take_todo(lin, todo_id=todo)
    snooze_todo(lin, todo_id=todo, until=timezone.localdate() + timedelta(days=1))
    release_todo(lin, todo_id=todo)
    hand_todo(world.gao, todo_id=todo, to=lin.person)
    said = [(event.type, event.person_id) for event in list_events(world.gao, subject=todo)]
    assert [type_ for type_, _ in reversed(said)][1:] == [
        "todo.taken",
        "todo.snoozed",
        "todo.released",
        "todo.handed",
    ]
    assert said[0][1] == world.gao.person_id


def test_the_filters_count_what_they_show(world: World) -> None:
    lin = colleague(world)
    mine, taken, off = (make_todo(world) for _ in range(3))
    late = make_todo(world, due=timezone.now() - timedelta(hours=1))
    take_todo(lin, todo_id=taken)
    snooze_todo(world.gao, todo_id=off, until=timezone.localdate() + timedelta(days=1))
    cards = list_todos(world.gao)
    counts = counts_of(cards)
    assert (counts.yours, counts.others, counts.put_off, counts.late) == (2, 1, 1, 1)
    assert [cards[0].id, cards[0].late] == [late, True], "what has lapsed comes first"
    assert mine in {each.id for each in cards}


@pytest.mark.parametrize(
    ("due", "zh", "en"),
    [
        (None, "不急", "no deadline"),
        ((0, 18), "今天 18:00 前", "by 18:00 today"),
        ((0, 9), "今天 09:00 已过", "was due 09:00 today"),
        ((1, 9), "明天", "tomorrow"),
        ((5, 18), "还有 5 天", "5 days left"),
        ((9, 18), "12月2日前", "by 2 Dec"),
        ((-1, 18), "已过 1 天", "1 day late"),
        ((-3, 18), "已过 3 天", "3 days late"),
    ],
)
def test_deadlines_are_said_in_words(due: tuple[int, int] | None, zh: str, en: str) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
    moment = now.replace(hour=due[1]) + timedelta(days=due[0]) if due else None
    said = deadline_words(moment, now, ZONE)
    assert (said.zh, said.en) == (zh, en)


def test_a_deadline_falls_on_the_end_of_work_in_the_places_own_time() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=ZONE)
    assert deadline(late, 3, ZONE) == datetime(2026, 11, 26, 18, 0, tzinfo=ZONE)


def test_more_to_dos_do_not_mean_more_queries(world: World, django_assert_num_queries: Any) -> None:
    make_todo(world)
    with django_assert_num_queries(4):
        list_todos(world.gao)
    for _ in range(8):
        make_todo(world)
    with django_assert_num_queries(4):
        assert len(list_todos(world.gao)) == 9


class TestRaces:
    """Two people at the same moment; the controls take the guard away and see both succeed."""

    def test_of_two_who_take_it_one_gets_it(self, committed: Clone) -> None:
        world = make_world()
        todo, lin = make_todo(world), colleague(world)
        results = at_once(lambda: take_todo(lin, todo_id=todo), lambda: take_todo(world.gao, todo_id=todo))
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "TakenAlready"]

    def test_control_who_looks_before_she_leaps_takes_it_from_the_other(
        self, committed: Clone, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = make_world()
        todo, lin = make_todo(world), colleague(world)
        self._leap(monkeypatch)
        assert at_once(lambda: take_todo(lin, todo_id=todo), lambda: take_todo(world.gao, todo_id=todo)) == [
            None,
            None,
        ]

    def test_of_two_who_say_that_it_is_done_one_has_done_it(self, committed: Clone) -> None:
        world = make_world()
        todo, lin = make_todo(world, "roster.correct", name="a", n=1), colleague(world)
        results = at_once(
            lambda: finish_todo(lin, todo_id=todo), lambda: finish_todo(world.gao, todo_id=todo)
        )
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "TodoClosed"]
        assert sum(event.type == "todo.finished" for event in list_events(world.gao, subject=todo)) == 1

    def test_without_the_comparison_the_database_still_refuses_the_second(
        self, committed: Clone, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = make_world()
        todo, lin = make_todo(world, "roster.correct", name="a", n=1), colleague(world)
        self._leap(monkeypatch)
        results = at_once(
            lambda: finish_todo(lin, todo_id=todo), lambda: finish_todo(world.gao, todo_id=todo)
        )
        assert sorted(type(result).__name__ for result in results) == ["IntegrityError", "NoneType"]

    def test_control_with_neither_guard_both_have_done_it(
        self, committed: Clone, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = make_world()
        todo, lin = make_todo(world, "roster.correct", name="a", n=1), colleague(world)
        self._leap(monkeypatch)
        with psycopg.connect(committed.urls.owner) as owner:
            owner.execute("DROP TRIGGER notices_todo_kept ON notices_todo")
        results = at_once(
            lambda: finish_todo(lin, todo_id=todo), lambda: finish_todo(world.gao, todo_id=todo)
        )
        assert results == [None, None]
        assert sum(event.type == "todo.finished" for event in list_events(world.gao, subject=todo)) == 2

    def _leap(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Write without comparing, after both have looked."""
        meet = Barrier(2)

        def write(hand: Any, **columns: Any) -> None:
            meet.wait(timeout=10)
            Todo.objects.filter(id=hand.todo.id).update(**columns)

        monkeypatch.setattr(working, "_set", write)

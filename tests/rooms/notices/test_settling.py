"""To-dos open, change and close with what they are about, in whatever order the events are heard of."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.models import Todo
from staveworks.foundation.notices.todo_queries import access_todo, list_over, list_todos
from staveworks.foundation.notices.todo_types import LinkPurpose, TodoState
from staveworks.foundation.notices.usecases import settle_todo as settling_module
from staveworks.foundation.notices.usecases.settle_todo import settle_todo
from staveworks.foundation.notices.usecases.work_on_todo import finish_todo
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.rights import RIGHTS
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.decide_claim import decide_claim, print_letter
from staveworks.foundation.parties.usecases.prove_claim import withdraw_claim
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.foundation.rosters.duplicates import list_pairs
from staveworks.foundation.rosters.usecases.decide_duplicate import decide_duplicate
from staveworks.foundation.rosters.usecases.run_import import run_import
from staveworks.foundation.rosters.usecases.start_import import start_import
from staveworks.foundation.rosters.usecases.stop_import import stop_import
from staveworks.foundation.rosters.usecases.undo_decision import undo_decision
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster
from staveworks.foundation.rules.queries import list_rules
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule
from staveworks.foundation.support.usecases.open_ticket import open_ticket
from staveworks.foundation.support.usecases.write_entry import close_ticket, write_entry
from staveworks.jobs.backups import note_failure
from staveworks.jobs.reactions import REACTIONS
from staveworks.jobs.todos.settling import settle, settle_everywhere
from staveworks.jobs.todos.sources import SOURCES
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.kit.waiting import Waiting
from tests.database import Clone
from tests.rooms.notices.happening import catch_up, run
from tests.rooms.rosters.lists import PARK, write
from tests.world import World, make_person, make_world

LEAF = "产品设计"
LIST = PARK + ",,绍兴市,,,13900000000,\n"


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


def kinds_open(actor: Actor) -> list[str]:
    return sorted(card.kind for card in list_todos(actor))


def claimant(name: str = "何清") -> Actor:
    return Actor(make_person(name, email=f"{new_id()}@example.cn").id, None)


def upload(world: World, folder: Path) -> Any:
    """Three firms, two of them alike, and a row without a name."""
    path = write(folder, "list.csv", LIST)
    return upload_roster(world.gao, path=path, name=path.name).id


def test_every_kind_has_a_source_and_every_source_a_kind() -> None:
    assert set(SOURCES) == set(KINDS)


def test_every_kind_names_a_right_of_the_table_and_events_that_are_followed() -> None:
    for kind in KINDS.values():
        assert kind.right is None or kind.right in RIGHTS, kind.code
        assert kind.link_rights <= set(RIGHTS), kind.code
        assert set(kind.done_by) <= set(REACTIONS), kind.code


def test_no_link_decides_what_gives_roles_or_rights_away() -> None:
    """An invitation gives a role, but to the person who taps: she takes what an owner has given already."""
    deciding = {kind.code for kind in KINDS.values() if kind.link is LinkPurpose.DECIDE}
    assert deciding == {"duplicate.decide", "invitation.accept", "agreement.accept", "capacity.confirm"}
    assert not any(
        right.endswith((".manage", ".give"))
        for code in deciding - {"agreement.accept"}
        for right in [KINDS[code].right or ""]
    )


def test_a_claim_to_check_opens_a_to_do_and_deciding_it_closes_it_with_who_and_when(world: World) -> None:
    claim = start_claim(claimant(), org_id=world.qinghe.id, method="licence")
    catch_up()
    [card] = list_todos(world.gao)
    assert (card.kind, card.subject) == ("claim.decide", claim.id)
    assert card.what.zh == "核对“清河喷织厂”的认领"
    assert card.url == f"/claims/{claim.id}/"
    assert card.due_at is not None
    decide_claim(world.gao, claim_id=claim.id, grant=True)
    catch_up()
    assert list_todos(world.gao) == []
    [over] = list_over(world.gao)
    assert (over.state, over.done_by) == (TodoState.DONE, "高明远")


def test_a_claim_that_is_withdrawn_is_no_longer_to_do_and_nobody_has_done_it(world: World) -> None:
    who = claimant()
    claim = start_claim(who, org_id=world.qinghe.id, method="letter")
    catch_up()
    assert kinds_open(world.gao) == ["claim.letter"]
    withdraw_claim(who, claim_id=claim.id)
    catch_up()
    [over] = list_over(world.gao)
    assert (over.state, over.done_by) == (TodoState.DROPPED, None)


def test_a_letter_is_posted_once_it_is_printed(world: World) -> None:
    claim = start_claim(claimant(), org_id=world.qinghe.id, method="letter")
    catch_up()
    print_letter(world.gao, claim_id=claim.id)
    catch_up()
    assert [card.state for card in list_over(world.gao)] == [TodoState.DONE]


def test_a_list_goes_through_its_to_dos_from_the_upload_to_the_last_duplicate(
    world: World, tmp_path: Path
) -> None:
    roster = upload(world, tmp_path)
    catch_up()
    assert kinds_open(world.gao) == ["roster.start"]
    start_import(world.gao, roster=roster, here=True)
    stop_import(world.gao, roster=roster)
    catch_up()
    assert kinds_open(world.gao) == ["roster.resume"]
    start_import(world.gao, roster=roster, here=True)
    run_import(world.gao, subject=roster)
    catch_up()
    assert kinds_open(world.gao) == ["duplicate.decide", "roster.correct"]
    [pair] = list_pairs(world.gao)
    decision = decide_duplicate(world.gao, pair=pair.id, verdict="apart")
    catch_up()
    assert kinds_open(world.gao) == ["roster.correct"]
    undo_decision(world.gao, decision=decision.id)
    catch_up()
    assert kinds_open(world.gao) == ["duplicate.decide", "roster.correct"], "undone, it is to do again"


def test_the_corrections_workbook_loaded_again_closes_its_to_do(world: World, tmp_path: Path) -> None:
    from staveworks.foundation.rosters.queries import export_corrections

    roster = upload(world, tmp_path)
    start_import(world.gao, roster=roster, here=True)
    run_import(world.gao, subject=roster)
    catch_up()
    path = tmp_path / "corrections.xlsx"
    with path.open("wb") as file:
        assert export_corrections(world.gao, roster=roster, file=file) == 1
    again = upload_roster(world.gao, path=path, name=path.name).id
    start_import(world.gao, roster=again, here=True, nameless=True)
    run_import(world.gao, subject=again)
    catch_up()
    about = {card.subject for card in list_todos(world.gao) if card.kind == "roster.correct"}
    assert about == {again}, "the row is as wrong as before: now the workbook itself is to be corrected"


def test_an_assessment_under_way_is_the_firms_to_do_and_an_unclaimed_firms_nobodys(world: World) -> None:
    mine = start_assessment(world.lin)
    start_assessment(world.gao_for(world.qinghe))
    catch_up()
    assert [card.subject for card in list_todos(world.lin)] == [mine]
    with acting(org=world.qinghe.id):
        assert not Todo.objects.filter(org_id=world.qinghe.id).exists()
    save_answer(world.lin, assessment_id=mine, leaf=LEAF, value=2)
    finish_assessment(world.lin, assessment_id=mine)
    catch_up()
    assert list_todos(world.lin) == []


def test_a_ticket_is_the_operators_turn_then_the_askers(world: World) -> None:
    ticket = open_ticket(world.lin, text="怎么改目标？", page="/barrel/")
    catch_up()
    [card] = list_todos(world.gao)
    assert (card.kind, card.subject, card.url) == ("ticket.answer", ticket, f"/support/{ticket}/")
    assert card.why.zh == "林春晖 在等答复。"
    write_entry(world.gao, ticket_id=ticket, text="在诊断里选。")
    catch_up()
    assert list_todos(world.gao) == []
    assert [over.done_by for over in list_over(world.gao)] == ["高明远"]
    assert kinds_open(world.lin) == ["ticket.read"]
    close_ticket(world.lin, ticket_id=ticket)
    catch_up()
    assert list_todos(world.lin) == []


def test_a_rule_that_is_about_to_hold_is_the_operators_to_do(world: World) -> None:
    kind, held, _ = list_rules()[0]
    changed = held.text.zh + "（新）"
    text = Text(zh=changed, en=held.text.en + " (new)")
    soon, later = timezone.localdate() + timedelta(days=7), timezone.localdate() + timedelta(days=90)
    adopt_rule(world.gao, code=kind.code, value=held.value, text=text, from_date=later)
    catch_up()
    assert list_todos(world.gao) == [], "that is far away"
    made = adopt_rule(world.gao, code=kind.code, value=held.value, text=text, from_date=soon)
    catch_up()
    [card] = list_todos(world.gao)
    assert (card.kind, card.due_at, card.subject) == ("rule.coming", made.since, made.id)
    assert kind.title.zh in card.what.zh


def test_a_backup_that_failed_waits_until_one_is_made(world: World) -> None:
    note_failure(3)
    catch_up()
    note_failure(3)
    catch_up()
    assert kinds_open(world.gao) == ["backup.failed"]
    assert list_todos(world.gao)[0].url == f"/todo/{list_todos(world.gao)[0].id}/"
    service = operator_service_for(world.operator.id)
    with acting(org=service.org_id, person=service.person_id):
        append_event(service, "backup.made", subject=service.org)
    catch_up()
    assert list_todos(world.gao) == []
    assert list_over(world.gao)[0].done_by is None, "a program did it"


def test_nobody_sees_to_dos_whose_right_she_lacks(world: World) -> None:
    start_claim(claimant(), org_id=world.qinghe.id, method="licence")
    catch_up()
    assert kinds_open(world.gao) == ["claim.decide"]
    assert list_todos(world.shen) == [], "a viewer may not decide claims"
    assert list_todos(world.lin) == []


class TestOrder:
    """Events are heard of late, twice, or in the wrong order: the thing itself has the last word."""

    def test_a_close_that_is_heard_of_before_its_open_wins(self, world: World) -> None:
        claim = start_claim(claimant(), org_id=world.qinghe.id, method="licence")
        decide_claim(world.gao, claim_id=claim.id, grant=False, reason="看不清")
        catch_up(backwards=True)
        assert list_todos(world.gao) == []

    def test_what_happened_is_the_same_when_it_is_heard_of_again(self, world: World, tmp_path: Path) -> None:
        claim = start_claim(claimant(), org_id=world.qinghe.id, method="licence")
        start_claim(claimant("何浊"), org_id=world.qinghe.id, method="licence")
        roster = upload(world, tmp_path)
        jobs = catch_up()
        decide_claim(world.gao, claim_id=claim.id, grant=False, reason="看不清")
        jobs += catch_up()
        before = (
            sorted((card.kind, card.subject) for card in list_todos(world.gao)),
            len(list_over(world.gao)),
        )
        run(jobs)
        run(reversed(jobs))
        after = sorted((card.kind, card.subject) for card in list_todos(world.gao)), len(list_over(world.gao))
        assert after == before
        assert {kind for kind, _ in before[0]} == {"claim.decide", "roster.start"}
        assert roster

    def test_lost_events_are_made_good_by_looking_everywhere(self, world: World) -> None:
        claim = start_claim(claimant(), org_id=world.qinghe.id, method="licence")
        mine = start_assessment(world.lin)
        catch_up(keep=True)
        assert list_todos(world.gao) == []
        assert settle_everywhere() == 2
        assert kinds_open(world.gao) == ["claim.decide"]
        assert [card.subject for card in list_todos(world.lin)] == [mine]
        decide_claim(world.gao, claim_id=claim.id, grant=True)
        catch_up(keep=True)
        settle_everywhere()
        assert list_todos(world.gao) == []
        assert [card.done_by for card in list_over(world.gao)] == ["高明远"]
        assert settle_everywhere() == 0, "nothing differs any more"


class TestRaces:
    """The reaction to the opening reads, then somebody decides and its reaction runs, then the first one writes."""

    def slow_open(self, world: World, claim: Any, decided: Signal, looked: Signal) -> Callable[[], None]:
        service = operator_service_for(world.operator.id)

        def look() -> Waiting | None:
            found = next(iter(SOURCES["claim.decide"](org=service.org, subject=claim)), None)
            looked.set()
            decided.wait(1.5)
            return found

        def work() -> None:
            settle_todo(service, kind="claim.decide", subject=claim, look=look)
            connections.close_all()

        return work

    def race(self, world: World) -> None:
        claim = start_claim(claimant(), org_id=world.qinghe.id, method="licence").id
        decided, looked = Signal(), Signal()
        thread = Thread(target=self.slow_open(world, claim, decided, looked))
        thread.start()
        assert looked.wait(10)
        decide_claim(world.gao, claim_id=claim, grant=False, reason="看不清")
        settle(operator_service_for(world.operator.id), "claim.decide", claim)
        decided.set()
        thread.join()

    def test_a_to_do_does_not_outlive_its_thing(self, world: World) -> None:
        self.race(world)
        assert list_todos(world.gao) == []

    def test_control_without_the_turn_it_does(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settling_module, "wait_for_turn", lambda name: None)
        self.race(world)
        assert kinds_open(world.gao) == ["claim.decide"]


class TestGuards:
    """What the database itself refuses."""

    @pytest.fixture
    def todo(self, world: World) -> Any:
        start_claim(claimant(), org_id=world.qinghe.id, method="licence")
        catch_up()
        return list_todos(world.gao)[0]

    def copy(self, card: Any) -> Todo:
        return Todo(
            org_id=card.org_id,
            kind=card.kind,
            subject_id=card.subject,
            since=timezone.now(),
        )

    def test_one_open_to_do_for_a_thing(self, world: World, todo: Any) -> None:
        with acting(org=world.operator.id):
            with pytest.raises(IntegrityError, match="notices_todo_open_once"), transaction.atomic():
                self.copy(todo).save(force_insert=True)
            Todo.objects.filter(id=todo.id).update(state="done", closed_at=timezone.now())
            self.copy(todo).save(force_insert=True)

    def test_a_closed_one_stays_as_it_is(self, world: World, todo: Any) -> None:
        with acting(org=world.operator.id):
            Todo.objects.filter(id=todo.id).update(params={"n": 1})
            Todo.objects.filter(id=todo.id).update(state="dropped", closed_at=timezone.now())
            for change in ({"params": {}}, {"state": "open"}, {"state": "done"}, {"by_link": True}):
                with pytest.raises(IntegrityError, match=r"closed|become|dated"), transaction.atomic():
                    Todo.objects.filter(id=todo.id).update(**change)
            Todo.objects.filter(id=todo.id).update(done_by=None, holder=None)

    def test_another_organisation_neither_sees_nor_writes_it(self, world: World, todo: Any) -> None:
        with acting(org=world.chunhui.id, person=world.lin.person_id):
            assert not Todo.objects.filter(id=todo.id).exists()
            assert Todo.objects.filter(id=todo.id).update(params={}) == 0
        with acting(org=world.operator.id):
            assert Todo.objects.filter(id=todo.id).update(params={}) == 1


def test_what_only_a_person_can_tell_is_closed_by_her_and_stays_closed(world: World, tmp_path: Path) -> None:
    upload(world, tmp_path)
    catch_up()
    [card] = list_todos(world.gao)
    finish_todo(world.gao, todo_id=card.id)
    catch_up()
    assert settle_everywhere() == 0
    assert access_todo(world.gao, card.id).state is TodoState.DONE
    assert list_todos(world.gao) == []

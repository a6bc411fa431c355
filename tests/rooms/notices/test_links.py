"""One-tap links: for one person, one to-do and one purpose, until they are used, withdrawn, expired, or the right is gone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db.models.functions import Now

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.queries import list_events
from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.links import is_ours, new_token
from staveworks.foundation.notices.models import TapLink, Todo
from staveworks.foundation.notices.todo_queries import list_over
from staveworks.foundation.notices.todo_types import TapLinkInvalid
from staveworks.foundation.notices.usecases import use_link as using
from staveworks.foundation.notices.usecases.issue_link import issue_link
from staveworks.foundation.notices.usecases.use_link import Tapped, look_at_link, use_link
from staveworks.foundation.parties.domain import Contact, digest_of
from staveworks.foundation.parties.models import Agreement, Membership, Person
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import RightMissing, Role
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.accept_invitation import accept_own_invitation
from staveworks.foundation.parties.usecases.change_member import change_role
from staveworks.foundation.parties.usecases.decide_claim import decide_claim
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.jobs.todos.settling import settle
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.rooms.notices.happening import catch_up
from tests.rooms.notices.test_escalating import old_agreement
from tests.rooms.notices.test_working import colleague, make_todo
from tests.world import World, make_person, make_world


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


def link_for(org: UUID, todo: UUID, person: UUID) -> str:
    return issue_link(operator_service_for(org), todo_id=todo, person_id=person)


def accept(tapped: Tapped) -> None:
    accept_agreement(tapped.actor, shows=[])


def agreements(world: World) -> int:
    with acting(org=world.chunhui.id):
        return Agreement.objects.filter(org_id=world.chunhui.id).count()


def test_looking_changes_nothing_however_often_the_mail_scanner_does_it(world: World) -> None:
    todo = old_agreement(world)
    token = link_for(world.chunhui.id, todo, world.lin.person)
    for _ in range(3):
        tapped = look_at_link(token)
    assert (tapped.person, tapped.card.id, tapped.decides) == ("林春晖", todo, True)
    assert agreements(world) == 1
    use_link(token, act=accept)
    assert agreements(world) == 2


def test_what_is_done_by_a_link_is_hers_and_says_that_it_was_by_link(world: World) -> None:
    todo = old_agreement(world)
    use_link(link_for(world.chunhui.id, todo, world.lin.person), act=accept)
    catch_up()
    [over] = list_over(world.lin)
    assert (over.done_by, over.by_link) == ("林春晖", True)
    accepted = next(event for event in list_events(world.lin) if event.type == "agreement.accepted")
    assert accepted.person_id == world.lin.person_id
    with acting(org=world.chunhui.id):
        assert accepted.data["by_link"] == str(TapLink.objects.get(uses=1).id)
    by_hand = accept_agreement(world.lin, shows=["barrel"])
    event = next(event for event in list_events(world.lin, subject=by_hand))
    assert "by_link" not in event.data


def test_one_that_decides_once_is_used_up(world: World) -> None:
    token = link_for(world.chunhui.id, old_agreement(world), world.lin.person)
    use_link(token, act=accept)
    with pytest.raises(TapLinkInvalid):
        use_link(token, act=accept)
    with pytest.raises(TapLinkInvalid):
        look_at_link(token)


def test_one_for_many_decisions_lasts_until_the_to_do_is_closed(world: World) -> None:
    todo = make_todo(world, "duplicate.decide", name="园区.xlsx", n=3)
    token, done = link_for(world.operator.id, todo, world.gao.person), []
    for _ in range(3):
        use_link(token, act=done.append)
    assert len(done) == 3
    with acting(org=world.operator.id):
        Todo.objects.filter(id=todo).update(state="done", closed_at=Now())
    with pytest.raises(TapLinkInvalid):
        use_link(token, act=done.append)


def test_one_that_only_opens_does_not_decide(world: World) -> None:
    todo = make_todo(world)
    token = link_for(world.operator.id, todo, world.gao.person)
    assert look_at_link(token).decides is False
    with pytest.raises(TapLinkInvalid):
        use_link(token, act=lambda tapped: decide_claim(tapped.actor, claim_id=todo, grant=True))


def test_it_gives_no_more_than_its_kind_needs(world: World) -> None:
    todo = old_agreement(world)
    token = link_for(world.chunhui.id, todo, world.lin.person)
    kind = KINDS["agreement.accept"]

    def overreach(tapped: Tapped) -> None:
        assert tapped.actor.rights == kind.link_rights | {kind.right}
        with pytest.raises(RightMissing):
            give_mandate(tapped.actor, agent=None, rights=["organisation.read"], until=None)  # type: ignore[arg-type]

    use_link(token, act=overreach)


def test_it_expires_by_the_databases_clock(world: World) -> None:
    token = link_for(world.chunhui.id, old_agreement(world), world.lin.person)
    with acting(org=world.chunhui.id):
        TapLink.objects.filter(token_digest=digest_of(token)).update(
            created_at=Now() - timedelta(days=2), expires_at=Now() - timedelta(seconds=1)
        )
    with pytest.raises(TapLinkInvalid):
        look_at_link(token)
    with pytest.raises(TapLinkInvalid):
        use_link(token, act=accept)
    assert agreements(world) == 1


def test_it_ends_with_the_right_and_does_not_come_back_with_it(world: World) -> None:
    todo, lin = make_todo(world, "duplicate.decide", name="a", n=1), colleague(world)
    token = link_for(world.operator.id, todo, lin.person)
    look_at_link(token)
    with acting(org=world.operator.id):
        membership = Membership.objects.get(org_id=world.operator.id, person_id=lin.person_id)
    change_role(world.gao, membership_id=membership.id, role=Role.VIEWER)
    with pytest.raises(TapLinkInvalid):
        look_at_link(token)
    catch_up()
    change_role(world.gao, membership_id=membership.id, role=Role.STEWARD)
    with pytest.raises(TapLinkInvalid):
        look_at_link(token)
    look_at_link(link_for(world.operator.id, todo, lin.person))


def test_whoever_left_or_was_locked_out_comes_in_no_more(world: World) -> None:
    todo, lin = make_todo(world), colleague(world)
    token = link_for(world.operator.id, todo, lin.person)
    Person.objects.filter(id=lin.person_id).update(is_active=False)
    with pytest.raises(TapLinkInvalid):
        look_at_link(token)
    Person.objects.filter(id=lin.person_id).update(is_active=True)
    look_at_link(token)
    with acting(org=world.operator.id):
        Membership.objects.filter(person_id=lin.person_id).delete()
    with pytest.raises(TapLinkInvalid):
        look_at_link(token)


def test_an_invitation_is_accepted_by_link_and_gives_the_role_that_was_promised(world: World) -> None:
    person = make_person("范晓", email="fan@example.cn")
    invitation = invite_person(world.lin, role=Role.CLERK, contact=Contact("email", "fan@example.cn"))
    settle(operator_service_for(world.chunhui.id), "invitation.accept", invitation.id)
    with acting(org=world.chunhui.id):
        todo = Todo.objects.get(kind="invitation.accept").id
    token = link_for(world.chunhui.id, todo, person.id)

    def join_them(tapped: Tapped) -> None:
        accept_own_invitation(tapped.actor, org_id=tapped.card.org_id, invitation_id=tapped.card.subject)

    use_link(token, act=join_them)
    with acting(org=world.chunhui.id):
        assert Membership.objects.get(person_id=person.id).role == Role.CLERK


def test_only_a_digest_is_kept_and_a_made_up_token_never_reaches_the_database(
    world: World, django_assert_num_queries: Any
) -> None:
    token = link_for(world.operator.id, make_todo(world), world.gao.person)
    assert len(token) == 32
    with acting(org=world.operator.id):
        kept = TapLink.objects.order_by("-created_at").values().first()
    assert token not in str(kept)
    for made_up in (
        "",
        "x" * 32,
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "ü",
        token + "A",
        "no such",
    ):
        with django_assert_num_queries(0), pytest.raises(TapLinkInvalid):
            look_at_link(made_up)
    with pytest.raises(TapLinkInvalid):
        look_at_link(new_token())
    assert is_ours(token)


def test_another_organisation_sees_no_links(world: World) -> None:
    token = link_for(world.operator.id, make_todo(world), world.gao.person)
    with acting(org=world.chunhui.id, person=world.lin.person_id):
        assert TapLink.objects.count() == 0
    with acting(token=digest_of(token)):
        assert TapLink.objects.count() == 1
        assert TapLink.objects.update(uses=7) == 0, "holding it lets nobody write it"


def test_if_the_act_is_refused_the_link_stays_as_it_was(world: World) -> None:
    token = link_for(world.chunhui.id, old_agreement(world), world.lin.person)

    def refuse(tapped: Tapped) -> None:
        accept(tapped)
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        use_link(token, act=refuse)
    assert agreements(world) == 1
    use_link(token, act=accept)


class TestTwoTaps:
    """The same link at the same moment: a double tap, or a scanner that sends forms."""

    def test_the_thing_is_done_once(self, world: World) -> None:
        token = link_for(world.chunhui.id, old_agreement(world), world.lin.person)
        results = at_once(*[lambda: use_link(token, act=accept)] * 2)
        assert sorted(type(result).__name__ for result in results) == ["TapLinkInvalid", "Tapped"]
        assert agreements(world) == 2

    def test_control_without_the_lock_it_is_done_twice(
        self, world: World, committed: Clone, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        token = link_for(world.chunhui.id, old_agreement(world), world.lin.person)
        tapped = using._tapped
        monkeypatch.setattr(using, "_tapped", lambda link, *, lock: tapped(link, lock=False))
        slowly(committed.urls.owner)
        assert [type(result).__name__ for result in at_once(*[lambda: use_link(token, act=accept)] * 2)] == [
            "Tapped",
            "Tapped",
        ]
        assert agreements(world) == 3


def slowly(owner_url: str) -> None:
    """An agreement takes a moment, so that two taps overlap for certain, and its own guard is gone."""
    with psycopg.connect(owner_url) as owner:
        owner.execute(
            """
            CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END $$;
            GRANT EXECUTE ON FUNCTION dawdle() TO PUBLIC;
            CREATE TRIGGER zz_dawdle BEFORE UPDATE ON parties_agreement FOR EACH ROW EXECUTE FUNCTION dawdle();
            DROP INDEX parties_agreement_one_live;
            """
        )


def test_people_are_told_with_links_of_their_own(world: World) -> None:
    lin = colleague(world)
    todo = make_todo(world)
    with acting(org=world.operator.id):
        links = list(TapLink.objects.filter(todo_id=todo).values_list("person_id", flat=True))
    assert sorted(map(str, links)) == sorted(map(str, (lin.person, world.gao.person)))

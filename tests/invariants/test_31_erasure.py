"""Invariant 31: a person is erased and the chain still verifies; what she did stays under a number, nothing says who she was.

Whoever signs in, joins or is invited at that very moment doesn't outlast it, and an older backup doesn't bring her back.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import psycopg
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.eventlog.usecases.answer_once import Answer, AnswerForgotten, Asked, answer_once
from staveworks.foundation.eventlog.usecases.seal_events import seal_events
from staveworks.foundation.eventlog.usecases.verify_chain import verify_chain
from staveworks.foundation.facts.types import Source, Stated
from staveworks.foundation.facts.usecases.state_facts import state_facts
from staveworks.foundation.notices.usecases.send_message import send_message
from staveworks.foundation.outreach.types import CallOutcome
from staveworks.foundation.outreach.usecases.note_call import note_call
from staveworks.foundation.parties.claim_models import Revocation
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.erasing import ERASED_NAME, PersonNotFound, StillNeeded
from staveworks.foundation.parties.models import Claim, Mandate, Membership, Person, Profile, Token
from staveworks.foundation.parties.queries import AgentFound, actor_for, operator_service
from staveworks.foundation.parties.types import Actor, ClaimantGone, Kind, Role
from staveworks.foundation.parties.usecases.accept_invitation import accept_invitation
from staveworks.foundation.parties.usecases.edit_organisation import ProfileFields, edit_organisation
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.foundation.parties.usecases.issue_claim_link import claim_by_link, issue_claim_link
from staveworks.foundation.parties.usecases.issue_token import issue_token
from staveworks.foundation.parties.usecases.register_person import register_person
from staveworks.foundation.parties.usecases.revoke_claim import revoke_claim, undo_revocation
from staveworks.foundation.personal.remembering import erased_file, read_erased
from staveworks.foundation.personal.usecases.erase_again import erase_again
from staveworks.foundation.personal.usecases.erase_person import erase_person
from staveworks.foundation.personal.usecases.export_person import export_person
from staveworks.foundation.rosters.usecases.run_import import run_import
from staveworks.foundation.rosters.usecases.start_import import start_import
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster
from staveworks.foundation.support.usecases.open_ticket import open_ticket
from staveworks.kit.errors import NotAllowed
from staveworks.kit.ids import new_id
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import World, join, make_person, make_world

PHONE, EMAIL, NAME = "+8613805758888", "su@chunhui.example", "苏婉清"


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


@pytest.fixture
def su(world: World, tmp_path: Path) -> Actor:
    """苏婉清, manager of 春晖织造, who has left her traces everywhere."""
    person = make_person(NAME, phone=PHONE, email=EMAIL)
    su = join(person, world.chunhui, Role.MANAGER)
    sign_in(person.id)
    EmailAddress.objects.create(user=person, email=EMAIL, verified=True, primary=True)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    SocialAccount.objects.create(user=person, provider="wecom", uid="su", extra_data={"name": NAME})
    issue_token(su, name=f"{NAME} 的程序", scopes=["barrel.read"])
    with acting(org=world.chunhui.id):
        Profile.objects.filter(org_id=world.chunhui.id).update(contact=NAME, phones=[PHONE, "+8657585551234"])
    said = [
        Stated(world.chunhui.id, field, value, Source.PROFILE, UUID(int=0), timezone.now())
        for field, value in (("contact", NAME), ("phones", [PHONE]), ("email", EMAIL), ("staff", 40))
    ]
    state_facts(su, stated=said)
    send_message(su, to=su.person, template="account.test", key="hello", params={"channel": "e-mail"})
    send_message(world.gao, to=EMAIL, template="account.test", key="bare", params={"channel": "e-mail"})
    note_call(
        world.gao, firm=world.qinghe.id, outcome=CallOutcome.REACHED, note=f"{NAME}接的，手机 13805758888"
    )
    alone = Actor(person.id, None)
    open_ticket(alone, page="/", text=f"我叫{NAME}，怎么登记？")
    invite_person(world.wu, role=Role.VIEWER, contact=Contact("phone", PHONE))
    upload(
        world, tmp_path, f"企业名称,联系人,电话\n苏记绸庄,{NAME},138 0575 8888\n钱记布行,钱九,0575-85551299\n"
    )
    return su


def upload(world: World, folder: Path, rows: str) -> None:
    (folder / "名册.csv").write_text(rows, encoding="utf-8")
    roster = upload_roster(world.gao, path=folder / "名册.csv", name="名册.csv")
    start_import(world.gao, roster=roster.id)
    run_import(world.gao, subject=roster.id)


def sign_in(person_id: UUID) -> str:
    client = Client()
    client.force_login(
        Person.objects.get(id=person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    UserSession.objects.create(
        user_id=person_id, ip="192.0.2.7", user_agent="x", session_key=client.session.session_key or ""
    )
    return client.session.session_key or ""


def where_it_says(url: str, needle: str) -> dict[str, int]:
    """Table → rows in which ``needle`` stands, in any column, over the whole database (as a superuser)."""
    found = {}
    with psycopg.connect(url) as server:
        tables = server.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            row = server.execute(
                f'SELECT count(*) FROM "{table}" t WHERE strpos(t::text, %s) > 0', [needle]
            ).fetchone()
            if row and row[0]:
                found[table] = row[0]
    return found


def verified(tmp: Path) -> bool:
    anchor = tmp / "anchor.json"
    seal_events(node="test", anchor_path=anchor)
    return verify_chain(node="test", anchor_path=anchor).ok


def test_a_person_is_erased_everywhere_and_the_chain_verifies(
    committed: Clone, world: World, su: Actor, tmp_path: Path
) -> None:
    assert verified(tmp_path)
    before = {needle: where_it_says(committed.urls.superuser, needle) for needle in (NAME, PHONE, EMAIL)}
    assert {"parties_person", "parties_profile", "facts_fact", "outreach_call", "rosters_row"} <= set(
        before[NAME] | before[PHONE]
    )
    events = Event.objects.using("cross").filter(person_id=su.person).count()
    done = erase_person(su, person_id=su.person, home=tmp_path)
    assert all(done.rows[room] for room in ("sign-in", "parties", "notices", "support", "outreach", "facts"))
    for needle in (NAME, PHONE, EMAIL, "13805758888", "138 0575 8888"):
        assert where_it_says(committed.urls.superuser, needle) == {}, needle
    assert Event.objects.using("cross").filter(person_id=su.person).count() > events
    assert Person.objects.get(id=su.person).name == ERASED_NAME
    assert verified(tmp_path)
    assert read_erased(erased_file(tmp_path)) == {su.person}


def test_what_she_did_for_the_firm_stays_and_hers_alone_goes(world: World, su: Actor, tmp_path: Path) -> None:
    erase_person(su, person_id=su.person, home=tmp_path)
    with acting(org=world.chunhui.id):
        profile = Profile.objects.get(org_id=world.chunhui.id)
        assert (profile.contact, profile.phones) == ("", ["+8657585551234"]), "the firm's other number stays"
        assert Membership.objects.filter(org_id=world.chunhui.id).count() == 2
        assert not Token.objects.filter(person_id=su.person).exists()
    with acting(person=su.person):
        assert not Membership.objects.exists()


def wrongly_claimed(world: World, su: Actor) -> UUID:
    """The revocation of a firm that 苏婉清 had claimed and written her name and phone into."""
    token = issue_claim_link(world.gao, org_id=world.qinghe.id).token
    claim_by_link(Actor(su.person, None), token=token)
    hers = actor_for(su.person, world.qinghe.id)
    fields = ProfileFields(contact=NAME, phone=PHONE, email=EMAIL, website="https://qinghe.example")
    edit_organisation(hers, name="清河", kinds=[Kind.ENTERPRISE], profile=fields)
    with acting(org=world.operator.id):
        claim = Claim.objects.get(org_id=world.qinghe.id, state="granted").id
    return revoke_claim(world.gao, claim_id=claim, reason="x")


def test_what_she_left_in_a_firm_that_was_taken_back_goes(
    committed: Clone, world: World, su: Actor, tmp_path: Path
) -> None:
    revocation = wrongly_claimed(world, su)
    assert "parties_revocation" in where_it_says(committed.urls.superuser, NAME)
    erase_person(su, person_id=su.person, home=tmp_path)
    for needle in (NAME, PHONE, EMAIL):
        assert where_it_says(committed.urls.superuser, needle) == {}, needle
    with acting(org=world.operator.id):
        kept = Revocation.objects.get(id=revocation)
        with pytest.raises(IntegrityError, match="only undoing"), transaction.atomic():
            Revocation.objects.filter(id=revocation).update(replaced={**kept.replaced, "note": ["new", ""]})
    assert kept.replaced["website"] == ["https://qinghe.example", ""], "what isn't hers stays"
    with pytest.raises(ClaimantGone):
        undo_revocation(world.gao, claim_id=kept.claim_id)


def test_a_revocation_is_undone_for_those_who_are_still_there(
    world: World, su: Actor, tmp_path: Path
) -> None:
    token = issue_claim_link(world.gao, org_id=world.qinghe.id).token
    claim_by_link(Actor(world.wu.person, None), token=token)
    join(Person.objects.get(id=su.person), world.qinghe, Role.MANAGER)
    hers = actor_for(world.wu.person, world.qinghe.id)
    until = timezone.localdate() + timedelta(days=9)
    give_mandate(hers, agent=AgentFound(NAME, person_id=su.person), rights=["organisation.edit"], until=until)
    with acting(org=world.operator.id):
        claim = Claim.objects.get(org_id=world.qinghe.id, state="granted").id
    revoke_claim(world.gao, claim_id=claim, reason="x")
    erase_person(su, person_id=su.person, home=tmp_path)
    undo_revocation(world.gao, claim_id=claim)
    with acting(org=world.qinghe.id):
        assert [row.person_id for row in Membership.objects.all()] == [world.wu.person]
        assert not Mandate.objects.filter(withdrawn_at=None).exists()


def test_the_file_of_a_list_that_names_her_goes(world: World, su: Actor, tmp_path: Path) -> None:
    folder = Path(settings.FILES_ROOT) / "rosters" / str(world.operator.id)
    assert any(NAME in path.read_text(encoding="utf-8") for path in folder.iterdir())
    erase_person(su, person_id=su.person, home=tmp_path)
    assert not any(NAME in path.read_text(encoding="utf-8") for path in folder.iterdir())


def test_nobody_is_erased_or_shown_by_somebody_else(world: World, su: Actor, tmp_path: Path) -> None:
    for stranger in (world.lin, world.gao):
        with pytest.raises(NotAllowed):
            erase_person(stranger, person_id=su.person, home=tmp_path)
        with pytest.raises(NotAllowed):
            export_person(stranger, person_id=su.person)
    assert export_person(su, person_id=su.person).rows > 10
    assert export_person(operator_service(), person_id=su.person).rows > 10
    erase_person(operator_service(), person_id=su.person, home=tmp_path)
    for again in (lambda: erase_person(su, person_id=su.person, home=tmp_path), lambda: export_person(su, person_id=su.person)):  # fmt: skip
        with pytest.raises(PersonNotFound):
            again()


def test_the_last_owner_hands_over_first(world: World, su: Actor, tmp_path: Path) -> None:
    with pytest.raises(StillNeeded) as refused:
        erase_person(world.lin, person_id=world.lin.person, home=tmp_path)
    assert "春晖织造" in refused.value.text.en
    assert Person.objects.get(id=world.lin.person).phone, "nothing of it was done"
    join(Person.objects.get(id=su.person), world.chunhui, Role.OWNER)
    erase_person(world.lin, person_id=world.lin.person, home=tmp_path)
    assert Person.objects.get(id=world.lin.person).phone is None


def test_of_two_owners_who_are_erased_at_once_one_stays(
    committed: Clone, world: World, su: Actor, tmp_path: Path
) -> None:
    join(Person.objects.get(id=su.person), world.chunhui, Role.OWNER)
    dawdling(committed.urls.owner, "AFTER DELETE ON parties_membership")
    results = at_once(
        lambda: erase_person(su, person_id=su.person, home=tmp_path),
        lambda: erase_person(world.lin, person_id=world.lin.person, home=tmp_path),
    )
    assert sorted(type(result).__name__ for result in results) == ["Erased", "StillNeeded"], results


def dawdling(owner_url: str, when: str) -> None:
    """The erasure naps in its middle: what happens at the same moment falls into it for certain."""
    with psycopg.connect(owner_url) as owner:
        owner.execute(
            f"""
            CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.6); RETURN NULL; END $$;
            GRANT EXECUTE ON FUNCTION dawdle() TO PUBLIC;
            CREATE TRIGGER zz_dawdle {when} FOR EACH ROW EXECUTE FUNCTION dawdle();
            """
        )


def later(work: Callable[[], object]) -> Callable[[], object]:
    """``work`` once the erasure is under way, which shows by its nap."""

    def run() -> object:
        until = monotonic() + 5
        while monotonic() < until and not _erasing():
            sleep(0.02)
        return work()

    return run


def _erasing() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')"
        )
        return bool((cursor.fetchone() or [False])[0])


def acts_of_others(world: World, su: Actor) -> list[Callable[[], object]]:
    """She signs in on another device; she accepts an invitation; another firm mandates her."""
    token = invite_person(world.wu, role=Role.CLERK, contact=Contact("email", "other@su.example")).token
    agent = AgentFound(NAME, person_id=su.person)
    until = timezone.localdate() + timedelta(days=9)
    return [
        lambda: sign_in(su.person),
        lambda: accept_invitation(su, token=token),
        lambda: give_mandate(world.wu, agent=agent, rights=["organisation.edit"], until=until),
    ]


def left_over(world: World, su: Actor) -> int:
    with acting(org=world.yuanda.id):
        here = Membership.objects.filter(person_id=su.person).count()
        mandates = Mandate.objects.filter(agent_person_id=su.person, withdrawn_at=None).count()
    return here + mandates + UserSession.objects.filter(user_id=su.person).count()


def test_what_happens_while_she_is_erased_doesnt_outlast_it(
    committed: Clone, world: World, su: Actor, tmp_path: Path
) -> None:
    acts = acts_of_others(world, su)
    dawdling(committed.urls.owner, "AFTER DELETE ON parties_token")
    results = at_once(lambda: erase_person(su, person_id=su.person, home=tmp_path), *map(later, acts))
    assert not isinstance(results[0], Exception), results[0]
    assert all(isinstance(result, IntegrityError) for result in results[1:]), results
    assert left_over(world, su) == 0


def caught_up(clone: Clone, person: Person, work: Callable[[], Any]) -> Any:
    """What ``work`` answers, which waits for her row while she is being erased."""
    answers: list[object] = []
    waiting = Thread(target=lambda: answers.extend(at_once(work)))
    urls = clone.urls
    with psycopg.connect(urls.owner) as erasing, psycopg.connect(urls.superuser, autocommit=True) as eye:
        erasing.execute("SELECT FROM parties_person WHERE id = %s FOR UPDATE", [person.id])
        waiting.start()
        while not eye.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            assert waiting.is_alive()
        erasing.execute("UPDATE parties_person SET erased_at = now() WHERE id = %s", [person.id])
    waiting.join()
    return answers[0]


def test_whoever_is_at_it_while_she_is_erased_is_signed_out_and_reads_why(
    committed: Clone, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    signing_in, looking = (Client(headers={"accept-language": "en"}) for _ in range(2))
    su, wu = make_person(NAME, email=EMAIL), make_person("吴", email="wu@su.example")
    su.set_password("barrel-and-stave")
    su.save()
    looking.force_login(wu, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = caught_up(
        committed,
        su,
        lambda: signing_in.post("/accounts/login/", {"login": EMAIL, "password": "barrel-and-stave"}),
    )
    part = caught_up(committed, wu, lambda: looking.get("/todo/", headers={"hx-request": "true"}))
    for browser, address in ((signing_in, answer["Location"]), (looking, part["HX-Redirect"])):
        assert address == "/accounts/login/"
        assert "This account was deleted a moment ago" in browser.get(address).content.decode()
        assert "_auth_user_id" not in browser.session


def test_control_without_the_guard_they_outlast_it(
    committed: Clone, world: World, su: Actor, tmp_path: Path
) -> None:
    acts = acts_of_others(world, su)
    dawdling(committed.urls.owner, "AFTER DELETE ON parties_token")
    with psycopg.connect(committed.urls.owner) as owner:
        for table in ("parties_membership", "parties_mandate", "usersessions_usersession"):
            owner.execute(f"DROP TRIGGER {table}_erased ON {table}")
        owner.execute("DROP TRIGGER parties_person_erased ON parties_person")
    at_once(lambda: erase_person(su, person_id=su.person, home=tmp_path), *map(later, acts))
    assert left_over(world, su) == 3


def test_nothing_comes_back_to_an_erased_row_and_the_address_is_free(
    world: World, su: Actor, tmp_path: Path
) -> None:
    erase_person(su, person_id=su.person, home=tmp_path)
    with pytest.raises(IntegrityError):
        Person.objects.filter(id=su.person).update(name=NAME)
    again = register_person(name=NAME, contact=Contact("phone", PHONE))
    assert again.id != su.person, "whoever registers anew is somebody new"


def test_an_older_backup_does_not_bring_her_back(world: World, su: Actor, tmp_path: Path) -> None:
    """The state before stands in for the backup: a second person of the same kind, whom only the file calls erased."""
    service = operator_service()
    assert erase_again([su.person, new_id()], home=tmp_path) == ([su.person], [])
    assert erase_again([su.person], home=tmp_path) == ([], []), "once is enough"
    assert erase_again([world.wu.person], home=tmp_path) == ([], [world.wu.person]), (
        "the only owner is left and told"
    )
    assert service.person not in read_erased(erased_file(tmp_path))


def test_an_answer_that_was_emptied_is_not_given_and_nothing_is_done_twice(
    world: World, tmp_path: Path
) -> None:
    person = Actor(make_person("郭一次", phone="+8613805757777").id, None)
    asked = Asked(person.person, person.person, "POST /firms", "k", b"x" * 32)
    done: list[int] = []

    def work() -> Answer:
        done.append(1)
        return Answer(201, "{}")

    assert answer_once(asked, work).replayed is False
    assert answer_once(asked, work).replayed is True
    erase_person(person, person_id=person.person, home=tmp_path)
    with pytest.raises(AnswerForgotten):
        answer_once(asked, work)
    assert done == [1]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("support_entry", "text = 'otherwise'"),
        ("support_entry", "by_operator = NOT by_operator"),
        ("outreach_call", "note = 'otherwise'"),
        ("outreach_call", "outcome = 'declined', note = ''"),
    ],
)
def test_what_was_written_can_be_emptied_and_nothing_else(
    committed: Clone, world: World, su: Actor, table: str, change: str
) -> None:
    column = change.split(" ")[0] if "note" not in change else "note"
    with psycopg.connect(committed.urls.superuser) as server:
        with pytest.raises(psycopg.errors.CheckViolation), server.transaction():
            server.execute(f"UPDATE {table} SET {change}")
        if column != "by_operator":
            assert server.execute(f"UPDATE {table} SET {column} = ''").rowcount == 1

"""Invariant 20: no organisation reads or writes what belongs to another. As the application's role, on real policies."""

from collections.abc import Callable
from threading import Barrier, Thread

import psycopg
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone

from staveworks.db.models import Tenancy
from staveworks.db.transaction import acting
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import (
    Agreement,
    Claim,
    Invitation,
    Mandate,
    Membership,
    Organisation,
    Profile,
    Token,
)
from staveworks.foundation.parties.types import Actor, ClaimedAlready, LastOwner, Role
from staveworks.foundation.parties.usecases import grant_claim as granting
from staveworks.foundation.parties.usecases.change_member import leave_organisation
from staveworks.foundation.parties.usecases.decide_claim import decide_claim
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.foundation.parties.usecases.issue_token import issue_token
from staveworks.foundation.parties.usecases.start_claim import start_claim
from tests.database import Clone
from tests.world import World, join, make_person, make_world

THIRD_PARTY = {
    "account_emailaddress": "allauth: found before anybody is signed in",
    "account_emailconfirmation": "allauth: found by its key, before anybody is signed in",
    "auth_group": "Django; unused",
    "auth_group_permissions": "Django; unused",
    "auth_permission": "Django; read only",
    "django_content_type": "Django; read only",
    "django_migrations": "Django; read only",
    "django_session": "Django: found by a key that only its browser has",
    "mfa_authenticator": "allauth: asked before a session has an organisation",
    "procrastinate_events": "the job queue: ids only",
    "procrastinate_jobs": "the job queue: ids only",
    "procrastinate_periodic_defers": "the job queue: ids only",
    "procrastinate_workers": "the job queue",
    "socialaccount_socialaccount": "allauth: which outside account is whose; asked before anybody is signed in",
    "socialaccount_socialapp": "allauth; unused, places come from the configuration",
    "socialaccount_socialtoken": "allauth; unused, no tokens are kept",
    "usersessions_usersession": "allauth: on which devices a person is signed in; asked before a session has an organisation",
    "web_cache": "rate limits, by digest of address",
}
"""Tables that aren't ours, and why each may do without a declaration."""

COMMON = {
    "barrel_edition": "published rubrics",
    "barrel_figure": "published figures over at least five firms",
    "barrel_publication": "the months of which figures are published",
    "barrel_published_group": "where a published group stands; its firms are in barrel_contribution, private",
    "barrel_peer_group": "bands over at least five firms",
    "catalogue_word": "single words of published offers; only ever added to",
    "dispatch_heat": "published free hours, only where at least five firms stand behind them",
    "eventlog_cursor": "how far a reader has come",
    "eventlog_seal": "digests of events",
    "ledger_closing": "until when the books of the whole cluster are closed; only counts and sums",
    "notices_bucket": "how fast one may write, by gateway or digest of an address",
    "notices_preference": "how a person wants to be reached: whoever writes to her has to know; no addresses",
    "notices_suppression": "addresses that bounced, by digest: nobody is to write to them",
    "parties_call_window": "how often the API is called, by digest of address or token; for some minutes",
    "parties_city": "the public register of places",
    "parties_operator_link": "a digest, before there is anybody",
    "rules_version": "rules bind everybody, so everybody reads them; only ever added to",
    "parties_person": "found before anybody is signed in (decision 0006)",
}
"""Tables of nobody, each with its reason: a new one is a decision."""

TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner),
       (SELECT array_agg(polcmd::text) FROM pg_policy WHERE polrelid = c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
"""


def declared() -> dict[str, Tenancy]:
    """Every table of ours with what its model says of it; many-to-many tables would have to declare themselves too."""
    return {
        model._meta.db_table: model.tenancy
        for model in apps.get_models(include_auto_created=True)
        if hasattr(model, "tenancy")
    }


def faults_of_tables() -> list[str]:
    """What is wrong with the tables as they stand in the database, in words."""
    said, faults = declared(), []
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for table, enabled, forced, owner, commands in cursor.fetchall():
            if owner == connection.settings_dict["USER"]:
                faults.append(f"{table}: owned by the application")
            tenancy = said.get(table)
            if tenancy is None:
                if table not in THIRD_PARTY:
                    faults.append(f"{table}: undeclared")
            elif tenancy.kind != "common":
                if not (enabled and forced):
                    faults.append(f"{table}: {tenancy.kind} without forced row security")
                if not {"r", "a", "w", "d"} <= set(commands or []) and "*" not in (commands or []):
                    faults.append(f"{table}: a command without a policy")
    return faults


@pytest.mark.django_db
class TestEveryTable:
    def test_is_declared_and_guarded(self) -> None:
        assert faults_of_tables() == []

    def test_is_common_only_for_a_reason(self) -> None:
        assert {table for table, tenancy in declared().items() if tenancy.kind == "common"} == set(COMMON)

    def test_has_columns_as_declared(self) -> None:
        for model in apps.get_models():
            tenancy = getattr(model, "tenancy", None)
            columns = {field.column for field in model._meta.concrete_fields}
            assert tenancy is None or set(tenancy.parties) <= columns | {"person_id"}, model

    def test_no_third_party_table_is_listed_in_vain(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            present = {row[0] for row in cursor.fetchall()}
        assert set(THIRD_PARTY) <= present


def test_planted_an_undeclared_table_is_found(committed: Clone) -> None:
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute("CREATE TABLE smuggled (org_id uuid)")
    assert faults_of_tables() == ["smuggled: undeclared"]


def test_planted_a_table_without_force_is_found(committed: Clone) -> None:
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute("ALTER TABLE parties_token NO FORCE ROW LEVEL SECURITY")
        owner.execute("DROP POLICY tenancy_delete ON parties_profile")
    assert set(faults_of_tables()) == {
        "parties_profile: a command without a policy",
        "parties_token: shared without forced row security",
    }


@pytest.mark.django_db
def test_the_application_is_held_by_the_policies() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) "
            "FROM pg_roles r WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)


@pytest.mark.django_db
class TestRows:
    """春晖织造 and 远达印染, side by side: each sees and writes its own, nothing of the other."""

    @pytest.fixture(autouse=True)
    def _world(self, db: None) -> None:
        self.world = make_world()
        for owner in (self.world.lin, self.world.wu):
            invite_person(owner, role=Role.CLERK, contact=Contact("phone", "+8613805751111"))
            issue_token(owner, name="ERP", scopes={"barrel.read"})

    def test_nothing_is_seen_while_nobody_acts(self) -> None:
        for model in (Profile, Membership, Invitation, Mandate, Claim, Agreement, Token):
            assert model.objects.count() == 0, model

    @pytest.mark.parametrize("model", [Profile, Membership, Invitation, Token])
    def test_ones_own_rows_are_seen_and_no_others(self, model: type[Profile]) -> None:
        for own, other in ((self.world.chunhui, self.world.yuanda), (self.world.yuanda, self.world.chunhui)):
            with acting(org=own.id):
                assert model.objects.filter(org_id=own.id).exists()
                assert not model.objects.filter(org_id=other.id).exists()

    def test_another_organisations_rows_cannot_be_written(self) -> None:
        own, other = self.world.chunhui.id, self.world.yuanda.id
        with acting(org=own):
            assert Profile.objects.filter(org_id=own).update(note="ours") == 1
            assert Profile.objects.filter(org_id=other).update(note="theirs") == 0
            assert Profile.objects.filter(org_id=other).delete()[0] == 0
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                Membership.objects.create(org_id=other, person_id=self.world.lin.person, role=Role.OWNER)
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                Profile.objects.filter(org_id=own).update(org_id=other)

    def test_a_person_sees_her_own_roles_everywhere_and_grants_herself_none(self) -> None:
        with acting(person=self.world.lin.person_id):
            assert {row.person_id for row in Membership.objects.all()} == {self.world.lin.person_id}
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                Membership.objects.create(
                    org_id=self.world.yuanda.id, person_id=self.world.lin.person, role=Role.OWNER
                )

    def test_a_token_in_hand_shows_its_row_only(self) -> None:
        with acting(org=self.world.chunhui.id):
            digest = Token.objects.get().token_digest
        with acting(token=digest):
            assert [row.token_digest for row in Token.objects.all()] == [digest]
        with acting(token="0" * 64):
            assert Token.objects.count() == 0

    def test_the_steward_sees_unclaimed_profiles_and_no_claimed_ones(self) -> None:
        with acting(org=self.world.operator.id):
            seen = set(Profile.objects.values_list("org_id", flat=True))
        assert seen == {self.world.qinghe.id}


def test_a_reused_connection_remembers_nobody(committed: Clone) -> None:
    world = make_world()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        before = cursor.fetchone()
    with acting(org=world.chunhui.id, person=world.lin.person_id):
        assert Profile.objects.count() == 1
    assert Profile.objects.count() == 0
    with pytest.raises(RuntimeError), acting(org=world.chunhui.id):
        raise RuntimeError("a request that dies")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_backend_pid(), current_setting('app.org', true), current_setting('app.person', true)"
        )
        pid, org, person = cursor.fetchone() or ()
    assert (pid,) == before, "the same connection, or the test shows nothing"
    assert not org
    assert not person
    assert Profile.objects.count() == 0


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run the works in threads that start together; each one's result or exception."""
    start, results = Barrier(len(works)), [None] * len(works)  # type: list[object]

    def run(place: int, work: Callable[[], object]) -> None:
        start.wait()
        try:
            results[place] = work()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def owners_left(world: World) -> int:
    with acting(org=world.chunhui.id):
        return Membership.objects.filter(org_id=world.chunhui.id, role=Role.OWNER).count()


def slowly(urls_owner: str) -> None:
    """Let a moment pass between the check and the end of the transaction, so that two of them overlap for certain."""
    with psycopg.connect(urls_owner) as owner:
        owner.execute(
            """
            CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_sleep(0.4); RETURN NULL; END $$;
            GRANT EXECUTE ON FUNCTION dawdle() TO PUBLIC;
            CREATE CONSTRAINT TRIGGER zz_dawdle AFTER DELETE ON parties_membership DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION dawdle();
            """
        )


def two_owners(world: World) -> tuple[Actor, Actor]:
    return world.lin, join(make_person("林二", phone="+8613805750099"), world.chunhui, Role.OWNER)


def test_two_owners_who_leave_at_once_leave_one(committed: Clone) -> None:
    world = make_world()
    first, second = two_owners(world)
    slowly(committed.urls.owner)
    results = at_once(lambda: leave_organisation(first), lambda: leave_organisation(second))
    assert sorted(type(result).__name__ for result in results) == ["LastOwner", "NoneType"]
    assert any(isinstance(result, LastOwner) for result in results)
    assert owners_left(world) == 1


def test_control_without_the_lock_both_leave(committed: Clone) -> None:
    """The same race with a guard that only counts: it happens, so the test above shows something."""
    world = make_world()
    first, second = two_owners(world)
    slowly(committed.urls.owner)
    with psycopg.connect(committed.urls.owner) as owner:
        row = owner.execute("SELECT prosrc FROM pg_proc WHERE proname = 'keep_last_owner'").fetchone()
        assert row
        unlocked = row[0].replace("FOR UPDATE", "")
        assert unlocked != row[0]
        owner.execute(
            f"CREATE OR REPLACE FUNCTION keep_last_owner() RETURNS trigger LANGUAGE plpgsql AS $body${unlocked}$body$"
        )
    assert at_once(lambda: leave_organisation(first), lambda: leave_organisation(second)) == [None, None]
    assert owners_left(world) == 0


def two_claims(world: World) -> list[Callable[[], object]]:
    claims = []
    for name in ("何清", "何浊"):
        claimant = Actor(make_person(name, email=f"{ord(name[1])}@example.cn").id, None)
        claims.append(start_claim(claimant, org_id=world.qinghe.id, method="licence").id)
    return [lambda id_=id_: decide_claim(world.gao, claim_id=id_, grant=True) for id_ in claims]


def owners_of_qinghe(world: World) -> int:
    with acting(org=world.qinghe.id):
        return Membership.objects.filter(org_id=world.qinghe.id, role=Role.OWNER).count()


def test_two_claims_granted_at_once_make_one_owner(committed: Clone) -> None:
    world = make_world()
    results = at_once(*two_claims(world))
    assert sorted(type(result).__name__ for result in results) == ["ClaimedAlready", "NoneType"]
    assert any(isinstance(result, ClaimedAlready) for result in results)
    assert owners_of_qinghe(world) == 1


def test_control_without_the_guards_two_owners(committed: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same race without the unique index and with a look before the leap: both get the firm."""
    world = make_world()
    works = two_claims(world)
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute("DROP INDEX parties_claim_granted_once")
        owner.execute("DROP TRIGGER parties_membership_claimed ON parties_membership")
    meet = Barrier(2)

    def look_then_leap(claim: Claim, *, decided_by: Actor) -> None:
        assert Organisation.objects.filter(id=claim.org_id, claimed_at=None).exists()
        meet.wait(timeout=10)
        with acting(org=claim.org_id):
            Membership.objects.create(org_id=claim.org_id, person_id=claim.person_id, role=Role.OWNER)

    monkeypatch.setattr("staveworks.foundation.parties.usecases.decide_claim.grant_claim", look_then_leap)
    assert at_once(*works) == [None, None]
    assert owners_of_qinghe(world) == 2
    assert granting.grant_claim is not look_then_leap


@pytest.mark.django_db
class TestTheRegister:
    """``parties_organisation`` is read by all and written by the organisation itself, or its steward until it is claimed."""

    def test_an_organisation_changes_its_own_row_and_no_other(self) -> None:
        world = make_world()
        with acting(org=world.chunhui.id):
            assert Organisation.objects.filter(id=world.chunhui.id).update(name_en="Chunhui") == 1
            assert Organisation.objects.filter(id=world.yuanda.id).update(name_en="Taken") == 0

    def test_nobody_makes_itself_another_firms_steward(self) -> None:
        """Or it would see what the steward of an unclaimed firm sees."""
        world = make_world()
        with acting(org=world.chunhui.id):
            taken = Organisation.objects.filter(id=world.yuanda.id).update(
                steward_id=world.chunhui.id, claimed_at=None
            )
        assert taken == 0

    def test_the_steward_loses_the_row_when_the_firm_is_claimed(self) -> None:
        world = make_world()
        with acting(org=world.operator.id):
            mine = Organisation.objects.filter(id=world.qinghe.id)
            assert mine.update(name_en="Qinghe") == 1
        with acting(org=world.qinghe.id):
            mine.update(claimed_at=timezone.now())
        with acting(org=world.operator.id):
            assert mine.update(name_en="Mine again") == 0

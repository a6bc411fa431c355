"""A claim is revoked while its claimant acts: whatever the order, nobody is left in an unclaimed firm and nothing is given in its name."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic, sleep
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.parties.claim_models import Revocation
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import Claim, Mandate, Membership, Organisation
from staveworks.foundation.parties.queries import AgentFound, actor_for
from staveworks.foundation.parties.types import Actor, ClaimNotGranted, Kind, OrganisationNotFound, Role
from staveworks.foundation.parties.usecases.accept_invitation import accept_invitation
from staveworks.foundation.parties.usecases.decide_claim import decide_claim
from staveworks.foundation.parties.usecases.edit_organisation import ProfileFields, edit_organisation
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.foundation.parties.usecases.issue_claim_link import claim_by_link, issue_claim_link
from staveworks.foundation.parties.usecases.merge_firms import merge_firms
from staveworks.foundation.parties.usecases.revoke_claim import revoke_claim, undo_revocation
from staveworks.foundation.parties.usecases.start_claim import start_claim
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import World, make_person, make_unclaimed, make_world


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


@pytest.fixture
def stranger(world: World) -> Actor:
    return Actor(make_person("冯冒", phone="+8613805756666").id, None)


@pytest.fixture
def wrong(world: World, stranger: Actor) -> UUID:
    """冯冒's claim of 清河喷织厂, granted."""
    started = start_claim(stranger, org_id=world.qinghe.id, method="licence")
    decide_claim(world.gao, claim_id=started.id, grant=True)
    return started.id


def revoking_dawdles(owner_url: str) -> None:
    """After the claim is marked, a moment passes before the rest: the other act falls into it for certain."""
    with psycopg.connect(owner_url) as owner:
        owner.execute(
            """
            CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$;
            GRANT EXECUTE ON FUNCTION dawdle() TO PUBLIC;
            CREATE TRIGGER zz_dawdle AFTER UPDATE OF claimed_at ON parties_organisation FOR EACH ROW EXECUTE FUNCTION dawdle();
            """
        )


def unguarded(owner_url: str) -> None:
    with psycopg.connect(owner_url) as owner:
        for table in ("membership", "mandate"):
            owner.execute(f"DROP TRIGGER parties_{table}_claimed ON parties_{table}")


def later(work: Callable[[], object]) -> Callable[[], object]:
    """``work`` once the revocation is under way, which shows by its nap."""

    def run() -> object:
        until = monotonic() + 5
        while monotonic() < until and not _revoking():
            sleep(0.02)
        return work()

    return run


def _revoking() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')"
        )
        return bool((cursor.fetchone() or [False])[0])


def left_over(world: World) -> tuple[int, int]:
    """Members and live mandates of the firm."""
    with acting(org=world.qinghe.id):
        return Membership.objects.count(), Mandate.objects.filter(withdrawn_at=None).count()


def acts_of_his(world: World, stranger: Actor) -> list[Callable[[], object]]:
    """A colleague accepts the invitation that he sent; he gives a mandate."""
    his = actor_for(stranger.person, world.qinghe.id)
    invited = invite_person(his, role=Role.OWNER, contact=Contact("email", "second@feng.example")).token
    friend = Actor(make_person("冯二", phone="+8613805756667").id, None)
    agent = AgentFound("周倩", person_id=world.zhou.person_id)
    until = timezone.localdate() + timedelta(days=9)
    return [
        lambda: accept_invitation(friend, token=invited),
        lambda: give_mandate(his, agent=agent, rights=["organisation.edit"], until=until),
    ]


def test_what_is_given_while_the_claim_is_revoked_doesnt_outlast_it(
    committed: Clone, world: World, stranger: Actor, wrong: UUID
) -> None:
    acts = acts_of_his(world, stranger)
    revoking_dawdles(committed.urls.owner)
    results = at_once(lambda: revoke_claim(world.gao, claim_id=wrong, reason="x"), *map(later, acts))
    assert isinstance(results[0], UUID)
    assert all(isinstance(result, Exception) for result in results[1:]), results
    assert left_over(world) == (0, 0)


def test_control_without_the_guard_a_mandate_and_a_member_outlast_it(
    committed: Clone, world: World, stranger: Actor, wrong: UUID
) -> None:
    acts = acts_of_his(world, stranger)
    revoking_dawdles(committed.urls.owner)
    unguarded(committed.urls.owner)
    at_once(lambda: revoke_claim(world.gao, claim_id=wrong, reason="x"), *map(later, acts))
    assert left_over(world) != (0, 0)


def test_what_was_put_back_is_not_written_over_by_a_page_sent_before(
    committed: Clone, world: World, stranger: Actor, wrong: UUID
) -> None:
    his = actor_for(stranger.person, world.qinghe.id)
    revoking_dawdles(committed.urls.owner)
    edit = lambda: edit_organisation(  # noqa: E731
        his, name="冯记喷织", kinds=[Kind.ENTERPRISE], profile=ProfileFields(phone="+8613805756666")
    )
    results = at_once(lambda: revoke_claim(world.gao, claim_id=wrong, reason="x"), later(edit))
    assert isinstance(results[1], OrganisationNotFound), results
    assert Organisation.objects.get(id=world.qinghe.id).name == "清河喷织厂"


def test_of_four_revocations_at_once_one_counts(world: World, wrong: UUID) -> None:
    results = at_once(*[lambda: revoke_claim(world.gao, claim_id=wrong, reason="x")] * 4)
    assert sum(isinstance(result, UUID) for result in results) == 1, results
    assert sum(isinstance(result, ClaimNotGranted) for result in results) == 3, results
    with acting(org=world.operator.id):
        assert Revocation.objects.count() == 1


def test_control_the_database_allows_one_live_revocation_of_a_claim(world: World, wrong: UUID) -> None:
    """Without the compare-and-swap: the second is refused by the unique index."""
    revoke_claim(world.gao, claim_id=wrong, reason="x")
    with acting(org=world.operator.id):
        first = Revocation.objects.get()
        with pytest.raises(IntegrityError, match="parties_revocation_one_live"):
            Revocation(
                org_id=first.org_id,
                steward_id=first.steward_id,
                claim_id=wrong,
                reason="y",
                claimed_at=first.claimed_at,
            ).save(force_insert=True)


def test_a_merge_and_a_claim_by_link_at_once_never_hand_over_an_entry_that_has_gone(world: World) -> None:
    for number in range(6):
        gone, kept = (make_unclaimed(f"{name}{number}", world.operator) for name in ("东泰织造", "东泰纺织"))
        link = issue_claim_link(world.gao, org_id=gone.id).token
        owner = Actor(make_person("何清", email=f"he{number}@example.cn").id, None)
        merged, claimed = at_once(
            lambda kept=kept, gone=gone: merge_firms(world.gao, kept=kept.id, gone=gone.id, values=None),  # type: ignore[misc]
            lambda link=link, owner=owner: claim_by_link(owner, token=link),  # type: ignore[misc]
        )
        entry = Organisation.objects.get(id=gone.id)
        assert (entry.claimed_at is None) or (entry.merged_into_id is None), (merged, claimed)
        assert claimed == (gone.id if isinstance(merged, OrganisationNotFound) else kept.id), (
            merged,
            claimed,
        )


def test_undoing_and_another_claim_at_once_leave_one_owner(world: World, wrong: UUID) -> None:
    revoke_claim(world.gao, claim_id=wrong, reason="x")
    owner = Actor(make_person("何清", phone="+8613805750009").id, None)
    hers = start_claim(owner, org_id=world.qinghe.id, method="licence").id
    results = at_once(
        lambda: undo_revocation(world.gao, claim_id=wrong),
        lambda: decide_claim(world.gao, claim_id=hers, grant=True),
    )
    assert sum(isinstance(result, Exception) for result in results) == 1, results
    with acting(org=world.qinghe.id):
        assert Membership.objects.filter(role=Role.OWNER).count() == 1
    with acting(org=world.operator.id):
        assert Claim.objects.filter(org_id=world.qinghe.id, state="granted").count() == 1

"""A claim link and an open claim of an entry that was merged go on as the firm that it was merged into; undoing puts them back."""

from uuid import UUID

import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Claim, Organisation
from staveworks.foundation.parties.queries import (
    access_claimable,
    access_own_claim,
    actor_for,
    firm_of_claim_link,
    list_claims,
)
from staveworks.foundation.parties.types import (
    Actor,
    ClaimedAlready,
    FirmHeldElsewhere,
    Kind,
    OrganisationNotFound,
    Role,
)
from staveworks.foundation.parties.usecases.decide_claim import decide_claim
from staveworks.foundation.parties.usecases.issue_claim_link import claim_by_link, issue_claim_link
from staveworks.foundation.parties.usecases.merge_firms import merge_firms, part_firms
from staveworks.foundation.parties.usecases.prove_claim import prove_claim
from staveworks.foundation.parties.usecases.revoke_claim import revoke_claim
from staveworks.foundation.parties.usecases.start_claim import start_claim
from tests.rooms.parties.test_revoking import browser
from tests.world import Firm, World, join, make_firm, make_person, make_unclaimed, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def twin(world: World) -> Firm:
    """The entry into which 清河喷织厂 will be merged."""
    return make_unclaimed("清河喷水织造厂", world.operator, phones=["+8613805758888"])


@pytest.fixture
def owner(world: World) -> Actor:
    return Actor(make_person("何清", phone="+8613805750009").id, None)


def merge(world: World, kept: UUID, gone: UUID | None = None) -> None:
    merge_firms(world.gao, kept=kept, gone=gone or world.qinghe.id, values=None)


def part(world: World, kept: UUID) -> None:
    part_firms(world.gao, kept=kept, gone=world.qinghe.id, values=None)


def test_a_link_follows_the_entry_to_the_surviving_firm(world: World, twin: Firm, owner: Actor) -> None:
    link = issue_claim_link(world.gao, org_id=world.qinghe.id).token
    merge(world, twin.id)
    shown = firm_of_claim_link(link)
    assert (shown.id, shown.merged.zh if shown.merged else "") == (twin.id, "清河喷织厂")
    assert claim_by_link(owner, token=link) == twin.id
    assert actor_for(owner.person, twin.id).roles == {Role.OWNER}
    assert Organisation.objects.get(id=world.qinghe.id).claimed_at is None


def test_however_often_it_was_merged(world: World, twin: Firm, owner: Actor) -> None:
    link = issue_claim_link(world.gao, org_id=world.qinghe.id).token
    third = make_unclaimed("清河织造", world.operator)
    merge(world, twin.id)
    merge(world, third.id, twin.id)
    assert claim_by_link(owner, token=link) == third.id


def test_undoing_the_merge_puts_the_link_back(world: World, twin: Firm, owner: Actor) -> None:
    link = issue_claim_link(world.gao, org_id=world.qinghe.id).token
    merge(world, twin.id)
    part(world, twin.id)
    shown = firm_of_claim_link(link)
    assert (shown.id, shown.merged) == (world.qinghe.id, None)
    assert claim_by_link(owner, token=link) == world.qinghe.id


def test_an_open_claim_by_code_follows_and_goes_back(world: World, twin: Firm, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="phone")
    merge(world, twin.id)
    shown = access_own_claim(owner.person, started.id)
    assert (shown.org_id, shown.merged.zh if shown.merged else "") == (twin.id, "清河喷织厂")
    part(world, twin.id)
    assert access_own_claim(owner.person, started.id).org_id == world.qinghe.id
    merge(world, twin.id)
    assert prove_claim(owner, claim_id=started.id, code=started.code or "") == twin.id
    assert access_own_claim(owner.person, started.id).merged is None, "the claim has moved with the grant"


def test_a_licence_follows_and_its_decision_can_be_revoked(world: World, twin: Firm, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="licence")
    merge(world, twin.id)
    assert [record.org_id for record in list_claims(world.gao)] == [twin.id]
    decide_claim(world.gao, claim_id=started.id, grant=True)
    revoke_claim(world.gao, claim_id=started.id, reason="认错了")
    assert Organisation.objects.get(id=twin.id).claimed_at is None


def test_undoing_after_the_claim_leaves_the_claimed_firm_alone(
    world: World, twin: Firm, owner: Actor
) -> None:
    link = issue_claim_link(world.gao, org_id=world.qinghe.id).token
    merge(world, twin.id)
    claim_by_link(owner, token=link)
    part(world, twin.id)
    assert Organisation.objects.get(id=world.qinghe.id).merged_into_id is None
    assert actor_for(owner.person, twin.id).roles == {Role.OWNER}
    assert access_claimable(world.qinghe.id).id == world.qinghe.id, (
        "the other entry waits for whoever it belongs to"
    )


def test_a_new_claim_of_the_old_entry_is_one_of_the_surviving_firm(
    world: World, twin: Firm, owner: Actor
) -> None:
    merge(world, twin.id)
    assert start_claim(owner, org_id=world.qinghe.id, method="phone").phone == "+8613805758888"
    with acting(org=world.operator.id):
        assert Claim.objects.get(person_id=owner.person_id).org_id == twin.id
    moved = browser(owner).get(f"/join/claim/{world.qinghe.id}/")
    assert (moved.status_code, moved["Location"]) == (302, f"/join/claim/{twin.id}/")


def test_a_surviving_firm_that_is_claimed_is_claimed(world: World, owner: Actor) -> None:
    link = issue_claim_link(world.gao, org_id=world.qinghe.id).token
    merge(world, world.chunhui.id)
    with pytest.raises(ClaimedAlready):
        firm_of_claim_link(link)
    with pytest.raises(ClaimedAlready):
        claim_by_link(owner, token=link)
    assert browser(owner).get(f"/join/link/{link}/").status_code == 409


def test_another_operators_firm_is_not_handed_over_by_this_ones_link(world: World, owner: Actor) -> None:
    """Or an operator could hand out another's firm: merge an entry of its own into it, and send itself the link."""
    city = make_firm("柯桥服务公司", Kind.CITY)
    theirs = make_unclaimed("清河喷织", city)
    link = issue_claim_link(world.gao, org_id=world.qinghe.id).token
    started = start_claim(owner, org_id=world.qinghe.id, method="phone")
    merge(world, theirs.id)
    with pytest.raises(FirmHeldElsewhere):
        claim_by_link(owner, token=link)
    with pytest.raises(FirmHeldElsewhere):
        prove_claim(owner, claim_id=started.id, code=started.code or "")
    assert Organisation.objects.get(id=theirs.id).claimed_at is None
    head = join(make_person("邵局", phone="+8613805757000"), city, Role.OWNER)
    assert claim_by_link(owner, token=issue_claim_link(head, org_id=theirs.id).token) == theirs.id


def test_a_made_up_firm_is_not_found(owner: Actor) -> None:
    with pytest.raises(OrganisationNotFound):
        access_claimable(owner.person)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_of_the_link_says_what_became_of_the_entry(
    world: World, twin: Firm, owner: Actor, language: str
) -> None:
    link = issue_claim_link(world.gao, org_id=world.qinghe.id).token
    merge(world, twin.id)
    client = browser(owner)
    client.cookies["django_language"] = language
    page = client.get(f"/join/link/{link}/").content.decode()
    assert "清河喷织厂" in page
    assert "清河喷水织造厂" in page
    assert client.post(f"/join/link/{link}/").status_code == 302
    assert actor_for(owner.person, twin.id).roles == {Role.OWNER}

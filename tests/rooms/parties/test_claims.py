"""Taking over an imported firm: proven by code, letter, licence or link, granted once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.parties.domain import digest_of
from staveworks.foundation.parties.models import Claim, Membership, Organisation, Profile
from staveworks.foundation.parties.queries import (
    access_claimable,
    access_own_claim,
    access_profile,
    actor_for,
    find_claimable,
    firm_of_claim_link,
    list_claims,
)
from staveworks.foundation.parties.types import (
    Actor,
    ClaimedAlready,
    ClaimExpired,
    ClaimLinkInvalid,
    ClaimNotFound,
    ClaimReasonMissing,
    ClaimTooOften,
    CodeWrong,
    NoPhoneHeld,
    OrganisationNotFound,
    RightMissing,
    Role,
)
from staveworks.foundation.parties.usecases.decide_claim import decide_claim, print_letter
from staveworks.foundation.parties.usecases.issue_claim_link import claim_by_link, issue_claim_link
from staveworks.foundation.parties.usecases.prove_claim import prove_claim, withdraw_claim
from staveworks.foundation.parties.usecases.start_claim import start_claim
from tests.world import Firm, World, make_person, make_unclaimed, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def owner(world: World) -> Actor:
    """何清, to whom 清河喷织厂 belongs in truth."""
    return Actor(make_person("何清", phone="+8613805759999").id, None)


def is_owner(actor: Actor, firm: Firm) -> bool:
    with acting(org=firm.id):
        return Membership.objects.filter(org_id=firm.id, person_id=actor.person_id, role=Role.OWNER).exists()


def test_a_right_code_makes_the_firm_hers_at_once(world: World, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="phone")
    assert started.phone == "+8613805759999"
    assert re.fullmatch(r"\d{6}", started.code or "")
    assert prove_claim(owner, claim_id=started.id, code=started.code or "") == world.qinghe.id
    assert is_owner(owner, world.qinghe)
    assert Organisation.objects.get(id=world.qinghe.id).claimed_at is not None


def test_a_wrong_code_leaves_it_unclaimed_and_five_are_enough(world: World, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="phone")
    wrong = "000000" if started.code != "000000" else "000001"
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(CodeWrong) as refused:
            prove_claim(owner, claim_id=started.id, code=wrong)
        assert refused.value.left == left
    with pytest.raises(ClaimExpired):
        prove_claim(owner, claim_id=started.id, code=started.code or "")
    assert not is_owner(owner, world.qinghe)


def test_a_code_expires(world: World, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="phone")
    with acting(person=owner.person_id):
        Claim.objects.filter(id=started.id).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ClaimExpired):
        prove_claim(owner, claim_id=started.id, code=started.code or "")


def test_the_steward_loses_the_profile_and_the_owner_gets_it(world: World, owner: Actor) -> None:
    assert access_profile(world.gao_for(world.qinghe)).phones == ("+8613805759999",)
    started = start_claim(owner, org_id=world.qinghe.id, method="phone")
    prove_claim(owner, claim_id=started.id, code=started.code or "")
    hers = actor_for(owner.person, world.qinghe.id)
    assert access_profile(hers).phones == ("+8613805759999",)
    with pytest.raises(OrganisationNotFound):
        world.gao_for(world.qinghe)
    with acting(org=world.operator.id):
        assert not Profile.objects.filter(org_id=world.qinghe.id).exists()


def test_a_letter_is_printed_by_the_steward_and_its_code_grants(world: World, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="letter")
    with pytest.raises(CodeWrong):
        prove_claim(owner, claim_id=started.id, code="")
    old = print_letter(world.gao, claim_id=started.id)
    code = print_letter(world.gao, claim_id=started.id)
    if old != code:
        with pytest.raises(CodeWrong):
            prove_claim(owner, claim_id=started.id, code=old)
    prove_claim(owner, claim_id=started.id, code=f"{code[:3]} {code[3:]}")
    assert is_owner(owner, world.qinghe)


def test_a_licence_waits_for_a_person(world: World, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="licence")
    assert [record.id for record in list_claims(world.gao)] == [started.id]
    with pytest.raises(ClaimNotFound):
        prove_claim(owner, claim_id=started.id, code="")
    assert not is_owner(owner, world.qinghe)
    decide_claim(world.gao, claim_id=started.id, grant=True)
    assert is_owner(owner, world.qinghe)


def test_a_refusal_needs_a_reason_and_the_claimant_reads_it(world: World, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="licence")
    with pytest.raises(ClaimReasonMissing):
        decide_claim(world.gao, claim_id=started.id, grant=False, reason=" ")
    decide_claim(world.gao, claim_id=started.id, grant=False, reason="执照看不清")
    assert access_own_claim(owner.person, started.id).reason == "执照看不清"
    with pytest.raises(ClaimNotFound):
        decide_claim(world.gao, claim_id=started.id, grant=True)
    start_claim(owner, org_id=world.qinghe.id, method="licence")


def test_only_who_has_the_right_decides(world: World, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="licence")
    for nobody in (world.shen, world.lin, owner):
        with pytest.raises(RightMissing):
            decide_claim(nobody, claim_id=started.id, grant=True)
    decide_claim(world.gao, claim_id=started.id, grant=True)


def test_another_persons_claim_is_not_found(world: World, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="phone")
    with pytest.raises(ClaimNotFound):
        prove_claim(world.wu, claim_id=started.id, code=started.code or "")
    with pytest.raises(ClaimNotFound):
        access_own_claim(world.wu.person, started.id)
    with pytest.raises(ClaimNotFound):
        withdraw_claim(world.wu, claim_id=started.id)
    withdraw_claim(owner, claim_id=started.id)


def test_a_link_grants_once(world: World, owner: Actor) -> None:
    issued = issue_claim_link(world.gao, org_id=world.qinghe.id)
    assert firm_of_claim_link(issued.token).name == "清河喷织厂"
    assert claim_by_link(owner, token=issued.token) == world.qinghe.id
    assert is_owner(owner, world.qinghe)
    with pytest.raises((ClaimLinkInvalid, ClaimedAlready)):
        claim_by_link(world.wu, token=issued.token)
    with pytest.raises(ClaimLinkInvalid):
        claim_by_link(world.wu, token="made-up")


def test_a_link_is_for_unclaimed_firms_of_ones_own(world: World) -> None:
    with pytest.raises(OrganisationNotFound):
        issue_claim_link(world.gao, org_id=world.chunhui.id)
    with pytest.raises(RightMissing):
        issue_claim_link(world.lin, org_id=world.qinghe.id)
    issue_claim_link(world.gao, org_id=world.qinghe.id)


def test_a_claimed_firm_is_claimed(world: World, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="phone")
    later = start_claim(world.wu, org_id=world.qinghe.id, method="licence")
    prove_claim(owner, claim_id=started.id, code=started.code or "")
    with pytest.raises(ClaimedAlready):
        start_claim(world.wu, org_id=world.qinghe.id, method="letter")
    with pytest.raises(ClaimedAlready):
        decide_claim(world.gao, claim_id=later.id, grant=True)
    assert find_claimable("清河") == []


def test_without_a_phone_there_is_no_code(world: World, owner: Actor) -> None:
    silent = make_unclaimed("无声织造", world.operator)
    assert access_claimable(silent.id).phone is None
    with pytest.raises(NoPhoneHeld):
        start_claim(owner, org_id=silent.id, method="phone")


def test_a_firm_cannot_be_hammered_with_codes(world: World, owner: Actor) -> None:
    for _ in range(5):
        start_claim(owner, org_id=world.qinghe.id, method="phone")
    with pytest.raises(ClaimTooOften):
        start_claim(world.wu, org_id=world.qinghe.id, method="phone")


def test_a_stranger_learns_name_city_and_a_masked_phone(world: World) -> None:
    (found,) = find_claimable("91320509MA1XQ7T33C")
    assert (found.name, found.phone) == ("清河喷织厂", None)
    assert find_claimable("清河")[0].id == world.qinghe.id
    assert find_claimable("河") == []
    assert find_claimable("春晖") == []
    assert access_claimable(world.qinghe.id).phone == "138****9999"


def test_only_digests_are_kept(world: World, owner: Actor) -> None:
    started = start_claim(owner, org_id=world.qinghe.id, method="phone")
    with acting(person=owner.person_id):
        kept = Claim.objects.get(id=started.id)
    assert kept.code_digest == digest_of(started.code or "")

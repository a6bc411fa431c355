"""At the counter: nothing happens before the owner's code; then all that she agreed to does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import Agreement, Mandate, Organisation, Person
from staveworks.foundation.parties.queries import actor_for
from staveworks.foundation.parties.types import (
    ClaimedAlready,
    ClaimExpired,
    ClaimNotFound,
    CodeWrong,
    MandateDateInvalid,
    MandateRightsInvalid,
    OrganisationNotFound,
    RightMissing,
)
from staveworks.foundation.parties.usecases.onboard_owner import (
    CounterCode,
    Terms,
    finish_onboarding,
    start_onboarding,
)
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
OWNER = Contact("phone", "+8613805751234")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def terms(**changed: object) -> Terms:
    until = timezone.localdate() + timedelta(days=90)
    given = {"rights": ("assessment.answer", "barrel.read"), "until": until, "shows": ("barrel",)}
    return Terms(edition="2026", **{**given, **changed})  # type: ignore[arg-type]


def start(world: World) -> CounterCode:
    return start_onboarding(world.gao, firm=world.qinghe.id, name="钱清河", contact=OWNER, terms=terms())


def test_the_owners_code_hands_over_the_firm_with_agreement_and_mandate(world: World) -> None:
    started = start(world)
    assert finish_onboarding(world.gao, claim_id=started.claim_id, code=started.code) == world.qinghe.id
    owner = Person.objects.get(phone=OWNER.address)
    assert owner.phone_verified
    assert actor_for(owner.id, world.qinghe.id).may("mandate.give")
    assert world.gao.person_id
    clerk = actor_for(world.gao.person_id, world.qinghe.id, via_org_id=world.operator.id)
    assert clerk.mandate_id
    assert clerk.rights == {"assessment.answer", "barrel.read"}
    with acting(org=world.qinghe.id):
        assert Agreement.objects.get(org_id=world.qinghe.id, withdrawn_at=None).shows == ["barrel"]
        assert Mandate.objects.get(org_id=world.qinghe.id).given_by_id == owner.id


def test_without_the_code_nothing_happens(world: World) -> None:
    started = start(world)
    wrong = "000000" if started.code != "000000" else "111111"
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(CodeWrong) as refused:
            finish_onboarding(world.gao, claim_id=started.claim_id, code=wrong)
        assert refused.value.left == left
    with pytest.raises(ClaimExpired):
        finish_onboarding(world.gao, claim_id=started.claim_id, code=started.code)
    assert Organisation.objects.get(id=world.qinghe.id).claimed_at is None


def test_a_second_code_takes_the_place_of_the_first(world: World) -> None:
    first, second = start(world), start(world)
    with pytest.raises(ClaimNotFound):
        finish_onboarding(world.gao, claim_id=first.claim_id, code=first.code)
    assert finish_onboarding(world.gao, claim_id=second.claim_id, code=second.code)
    with pytest.raises(ClaimedAlready):
        start(world)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"rights": ()}, MandateRightsInvalid),
        ({"rights": ("mandate.give",)}, MandateRightsInvalid),
        ({"until": timezone.localdate() - timedelta(days=1)}, MandateDateInvalid),
    ],
    ids=["no right", "a right of her own", "a day gone by"],
)
def test_terms_that_cannot_be_agreed_to_are_refused_at_their_field(
    world: World, changed: dict[str, object], error: type[MandateRightsInvalid]
) -> None:
    with pytest.raises(error) as refused:
        start_onboarding(
            world.gao, firm=world.qinghe.id, name="钱清河", contact=OWNER, terms=terms(**changed)
        )
    assert refused.value.field in changed
    assert start(world)


def test_only_the_stewards_people_with_the_right_can(world: World) -> None:
    with pytest.raises(RightMissing):
        start_onboarding(world.shen, firm=world.qinghe.id, name="钱清河", contact=OWNER, terms=terms())
    with pytest.raises((OrganisationNotFound, ClaimedAlready)):
        start_onboarding(world.gao, firm=world.chunhui.id, name="钱清河", contact=OWNER, terms=terms())
    started = start(world)
    with pytest.raises(RightMissing):
        finish_onboarding(world.shen, claim_id=started.claim_id, code=started.code)

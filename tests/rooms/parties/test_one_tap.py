"""One tap from the message: a link that reached her own address makes the firm hers; it never opens somebody's account."""

import pytest
from django.test import Client

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Membership, Organisation, Person, Profile
from staveworks.foundation.parties.types import ClaimLinkInvalid, NameMissing
from staveworks.foundation.parties.usecases.claim_as_addressee import claim_as_addressee, find_addressee
from staveworks.foundation.parties.usecases.issue_claim_links import issue_claim_links
from tests.world import World, make_person, make_world

pytestmark = pytest.mark.django_db
PHONE = "+8613805759999"


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    with acting(org=made.operator.id):
        Profile.objects.filter(org_id=made.qinghe.id).update(contact="钱清河")
    return made


def link(world: World, contact: str = PHONE) -> str:
    return issue_claim_links(world.gao, contacts={world.qinghe.id: contact})[world.qinghe.id]


def test_the_addressee_is_known_by_the_name_that_is_held(world: World) -> None:
    found = find_addressee(link(world))
    assert found
    assert (found.name, found.masked) == ("钱清河", "138****9999")


def test_one_tap_signs_her_in_as_the_firms_owner(world: World) -> None:
    client, token = Client(), link(world)
    page = client.get(f"/join/link/{token}/").content.decode()
    assert "138****9999" in page
    assert 'value="钱清河"' in page
    assert "集群服务公司" in page, "who asks her"
    answer = client.post(f"/join/link/{token}/", {"name": "钱清河"})
    assert answer["Location"].startswith("/agreement/")
    owner = Person.objects.get(phone=PHONE)
    assert (owner.name, owner.phone_verified, owner.has_usable_password()) == ("钱清河", True, False)
    with acting(org=world.qinghe.id):
        assert Membership.objects.get(org_id=world.qinghe.id).person_id == owner.id
    assert client.get("/barrel/").status_code == 200
    assert Client().get(f"/join/link/{token}/").status_code in (404, 409)


def test_a_looked_at_link_does_nothing_until_the_button_is_pressed(world: World) -> None:
    """Scanners of mail open links."""
    token = link(world)
    Client().get(f"/join/link/{token}/")
    assert Organisation.objects.get(id=world.qinghe.id).claimed_at is None
    assert find_addressee(token)


def test_a_link_never_opens_the_account_of_who_signs_in_already(world: World) -> None:
    make_person("早已注册", phone=PHONE)
    token = link(world)
    assert find_addressee(token) is None
    with pytest.raises(ClaimLinkInvalid):
        claim_as_addressee(token=token, name="钱清河")
    client = Client()
    page = client.post(f"/join/link/{token}/", {"name": "钱清河"})
    assert page.status_code == 422
    assert "/accounts/login/" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_printed_link_asks_to_sign_in(world: World) -> None:
    assert find_addressee(link(world, "")) is None


def test_a_name_is_needed_and_nothing_is_lost(world: World) -> None:
    token = link(world)
    with pytest.raises(NameMissing):
        claim_as_addressee(token=token, name="  ")
    assert not Person.objects.filter(phone=PHONE).exists()
    assert claim_as_addressee(token=token, name="钱清河")

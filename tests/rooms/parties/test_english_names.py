"""English pages show an organisation's English name where it has one; its own people write it."""

import re

import pytest
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.queries import AgentFound, access_organisation, actor_for
from staveworks.foundation.parties.types import Kind
from staveworks.foundation.parties.usecases.edit_organisation import ProfileFields, edit_organisation
from staveworks.foundation.parties.usecases.found_organisation import found_organisation
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from staveworks.foundation.parties.usecases.issue_claim_link import issue_claim_link
from staveworks.foundation.parties.usecases.start_claim import start_claim
from tests.rooms.parties.test_pages import SETTINGS, browser_of
from tests.world import Firm, World, make_world

pytestmark = pytest.mark.django_db
ENGLISH = {"operator": "Tricity", "qinghe": "Qinghe Jets", "yuanda": "Yuanda Dyeing"}


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    for field, name in ENGLISH.items():
        firm: Firm = getattr(world, field)
        with acting(org=firm.id if field != "qinghe" else world.operator.id):
            assert Organisation.objects.filter(id=firm.id).update(name_en=name)
    return world


def read(world: World, who: str, path: str) -> str:
    answer = browser_of(getattr(world, who), "en").get(path)
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return re.sub(r"(?s)<nav.*?</nav>|<header.*?</header>", "", page)


def test_claims_show_the_firms_english_name(world: World) -> None:
    link = issue_claim_link(world.gao, org_id=world.qinghe.id)
    started = start_claim(world.wu, org_id=world.qinghe.id, method="licence")
    pages = {
        "wu": [
            f"/join/link/{link.token}/",
            "/join/claim/?q=清河",
            f"/join/claim/{world.qinghe.id}/",
            f"/join/claims/{started.id}/",
        ],
        "gao": ["/claims/", f"/claims/{started.id}/", "/audit/"],
    }
    for who, paths in pages.items():
        for path in paths:
            assert "Qinghe Jets" in read(world, who, path), path


def test_agreement_and_mandates_show_english_names(world: World) -> None:
    give_mandate(
        world.lin,
        agent=AgentFound("远达印染", org_id=world.yuanda.id),
        rights=["barrel.read"],
        until=timezone.localdate(),
    )
    assert "Tricity" in read(world, "lin", "/agreement/")
    assert world.operator.name not in read(world, "lin", "/agreement/")
    assert "<b data-names>Yuanda Dyeing</b>" in read(world, "lin", "/mandates/")


def test_an_organisation_gives_itself_an_english_name(world: World) -> None:
    browser = browser_of(world.lin, "en")
    assert 'name="name_en"' in browser.get("/settings/").content.decode()
    browser.post("/settings/", SETTINGS | {"name_en": " Chunhui  Weaving "})
    assert access_organisation(world.lin, world.lin.org).name_en == "Chunhui Weaving"
    assert 'value="Chunhui Weaving"' in browser.get("/settings/").content.decode()


def test_an_english_name_stays_unless_it_is_given(world: World) -> None:
    yuanda = world.wu
    edit_organisation(yuanda, name="远达印染", kinds=[Kind.ENTERPRISE], profile=ProfileFields())
    assert access_organisation(yuanda, yuanda.org).name_en == "Yuanda Dyeing"
    edit_organisation(yuanda, name="远达印染", name_en="", kinds=[Kind.ENTERPRISE], profile=ProfileFields())
    assert access_organisation(yuanda, yuanda.org).name_en == ""


def test_an_organisation_registers_with_an_english_name(world: World) -> None:
    org_id = found_organisation(
        world.lin, name="新绣坊", name_en="New Stitch", kinds=[Kind.ENTERPRISE], a_day=3
    )
    founder = actor_for(world.lin.person, org_id)
    assert access_organisation(founder, org_id).title.en == "New Stitch"

"""A token acts for an unclaimed firm as its steward, and for a mandating firm; within its scopes, and with the one for it."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.parties.queries import AgentFound
from staveworks.foundation.parties.rights import RIGHTS, STEWARDED
from staveworks.foundation.parties.types import Actor, Kind, Role, ScopesInvalid
from staveworks.foundation.parties.usecases.decide_claim import decide_claim
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from staveworks.foundation.parties.usecases.issue_token import issue_token
from staveworks.foundation.parties.usecases.start_claim import start_claim
from tests.contract.caller import Caller
from tests.rooms.parties.test_revoking import browser
from tests.world import World, join, make_firm, make_person, make_unclaimed, make_world

pytestmark = pytest.mark.django_db
ASSESSING = {"firm.steward", "assessment.answer", "assessment.read", "barrel.read"}
LEAF = "产品设计"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def caller(world: World, scopes: set[str], firm: UUID) -> Caller:
    token = issue_token(world.gao, name="x", scopes=scopes).token
    return Caller(token, for_org=firm)


def assess(api: Caller) -> int:
    """The status of beginning an assessment and answering a question."""
    begun = api.post("/api/v1/assessments", {"kind": "quick"}, content_type="application/json")
    if begun.status_code != 201:
        return int(begun.status_code)
    where = f"/api/v1/assessments/{begun.json()['id']}/answers/{LEAF}"
    return int(api.put(where, {"value": 2}, content_type="application/json").status_code)


def test_a_stewards_token_assesses_for_an_unclaimed_firm_and_the_log_shows_both(world: World) -> None:
    api = caller(world, ASSESSING, world.qinghe.id)
    assert assess(api) == 200
    assert api.get("/api/v1/barrel").status_code == 200
    me = api.get("/api/v1/me").json()
    assert (me["organisation"], me["via_organisation"]) == (str(world.qinghe.id), str(world.operator.id))
    assert set(me["rights"]) == ASSESSING - {"firm.steward"}
    with acting(org=world.qinghe.id):
        done = Event.objects.get(org_id=world.qinghe.id, type="answer.saved")
    assert (done.person_id, done.via_org_id) == (world.gao.person_id, world.operator.id)


def test_only_with_the_scope_for_it(world: World) -> None:
    api = caller(world, ASSESSING - {"firm.steward"}, world.qinghe.id)
    refused = api.get("/api/v1/barrel")
    assert (refused.status_code, refused.json()["type"]) == (403, "/api/v1/problems#right-missing")
    assert assess(api) == 403


def test_within_its_scopes(world: World) -> None:
    api = caller(world, {"firm.steward", "barrel.read"}, world.qinghe.id)
    assert api.get("/api/v1/barrel").status_code != 403
    assert assess(api) == 403


@pytest.mark.parametrize("right", sorted(STEWARDED))
def test_every_right_of_a_steward_can_be_a_scope(world: World, right: str) -> None:
    me = caller(world, {"firm.steward", right}, world.qinghe.id).get("/api/v1/me").json()
    assert me["rights"] == [right]


def test_not_for_a_claimed_firm_nor_another_stewards(world: World) -> None:
    city = make_firm("柯桥服务公司", Kind.CITY)
    theirs = make_unclaimed("云溪绣品厂", city)
    for firm in (world.chunhui.id, theirs.id):
        assert assess(caller(world, ASSESSING, firm)) == 404
    api = caller(world, ASSESSING, world.qinghe.id)
    assert assess(api) == 200
    owner = Actor(make_person("何清", phone="+8613805750009").id, None)
    claim = start_claim(owner, org_id=world.qinghe.id, method="licence").id
    decide_claim(world.gao, claim_id=claim, grant=True)
    assert assess(api) == 404, "from the claim on"


def test_nobody_gives_a_token_more_than_she_can_reach(world: World) -> None:
    with pytest.raises(ScopesInvalid):
        issue_token(world.lin, name="x", scopes={"firm.steward"})
    with pytest.raises(ScopesInvalid):
        issue_token(world.gao, name="x", scopes={"agreement.manage"})
    manager = join(make_person("乔经理", phone="+8613805750010"), world.operator, Role.MANAGER)
    issue_token(manager, name="x", scopes=ASSESSING)


def test_an_institutions_token_acts_for_the_firms_that_mandate_it(world: World) -> None:
    bank = make_firm("城关银行", Kind.BANK)
    banker = join(make_person("许行", phone="+8613805750011"), bank, Role.OWNER)
    assert "barrel.read" not in banker.rights, "a bank has no barrel of its own"
    give_mandate(
        world.lin,
        agent=AgentFound("城关银行", org_id=bank.id),
        rights=["barrel.read"],
        until=timezone.localdate() + timedelta(days=9),
    )
    token = issue_token(banker, name="x", scopes={"barrel.read"}).token
    assert Caller(token, for_org=world.chunhui.id).get("/api/v1/me").json()["rights"] == ["barrel.read"]
    assert Caller(token, for_org=world.yuanda.id).get("/api/v1/me").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_offers_what_is_only_for_others(world: World, language: str) -> None:
    desk = browser(world.gao)
    desk.cookies["django_language"] = language
    page = desk.get("/settings/tokens/").content.decode()
    assert ("代表其他企业时还可以" if language == "zh-hans" else "Also, acting for other firms") in page
    sent = {"name": "x", "scopes": ["firm.steward"], "further": ["barrel.read"], "days": "90"}
    assert desk.post("/settings/tokens/", sent).status_code == 302
    assert "further" not in browser(world.lin).get("/settings/tokens/").content.decode()
    assert set(RIGHTS) >= STEWARDED

"""A city operator sees the register of all firms of its city, and barrels and contacts only where it may."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staveworks.cluster.barrel.firms import FirmFilter, Standing, find_firm, list_firms
from staveworks.cluster.barrel.overview import cluster_overview
from staveworks.db.transaction import acting
from staveworks.foundation.facts.types import Field, Grantee, Purpose
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.parties.domain import stem_of
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, Kind, OrganisationNotFound, Role
from staveworks.foundation.parties.usecases.issue_claim_link import issue_claim_link
from tests.contract.caller import Caller, make_token
from tests.rooms.measure.test_cluster_pages import assess, client_of
from tests.world import Firm, World, join, make_firm, make_person, make_unclaimed, make_world

pytestmark = pytest.mark.django_db
SHAOXING, KEQIAO, SUZHOU = "330600", "330603", "320500"


@pytest.fixture
def world() -> World:
    """春晖织造 (claimed) and 清河喷织厂 (held by the platform) are in Keqiao, 远达印染 in Suzhou."""
    found = make_world()
    for firm, city in ((found.chunhui, KEQIAO), (found.qinghe, KEQIAO), (found.yuanda, SUZHOU)):
        for org in (firm.id, found.operator.id):
            with acting(org=org):
                Organisation.objects.filter(id=firm.id).update(city_id=city)
    return found


def desk(city: str | None, name: str = "绍兴服务公司", phone: str = "+8613805757000") -> Actor:
    """The head of a city operator."""
    firm = make_firm(name, Kind.CITY, city=city)
    return join(make_person(f"{name}的人", phone=phone), firm, Role.OWNER)


def names(actor: Actor, **narrowed: str) -> list[str]:
    return sorted(row.name.zh for row in list_firms(actor, narrowed=FirmFilter(**narrowed)).rows)


@pytest.mark.parametrize(
    ("place", "stem"),
    [("330000", "33"), ("330600", "3306"), ("330603", "330603"), ("110000", "11"), ("441900", "4419")],
)
def test_the_code_of_a_place_begins_those_of_all_places_in_it(place: str, stem: str) -> None:
    assert stem_of(place) == stem


def test_a_city_sees_all_firms_of_its_city_and_districts_and_none_of_another(world: World) -> None:
    assert names(desk(SHAOXING)) == ["春晖织造", "清河喷织厂"]
    assert names(desk(SUZHOU, "苏州服务公司", "+8613805757001")) == ["远达印染"]
    assert names(desk(KEQIAO, "柯桥服务公司", "+8613805757002")) == ["春晖织造", "清河喷织厂"]
    assert names(desk("330602", "越城服务公司", "+8613805757003")) == []
    assert names(desk(None, "无址服务公司", "+8613805757004")) == []


def test_the_platform_still_sees_those_that_it_holds_or_that_show_it_something(world: World) -> None:
    assert names(world.gao) == ["清河喷织厂"]


def test_barrels_and_contacts_are_shown_only_where_they_may(world: World) -> None:
    assess(world.lin)
    assess(world.gao_for(world.qinghe))
    city = desk(SHAOXING)
    rows = {row.id: row for row in list_firms(city, narrowed=FirmFilter()).rows}
    assert {row.diagnosis for row in rows.values()} == {None}
    assert all(row.hidden for row in rows.values())
    held = find_firm(city, firm=world.qinghe.id)
    assert (held.row.standing, held.phones, held.contact) == (Standing.ELSEWHERE, (), "")
    assert held.row.held_by is not None
    assert held.row.held_by.zh == "集群服务公司"
    give_grant(world.lin, to=Grantee(org_id=city.org), purpose=Purpose.OPERATION, fields=[Field.BARREL])
    shown = {row.id: row for row in list_firms(city, narrowed=FirmFilter()).rows}
    assert shown[world.chunhui.id].diagnosis is not None
    assert not shown[world.chunhui.id].hidden
    assert shown[world.qinghe.id].diagnosis is None, "its steward's alone"


def test_what_the_city_holds_itself_is_its_own_as_before(world: World) -> None:
    city = desk(SHAOXING)
    own = make_unclaimed("越溪织造", Firm(city.org, ""), city=KEQIAO, phones=["+8613805751234"])
    row = find_firm(city, firm=own.id)
    assert (row.row.standing, row.phones, row.row.hidden) == (Standing.FOUND, ("+8613805751234",), False)
    issue_claim_link(city, org_id=own.id)
    assert names(city, standing="invited") == ["越溪织造"]
    assert names(city, standing="elsewhere") == ["清河喷织厂"]
    assert names(city, standing="found") == []
    assert list_firms(city, narrowed=FirmFilter()).counts["standing"] == {
        "invited": 1,
        "elsewhere": 1,
        "claimed": 1,
    }


def test_seeing_is_not_acting(world: World) -> None:
    city = desk(SHAOXING)
    with pytest.raises(OrganisationNotFound):
        issue_claim_link(city, org_id=world.qinghe.id)
    client = client_of(city)
    assert client.get(f"/cluster/firms/{world.qinghe.id}/").status_code == 200
    for act in ("act", "invite"):
        assert client.post(f"/cluster/firms/{world.qinghe.id}/{act}/").status_code == 404
        assert f"/{act}/" not in client.get(f"/cluster/firms/{world.qinghe.id}/").content.decode()
    assert client.get(f"/cluster/firms/{world.yuanda.id}/").status_code == 404


def test_a_merged_entry_is_not_listed(world: World) -> None:
    with acting(org=world.operator.id):
        Organisation.objects.filter(id=world.qinghe.id).update(merged_into_id=world.chunhui.id)
    assert names(desk(SHAOXING)) == ["春晖织造"]


def test_the_overview_counts_all_and_says_whose_invitations_it_doesnt_know(world: World) -> None:
    assess(world.gao_for(world.qinghe))
    issue_claim_link(world.gao, org_id=world.qinghe.id)
    funnel = cluster_overview(desk(SHAOXING)).funnel
    assert (funnel.found, funnel.invited, funnel.claimed, funnel.diagnosed, funnel.elsewhere) == (
        2,
        1,
        1,
        0,
        1,
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["/cluster/", "/cluster/firms/", "/cluster/firms/?standing=elsewhere"])
def test_the_pages_say_who_holds_a_firm(world: World, path: str, language: str) -> None:
    page = client_of(desk(SHAOXING), language).get(path)
    assert page.status_code == 200
    said = (
        {"zh-hans": "他方代管", "en": "held elsewhere"}
        if "firms" in path
        else {"zh-hans": "由其他运营方代管", "en": "held by"}
    )
    assert said[language] in page.content.decode()


def test_by_the_api(world: World) -> None:
    api = Caller(make_token(desk(SHAOXING)))
    items = {each["id"]: each for each in api.get("/api/v1/firms").json()["items"]}
    assert set(items) == {str(world.chunhui.id), str(world.qinghe.id)}
    assert items[str(world.qinghe.id)]["held_by"]["zh"] == "集群服务公司"
    assert [each["id"] for each in api.get("/api/v1/firms?standing=elsewhere").json()["items"]] == [
        str(world.qinghe.id)
    ]
    assert api.get(f"/api/v1/firms/{world.qinghe.id}").json()["phones"] == []
    assert api.get(f"/api/v1/firms/{world.yuanda.id}").status_code == 404
    body = {"contact": "owner@example.cn"}
    where = f"/api/v1/firms/{world.qinghe.id}/invitation"
    assert api.post(where, body, content_type="application/json").status_code == 404


def test_more_firms_do_not_mean_more_queries(world: World) -> None:
    client = client_of(desk(SHAOXING))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/cluster/firms/").status_code == 200
        return len(captured)

    queries()
    few = queries()
    for number in range(8):
        make_unclaimed(f"第{number}织造厂", world.operator, city=KEQIAO)
    assert queries() == few


@pytest.mark.parametrize(
    ("language", "unknown", "none", "shown"),
    [
        ("zh-hans", "还没有一家把木桶授权给您看", "没有一家诊断过", "您看得到 1 家的木桶"),
        ("en", "none of which shows you", "none assessed", "1 show"),
    ],
)
def test_a_barrel_that_is_not_shown_is_not_counted_as_none(
    world: World, language: str, unknown: str, none: str, shown: str
) -> None:
    assess(world.lin)
    city = desk(SHAOXING)
    client = client_of(city, language)
    page = client.get("/cluster/").content.decode()
    assert unknown in page
    assert none not in page
    assert 'btn-primary" href="/rosters/' not in page
    on_the_map = client.get("/cluster/map/").content.decode()
    assert none not in on_the_map
    assert {"zh-hans": "没有授权给您看", "en": "not shown to you"}[language] in on_the_map
    give_grant(world.lin, to=Grantee(org_id=city.org), purpose=Purpose.OPERATION, fields=[Field.BARREL])
    page = client.get("/cluster/").content.decode()
    assert unknown not in page
    assert shown in page

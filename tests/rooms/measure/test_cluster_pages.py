"""The operator's home and the table of firms show what the firms let the operator see, in a bounded number of queries."""

from io import BytesIO
from statistics import median
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from staveworks.cluster.barrel.firms import FirmFilter, list_firms
from staveworks.cluster.barrel.models import Diagnosis
from staveworks.cluster.barrel.overview import cluster_overview
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.engine.barrel import load_rubric
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor, RightMissing
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement, withdraw_agreement
from staveworks.foundation.parties.usecases.issue_claim_link import issue_claim_link
from tests.world import World, make_unclaimed, make_world

FAR_PAGE = "/cluster/firms/?page=99999999999999999999"
FORM = "application/x-www-form-urlencoded"
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def client_of(actor: Actor, language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(Person.objects.get(id=actor.person_id))
    client.cookies["django_language"] = language
    return client


def assess(actor: Actor) -> None:
    rubric = load_rubric("staveworks-planks-2026")
    answers: dict[str, Any] = {leaf.code: 0 for leaf in rubric.leaves if leaf.kind == "single"}
    assessment = start_assessment(actor)
    save_answers(actor, assessment_id=assessment, answers=answers)
    finish_assessment(actor, assessment_id=assessment)


def test_a_stewarded_firm_shows_its_barrel_until_it_is_claimed_and_a_claimed_one_by_its_agreement(
    world: World,
) -> None:
    assess(world.gao_for(world.qinghe))
    assess(world.lin)
    shown = {row.id: row for row in list_firms(world.gao, narrowed=FirmFilter()).rows}
    assert shown[world.qinghe.id].diagnosis is not None
    assert world.chunhui.id not in shown, (
        "a firm that registered itself and agreed to nothing is not the operator's to list"
    )
    accept_agreement(world.lin, shows=["barrel"])
    shown = {row.id: row for row in list_firms(world.gao, narrowed=FirmFilter()).rows}
    assert shown[world.chunhui.id].diagnosis is not None
    withdraw_agreement(world.lin)
    shown = {row.id: row for row in list_firms(world.gao, narrowed=FirmFilter()).rows}
    assert world.chunhui.id not in shown


def test_filters_narrow_and_their_counts_say_what_each_choice_would_leave(world: World) -> None:
    make_unclaimed("清泉印染厂", world.operator)
    issue_claim_link(world.gao, org_id=world.qinghe.id)
    found = list_firms(world.gao, narrowed=FirmFilter(standing="invited"))
    assert [row.id for row in found.rows] == [world.qinghe.id]
    assert found.counts["standing"] == {"invited": 1, "found": 1}
    assert [row.name.zh for row in list_firms(world.gao, narrowed=FirmFilter(words="清泉")).rows] == [
        "清泉印染厂"
    ]


def test_only_the_operator_lists_firms(world: World) -> None:
    with pytest.raises(RightMissing):
        list_firms(world.lin, narrowed=FirmFilter())
    with pytest.raises(RightMissing):
        cluster_overview(world.lin)
    refused = client_of(world.lin).get("/cluster/firms/")
    assert refused.status_code == 403
    assert "查看集群企业" in refused.content.decode()
    assert "firm.read" not in refused.content.decode()


def test_the_overview_counts_each_step_of_the_funnel(world: World) -> None:
    assess(world.gao_for(world.qinghe))
    issue_claim_link(world.gao, org_id=world.qinghe.id)
    overview = cluster_overview(world.gao)
    assert overview.funnel.own == 0, "assessed by its steward, not by itself"
    assert (
        overview.funnel.found,
        overview.funnel.invited,
        overview.funnel.claimed,
        overview.funnel.diagnosed,
    ) == (1, 1, 0, 1)
    assert sum(overview.histogram.values()) == 1
    assert overview.shortest in overview.binding


def test_a_city_s_barrel_is_drawn_from_the_medians_of_its_firms_heights(world: World) -> None:
    """Also of two firms whose barrels have other planks: the database keeps the heights beside the barrel, whoever writes it."""
    other = make_unclaimed("清泉印染厂", world.operator)
    firms = [world.qinghe, other]
    for firm in firms:
        assess(world.gao_for(firm))
    kept = []
    for firm, moved in zip(firms, (0, 30), strict=True):
        with acting(org=firm.id):
            found = Diagnosis.objects.get(org_id=firm.id, current=True)
            rnd = found.planks["rnd"]
            planks = found.planks | {"rnd": rnd | {"height": [each + moved for each in rnd["height"]]}}
            if moved:
                planks.pop("ip")
            Diagnosis.objects.filter(assessment=found.assessment).update(planks=planks, plank_heights=[1.0])
            kept.append(Diagnosis.objects.get(assessment=found.assessment))
    for each in kept:
        likely = {code: plank["height"][1] for code, plank in each.planks.items()}
        assert dict(zip(each.plank_codes, each.plank_heights, strict=True)) == likely
    (city,) = [each for each in cluster_overview(world.gao).cities if each.diagnosed]
    assert city.medians["rnd"] == median(each.planks["rnd"]["height"][1] for each in kept)
    assert city.medians["ip"] == kept[0].planks["ip"]["height"][1]
    assert (city.diagnosed, sum(city.binding.values())) == (2, 2)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/cluster/",
        "/cluster/firms/",
        "/cluster/firms/?binding=rnd",
        "/cluster/firms/?q=%E6%B8%85",
        "/cluster/firms/?page=99999999999999999999",
    ],
)
def test_the_pages_answer_with_and_without_firms(world: World, path: str, language: str) -> None:
    assess(world.gao_for(world.qinghe))
    assert client_of(world.gao, language).get(path).status_code == 200


def test_more_firms_do_not_mean_more_queries(world: World) -> None:
    client = client_of(world.gao)

    def queries(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    assess(world.gao_for(world.qinghe))
    queries("/cluster/"), queries("/cluster/firms/")
    few = (queries("/cluster/"), queries("/cluster/firms/"))
    for number in range(12):
        firm = make_unclaimed(f"第{number}织造厂", world.operator)
        assess(world.gao_for(firm))
    assert (queries("/cluster/"), queries("/cluster/firms/")) == few


def test_the_table_exports_exactly_what_is_shown(world: World) -> None:
    assess(world.gao_for(world.qinghe))
    make_unclaimed("=HYPERLINK(1)", world.operator)
    answer = client_of(world.gao).get("/cluster/firms/export.xlsx")
    rows = list(
        openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True)
    )  # type: ignore[union-attr]
    assert rows[0][:3] == ("企业", "城市", "业态")
    assert {row[0] for row in rows[1:]} == {"清河喷织厂", "=HYPERLINK(1)"}, "a formula stays text"
    narrowed = client_of(world.gao).get("/cluster/firms/export.xlsx?q=清河")
    assert openpyxl.load_workbook(BytesIO(b"".join(narrowed.streaming_content))).active.max_row == 2  # type: ignore[union-attr]


def test_a_view_is_saved_under_a_name_and_forgotten(world: World) -> None:
    client = client_of(world.gao)
    client.post("/cluster/firms/views/", {"name": "柯桥短采购", "query": "city=330603&binding=procurement"})
    page = client.get("/cluster/firms/")
    assert "柯桥短采购" in page.content.decode()
    view = page.context["views"][0]
    client.post(f"/cluster/firms/views/{view.id}/forget/")
    assert "柯桥短采购" not in client.get("/cluster/firms/").content.decode()


def test_a_firm_is_invited_with_a_link_shown_once(world: World) -> None:
    client = client_of(world.gao)
    page = client.post(f"/cluster/firms/{world.qinghe.id}/invite/", follow=True)
    assert "/join/link/" in page.content.decode()
    assert "/join/link/" not in client.get(f"/cluster/firms/{world.qinghe.id}/").content.decode()


def test_the_steward_acts_for_an_unclaimed_firm_and_not_for_a_claimed_one(world: World) -> None:
    client = client_of(world.gao)
    assert client.post(f"/cluster/firms/{world.qinghe.id}/act/").status_code == 302
    page = client.get("/barrel/").content.decode()
    assert "回到本单位" in page
    client.post("/join/switch/", {"organisation": str(world.operator.id)})
    assert client.get("/cluster/").status_code == 200, "and comes back"
    assert client.post(f"/cluster/firms/{world.chunhui.id}/act/").status_code == 404


def test_another_operators_firm_is_not_found(world: World) -> None:
    assert client_of(world.gao).get(f"/cluster/firms/{world.yuanda.id}/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/cluster/firms/?q=%00", "/cluster/firms/?city=%00", "/cluster/firms/export.xlsx?q=%00"]
)
def test_a_character_that_no_text_can_hold_is_refused_not_a_fault(world: World, path: str) -> None:
    assert client_of(world.gao).get(path).status_code == 400
    posted = client_of(world.gao).post("/cluster/firms/views/", "name=%00&query=", content_type=FORM)
    assert posted.status_code == 400


def test_pages_with_firms_data_are_not_kept_by_caches(world: World) -> None:
    assert "no-store" in client_of(world.gao).get("/cluster/firms/")["Cache-Control"]

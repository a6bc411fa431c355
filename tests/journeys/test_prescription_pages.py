"""The prescription's pages by HTTP: what each shows, refuses and asks of the database."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from staveworks.cluster.prescription.queries import access_prescription, find_newest
from staveworks.cluster.prescription.types import PrescriptionView
from staveworks.cluster.prescription.usecases.draw_frontier import draw_frontier
from staveworks.cluster.programmes.queries import list_granted
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import AgentFound, operator_service_for
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from tests.rooms.barrel.conftest import data_folder, small_rubric, world
from tests.rooms.prescription.conftest import assess, grant, sell
from tests.trading import PLAIN
from tests.world import QINGHE_USCC, World, join, make_firm, make_person

__all__ = ["data_folder", "small_rubric", "world"]
FORM = {"budget_fen": "300.5", "objective": "level", "horizon_days": ""}
Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def _mechanisms(settings: Any) -> None:
    settings.MECHANISMS = PLAIN


@pytest.fixture
def browse(client: Client) -> Browse:
    def sign_in(actor: Actor, language: str = "zh-hans") -> Client:
        client.force_login(Person.objects.get(id=actor.person_id))
        client.cookies["django_language"] = language
        return client

    return sign_in


@pytest.fixture
def market(world: World) -> Actor:
    """A laboratory that sells what lifts both short staves, and something for a tall one."""
    lab = join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER, city="330600"), Role.OWNER)
    sell(lab, "云仓", "logistics", "floor", 60, 12_000, lead_time_days=10, programmes=["innovation"])
    sell(lab, "展厅", "marketing", "gain", 30, 9_000)
    sell(lab, "图案库", "rnd", "floor", 100, 500)
    return lab


def newest(actor: Actor) -> PrescriptionView:
    found = find_newest(actor)
    assert found
    return access_prescription(actor, prescription_id=found)


def words_of(page: Any) -> str:
    """What is read, without markup."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


def queries_of(client: Client, url: str) -> int:
    """Statements beside those that open transactions."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return sum(
        not re.match("SAVEPOINT|RELEASE|SELECT set_config", each["sql"]) for each in captured.captured_queries
    )


class TestTheFirst:
    def test_without_an_assessment_it_leads_to_the_barrel(self, world: World, browse: Browse) -> None:
        page = browse(world.lin).get("/prescribe/")
        assert "还没有诊断" in words_of(page)
        assert b'class="btn btn-primary" href="/barrel/"' in page.content

    def test_without_offers_it_says_so(self, world: World, browse: Browse) -> None:
        assess(world.lin)
        assert "还没有您能买的服务" in words_of(browse(world.lin).get("/prescribe/"))

    def test_the_barrels_page_leads_there_and_a_budget_to_the_answer(
        self, world: World, market: Actor, browse: Browse
    ) -> None:
        assess(world.lin)
        client = browse(world.lin)
        assert 'href="/prescribe/">看处方' in client.get("/barrel/").content.decode()
        assert "有 3 项服务可选" in words_of(client.get("/prescribe/"))
        page = client.post("/prescribe/", FORM, follow=True)
        assert page.redirect_chain[-1][0] == f"/prescribe/{newest(world.lin).id}/"
        assert "预算 ¥300.50，选 2 项服务，水位由 12.5 升到 55.0。共付 ¥210.00。" in words_of(page)


class TestThePage:
    @pytest.fixture
    def client(self, world: World, market: Actor, browse: Browse) -> Client:
        assess(world.lin, rnd_a=3)
        grant(world, cap_fen=5_000, until=date(2099, 1, 1))
        client = browse(world.lin)
        client.post("/prescribe/", FORM)
        return client

    def test_it_says_why_this_and_why_not_that(self, market: Actor, client: Client) -> None:
        sell(market, "打样", "rnd", "floor", 50, 100)
        client.post("/prescribe/", FORM)
        read = words_of(client.get("/prescribe/", follow=True))
        assert "用券后自付 ¥160.00" in read
        assert "仓储物流 12.5 → 60.0" in read
        assert "研发设计不短（87.5），先补短的" in read
        assert "研发设计已到 87.5，它再添不了高度" in read
        assert "在 4 项服务中已证明最优" in read
        levels = re.findall(r"(?:水位|现在|买后)[由到是 ]*([\d.]+)", read)
        assert len(levels) >= 4
        assert all(re.fullmatch(r"\d+\.\d", each) for each in levels), f"one decimal everywhere: {levels}"

    def test_in_english(self, world: World, client: Client, browse: Browse) -> None:
        read = words_of(browse(world.lin, "en").get("/prescribe/", follow=True))
        assert (
            "With ¥300.50, 2 services raise the water level from 12.5 to 55.0. You pay ¥160.00 after vouchers."
            in read
        )

    def test_the_frontier_is_asked_for_again_until_it_is_whole(self, world: World, client: Client) -> None:
        view = newest(world.lin)
        address = f"/prescribe/{view.id}/frontier/"
        assert f'hx-get="{address}"' in client.get(address).content.decode()
        draw_frontier(operator_service_for(world.lin.org), subject=view.basis_id)
        drawn = client.get(address).content.decode()
        assert "hx-get" not in drawn
        assert drawn.count('class="f-dot"') == 6, "three steps, drawn wide and narrow"
        assert "再多的预算也抬不高水位了" in drawn
        client.post("/prescribe/", FORM | {"budget_fen": "100"})
        assert "再加 ¥60.00，水位到 55.0" in words_of(client.get("/prescribe/", follow=True))

    def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(self, client: Client) -> None:
        for wrong, said in (("-1", "预算应在"), ("viel", "请"), ("", "请")):
            page = client.post("/prescribe/", FORM | {"budget_fen": wrong, "objective": "leximin"})
            assert page.status_code == 422
            text = page.content.decode()
            assert 'id="id_budget_fen_error"' in text, wrong
            assert re.search(r'value="leximin"[^>]*checked', text)
            assert wrong in text
            assert said

    def test_something_that_changed_since_is_said_and_worked_out_again_by_the_one_button(
        self, world: World, market: Actor, client: Client
    ) -> None:
        before = newest(world.lin).id
        assert "有变化" not in words_of(client.get("/prescribe/", follow=True))
        sell(market, "新展厅", "marketing", "floor", 60, 10)
        page = client.get("/prescribe/", follow=True)
        assert "有变化" in words_of(page)
        assert page.content.count(b"btn-primary") == 2, "one button, in the head and fixed on a phone"
        client.post("/prescribe/", FORM)
        assert newest(world.lin).id != before

    def test_nothing_can_be_paid_for(self, client: Client) -> None:
        read = words_of(client.post("/prescribe/", FORM | {"budget_fen": "0"}, follow=True))
        assert "预算 ¥0.00 抬不高水位，仍是 12.5" in read
        assert "这个预算单买不起其他任何一项" in read

    def test_the_proof_is_recomputed(self, world: World, client: Client) -> None:
        read = words_of(client.get(f"/prescribe/{newest(world.lin).id}/proof/"))
        assert "每个数都对得上" in read

    def test_a_viewer_sees_it_and_can_move_nothing(
        self, world: World, client: Client, browse: Browse
    ) -> None:
        viewer = join(make_person("看客"), world.chunhui, Role.VIEWER)
        page = browse(viewer).get("/prescribe/", follow=True)
        assert page.status_code == 200
        assert b"<fieldset disabled" in page.content
        assert b"btn-primary" not in page.content
        assert browse(viewer).post("/prescribe/", FORM).status_code == 403

    def test_it_is_read_in_few_queries_however_many_offers_there_are(
        self, world: World, market: Actor, client: Client
    ) -> None:
        address = f"/prescribe/{newest(world.lin).id}/"
        few = queries_of(client, address)
        for n in range(5):
            sell(market, f"课{n}", "talent", "gain", 5, 700)
        assert queries_of(client, address) <= few <= 22


class TestVouchers:
    def test_an_operator_grants_one_from_the_firms_page_and_withdraws_it(
        self, world: World, browse: Browse
    ) -> None:
        client = browse(world.gao)
        assert (
            f"/vouchers/?uscc={QINGHE_USCC}"
            in client.get(f"/cluster/firms/{world.qinghe.id}/").content.decode()
        )
        assert QINGHE_USCC in client.get(f"/vouchers/?uscc={QINGHE_USCC}").content.decode()
        asked = {"uscc": QINGHE_USCC, "programme": "innovation", "cap_fen": "50000", "until": "2099-01-01"}
        refused = client.post("/vouchers/", asked | {"cap_fen": "100000.01"})
        assert refused.status_code == 422
        assert 'id="id_cap_fen_error"' in refused.content.decode()
        assert "50,000.00" in words_of(client.post("/vouchers/", asked, follow=True))
        voucher = list_granted(world.gao)[0]
        client.post(f"/vouchers/{voucher.id}/withdraw/")
        assert list_granted(world.gao) == []


def test_who_answers_but_reads_no_prescription_has_the_next_step_as_the_main_button(
    world: World, market: Actor, browse: Browse
) -> None:
    """Under the thumb on a phone as well; for others that is the prescription."""
    assess(world.lin)
    agent = AgentFound("吴远达", person_id=world.wu.person)
    rights = {"barrel.read", "assessment.answer", "assessment.read"}
    give_mandate(world.lin, agent=agent, rights=rights, until=timezone.localdate())
    client = browse(world.wu, "en")
    client.post("/join/switch/", {"organisation": str(world.chunhui.id)})
    page = client.get("/barrel/").content.decode()
    assert 'href="/prescribe/"' not in page
    heading, _, phone = page.partition('<div class="fixed">')
    assert len(main_buttons(heading)) == len(main_buttons(phone)) == 1
    own = browse(world.lin, "en").get("/barrel/").content.decode()
    assert all('href="/prescribe/"' in each for each in main_buttons(own))


def main_buttons(page: str) -> list[str]:
    return re.findall(r'<[^<]*class="btn btn-primary"[^<]*>', page)

"""The map for the operator, and the published figures for everybody else: what each shows, and what no filter brings out."""

from io import BytesIO
from itertools import product
from pathlib import Path

import openpyxl
import pytest
import yaml
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from staveworks.cluster.barrel.atlas.exact import cluster_atlas, last_quarters
from staveworks.cluster.barrel.atlas.open_figures import published_atlas
from staveworks.cluster.barrel.atlas.types import Narrowed
from staveworks.cluster.barrel.models import Diagnosis
from staveworks.cluster.barrel.usecases.publish_figures import publish_figures
from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor, Kind, RightMissing, Role
from staveworks.foundation.parties.usecases.accept_agreement import withdraw_agreement
from staveworks.kit.data import SHIPPED
from tests.database import Clone
from tests.papers import Pdf
from tests.rooms.barrel.rubrics import write_data
from tests.rooms.barrel.test_publishing import KEQIAO, SHENGZE, assess, member
from tests.rooms.measure.test_cluster_pages import client_of
from tests.world import World, join, make_firm, make_person, make_world

WEAVING = "textile.weaving"


@pytest.fixture
def world(committed: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """With the small rubric, whose heights can be computed in the head."""
    write_data(tmp_path / "data", yaml.safe_load((SHIPPED / "planks.yaml").read_text("utf-8")), "2026")
    monkeypatch.setenv("STAVEWORKS_DATA", str(tmp_path / "data"))
    return make_world()


@pytest.fixture
def officer(world: World) -> Actor:
    return join(make_person("王蕾"), make_firm("经信局", Kind.GOVERNMENT, city="440605"), Role.OWNER)


def members(count: int, *, city: str = KEQIAO, name: str = "第", known: bool = True) -> list[Actor]:
    """``known``: from the operator's roster; it goes on seeing that these exist when they show nothing."""
    return [member(f"{name}{n}厂", step=n % 5, city=city, known=known) for n in range(count)]


def asked(actor: Actor, address: str) -> HttpResponse:
    """The API's answer to somebody who acts for her organisation."""
    answer: HttpResponse = client_of(actor).get(address, headers={"Staveworks-Organisation": str(actor.org)})
    return answer


def pages(client: Client) -> dict[str, str]:
    """Every page and answer of the published figures that any filter can ask for."""
    places, trades = ("", "330600", KEQIAO, "320500", SHENGZE), ("", WEAVING, "textile.dyeing")
    found = {}
    for place, trade, size in product(places, trades, ("", "micro", "small")):
        query = f"?place={place}&business_type={trade}&size={size}"
        page = client.get(f"/figures/{query}")
        assert page.status_code == 200
        found[f"page {query}"] = str(
            (page.context["atlas"].total, page.context["atlas"].places, page.context["atlas"].trades)
        )
        told = client.get(f"/api/v1/figures{query}").json()
        found[f"api {query}"] = str({key: told[key] for key in ("total", "places", "trades")})
    return found


class TestTheOperator:
    def test_sees_exactly_the_firms_that_show_themselves_by_city_and_district(self, world: World) -> None:
        owners = members(6, known=False) + members(3, city=SHENGZE, name="盛泽", known=False)
        member("不示厂", shows=(), known=False)
        atlas = cluster_atlas(world.gao, narrowed=Narrowed())
        assert [(line.key, line.firms, line.diagnosed) for line in atlas.places] == [
            ("330600", 6, 6),
            ("320500", 3, 3),
            ("", 1, 0),
        ]
        assert atlas.total
        assert (atlas.total.firms, atlas.total.diagnosed) == (10, 9), "with the one that nobody has claimed"
        (district,) = cluster_atlas(world.gao, narrowed=Narrowed(place="330600")).places
        assert (district.key, district.firms, district.few) == (KEQIAO, 6, False)
        withdraw_agreement(owners[0])
        after = cluster_atlas(world.gao, narrowed=Narrowed(place="330600")).places
        assert [(line.key, line.firms) for line in after] == [(KEQIAO, 5)]

    def test_is_told_which_figures_are_not_for_publication(self, world: World) -> None:
        members(6)
        members(3, city=SHENGZE, name="盛泽")
        page = client_of(world.gao).get("/cluster/map/")
        few = {row.line.key: row.line.few for row in page.context["places"]}
        assert few == {"330600": False, "320500": True, "": True}
        book = openpyxl.load_workbook(
            BytesIO(client_of(world.gao).get("/cluster/map/export.xlsx").content)
        ).active
        assert book is not None
        remarks = {row[2]: row[-1] for row in book.iter_rows(min_row=2, values_only=True) if row[0] == "地方"}
        assert remarks["320500"] == "不足 5 家，不得对外公布"
        assert remarks["330600"] is None

    def test_drills_down_to_firms_only_as_far_as_they_show_themselves(self, world: World) -> None:
        owners = members(5, known=False)
        client = client_of(world.gao)
        page = client.get("/cluster/map/?place=330600")
        (row,) = page.context["places"]
        firms = client.get(row.url)
        assert firms.context["total"] == 5
        withdraw_agreement(owners[0])
        assert client.get(row.url).context["total"] == 4

    def test_the_course_is_each_firms_latest_barrel_at_the_end_of_each_quarter(self, world: World) -> None:
        owner = member("第一厂", step=0)
        with acting(org=owner.org):
            Diagnosis.objects.update(at="2026-02-10T00:00:00+08:00")
        assess(owner, 4)
        points = {each.label: each.median for each in cluster_atlas(world.gao, narrowed=Narrowed()).trend}
        assert points["2026 Q1"] == points["2026 Q2"] == pytest.approx(52.63, abs=0.01)
        assert list(points.values())[-1] == 100
        assert list(points)[-1] == last_quarters(timezone.localtime())[-1][0]

    def test_an_export_holds_nobody_who_has_withdrawn_before_it_runs(self, world: World) -> None:
        owners = members(6, known=False)
        client = client_of(world.gao)
        before = openpyxl.load_workbook(BytesIO(client.get("/cluster/map/export.xlsx").content)).active
        withdraw_agreement(owners[0])
        after = openpyxl.load_workbook(BytesIO(client.get("/cluster/map/export.xlsx").content)).active
        assert before is not None
        assert after is not None
        assert (before["D3"].value, after["D3"].value) == (6, 5)
        assert "5 家已诊断" in Pdf(client.get("/cluster/map/export.pdf").content).text

    def test_nobody_else_sees_the_exact_map(self, world: World, officer: Actor) -> None:
        with pytest.raises(RightMissing):
            cluster_atlas(officer, narrowed=Narrowed())
        for path in ("/cluster/map/", "/cluster/map/export.pdf", "/api/v1/cluster/map"):
            assert asked(officer, path).status_code == 403
            assert asked(world.lin, path).status_code == 403
            assert asked(world.gao, path).status_code == 200

    def test_more_firms_do_not_mean_more_queries(self, world: World) -> None:
        client = client_of(world.gao)

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get("/cluster/map/").status_code == 200
            return len(captured)

        members(2)
        queries()
        few = queries()
        members(9, name="又")
        assert queries() == few


class TestEverybodyElse:
    def test_lands_on_the_published_figures(self, world: World, officer: Actor) -> None:
        client = client_of(officer)
        assert client.get("/").headers["Location"] == "/figures/"
        assert "还没有公布过数据" in client.get("/figures/").content.decode()
        members(6)
        publish_figures(world.gao, period="2026-07")
        page = client.get("/figures/").content.decode()
        assert "2026-07 公布" in page
        assert "至少 5 家企业" in page

    def test_sees_nothing_of_a_group_of_four(self, world: World, officer: Actor) -> None:
        members(6)
        members(4, city=SHENGZE, name="盛泽")
        publish_figures(world.gao, period="2026-07")
        atlas = published_atlas(officer, narrowed=Narrowed())
        assert [line.key for line in atlas.places] == ["330600"]
        assert published_atlas(officer, narrowed=Narrowed(place=SHENGZE)).total is None
        assert "没有这一组" in client_of(officer).get(f"/figures/?place={SHENGZE}").content.decode()

    def test_two_questions_never_differ_by_one_firm(self, world: World, officer: Actor) -> None:
        """Before and after one firm joins, and a snapshot is taken: every page and every answer is the same."""
        members(6)
        members(5, city=SHENGZE, name="盛泽")
        publish_figures(world.gao, period="2026-07")
        client = client_of(officer)
        before, exact = pages(client), cluster_atlas(world.gao, narrowed=Narrowed()).total
        member("新来厂", step=0)
        moved = cluster_atlas(world.gao, narrowed=Narrowed()).total
        assert moved != exact, "control: without groups the one firm would be the difference"
        assert pages(client) == before, "no query reaches behind the snapshot"
        publish_figures(world.gao, period="2026-08")
        assert pages(client) == before, "nor does the next one"

    def test_whoever_withdraws_takes_her_whole_group_out_and_no_other(
        self, world: World, officer: Actor
    ) -> None:
        owners = members(6)
        members(5, city=SHENGZE, name="盛泽")
        publish_figures(world.gao, period="2026-07")
        withdraw_agreement(owners[0])
        publish_figures(world.gao, period="2026-08")
        atlas = published_atlas(officer, narrowed=Narrowed())
        assert [(line.key, line.firms) for line in atlas.places] == [("320500", 5)]
        assert atlas.total
        assert atlas.total.firms == 5, "the total holds whole groups only"

    def test_a_question_behind_the_table_is_not_found_in_it(self, world: World, officer: Actor) -> None:
        members(6)
        publish_figures(world.gao, period="2026-07")
        client = client_of(officer)
        for query in (
            "?place=999999",
            "?business_type=no.such",
            "?size=micro",
            "?place='; --",
            "?firm=1&q=第0厂",
        ):
            page = client.get(f"/figures/{query}")
            assert page.status_code == 200
            total = page.context["atlas"].total
            assert total is None or total.firms == 5
        nowhere = client.get("/figures/?place=zzz")
        assert nowhere.context["atlas"].total is None, "nowhere, not everywhere"
        assert "没有代码为“zzz”的城市或区县" in nowhere.content.decode()
        assert "没有这一组" not in nowhere.content.decode()
        exact = client_of(world.gao).get("/cluster/map/?place=999999").content.decode()
        assert "不认识“999999”这个地方" in exact
        assert client.get("/api/v1/figures?size=tiny").status_code == 422
        assert client.get("/api/v1/figures").json()["total"]["firms"] == 5
        assert client.get("/api/v1/figures?firm=1").status_code == 422, "what is no filter is refused"

    def test_the_page_asks_no_row_of_any_firm(self, world: World, officer: Actor) -> None:
        members(6)
        publish_figures(world.gao, period="2026-07")
        with CaptureQueriesContext(connection) as captured:
            published_atlas(officer, narrowed=Narrowed(place="330600", business_type=WEAVING))
        told = [each["sql"] for each in captured]
        asked = " ".join(
            each for each in told if "rules_version" not in each
        )  # who adopted the rule is no firm
        assert "barrel_figure" in asked
        for table in (
            "barrel_diagnosis",
            "barrel_answer",
            "barrel_contribution",
            "parties_profile",
            "parties_organisation",
        ):
            assert table not in asked

    def test_every_member_may_see_them(self, world: World) -> None:
        for kind in (Kind.BANK, Kind.ASSOCIATION, Kind.PROVIDER, Kind.ENTERPRISE):
            actor = join(make_person(f"{kind}人"), make_firm(f"{kind}单位", kind), Role.VIEWER)
            assert client_of(actor).get("/figures/").status_code == 200

    def test_the_course_is_that_of_the_published_months(self, world: World, officer: Actor) -> None:
        members(6)
        publish_figures(world.gao, period="2026-07")
        members(5, name="又")
        publish_figures(world.gao, period="2026-08")
        trend = published_atlas(officer, narrowed=Narrowed()).trend
        assert [(point.label, point.firms) for point in trend] == [("2026-07", 5), ("2026-08", 10)]
        old = asked(officer, "/api/v1/figures?period=2026-07").json()
        assert (old["period"], old["total"]["firms"]) == ("2026-07", 5)


class TestTakingAway:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_pdf_png_and_xlsx_say_what_the_page_says(
        self, world: World, officer: Actor, language: str
    ) -> None:
        members(6)
        members(5, city=SHENGZE, name="盛泽")
        publish_figures(world.gao, period="2026-07")
        for actor, page in ((world.gao, "/cluster/map/"), (officer, "/figures/")):
            client = client_of(actor, language)
            pdf = Pdf(client.get(f"{page}export.pdf").content)
            assert ("绍兴市" if language == "zh-hans" else "Shaoxing") in pdf.text
            assert all(pdf.fonts.values())
            assert pdf.strokes(0) > 20, "the map is drawn"
            assert client.get(f"{page}export.png").content.startswith(b"\x89PNG")
            book = openpyxl.load_workbook(BytesIO(client.get(f"{page}export.xlsx").content)).active
            assert book is not None
            assert book.max_row > 3

    def test_where_nothing_is_published_the_paper_says_so_and_there_is_no_picture(
        self, world: World, officer: Actor
    ) -> None:
        for address in ("/figures/export.pdf", "/api/v1/figures/report.pdf"):
            assert "还没有公布过数据" in Pdf(asked(officer, address).content).text
        assert client_of(officer).get("/figures/export.png").headers["Location"] == "/figures/"
        members(5)
        publish_figures(world.gao, period="2026-07")
        assert asked(officer, "/api/v1/figures/report.pdf").content.startswith(b"%PDF")

    def test_a_coded_figure_stays_an_end_in_the_workbook(self, world: World, officer: Actor) -> None:
        for n in range(5):
            member(f"满{n}厂", step=4)
        publish_figures(world.gao, period="2026-07")
        book = openpyxl.load_workbook(BytesIO(client_of(officer).get("/figures/export.xlsx").content)).active
        assert book is not None
        values = {cell for row in book.iter_rows(min_row=2, values_only=True) for cell in row}
        assert "≥90" in values
        assert 100 not in values

"""The catalogue's pages by HTTP: search and filters in the address, one offer and its price, the provider's desk, bad input."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.cluster.prescription.own import find_own_problem
from staveworks.demo.answers import draw_answers
from staveworks.engine.prescription import reach
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.trade.catalogue.documents import read_document
from staveworks.trade.catalogue.models import Offer
from staveworks.trade.catalogue.queries import access_offer, list_own_offers
from staveworks.trade.catalogue.types import OfferState, OfferVersion
from staveworks.trade.catalogue.usecases.draft_offer import draft_offer
from staveworks.trade.catalogue.usecases.publish_offer import withdraw_offer
from tests.booking import LOOM
from tests.journeys.test_diagnose_pages import queries
from tests.trading import PLAIN, document, publish
from tests.world import World, join, make_firm, make_person, make_world

PLANKS = "staveworks-planks-2026"
TASK = {"task": "staveworks.mechanisms.tasks.mechanism:MECHANISM"}
BOOKING = {"booking": "staveworks.mechanisms.booking.mechanism:MECHANISM"}
KILO = {
    "kind": "per_unit",
    "unit": {"zh": "公斤", "en": "kg"},
    "unit_price_fen": 300,
    "minimum": "5",
    "step": "5",
}


@pytest.fixture(autouse=True)
def _mechanisms(settings: Any) -> None:
    settings.MECHANISMS = TASK | BOOKING | PLAIN


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def lab(world: World) -> Actor:
    return join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER, city="330603"), Role.OWNER)


@pytest.fixture
def browse(client: Client) -> Callable[..., Client]:
    def sign_in(actor: Actor, language: str = "zh-hans") -> Client:
        client.force_login(Person.objects.get(id=actor.person_id))
        client.cookies["django_language"] = language
        return client

    return sign_in


def words(answer: Any) -> str:
    main = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def short_of_inspection(actor: Actor) -> None:
    """A barrel of which the hoop *inspection* is by far the lowest."""
    import random

    low = {"procurement": 10.0, "inspection": 5.0}
    answers = draw_answers(PLANKS, lambda plank: low.get(plank, 60.0), random.Random(7), share=1.0)
    assessment = start_assessment(actor, rubric=PLANKS)
    save_answers(actor, assessment_id=assessment, answers=answers)


class TestTheCatalogue:
    def test_is_searched_and_filtered_by_its_address(
        self, world: World, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        publish(lab)
        publish(lab, title={"zh": "商标注册", "en": "Trademark"}, planks=["ip"], mechanism="task")
        client = browse(world.lin)
        assert "2 项服务" in words(client.get("/offers/"))
        found = client.get("/offers/?q=耐磨")
        assert "面料耐磨检测" in words(found)
        assert "商标注册" not in words(found)
        filtered = client.get("/offers/?plank=ip&mechanism=task")
        assert "1 项服务" in words(filtered)
        assert 'href="?mechanism=task" aria-current="true"' in filtered.content.decode(), "again: it goes"
        one = client.get("/offers/?plank=ip").content.decode()
        assert 'href="?plank=ip&amp;plank=inspection"' in one, "another one: both hold"
        assert "没有找到" in words(client.get("/offers/?q=火箭"))

    @pytest.mark.parametrize(
        "address",
        [
            "page=999999999999",
            "page=-1",
            "within=abc",
            "order=none",
            "plank=none",
            "provider=1",
            "q=" + "长" * 900,
        ],
    )
    def test_forgives_whatever_the_address_says(
        self, world: World, lab: Actor, browse: Callable[..., Client], address: str
    ) -> None:
        publish(lab)
        assert browse(world.lin).get(f"/offers/?{address}").status_code == 200

    def test_says_what_is_missing_in_both_languages(
        self, world: World, browse: Callable[..., Client]
    ) -> None:
        assert "还没有服务" in words(browse(world.lin).get("/offers/"))
        assert "No services yet" in words(browse(world.lin, "en").get("/offers/"))

    def test_orders_by_what_lifts_the_readers_own_barrel(
        self, world: World, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        short_of_inspection(world.lin)
        barrel = find_own_problem(world.lin)
        assert barrel is not None
        floor = {"kind": "floor", "amount": 80}
        publish(
            lab, title={"zh": "采购"}, planks=["procurement"], effects=[{"plank": "procurement", **floor}]
        )
        publish(lab, title={"zh": "知产"}, planks=["ip"], effects=[{"plank": "ip", **floor}])
        client = browse(world.lin)
        said = words(client.get("/offers/"))
        assert "按对您木桶的用处排序" in said
        assert said.index("采购") < said.index("知产")
        assert re.search(r"水位 \+\d", said)
        now = reach(barrel, ()).water_level
        offer = Offer.objects.order_by("created_at")[0].id
        assert f"您的水位 {round(now)} →" in words(client.get(f"/offers/{offer}/"))

    def test_names_the_plank_of_each_effect(
        self, world: World, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        effects = [
            {"plank": "ip", "kind": "gain", "amount": 18},
            {"plank": "rnd", "kind": "floor", "amount": 52},
        ]
        publish(lab, planks=["ip", "rnd"], effects=effects)
        page = browse(world.lin).get("/offers/")
        said = words(page)
        assert re.search(r"知识产权\s+提升 18 分", said), said
        assert re.search(r"研发设计\s+至少 52 分", said), said
        assert "visually-hidden" not in page.content.decode().split('class="offer-fit"')[1].split("</div>")[0]

    def test_takes_a_fixed_number_of_queries(
        self, world: World, lab: Actor, browse: Callable[..., Client], django_assert_num_queries: Any
    ) -> None:
        for number in range(3):
            publish(lab, title={"zh": f"检测 {number}"}, city="330603")
        client = browse(world.lin)
        client.get("/offers/")
        three = queries(client, "/offers/")
        for number in range(10):
            publish(lab, title={"zh": f"化验 {number}"}, city="330603")
        assert queries(client, "/offers/") == three


class TestOneOffer:
    def test_is_priced_for_the_reader_and_goes_into_her_order(
        self, world: World, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        version = publish(lab, mechanism="task", price=KILO)
        client, url = browse(world.lin), f"/offers/{version.offer_id}/"
        assert "¥15.00" in words(client.get(url)), "the least that can be ordered is priced at once"
        assert "爽约" not in words(client.get(url)), "nobody is expected for a kilogram"
        assert "¥60.00" in words(client.get(f"{url}?ask=1&quantity=20"))
        wrong = client.get(f"{url}?ask=1&quantity=7&note=急")
        assert wrong.status_code == 422
        assert "应为 5 的整数倍" in words(wrong)
        assert "5 公斤起" in words(client.get(url))
        assert "5 公斤起" in words(client.get("/offers/"))
        assert "from 5 (kg)" in words(browse(world.lin, "en").get(url))
        assert 'value="7"' in wrong.content.decode()
        added = client.post(url, {"quantity": "20"})
        assert added.status_code == 302
        assert added["Location"].startswith("/orders/")

    def test_a_part_of_what_is_sold_whole_is_told_plainly(
        self, world: World, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        whole = KILO | {"minimum": "1", "step": "1"}
        url = f"/offers/{publish(lab, mechanism='task', price=whole).offer_id}/?ask=1&quantity=2.5"
        assert "请填整数。" in words(browse(world.lin).get(url))
        assert "Enter a whole number." in words(browse(world.lin, "en").get(url))

    def test_who_may_not_order_sees_the_price_but_no_button(
        self, world: World, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        viewer = join(make_person("何看"), world.chunhui, Role.VIEWER)
        version = publish(lab, mechanism="task")
        client, url = browse(viewer), f"/offers/{version.offer_id}/"
        said = words(client.get(url))
        assert "¥680.00" in said
        assert "加入订单" not in said
        assert client.post(url, {}).status_code == 403

    def test_withdrawn_and_own_and_closed_ones_say_so(
        self, world: World, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        version = publish(lab, mechanism="task", groups={"elsewhere": "1"})
        url = f"/offers/{version.offer_id}/"
        assert "不对您所在的价格组开放" in words(browse(world.lin).get(url))
        assert "自己不能订" in words(browse(lab).get(url))
        withdraw_offer(lab, offer_id=version.offer_id)
        assert "已撤下" in words(browse(world.lin).get(url))

    def test_a_draft_is_nobodys_business_but_its_providers(
        self, world: World, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        draft = self.draft(lab)
        assert browse(world.lin).get(f"/offers/{draft}/").status_code == 404
        assert browse(lab).get(f"/offers/{draft}/")["Location"] == f"/desk/offers/{draft}/"

    def draft(self, lab: Actor) -> object:
        return draft_offer(lab, content={"title": {"zh": "半成品"}})


FILLED = {
    "title_zh": "染色打样",
    "title_en": "Lab dips",
    "text_zh": "两天出样",
    "delivers_zh": "小样\n处方",
    "delivers_en": "Dips",
    "mechanism": "task",
    "city": "330603",
    "effect_rnd": "floor",
    "amount_rnd": "45",
    "lead_time_days": "2",
    "acceptance_days": "7",
    "kind": "tiered",
    "unit_zh": "色",
    "unit_en": "colour",
    "mode": "all_units",
    "tiers": "0 120\n10 95.50",
    "minimum": "1",
    "step": "1",
    "group_member": "100",
    "group_elsewhere": "110",
    "cancel_hours_0": "24",
    "cancel_percent_0": "0",
    "cancel_late": "50",
    "cancel_no_show": "100",
    "certificate_0": "CMA",
    "certificate_number_0": "2211",
    "certificate_until_0": "2031-05-01",
    "tax": "services",
}


PRICED = {"mechanism": "task", "kind": "fixed", "amount": "1", "cancel_hours_0": "", "cancel_percent_0": ""}
TESTS = {
    "terms-task-kind": "test",
    "terms-task-tests-0-code": "force",
    "terms-task-tests-0-item-zh": "断裂强力",
    "terms-task-tests-0-item-en": "Breaking force",
    "terms-task-tests-0-method": "GB/T 3923.1-2013",
    "terms-task-tests-2-code": "pilling",
    "terms-task-tests-2-item-zh": "起球",
    "terms-task-tests-2-item-en": "Pilling",
    "terms-task-tests-2-method": "GB/T 4802.1-2008",
    "terms-task-rush-ratio": "0.5",
    "terms-task-rush-days": "1",
}
FORCE = [name for name in TESTS if name.startswith("terms-task-tests-0-")]
RUSH_DAYS = "terms-task-rush-days"


def shown(page: Any) -> dict[str, Any]:
    """What a browser would send of the form on ``page``, nothing being changed."""
    form = page.context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) is not None}


@pytest.mark.parametrize(
    ("short", "leads_to"), [("/desk/", "/desk/offers/"), ("/prescriptions/", "/prescribe/")]
)
def test_an_address_one_would_guess_leads_on(
    lab: Actor, browse: Callable[..., Client], short: str, leads_to: str
) -> None:
    assert browse(lab).get(short)["Location"] == leads_to


def test_a_month_that_is_none_is_named(world: World, browse: Callable[..., Client]) -> None:
    page = browse(world.lin).get("/books/?month=2026-13")
    assert page.status_code == 422
    assert "月份不对" in words(page)
    assert "现在不能这样做" not in page.content.decode()


class TestTheDesk:
    def test_an_offer_is_written_kept_and_published(
        self, world: World, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        client = browse(lab)
        assert "把会做的事放上来" in words(client.get("/desk/offers/"))
        kept = client.post("/desk/offers/new/", FILLED)
        (row,) = list_own_offers(lab)
        assert row.state is OfferState.DRAFT
        assert kept["Location"] == f"/desk/offers/{row.id}/"
        form = client.get(kept["Location"]).content.decode()
        for value in ("染色打样", "10 95.50", "2031-05-01", 'value="110"', 'value="100"'):
            assert value in form
        assert client.post(kept["Location"], FILLED | {"publish": "1"})["Location"] == "/desk/offers/"
        content = access_offer(world.lin, offer_id=row.id).version.content  # type: ignore[union-attr]
        assert [each.unit_price_fen for each in content.price.tiers] == [12_000, 9_550]  # type: ignore[union-attr]
        assert content.city == "330603"
        assert [(each.zh, each.en) for each in content.delivers] == [("小样", "Dips"), ("处方", "处方")]
        assert "在架 1 项" in words(client.get("/desk/offers/"))

    @pytest.mark.parametrize(
        ("wrong", "field", "said"),
        [
            ({"title_zh": ""}, "title_zh", ""),
            ({"tiers": "0 120\nabc"}, "tiers", "每行一档"),
            ({"tiers": "5 120"}, "tiers", "第一档从 0 起"),
            ({"amount_rnd": ""}, "amount_rnd", "请填写"),
            ({"cancel_percent_0": "80"}, "cancel_hours_0", "提前时间要递减"),
            ({"certificate_until_0": "2020-01-01"}, "certificate_until_0", "已过期"),
            (
                {"certificate_0": "", "certificate_1": "CNAS", "certificate_until_1": "2020-01-01"},
                "certificate_until_1",
                "已过期",
            ),
            (
                {"title_zh": "", "certificate_until_0": "2020-01-01"},
                "certificate_until_0",
                "已过期",
            ),
            ({"group_member": "", "group_elsewhere": ""}, "group_member", "请填写"),
            ({"kind": "fixed", "amount": "-1"}, "amount", ""),
            ({"kind": "fixed", "amount": ""}, "amount", "请填写"),
            ({"effect_rnd": ""}, "effect_rnd", "请至少选一块木板"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_else_is_lost(
        self, lab: Actor, browse: Callable[..., Client], wrong: dict[str, str], field: str, said: str
    ) -> None:
        version = publish(lab, mechanism="task")
        answer = browse(lab).post(f"/desk/offers/{version.offer_id}/", FILLED | wrong | {"publish": "1"})
        assert answer.status_code == 422
        html = answer.content.decode()
        assert f'id="id_{field}_error"' in html
        assert said in html
        assert "两天出样" in html

    def test_a_draft_may_wait_for_a_new_certificate(self, lab: Actor, browse: Callable[..., Client]) -> None:
        kept = browse(lab).post("/desk/offers/new/", FILLED | {"certificate_until_0": "2020-01-01"})
        assert kept.status_code == 302

    def test_what_a_group_says_at_its_head_is_not_said_at_each_field(
        self, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        page = browse(lab).get("/desk/offers/new/")
        assert "补哪块板（至少一块）" in words(page)
        for name in ("effect_rnd", "amount_rnd", "certificate_number_0", "certificate_until_0"):
            label = page.content.decode().split(f'for="id_{name}"')[1].split("</label>")[0]
            assert "选填" not in label, name

    def test_what_is_saved_unchanged_says_what_it_said(
        self, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        """Also an eighth of the price, and more steps and certificates than a new offer has rows for."""
        steps = [{"hours": 24 * n, "ratio": f"0.{16 - n:02}25"} for n in range(9, 4, -1)]
        version = publish(
            lab,
            mechanism="task",
            cancellation={"steps": steps, "late": "0.125", "no_show": "0.3333"},
            certificates=[{"name": {"zh": f"证书{n}", "en": f"No. {n}"}, "number": "1"} for n in range(5)],
            groups={"member": "0.9875", "guest": "1.5"},
            delivers=[{"zh": "报告"}, {"en": "Data"}],
            effects=[{"plank": "inspection", "kind": "floor", "amount": 40}],
            effects_from="4",
        )
        url = f"/desk/offers/{version.offer_id}/"
        assert browse(lab).post(url, shown(browse(lab).get(url)))["Location"] == url
        draft = access_offer(lab, offer_id=version.offer_id).draft
        assert read_document(draft) == version.content

    @pytest.mark.parametrize(
        "rough",
        [
            document(mechanism="task", delivers=[{"zh": "报告"}], cancellation={"steps": []}),
            document(mechanism="task", certificates=[{"name": {"zh": "CMA"}}]),
            {
                "delivers": [{"en": "report"}],
                "cancellation": {"steps": []},
                "certificates": [{"name": {}}, 1],
            },
            {"planks": True, "effects": [{}], "programmes": 3, "title": "x", "city": ["330603"], "groups": 1},
            {"price": {"kind": "tiered", "tiers": [{"start": "0"}, 2], "unit": "kg"}, "certificates": {}},
            {"price": 3, "groups": {"member": "many"}, "cancellation": {"late": "1e999999", "steps": [{}]}},
        ],
    )
    def test_whatever_programs_may_draft_is_shown(
        self, lab: Actor, browse: Callable[..., Client], rough: dict[str, Any]
    ) -> None:
        draft = draft_offer(lab, content=rough)
        assert browse(lab).get("/desk/offers/").status_code == 200
        assert browse(lab).get(f"/desk/offers/{draft}/").status_code == 200
        assert browse(lab).post(f"/desk/offers/{draft}/", FILLED).status_code == 302

    def test_cancellation_that_nobody_wrote_is_not_made_up(
        self, world: World, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        """A new offer suggests terms; a draft without any keeps what holds then, and the buyer reads that it is free at first."""
        new = browse(lab).get("/desk/offers/new/")
        assert (shown(new)["cancel_hours_0"], shown(new)["cancel_late"]) == (24, "50")
        draft = draft_offer(lab, content={"title": {"zh": "染色打样"}})
        url = f"/desk/offers/{draft}/"
        browse(lab).post(url, FILLED | shown(browse(lab).get(url)) | PRICED)
        said = access_offer(lab, offer_id=draft).draft["cancellation"]  # type: ignore[index]
        assert said == {"steps": [], "late": "1", "no_show": "1"}
        version = publish(lab, mechanism="task")
        page = words(browse(world.lin).get(f"/offers/{version.offer_id}/"))
        assert "对方接单以前：不收费" in page
        assert "接单且定了时间以后：收 100%" in page

    def test_a_deliverable_said_in_one_language_only_moves_no_other(
        self, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        lines = {"delivers_zh": "\n小样\n\n处方", "delivers_en": "Notes\nDips\n\nRecipe"}
        browse(lab).post("/desk/offers/new/", FILLED | lines)
        (row,) = list_own_offers(lab)
        said = access_offer(lab, offer_id=row.id).draft["delivers"]  # type: ignore[index]
        assert [(each["zh"], each["en"]) for each in said] == [
            ("", "Notes"),
            ("小样", "Dips"),
            ("处方", "Recipe"),
        ]

    def test_a_test_order_is_described_and_described_otherwise(
        self, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        client = browse(lab)
        url = client.post("/desk/offers/new/", FILLED | TESTS)["Location"]
        assert client.post(url, shown(client.get(url)) | {"publish": "1"})["Location"] == "/desk/offers/"
        (row,) = list_own_offers(lab)
        assert access_offer(lab, offer_id=row.id).version.content.terms == {  # type: ignore[union-attr]
            "kind": "test",
            "tests": [
                {
                    "code": "force",
                    "item": {"zh": "断裂强力", "en": "Breaking force"},
                    "method": "GB/T 3923.1-2013",
                },
                {"code": "pilling", "item": {"zh": "起球", "en": "Pilling"}, "method": "GB/T 4802.1-2008"},
            ],
            "rush": {"ratio": "0.5", "days": 1},
        }
        fewer = shown(client.get(url)) | dict.fromkeys([*FORCE, "terms-task-rush-ratio", RUSH_DAYS], "")
        client.post(url, fewer | {"terms-task-most_samples": "5"})
        terms = access_offer(lab, offer_id=row.id).draft["terms"]  # type: ignore[index]
        assert ([each["code"] for each in terms["tests"]], terms["most_samples"]) == (["pilling"], 5)
        assert "rush" not in terms
        client.post(url, fewer | {"terms-task-kind": ""})
        assert access_offer(lab, offer_id=row.id).draft["terms"] is None  # type: ignore[index]

    @pytest.mark.parametrize(
        ("wrong", "field", "said"),
        [
            ({"terms-task-tests-2-method": ""}, "terms-task-tests-2-method", "写明方法标准"),
            ({"terms-task-tests-2-item-en": ""}, "terms-task-tests-2-item-zh", "中英文都要写"),
            ({"terms-task-tests-2-code": "force"}, "terms-task-tests-2-code", "代码各不相同"),
            ({"terms-task-rush-ratio": "9"}, "terms-task-rush-ratio", "加急加价"),
            ({RUSH_DAYS: "soon"}, RUSH_DAYS, ""),
            ({"mechanism": "booking", RUSH_DAYS: "soon"}, "terms-booking-resource", "先登记资源"),
        ],
    )
    def test_what_is_wrong_in_the_terms_is_said_in_its_row(
        self, lab: Actor, browse: Callable[..., Client], wrong: dict[str, str], field: str, said: str
    ) -> None:
        """The second test stands in the third row. What is asked of another way of delivery is nobody's mistake."""
        version = publish(lab, mechanism="task")
        answer = browse(lab).post(
            f"/desk/offers/{version.offer_id}/", FILLED | TESTS | wrong | {"publish": "1"}
        )
        assert answer.status_code == 422
        html = answer.content.decode()
        assert f'id="id_{field}_error"' in html
        assert said in html
        assert list(answer.context["form"].errors) == [field]
        assert "起球" in html

    def test_the_resource_of_a_booking_is_chosen_with_its_dearer_hours(
        self, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        resource = register_bookable(lab, details=LOOM, units=1)
        booked = {
            "mechanism": "booking",
            "terms-booking-resource": str(resource),
            "terms-booking-windows-1-days": "MO-FR",
            "terms-booking-windows-1-from": "18:00",
            "terms-booking-windows-1-to": "24:00",
            "terms-booking-windows-1-ratio": "1.5",
        }
        answer = browse(lab).post("/desk/offers/new/", FILLED | booked | {"publish": "1"})
        assert answer["Location"] == "/desk/offers/"
        (row,) = list_own_offers(lab)
        assert access_offer(lab, offer_id=row.id).version.content.terms == {  # type: ignore[union-attr]
            "resource": str(resource),
            "windows": [{"days": "MO-FR", "from": "18:00", "to": "24:00", "ratio": "1.5"}],
        }

    @pytest.mark.parametrize(
        "terms",
        [
            {"kind": "lent", "until": "the end", "tests": 3},
            {"kind": "test", "tests": [1, {"code": "a", "note": 1}] + [{"code": f"c{n}"} for n in range(70)]},
            {"kind": ["test"], "most_samples": "many", "rush": []},
        ],
    )
    def test_terms_that_programs_wrote_stay_as_they_are_until_they_are_touched(
        self, lab: Actor, browse: Callable[..., Client], terms: dict[str, Any]
    ) -> None:
        draft = draft_offer(lab, content=document(mechanism="task", terms=terms))
        url = f"/desk/offers/{draft}/"
        client = browse(lab)
        assert client.post(url, shown(client.get(url)))["Location"] == url
        assert access_offer(lab, offer_id=draft).draft["terms"] == terms  # type: ignore[index]

    def test_the_price_alone_is_changed_unless_somebody_was_quicker(
        self, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        version = publish(lab, mechanism="task")
        client, url = browse(lab), f"/desk/offers/{version.offer_id}/price/"
        assert "¥680.00" in words(client.get(url))
        sent = {"kind": "fixed", "amount": "720", "group_member": "100", "number": "1"}
        assert client.post(url, sent).status_code == 302
        late = client.post(url, sent | {"amount": "750"})
        assert late.status_code == 409
        assert "别人改过" in words(late)
        assert client.post(url, sent | {"amount": "750", "number": "2"}).status_code == 302

    def test_is_withdrawn_with_an_undo_and_a_draft_is_deleted(
        self, world: World, lab: Actor, browse: Callable[..., Client]
    ) -> None:
        version = publish(lab, mechanism="task")
        client, url = browse(lab), f"/desk/offers/{version.offer_id}"
        shown = client.post(f"{url}/withdraw/", follow=True)
        assert f"{url}/restore/" in shown.content.decode()
        assert "已撤下" in words(client.get("/desk/offers/?state=withdrawn"))
        client.post(f"{url}/restore/")
        assert list_own_offers(lab)[0].state is OfferState.PUBLISHED
        draft = client.post("/desk/offers/new/", FILLED)["Location"]
        client.post(f"{draft}discard/")
        assert len(list_own_offers(lab)) == 1

    def test_others_find_nothing_there(self, world: World, lab: Actor, browse: Callable[..., Client]) -> None:
        version: OfferVersion = publish(lab, mechanism="task")
        url = f"/desk/offers/{version.offer_id}"
        client = browse(world.wu)
        assert client.get(f"{url}/").status_code == 404
        assert client.post(f"{url}/withdraw/").status_code == 404
        assert access_offer(lab, offer_id=version.offer_id).state is OfferState.PUBLISHED

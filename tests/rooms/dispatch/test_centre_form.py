"""The form of a work centre tells all that is wrong in one round, each by its product, and says when a certificate is over."""

import re
from datetime import timedelta

from django.test import Client

from staveworks.db.clock import database_today
from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Profile
from tests.capacity import KEQIAO, settle_in
from tests.rooms.dispatch.test_capacity_pages import WEAVE, browser, text_of
from tests.world import World


def refused(client: Client, **sent: str) -> str:
    answer = client.post("/capacity/new/weaving/", {**WEAVE, **sent})
    assert answer.status_code == 422
    return answer.content.decode()


def at_fault(page: str) -> set[str]:
    return set(re.findall(r'id="id_([\w-]+)_error"', page))


def test_prices_speeds_and_what_is_missing_are_told_at_once(world: World) -> None:
    settle_in(world.lin, KEQIAO)
    client = browser(world.lin, "zh-hans")
    sent = {
        "grade": "",
        "day_hours": "",
        "price_polyester-filament": "abc",
        "speed_polyester-filament": "-3",
        "price_cotton-poplin": "1.2",
        "expires_gots": "2030-01-01",
    }
    page = refused(client, **sent)
    assert at_fault(page) == {
        "grade",
        "day_hours",
        "price_polyester-filament",
        "speed_polyester-filament",
        "speed_cotton-poplin",
        "number_gots",
    }
    head = re.sub(r"<[^>]+>", "", page.split('class="form-errors"')[1].split("</div>")[0])
    assert "涤纶长丝面料 单价（元/米）" in head
    assert "纯棉府绸 速度（米）" in head
    assert "请填写。" in page


def test_without_any_product_it_says_so_with_whatever_else_is_missing(world: World) -> None:
    settle_in(world.lin, KEQIAO)
    client = browser(world.lin, "zh-hans")
    none = {"price_polyester-filament": "", "speed_polyester-filament": ""}
    page = refused(client, **none, grade="")
    assert "至少填一种产品的价格和速度。" in page
    assert at_fault(page) == {"grade"}


def test_full_width_figures_are_read_and_shown_as_they_were_typed(world: World) -> None:
    settle_in(world.lin, KEQIAO)
    client = browser(world.lin, "zh-hans")
    wide = {"price_polyester-filament": "１．３５", "speed_polyester-filament": "４，０００"}
    made = client.post("/capacity/new/weaving/", WEAVE | wide)
    assert made.status_code == 302
    assert "１．３５" in text_of(client, made["Location"])
    assert at_fault(refused(client, **{"price_polyester-filament": "4²"})) == {"price_polyester-filament"}


def test_a_certificate_that_is_over_is_taken_with_a_warning_and_its_date(world: World) -> None:
    settle_in(world.lin, KEQIAO)
    client = browser(world.lin, "zh-hans")
    over = database_today() - timedelta(days=1)
    made = client.post("/capacity/new/weaving/", WEAVE | {"number_gots": "CU 1", "expires_gots": str(over)})
    page = text_of(client, made["Location"])
    assert "要这张证书的活派不到这里" in page
    assert f"有效期至 {over}" in page
    assert "已到期" in page
    client.post(
        f"{made['Location']}edit/", WEAVE | {"number_gots": "CU 1", "expires_gots": str(database_today())}
    )
    page = text_of(client, made["Location"])
    assert "已到期" not in page
    assert "派不到这里" not in page


def test_free_time_that_ends_before_it_begins_names_both_fields(world: World) -> None:
    settle_in(world.lin, KEQIAO)
    client = browser(world.lin, "zh-hans")
    made = client.post("/capacity/new/weaving/", WEAVE)["Location"]
    today = database_today()
    said = {"first_date": today, "last_date": today - timedelta(days=1), "day_hours": "-1"}
    page = client.post(made, said).content.decode()
    assert "不能小于 0。" in page
    page = client.post(made, said | {"day_hours": "1"}).content.decode()
    assert "“到”不能早于“从”。" in page


def test_the_firms_own_industry_comes_first(world: World) -> None:
    client = browser(world.lin, "zh-hans")
    for trade, first in (("textile.dyeing", "纺织"), ("machining.turning", "机械加工")):
        with acting(org=world.chunhui.id):
            Profile.objects.update_or_create(org_id=world.chunhui.id, defaults={"business_type": trade})
        heads = re.findall(r"<h2>([^<]+)</h2>", text_of(client, "/capacity/new/"))
        assert heads[0] == first
    assert "按件计" in text_of(client, "/capacity/new/")

"""The studio's pages say what a run is, in both languages, to those who may see it and to nobody else."""

import json
import re
import zlib
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from staveworks.mechanisms.dispatch.run_queries import (
    access_demand,
    access_plan,
    access_report,
    list_demands,
    list_runs,
    list_what_ifs,
)
from staveworks.mechanisms.dispatch.usecases.publish_run import publish_run
from staveworks.mechanisms.dispatch.usecases.redispatch import redispatch
from staveworks.mechanisms.dispatch.usecases.replay_run import ask_replay, replay_run
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand
from staveworks.mechanisms.dispatch.usecases.start_run import next_monday, start_run
from staveworks.web.allocate.forms import LineForm
from staveworks.web.allocate.names import Names
from staveworks.web.allocate.shown import stave_rows
from tests.rooms.dispatch.browsing import browse
from tests.seasons import carried_out, dispatched, season, workbook
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_a_workbook_becomes_a_run_and_its_page(world: World, tmp_path: Path) -> None:
    client = browse(world.gao)
    path = workbook(tmp_path / "season.xlsx", season(lines=30, load=1.4))
    with path.open("rb") as file:
        sent = client.post(reverse("dispatch_demands"), {"file": file, "name": ""})
    (demand,) = list_demands(world.gao)
    assert sent["Location"] == reverse("dispatch_demand", args=[demand.id])
    assert client.get(sent["Location"]).status_code == 200
    address = f"{reverse('dispatch_new')}?demand={demand.id}"
    form = client.get(address).context["form"]
    said = {
        "demand": demand.id,
        "capacity": "own",
        "weeks": 6,
        "seed": 1,
        "name": "",
        "first": form["first"].value(),
    }
    started = client.post(address, said)
    assert started.status_code == 302, started.context["form"].errors
    (run,) = list_runs(world.gao)
    waiting = client.get(started["Location"]).content.decode()
    assert reverse("dispatch_state", args=[run.id]) in waiting
    assert client.get(reverse("dispatch_state", args=[run.id])).status_code == 200
    carried_out(world.gao, run.id)
    assert client.get(reverse("dispatch_state", args=[run.id]))["HX-Refresh"] == "true"
    shown = client.get(started["Location"]).content.decode()
    assert "迟交" in shown
    assert "集群最短的板" in shown


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "page", ["dispatch_run", "dispatch_plan", "dispatch_late", "dispatch_staves", "dispatch_firm"]
)
def test_each_page_of_a_plan_opens(world: World, page: str, language: str) -> None:
    run = dispatched(world.gao, load=1.4)
    response = browse(world.gao, language).get(reverse(page, args=[run]))
    assert response.status_code == 200


def test_the_bars_hold_every_allocation(world: World) -> None:
    run = dispatched(world.gao)
    response = browse(world.gao).get(reverse("dispatch_bars", args=[run]))
    bars = json.loads(zlib.decompress(response.content))
    lots = access_report(world.gao, run)[0]["summary"]["lots"]
    assert len(set(zip(bars["bars"]["line"], bars["bars"]["lot"], strict=True))) == lots
    assert all(a <= b for a, b in zip(bars["bars"]["from"], bars["bars"]["to"], strict=True))


def test_a_line_can_be_moved_as_a_question_and_the_answer_accepted(world: World) -> None:
    run = dispatched(world.gao, load=0.6)
    client = browse(world.gao)
    page = client.get(reverse("dispatch_line", args=[run]), {"line": "L-2001"})
    row = page.context["rows"][0]
    said = {
        "kind": "pin",
        "line": "L-2001",
        "lot": row["lot"] - 1,
        "step": row["step"] - 1,
        "work_centre": row["places"][-1][0],
        "bucket": row["bucket"],
    }
    client.post(reverse("dispatch_ask", args=[run]), said)
    (asked,) = list_what_ifs(world.gao, run)
    waiting = {"quiet": "1"}
    assert client.get(reverse("dispatch_state", args=[asked.id]), waiting).status_code == 204
    carried_out(world.gao, asked.id)
    beside = client.get(reverse("dispatch_state", args=[asked.id]), waiting)
    assert "HX-Refresh" not in beside  # what is being typed stays
    assert 'id="what-ifs"' in beside.content.decode()
    assert "公布方案" in client.get(reverse("dispatch_run", args=[run])).content.decode()
    assert "您采用之前什么都不动" in client.get(reverse("dispatch_run", args=[run])).content.decode()
    client.post(reverse("dispatch_accept", args=[asked.id]))
    assert len(list_runs(world.gao)) == 2


def test_a_late_line_says_which_hours_would_do_and_what_else(world: World) -> None:
    """Where there are about as many hours as lines need, some lines are late and none has to be given up for them."""
    run = dispatched(world.gao, load=1.0)
    late = access_report(world.gao, run)[0]["late"]
    row = next(each for each in late if each["why"] == "capacity" and each["late"] and not each["rejected"])
    assert all(each["price"] >= 0 for each in row["changes"] if each["kind"] == "hours")
    page = browse(world.gao).get(reverse("dispatch_line", args=[run]), {"line": row["line"]})
    reasons = page.context["reasons"]
    smallest, *others = reasons["ways"]
    assert row["changes"][0]["firm"] in smallest.said[0]
    assert "排满" in reasons["binding"]
    assert any("交期推后" in each.said[0] for each in others)


def test_what_is_not_there_or_too_much_is_refused_by_its_name(world: World) -> None:
    run, client = dispatched(world.gao, lines=6), browse(world.gao)
    missing = client.get(reverse("dispatch_line", args=[run]), {"line": "S-999"})
    assert missing.status_code == 404
    assert "没有这一行订单" in missing.content.decode()
    said = {"kind": "hours", "operation": "dyeing", "city": "柯桥", "bucket": 1, "hours": "999999999"}
    refused = client.post(reverse("dispatch_ask", args=[run]), said)
    assert "一次最多加减 100,000 小时" in refused.content.decode()


def test_what_a_plan_went_by_is_called_as_people_call_it(world: World) -> None:
    run, client = dispatched(world.gao, lines=6), browse(world.gao)
    page = client.get(reverse("dispatch_run", args=[run])).content.decode()
    assert "；按规则：排产口径 第 1 版。" in page
    assert "dispatch.terms" not in page


def test_a_question_that_is_refused_stays_in_its_form_with_the_reason_at_the_field(world: World) -> None:
    run, client = dispatched(world.gao, lines=6), browse(world.gao)

    def asked(address: str = "dispatch_ask", **said: Any) -> tuple[int, Any, str]:
        answer = client.post(reverse(address, args=[run]), said)
        return answer.status_code, answer.context, answer.content.decode()

    status, context, page = asked(kind="hours", operation="weaving", city="西樵", bucket=3, hours="many")
    form = context["asks"]["hours"]
    assert (status, form["at"], form["error"]) == (422, "hours", "工时要填数字。")
    assert (form["operation"], form["city"], form["bucket"], form["hours"]) == ("weaving", "西樵", 3, "many")
    assert 'aria-invalid="true" aria-describedby="hours-refused"' in page
    _, context, _ = asked(kind="due", line="L-9", due=1)
    form = context["asks"]["due"]
    assert (form["line"], form["at"], form["error"]) == ("L-9", "line", "方案里没有“L-9”。")
    row = client.get(reverse("dispatch_line", args=[run]), {"line": "L-2001"}).context["rows"][0]
    here = {"line": "L-2001", "lot": row["lot"] - 1, "step": row["step"] - 1}
    pin = {"kind": "pin", "work_centre": row["centre_id"], **here}
    _, context, page = asked(**pin, bucket=row["bucket"], at="line")
    assert context["rows"][0]["to"]["error"] == "现在就是这样，没有改动。"
    assert 'class="move" open' in page
    dyer = next(each for each in context["rows"] if each["operation"] != row["operation"])["centre_id"]
    _, context, _ = asked(**{**pin, "work_centre": dyer}, bucket=row["bucket"], at="line")
    assert context["rows"][0]["to"]["error"].startswith(f"{dyer.partition('-')[0]} · {dyer} 做不了这一单")
    _, context, page = asked(**pin, bucket=99)
    assert "没有问：" in page
    assert "周次不在排产范围内。" in page
    _, context, page = asked(kind="close", firm="锦澜", at="firm", **{"from": 77})
    assert context["asks"]["close"]["error"] == "周次不在排产范围内。"
    _, context, _ = asked("dispatch_anew", kind="close", firm="不在", **{"from": 1})
    assert (context["asks"]["anew"]["at"], context["asks"]["anew"]["from"]) == ("firm", 1)
    assert asked(kind="juggle")[0] == 422
    assert not list_what_ifs(world.gao, run)


def test_a_plan_prints_as_a_sheet_for_each_firm(world: World) -> None:
    run = dispatched(world.gao)
    page = browse(world.gao).get(reverse("dispatch_plan", args=[run]), {"print": "1"})
    sheets = page.context["sheets"]
    assert sum(len(rows) for _, rows, _ in sheets) == page.context["total"]
    assert all(rows == sorted(rows, key=lambda row: row["bucket"]) for _, rows, _ in sheets)


def test_what_ifs_stand_side_by_side_and_the_one_that_saves_most_is_offered_first(world: World) -> None:
    run = dispatched(world.gao, load=1.4)
    client = browse(world.gao)
    for hours in (60, 120, 20, -20):
        said = {"kind": "hours", "operation": "dyeing", "city": "柯桥", "bucket": 1, "hours": hours}
        client.post(reverse("dispatch_ask", args=[run]), said)
    asked = list_what_ifs(world.gao, run)
    assert [each.changes[0]["hours"] for each in asked] == ["60", "120", "20", "-20"]
    for each in asked:
        carried_out(world.gao, each.id)
    page = client.get(reverse("dispatch_run", args=[run]), {"what_if": str(asked[0].id)})
    assert (page.context["best"], page.context["drawn"]) == (asked[1].id, asked[0].id)
    assert page.content.decode().count("采用改动") == 4
    refused = client.post(reverse("dispatch_ask", args=[run]), said, follow=True)
    assert "最多同时比较 4 个假设" in refused.content.decode()
    client.post(reverse("dispatch_discard", args=[asked[2].id]))
    assert len(list_what_ifs(world.gao, run)) == 3


def test_what_came_of_a_replay_appears_by_itself(world: World) -> None:
    run, client = dispatched(world.gao, lines=6), browse(world.gao)
    ask_replay(world.gao, run=run)
    asking = f'hx-get="{reverse("dispatch_state", args=[run])}?replay=1"'
    assert asking in client.get(reverse("dispatch_run", args=[run])).content.decode()
    assert asking in client.get(reverse("dispatch_state", args=[run]), {"replay": "1"}).content.decode()
    replay_run(world.gao, subject=run)
    told = client.get(reverse("dispatch_state", args=[run]), {"replay": "1"}).content.decode()
    assert "方案一模一样" in told
    assert "hx-get" not in told


def test_the_workbook_of_a_plan_holds_customers_units_and_what_is_not_made(world: World) -> None:
    tables = season(lines=3)
    tables["lines"][0] |= {"customer": "兰岳户外"}
    tables["capacity"] = [row for row in tables["capacity"] if "dyeing" not in row["work_centre"]]
    run = planned(world, tables)
    book = browse(world.gao).get(reverse("dispatch_workbook", args=[run])).content
    header, *rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    told = [dict(zip(header, row, strict=True)) for row in rows]
    plan, _ = access_plan(world.gao, run)
    missing = {row["订单行"]: row for row in told if row["说明"] == "没有排上"}
    assert set(missing) == {plan.problem.lines.ids[at] for at in plan.is_rejected.nonzero()[0]}
    assert len(missing) == 2
    assert {row["客户"] for row in told if row["订单行"] == tables["lines"][0]["id"]} == {"兰岳户外"}


@pytest.mark.parametrize(("price", "shown"), [(0.34, "0.3"), (9.96, "10.0"), (1577.6, "1,578")])
def test_an_hour_that_is_worth_little_is_not_said_to_be_worth_nothing(price: float, shown: str) -> None:
    row = {"operation": "dyeing", "city": "柯桥", "bucket": 0, "price": price, "saves": 1}
    (told,) = stave_rows({"staves": [row]}, Names({}, date(2026, 12, 7)))
    assert told["price_yuan"] == shown


@pytest.mark.parametrize(("language", "share"), [("zh-hans", r"[\d.]+%"), ("en", r"[\d.]+\xa0%")])
def test_a_gap_is_written_as_each_language_writes_shares(world: World, language: str, share: str) -> None:
    run = dispatched(world.gao, lines=6)
    for page in (reverse("dispatch_run", args=[run]), reverse("dispatch")):
        told = re.findall(r"[\d.]+\s?%", browse(world.gao, language).get(page).content.decode())
        assert told
        assert all(re.fullmatch(share, each) for each in told if "." in each), told


def test_a_published_plan_reaches_a_firm_with_its_own_part_only(world: World) -> None:
    run = dispatched(world.gao, load=1.4)
    operator, firm = browse(world.gao), browse(world.lin)
    assert "还没有公布过方案" in firm.get(reverse("work")).content.decode()
    operator.post(reverse("dispatch_publish", args=[run]))
    page = firm.get(reverse("work"))
    ((share, hours, *_),) = page.context["shares"]
    assert hours > 0
    told = firm.get(reverse("work_share", args=[share.id])).content.decode()
    assert '春晖织<span class="nowrap">造-weaving</span>' in told
    assert "远达印染" not in told
    assert firm.get(reverse("dispatch_run", args=[run])).status_code == 403


def test_a_published_plan_is_withdrawn_with_a_reason_that_its_firms_read(world: World) -> None:
    run = dispatched(world.gao, first=monday_after_next(), load=1.4)
    operator, firm = browse(world.gao), browse(world.lin)
    page, withdraw = reverse("dispatch_run", args=[run]), reverse("dispatch_withdraw", args=[run])
    assert withdraw not in operator.get(page).content.decode()
    operator.post(reverse("dispatch_publish", args=[run]))
    assert 'id="withdraw" open' in operator.get(page, {"withdraw": ""}).content.decode()
    refused = operator.post(withdraw, {"reason": " "})
    assert refused.status_code == 422
    assert 'id="withdraw" open' in refused.content.decode()
    assert (
        "2 家企业在“派给我们的活”里读到理由"
        in operator.post(withdraw, {"reason": "面料没到"}, follow=True).content.decode()
    )
    shown = operator.get(page).content.decode()
    assert "面料没到" in shown
    assert withdraw not in shown
    assert "ask-what-if" not in shown
    assert "已撤回" in operator.get(reverse("dispatch")).content.decode()
    listed = firm.get(reverse("work"))
    assert "已撤回" in listed.content.decode()
    ((share, *_),) = listed.context["shares"]
    assert "面料没到" in firm.get(reverse("work_share", args=[share.id])).content.decode()
    twice = operator.post(withdraw, {"reason": "再来"})
    assert (twice.status_code, "已经撤回" in twice.content.decode()) == (409, True)


def test_a_plan_that_was_replaced_says_so_where_it_would_be_withdrawn(world: World) -> None:
    first = dispatched(world.gao, first=monday_after_next(), load=1.4)
    publish_run(world.gao, run=first)
    operator, page = browse(world.gao), reverse("dispatch_run", args=[first])
    offered = "?withdraw#withdraw"
    assert offered in operator.get(page).content.decode()
    line = access_plan(world.gao, first)[0].problem.lines.ids[0]
    anew = redispatch(world.gao, run=first, events=[{"kind": "due", "line": line, "due": 1}])
    carried_out(world.gao, anew)
    publish_run(world.gao, run=anew)
    shown = operator.get(page).content.decode()
    assert "已经取代了它" in shown
    assert offered not in shown
    assert reverse("dispatch_withdraw", args=[first]) not in shown
    assert offered in operator.get(reverse("dispatch_run", args=[anew])).content.decode()


def monday_after_next() -> date:
    return next_monday(timezone.localdate()) + timedelta(days=7)


def test_a_faulty_sheet_is_kept_and_can_be_mended_line_by_line(world: World, tmp_path: Path) -> None:
    tables = season(lines=5)
    tables["lines"][2]["quantity"] = "viele"
    client = browse(world.gao)
    with workbook(tmp_path / "bad.xlsx", tables).open("rb") as file:
        client.post(reverse("dispatch_demands"), {"file": file})
    (demand,) = list_demands(world.gao)
    page = client.get(reverse("dispatch_demand", args=[demand.id])).content.decode()
    assert "“viele”不是数" in page
    assert "<td>lines</td>" not in page
    assert "data-names>lines" not in page
    assert "周次从 0 数起" in page
    assert "css/allocate.css" in page  # which marks the row
    line = {
        "row": 2,
        **{key: tables["lines"][2][key] for key in ("id", "family", "due", "city")},
        "quantity": "900",
    }
    client.post(reverse("dispatch_demand_line", args=[demand.id]), {**line, "quantity": "9" * 20})
    assert "太大了" in list_demands(world.gao)[0].faults[0].text.zh
    client.post(reverse("dispatch_demand_line", args=[demand.id]), {**line, "max_lots": "7", "min_lot": ""})
    (mended,) = list_demands(world.gao)
    assert not mended.faults
    row = access_demand(world.gao, mended.id).rows[2]
    assert (row["quantity"], row["max_lots"]) == ("900", "7")
    assert row["late_cost"] == tables["lines"][2]["late_cost"]


def test_a_line_says_who_alone_may_make_it_and_who_may_not(world: World) -> None:
    """Chosen among the firms of the workbook, and planned so."""
    client, tables = browse(world.gao), season(lines=4)
    demand = save_demand(world.gao, name="季", tables=tables)
    page, line = (
        reverse("dispatch_demand", args=[demand.id]),
        reverse("dispatch_demand_line", args=[demand.id]),
    )
    form = client.get(page, {"row": 0}).context["line_form"]
    assert ("锦澜", "锦澜") in form.fields["blocked_firms"].choices
    said = {"row": 0, **{key: tables["lines"][0][key] for key in ("id", "family", "quantity", "due", "city")}}
    refused = client.post(line, {**said, "allowed_firms": ["别家"], "quantity": ""})
    assert refused.status_code == 422
    assert refused.context["line_form"].errors.keys() == {"allowed_firms", "quantity"}
    saved = client.post(line, {**said, "blocked_firms": ["锦澜", "华盈"]})
    assert saved["Location"] == f"{page}?page=1", "back where one was"
    row = access_demand(world.gao, demand.id).rows[0]
    assert row["blocked_firms"] == "锦澜;华盈"
    assert client.get(page, {"row": 0}).context["line_form"]["blocked_firms"].value() == ["锦澜", "华盈"]
    client.post(line, said)
    assert not access_demand(world.gao, demand.id).rows[0]["blocked_firms"]


def test_what_a_line_says_by_codes_is_named_beside_them_and_its_form_stands_first(world: World) -> None:
    said = {"id": "L-1", "family": "polyester-filament", "quantity": "900", "due": "3", "city": "330603"}
    demand = save_demand(world.gao, name="散单", tables={"lines": [said]})
    page = browse(world.gao).get(reverse("dispatch_demand", args=[demand.id]), {"row": 0})
    form = page.context["line_form"]
    assert (form.fields["family"].help_text, form.fields["city"].help_text) == ("涤纶长丝面料", "柯桥区")
    assert form["city"].value() == "330603"
    text = page.content.decode()
    assert ">900 米</td>" in text
    assert text.index('id="line" open') < text.index("<tbody>")


def test_what_is_not_made_in_full_is_not_called_in_time(world: World) -> None:
    tables = season(lines=3)
    for row in tables["capacity"]:
        row["hours"] *= 20
    whole = planned(world, tables)
    undyed = [row for row in tables["capacity"] if "dyeing" not in row["work_centre"]]
    short = planned(world, {**tables, "capacity": undyed})
    client = browse(world.gao)
    assert "没有迟交。" in client.get(reverse("dispatch_run", args=[whole])).content.decode()
    said = client.get(reverse("dispatch_run", args=[short])).content.decode()
    assert "2 行做不完</b>，能做的都按时。" in said
    assert "没有迟交" not in said
    listed = client.get(reverse("dispatch")).content.decode()
    assert "做不完" in listed
    assert listed.count('<td class="num">2</td>') == 1


def planned(world: World, tables: dict[str, Any]) -> UUID:
    demand = save_demand(world.gao, name="季", tables=tables)
    run = start_run(world.gao, demand=demand.id, first=next_monday(timezone.localdate()))
    carried_out(world.gao, run)
    return run


def test_where_no_firm_is_known_a_line_that_names_none_is_typed_from_nothing() -> None:
    form = LineForm(firms=[], row={"line": "S-1", "quantity": "5"})
    assert (form["allowed_firms"].value(), form["blocked_firms"].value()) == ("", "")

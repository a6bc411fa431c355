"""Dispatch by program, with the bodies of docs/how-to/use-the-api.md: demand, a run, a what-if."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from staveworks.db.transaction import acting
from staveworks.mechanisms.dispatch.documents import pack
from staveworks.mechanisms.dispatch.models import Demand
from staveworks.mechanisms.dispatch.run_queries import access_demand, list_demands
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from tests.capacity import declare, next_monday
from tests.contract.caller import Caller, make_token
from tests.rooms.dispatch.browsing import browse
from tests.seasons import season, workbook
from tests.world import World

JSON = "application/json"
LINE = {"line": "S-1", "family": "poplin", "quantity": 1200, "due": 3, "city": "柯桥"}


def sent(caller: Caller, lines: list[dict[str, Any]], **more: Any) -> Any:
    body = {"name": "season", "lines": lines, **more}
    answer: HttpResponse = caller.post("/api/v1/dispatch/demand", body, content_type=JSON)
    return answer


def test_columns_are_called_as_in_a_sheet(world: World) -> None:
    assert sent(Caller(make_token(world.gao)), [LINE]).status_code == 201
    (card,) = list_demands(world.gao)
    assert access_demand(world.gao, card.id).rows[0]["id"] == "S-1"


def test_columns_and_tables_that_nobody_knows_are_refused_each_where_it_stands_and_nothing_kept(
    world: World,
) -> None:
    lines = [LINE, {**LINE, "line": "S-2", "colour": "blue", "a/b": 1}, {**LINE, "id": "S-3"}]
    answer = sent(Caller(make_token(world.gao)), lines, tables={"lines": [], "machines": []})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    pointers = [each["pointer"] for each in answer.json()["errors"]]
    assert pointers == [
        "/lines/1/colour",
        "/lines/1/a~1b",
        "/lines/2/id",
        "/tables/lines",
        "/tables/machines",
    ]
    assert list_demands(world.gao) == []


def at(body: dict[str, Any], pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) leads to."""
    found: Any = body
    for part in pointer.split("/")[1:]:
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def test_faults_point_into_what_was_sent_and_name_no_row_of_a_sheet(world: World) -> None:
    """Also columns that were called as in a sheet, other tables, and what a doubled row repeats."""
    tables = season(lines=4)
    lines, problem = tables.pop("lines"), tables.pop("problem")
    lines[2]["数量"] = "many"
    del lines[2]["quantity"]
    lines[3]["id"] = lines[0]["id"]
    tables["capacity"][1]["hours"] = -5
    tables["capacity"][4]["bucket"] = tables["capacity"][3]["bucket"]
    body = {"name": "season", "lines": lines, "problem": problem, "tables": tables}
    caller = Caller(make_token(world.gao))
    demand = caller.post("/api/v1/dispatch/demand", body, content_type=JSON).json()
    found = {fault["pointer"]: fault for fault in demand["faults"]}
    assert found.keys() == {
        "/lines/2/数量",
        "/lines/3/id",
        "/tables/capacity/1/hours",
        "/tables/capacity/4/bucket",
    }
    assert [at(body, pointer) for pointer in found][:2] == ["many", lines[0]["id"]]
    assert found["/lines/3/id"]["text"]["en"] == "The same as /lines/0."
    assert found["/tables/capacity/4/bucket"]["text"]["en"] == "The same as /tables/capacity/3."
    assert (found["/lines/2/数量"]["index"], found["/lines/2/数量"]["column"]) == (2, "quantity")
    assert "row" not in demand["faults"][0]
    kept = caller.get(f"/api/v1/dispatch/demand/{demand['id']}").json()
    assert {each["pointer"] for each in kept["faults"]} == found.keys() - {"/lines/2/数量"} | {
        "/lines/2/quantity"
    }


def test_a_run_that_is_refused_for_its_demand_says_where_in_it(world: World) -> None:
    """A demand from before what it names was looked at."""
    declare(world.lin)
    caller = Caller(make_token(world.gao))
    known = {**LINE, "family": "polyester-filament", "city": "柯桥区"}
    demand = sent(caller, [known]).json()
    assert demand["faults"] == []
    with acting(org=world.gao.org, person=world.gao.person_id):
        tables = {"lines": [{**known, "id": "S-1", "family": "Unobtainium"}]}
        Demand.objects.filter(id=demand["id"]).update(tables=pack(tables))
    body = {"demand": demand["id"], "first": str(next_monday()), "weeks": 4}
    answer = caller.post("/api/v1/dispatch/runs", body, content_type=JSON)
    said = answer.json()
    assert (answer.status_code, said["type"]) == (422, "/api/v1/problems#problem-faulty")
    assert [each["pointer"] for each in said["errors"]] == ["/demand"]
    assert [each["pointer"] for each in said["faults"]] == ["/lines/0/family"]


def test_a_sheet_and_a_program_that_say_the_same_are_read_the_same(world: World, tmp_path: Path) -> None:
    """One reading of columns and cells: text around which there are spaces, whole numbers, faults at the same entries."""
    lines = [
        {
            "订单行": " S-1 ",
            "产品": "涤纶长丝面料",
            "数量": 1200.0,
            "交货周": "2026-12-14",
            "送达城市": "柯桥区",
        },
        {"订单行": "S-1", "产品": "nothing", "数量": "many", "交货周": "3", "送达城市": "柯桥区"},
    ]
    by_program = sent(Caller(make_token(world.gao)), lines).json()
    with workbook(tmp_path / "s.xlsx", {"lines": lines}).open("rb") as file:
        browse(world.gao).post(reverse("dispatch_demands"), {"file": file})
    (sheet,) = [card for card in list_demands(world.gao) if str(card.id) != by_program["id"]]
    program, other = (access_demand(world.gao, each) for each in (UUID(by_program["id"]), sheet.id))
    assert program.rows == other.rows
    assert program.rows[0]["id"] == "S-1"
    assert program.rows[0]["quantity"] == 1200
    assert [(each.entry, each.column) for each in sheet.faults] == [
        (each["index"], each["column"]) for each in by_program["faults"]
    ]
    assert len(sheet.faults) == 3


def test_a_what_if_is_asked_and_its_difference_read(world: World) -> None:
    caller, tables = Caller(make_token(world.gao)), season(lines=12)
    lines, problem = tables.pop("lines"), tables.pop("problem")
    demand = sent(caller, lines, problem=problem, tables=tables).json()
    assert demand["faults"] == []
    body = {"demand": demand["id"], "first": "2026-12-07", "weeks": 6}
    run = caller.post("/api/v1/dispatch/runs", body, content_type=JSON).json()["run"]
    carry_out_run(world.gao, subject=UUID(run))
    asked = caller.post(
        f"/api/v1/dispatch/runs/{run}/what-ifs",
        {"changes": [{"kind": "close", "firm": "锦澜", "from": 1}]},
        content_type=JSON,
    )
    assert asked.status_code == 201, asked.content
    what_if = asked.json()["run"]
    carry_out_run(world.gao, subject=UUID(what_if))
    difference = caller.get(f"/api/v1/dispatch/runs/{what_if}/plan").json()["difference"]
    assert {"become_late", "become_punctual", "become_short", "become_whole"} <= difference.keys()

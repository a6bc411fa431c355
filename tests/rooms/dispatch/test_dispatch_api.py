"""Dispatch by program, with the bodies of docs/how-to/use-the-api.md: demand, a run, a what-if."""

from typing import Any

from django.http import HttpResponse

from staveworks.mechanisms.dispatch.run_queries import access_demand, list_demands
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from tests.contract.caller import Caller, make_token
from tests.seasons import season
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


def test_a_column_that_nobody_knows_is_refused_and_nothing_kept(world: World) -> None:
    answer = sent(Caller(make_token(world.gao)), [LINE, {**LINE, "line": "S-2", "colour": "blue"}])
    assert answer.status_code == 422
    assert "/lines/1/colour" in answer.content.decode()
    assert list_demands(world.gao) == []


def test_a_what_if_is_asked_and_its_difference_read(world: World) -> None:
    from uuid import UUID

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

"""Capacity by program: declared, read back as typed, confirmed, withdrawn; problems at their fields; what the dispatcher reads."""

from typing import Any

from staveworks.mechanisms.dispatch.usecases.publish_heat import publish_heat
from tests.addresses import CENTRE
from tests.capacity import declare, next_monday
from tests.contract.caller import Caller, make_token
from tests.world import World

JSON = "application/json"


def made(caller: Caller, **other: Any) -> str:
    answer = caller.post("/api/v1/capacity/centres", CENTRE | other, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["centre"])


def test_a_work_centre_is_read_back_as_it_was_sent(world: World) -> None:
    caller = Caller(make_token(world.lin))
    centre = made(caller, certificates=[{"code": "gots", "number": "CU 1", "expires_date": "2027-01-01"}])
    found = caller.get(f"/api/v1/capacity/centres/{centre}").json()
    assert found["capabilities"][0]["price"] == "0.1"
    assert found["capabilities"][0]["price_fen"] == 10
    assert found["weekday_hours"] == CENTRE["weekday_hours"]
    assert found["certificates"] == [{"code": "gots", "number": "CU 1", "expires_date": "2027-01-01"}]
    changed = caller.put(f"/api/v1/capacity/centres/{centre}", CENTRE | {"grade": 3}, content_type=JSON)
    assert changed.status_code == 200
    assert caller.get("/api/v1/capacity/centres").json()["items"][0]["grade"] == 3
    assert caller.post(f"/api/v1/capacity/centres/{centre}/closing").status_code == 200
    again = caller.put(f"/api/v1/capacity/centres/{centre}", CENTRE, content_type=JSON)
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")
    assert caller.post(f"/api/v1/capacity/centres/{centre}/reopening").status_code == 200


def test_what_is_wrong_is_a_problem_at_its_field(world: World) -> None:
    caller = Caller(make_token(world.lin))
    for wrong, field in (
        ({"operation": "baking"}, "operation"),
        ({"weekday_hours": [25] * 7}, "weekday_hours"),
        ({"capabilities": [{"family": "polyester-filament", "price": "x", "speed": "1"}]}, "price"),
    ):
        answer = caller.post("/api/v1/capacity/centres", CENTRE | wrong, content_type=JSON)
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
        assert field in answer.content.decode()


def test_windows_are_declared_together_confirmed_and_withdrawn(world: World) -> None:
    caller = Caller(make_token(world.lin))
    centre, monday = made(caller), next_monday().isoformat()
    window = {"centre": centre, "first_date": monday, "last_date": monday, "day_hours": 6}
    wrong = caller.post(
        "/api/v1/capacity/windows", {"windows": [window, window | {"percent": 50}]}, content_type=JSON
    )
    assert wrong.status_code == 422
    assert caller.get("/api/v1/capacity/windows").json()["items"] == [], "all or none"
    assert caller.post("/api/v1/capacity/confirmations").status_code == 409, "nothing to confirm"
    done = caller.post("/api/v1/capacity/windows", {"windows": [window]}, content_type=JSON)
    assert done.status_code == 201
    assert caller.post("/api/v1/capacity/confirmations").json()["windows"] == 1
    (found,) = caller.get("/api/v1/capacity/windows").json()["items"]
    assert (found["day_hours"], found["stale"]) == (6, False)
    assert caller.delete(f"/api/v1/capacity/windows/{found['id']}").status_code == 200
    assert caller.delete(f"/api/v1/capacity/windows/{found['id']}").status_code == 404


def test_the_dispatcher_reads_all_of_it_and_a_member_only_what_is_published(world: World) -> None:
    declare(world.lin)
    dispatcher, member = Caller(make_token(world.gao)), Caller(make_token(world.wu, secret="member"))
    address = f"/api/v1/dispatch/capacity?from_day={next_monday()}&buckets=2"
    found = dispatcher.get(address).json()
    assert found["centres"][0]["hours"][0] == 40
    assert [each["reason"] for each in found["left_out"]] == ["trial", "trial"]
    assert member.get(address).status_code == 403
    lifted = dispatcher.post(
        f"/api/v1/dispatch/limits/{world.chunhui.id}", {"lifted": True, "reason": "看过"}, content_type=JSON
    )
    assert lifted.status_code == 201
    assert dispatcher.get(address).json()["left_out"] == []
    publish_heat(world.gao)
    assert dispatcher.get("/api/v1/dispatch/heat").json()["rows"][0]["values"][1]["hours"] == 48
    assert member.get("/api/v1/dispatch/heat").status_code == 403
    public = member.get("/api/v1/figures/capacity").json()["rows"][0]["values"][1]
    assert public == {"firms": None, "hours": None}

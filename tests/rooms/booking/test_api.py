"""What is lent by the hour, by the API: add, change, see, find free times, close and open again."""

from typing import Any

import pytest

from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import LineState
from tests.booking import Lab, monday
from tests.contract.caller import Caller, make_token
from tests.world import World

pytestmark = pytest.mark.django_db
BODY: dict[str, Any] = {
    "name": {"zh": "染色小样机", "en": "Dyeing machine"},
    "kind": "machine",
    "units": 3,
    "opening": {
        "rules": [{"rrule": "FREQ=WEEKLY;BYDAY=MO", "from": "08:30", "to": "12:00"}],
        "specials": [{"day": "2026-12-31"}, {"day": "2027-01-04", "hours": [["09:00", "11:00"]]}],
    },
}


def test_what_is_sent_is_what_is_read_back_and_can_be_sent_again(lab: Lab) -> None:
    caller = Caller(make_token(lab.fang))
    made = caller.post("/api/v1/bookables", BODY, content_type="application/json")
    assert made.status_code == 201, made.content
    found = made.json()
    assert found["opening"]["rules"][0] | {"since": ""} == BODY["opening"]["rules"][0] | {"since": ""}
    assert found["opening"]["specials"] == [
        {"day": "2026-12-31", "hours": []},
        {"day": "2027-01-04", "hours": [["09:00", "11:00"]]},
    ]
    again = {name: value for name, value in found.items() if name not in ("id", "zone", "withdrawn", "city")}
    address = f"/api/v1/bookables/{found['id']}"
    changed = caller.put(address, again | {"units": 4}, content_type="application/json").json()
    assert changed == found | {"units": 4}
    assert [each["id"] for each in caller.get("/api/v1/bookables").json()["items"]][-1] is not None
    wrong = BODY | {"opening": {"rules": [{"rrule": "FREQ=NEVER", "from": "08:30", "to": "12:00"}]}}
    refused = caller.put(address, wrong, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/opening/rules/0/rrule")


def test_everybody_finds_what_is_free_and_its_owner_closes_it(world: World, lab: Lab) -> None:
    day = monday()
    line = lab.book(world.lin, day, "09:00", minutes=240, quantity=2)
    address = f"/api/v1/bookables/{lab.looms}"
    buyer, owner = Caller(make_token(world.wu)), Caller(make_token(lab.fang))
    free = buyer.get(f"{address}/free?day={day}&minutes=240&units=2").json()["slots"]
    assert [each["starts_at"] for each in free] == [f"{day}T05:00:00Z", f"{day}T05:30:00Z"]
    assert buyer.get(f"{address}/days?first={day}").status_code == 404
    (first, *_) = owner.get(f"{address}/days?first={day}&days=2").json()["days"]
    assert [each["line"] for each in first["bookings"]] == [str(line.id)]
    body = {"starts_at": f"{day}T08:00:00+08:00", "ends_at": f"{day}T12:00:00+08:00", "reason": "换轴承"}
    backwards = body | {"ends_at": body["starts_at"]}
    assert owner.post(f"{address}/closings", backwards, content_type="application/json").status_code == 422
    closed = owner.post(f"{address}/closings", body, content_type="application/json").json()
    (displaced,) = closed["displaced"]
    assert (displaced["line"], len(displaced["alternatives"])) == (str(line.id), 3)
    assert access_line(world.lin, line_id=line.id).state is LineState.DISPLACED
    assert owner.delete(f"{address}/closings/{closed['closing']}").status_code == 200
    assert owner.get(f"{address}/days?first={day}&days=1").json()["days"][0]["closings"] == []

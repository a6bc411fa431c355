"""The whole way by programs: each with the token of its own organisation, and everything it does by the API."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from staveworks.foundation.parties.types import Actor
from tests.addresses import PNG
from tests.bidding import wait_until
from tests.booking import monday
from tests.books import today
from tests.contract.caller import Caller, make_token
from tests.database import Clone
from tests.rooms.barrel.conftest import data_folder, small_rubric
from tests.rooms.notices.happening import catch_up
from tests.skew import its_clock_says
from tests.testing import PDF
from tests.walk import BOOKS, STANDS_FEN, Walk, make_walk
from tests.world import make_world

__all__ = ["data_folder", "small_rubric"]


class By:
    """A program of ``actor``; what it is answered, or the test ends with the problem."""

    def __init__(self, actor: Actor) -> None:
        self.client = Caller(make_token(actor))

    def get(self, path: str) -> Any:
        return self._answer(self.client.get(f"/api/v1/{path}"))

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._answer(
            self.client.post(f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json")
        )

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return self._answer(
            self.client.put(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
        )

    def upload(self, path: str, name: str, content: bytes, **rest: Any) -> Any:
        return self._answer(
            self.client.post(f"/api/v1/{path}", {"file": SimpleUploadedFile(name, content), **rest})
        )

    def _answer(self, response: Any) -> Any:
        assert response.status_code < 300, response.content.decode()
        return response.json() if "json" in response["content-type"] else response.content


@pytest.fixture
def walk(committed: Clone, small_rubric: None) -> Walk:
    return make_walk(make_world())


def test_from_the_prescription_to_the_statement_of_every_party(walk: Walk) -> None:
    xu, lin, gao = By(walk.xu), By(walk.world.lin), By(walk.world.gao)
    store, studio, lab, design = map(By, (walk.store, walk.studio, walk.lab, walk.design))

    contract = award(walk, xu, design)
    order = fill(walk, xu)
    assert xu.post(f"orders/{order}/hold")
    assert xu.post(f"orders/{order}/place", {"expected_fen": 1_256_000}) == {"state": "awaiting_approval"}
    assert lab.get("lines")["items"] == [], "nobody is told before it is approved"
    lin.post(f"orders/{order}/approve")
    catch_up()

    (stored,) = store.get("lines?state=placed")["items"]
    store.post(f"lines/{stored['id']}/confirm")
    store.post(f"lines/{stored['id']}/parts", {"text": "已入仓", "last": True})
    xu.post(f"lines/{stored['id']}/accept")

    (booked,) = studio.get("lines?state=placed")["items"]
    studio.post(f"lines/{booked['id']}/confirm")
    with pytest.MonkeyPatch.context() as patch:  # the time that is booked has come
        its_clock_says(patch, datetime.fromisoformat(booked["quote"]["starts_at"]))
        studio.post(f"lines/{booked['id']}/start")
        studio.post(f"lines/{booked['id']}/parts", {"text": "用完", "last": True})
    xu.post(f"lines/{booked['id']}/accept")

    tested = report_on(lab)
    split(tested, xu, lab, gao)

    design.post(f"contracts/{contract}/confirm")
    drawing = design.upload("contracts/files", "样.png", PNG)["id"]
    design.post(f"contracts/{contract}/milestones/1/deliver", {"text": "小样与工艺单", "files": [drawing]})
    assert xu.get(f"contracts/{contract}/files/{drawing}") == PNG
    xu.post(f"contracts/{contract}/milestones/1/accept")

    catch_up()
    assert [(each["fen"], each["used"]) for each in xu.get(f"orders/{order}")["vouchers"]] == [(45_000, True)]
    assert {line["state"] for line in xu.get(f"orders/{order}")["lines"]} == {"accepted"}
    everybody = walk.parties | {"春晖织造": walk.xu}
    by = {
        walk.xu: xu,
        walk.store: store,
        walk.studio: studio,
        walk.lab: lab,
        walk.design: design,
        walk.world.gao: gao,
    }
    assert {name: statements(by[actor]) for name, actor in everybody.items()} == BOOKS
    assert walk.faults() == []


def award(walk: Walk, xu: By, design: By) -> str:
    """A request with one sealed proposal, opened and awarded; its milestone is in the order's draft with it."""
    request = walk.request(seconds=1.5)
    envelope = walk.bidding.envelope(walk.design, request, 800_000)
    at = f"requests/{request}"
    design.put(f"{at}/proposal", {"sealed": envelope.sealed, "commitment": envelope.commitment})
    assert xu.get(at)["comparison"] == [], "sealed for its buyer too"
    wait_until(request, walk.xu)
    design.post(f"{at}/proposal/open", {"code": walk.bidding.codes[request, walk.design.org]})
    (row,) = xu.get(at)["comparison"]
    return str(xu.post(f"{at}/award", {"proposal": row["proposal"], "reason": "经验多"})["id"])


def fill(walk: Walk, xu: By) -> str:
    """What the prescription chose: one by its name, two by what they ask."""
    found = xu.post("prescriptions", {"budget_fen": 500_000})
    assert [round(found[when]["water_level"]) for when in ("before", "after")] == [12, 60]
    assert found["net_fen"] == 300_000 + 18_000 + 30_000, "the voucher pays half of a test"
    done = xu.post(f"prescriptions/{found['id']}/order")
    left = {each["title"]["en"]: each["offer_version"] for each in done["left_out"]}
    assert (done["added"], set(left)) == (1, {"Streaming studio by the hour", "Fabric performance test"})
    rooms = walk.offers[walk.studio.org].content.terms["resource"]
    (first, *_) = xu.get(f"bookables/{rooms}/free?day={monday()}&minutes=120")["slots"]
    asked: dict[str, dict[str, Any]] = {
        "Streaming studio by the hour": {"starts_at": first["starts_at"], "minutes": 120},
        "Fabric performance test": {"samples": ["漂白布 1 号", "漂白布 2 号"], "tests": ["force"]},
    }
    for title, request in asked.items():
        xu.post("orders/lines", {"version": left[title], "request": request, "order": done["order"]})
    found = xu.get(f"orders/{done['order']}")
    seen, (voucher,) = found["order"], found["vouchers"]
    assert (seen["lines"], seen["providers"], seen["price_fen"]) == (4, 4, 1_256_000)
    assert (voucher["fen"], voucher["used"]) == (60_000, False)
    return str(done["order"])


def report_on(lab: By) -> str:
    """Samples, results, the report; the line."""
    (line,) = lab.get("lines?state=placed")["items"]
    lab.post(f"lines/{line['id']}/confirm")
    catch_up()
    here = f"desk/tasks/{line['id']}"
    task = lab.get(f"tasks/{line['id']}")
    samples = [each["id"] for each in task["samples"]]
    tests = [each["id"] for each in task["tests"]]
    lab.post(f"{here}/custody", {"samples": samples, "step": "received", "place": "A3"})
    lab.post(f"{here}/results", {"results": [{"test": each, "value": "512", "unit": "N"} for each in tests]})
    lab.upload(f"{here}/reports", "报告.pdf", PDF, tests=tests, last="true")
    return str(line["id"])


def split(line: str, xu: By, lab: By, gao: By) -> None:
    """The buyer stands by half, the laboratory by all; the operator reads the report and lets three quarters stand."""
    xu.post(f"lines/{line}/dispute", {"reason": "2 号样的强力没有复测", "stands_fen": 60_000})
    lab.post(f"lines/{line}/dispute/answer", {"text": "标准不要求复测", "agree": False})
    (seen,) = gao.get("disputes")["items"]
    (report,) = gao.get(f"tasks/{line}")["reports"]
    assert gao.get(f"reports/{report['id']}/file") == PDF
    gao.post(f"lines/{seen['id']}/dispute/decision", {"accepted_fen": STANDS_FEN, "reason": "各让一步"})


def statements(by: By) -> dict[str, int]:
    """The closing balance of every account in this month, by its statement."""
    month = f"{today():%Y-%m}"
    closing = {}
    for account in by.get("accounts")["items"]:
        other = account["counterparty_name"]
        found = by.get(f"accounts/{account['id']}/statement?month={month}")
        assert sum(line["amount"] for line in found["lines"]) == found["closing"]
        closing[f"{account['kind']} {other['zh'] if other else ''}".strip()] = found["closing"]
    return closing

"""A test order by API: where the samples are, results, the report and its bytes, refusals at their fields."""

import hashlib
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.contract.caller import Caller, make_token
from tests.testing import PDF, Lab, make_lab
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def lab(world: World) -> Lab:
    return make_lab()


def test_goes_from_samples_to_the_report_and_its_bytes(world: World, lab: Lab) -> None:
    line = lab.order(world.lin, samples=["漂白布 1 号"])
    desk, buyer = Caller(make_token(lab.fang, secret="l")), Caller(make_token(world.lin, secret="b"))
    here = f"/api/v1/desk/tasks/{line}"

    def send(path: str, body: Any) -> Any:
        return desk.post(f"{here}/{path}", json.dumps(body), content_type="application/json")

    def upload(path: str, name: str, content: bytes, **rest: Any) -> Any:
        return desk.post(f"{here}/{path}", {"file": SimpleUploadedFile(name, content), **rest})

    assert [each["stage"] for each in buyer.get("/api/v1/tasks").json()["items"]] == ["awaiting"]
    (sample,) = buyer.get(f"/api/v1/tasks/{line}").json()["samples"]
    assert desk.get(f"/api/v1/samples/{sample['code']}").json() == {"task": str(line), "sample": sample["id"]}
    early = send("custody", {"samples": [sample["id"]], "step": "in_test"})
    assert (early.status_code, early.json()["detail"]) == (
        409,
        "这个样品现在是“待收样”，不能再记“检测中”。",
    )
    assert send("custody", {"samples": [sample["id"]], "step": "received", "place": "A3"}).status_code == 201
    first, second = (each["id"] for each in desk.get(f"/api/v1/tasks/{line}").json()["tests"])
    assert send("results", {"results": [{"test": first, "value": "512", "unit": "N"}]}).json() == {
        "results": 1
    }
    seen = desk.get(f"/api/v1/tasks/{line}").json()["tests"][0]["results"]
    assert [(each["value"], each["source"]) for each in seen] == [("512", "api")]
    wrong = upload("results/file", "r.csv", "样品,项目,结果\n1,起球,\n".encode())
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/file")
    assert upload("results/file", "r.csv", "样品,项目,结果\n1,起球,4\n".encode()).status_code == 201
    marked = upload("reports", "r.pdf", PDF, tests=[first, second], marks=["CMA"])
    assert (marked.status_code, marked.json()["errors"][0]["pointer"]) == (409, "/marks")
    report = upload("reports", "r.pdf", PDF, tests=[first, second], last="true").json()["report"]
    (seen,) = buyer.get(f"/api/v1/tasks/{line}").json()["reports"]
    assert (seen["id"], seen["version"], seen["current"]) == (report, 1, True)
    content = buyer.get(f"/api/v1/reports/{report}/file").content
    assert hashlib.sha256(content).hexdigest() == seen["sha256"]
    again = upload("reports/1/versions", "r.pdf", PDF + b"2", tests=[first, second], reason="更正")
    assert again.status_code == 201, again.json()["errors"]
    assert [each["current"] for each in buyer.get(f"/api/v1/tasks/{line}").json()["reports"]] == [False, True]

"""A program seals a proposal as the how-to says, hands it in, opens it; and nothing it sent opens it before."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse

from staveworks.db.clock import database_now
from tests.bidding import Bidding, asked, make_bidding, wait_until
from tests.contract.caller import Caller, make_token
from tests.database import Clone
from tests.invariants.test_11_sealed import found_by
from tests.world import World, make_world

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "run-a-project.md"
REQUESTS = "/api/v1/requests"


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


@pytest.fixture
def bidding(world: World) -> Bidding:
    return make_bidding(world)


def send(caller: Caller, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
    response: HttpResponse = getattr(caller, method)(
        path, body, content_type="application/json", headers=headers or None
    )
    return response


def sealed_by_the_how_to(offer: str, request: str) -> dict[str, str]:
    """``sealed``, ``commitment``, ``code`` of the example as it is printed."""
    (example,) = re.findall(r"```python\n(.*?)```", HOW_TO.read_text("utf-8"), re.S)
    names: dict[str, Any] = {"OFFER": offer, "REQUEST": request}
    exec(example, names)
    return {key: names[key] for key in ("sealed", "commitment", "code")}


def test_a_program_seals_on_its_own_machine_and_opens_after_the_deadline(
    bidding: Bidding, committed: Clone
) -> None:
    request = bidding.closing(database_now() + timedelta(seconds=1.5))
    provider = Caller(make_token(bidding.fang, ["request.read", "proposal.make"]))
    said = sealed_by_the_how_to(str(bidding.offers[bidding.fang.org].offer_id), str(request))
    code = said.pop("code")
    at = f"{REQUESTS}/{request}/proposal"
    for _ in range(2):
        handed = send(provider, "put", at, said, **{"idempotency-key": "one"})
        assert (handed.status_code, handed.json()) == (200, {"number": 1})
    early = send(provider, "post", f"{at}/open", {"code": code})
    assert (early.status_code, early.json()["type"].rpartition("#")[2]) == (409, "still-sealed")
    assert found_by(committed.urls.cross, ("We made three like it", code)) == set()
    assert send(provider, "get", f"{REQUESTS}/{request}").json()["mine"]["commitment"] == said["commitment"]
    wait_until(request, bidding.fang)
    opened = send(provider, "post", f"{at}/open", {"code": code})
    assert (opened.status_code, opened.json()["price_fen"]) == (200, 300_000)
    late = send(provider, "put", at, said)
    assert (late.status_code, late.json()["type"].rpartition("#")[2]) == (409, "deadline-passed")
    buyer = Caller(make_token(bidding.lin))
    (row,) = send(buyer, "get", f"{REQUESTS}/{request}").json()["comparison"]
    assert row["bid"]["text"] == "We made three like it."
    awarded = send(
        buyer, "post", f"{REQUESTS}/{request}/award", {"proposal": row["proposal"], "reason": "好"}
    )
    assert awarded.status_code == 201
    contract = send(provider, "get", f"/api/v1/contracts/{awarded.json()['id']}").json()
    assert [(each["step"], each["terms"]["title"]) for each in contract["milestones"]] == [
        ("unordered", "Sample")
    ]


def test_what_is_wrong_stands_at_its_field(bidding: Bidding) -> None:
    buyer = Caller(make_token(bidding.lin))
    said = asked()
    body = {
        "title": said.title,
        "text": said.text,
        "closes_at": (database_now() + timedelta(hours=1)).isoformat(),
        "criteria": [{"name": "价格", "weight": 100, "by_price": True}],
    }
    refused = send(buyer, "post", REQUESTS, body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/closes_at")
    lighter = body | {"closes_at": said.closes_at.isoformat(), "criteria": [{"name": "价格", "weight": 90}]}
    refused = send(buyer, "post", REQUESTS, lighter)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/criteria")

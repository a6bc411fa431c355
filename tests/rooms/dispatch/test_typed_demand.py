"""Demand without a sheet: the first line typed, the others on its page."""

from django.urls import reverse

from staveworks.mechanisms.dispatch.run_queries import access_demand, list_demands
from tests.rooms.dispatch.browsing import browse
from tests.world import World

FIRST = {
    "batch": "",
    "id": "S-1",
    "family": "poplin",
    "quantity": "1200",
    "due": "2026-12-14",
    "city": "柯桥",
}


def test_a_demand_can_be_typed_from_nothing(world: World) -> None:
    client = browse(world.gao)
    assert reverse("dispatch_demand_typed") in client.get(reverse("dispatch_demands")).content.decode()
    sent = client.post(reverse("dispatch_demand_typed"), {**FIRST, "batch": "手工一批"})
    (card,) = list_demands(world.gao)
    assert (card.name, card.lines) == ("手工一批", 1)
    assert sent["Location"].startswith(reverse("dispatch_demand", args=[card.id]))
    assert access_demand(world.gao, card.id).rows[0]["id"] == "S-1"
    client.post(reverse("dispatch_demand_line", args=[card.id]), {**FIRST, "id": "S-2"})
    assert [row["id"] for row in access_demand(world.gao, card.id).rows] == ["S-1", "S-2"]


def test_a_first_line_that_lacks_something_is_told_at_its_field_and_kept(world: World) -> None:
    client = browse(world.gao)
    refused = client.post(reverse("dispatch_demand_typed"), {**FIRST, "quantity": ""})
    assert refused.status_code == 422
    assert "quantity" in refused.context["first_line"].errors
    assert 'value="S-1"' in refused.content.decode()
    assert list_demands(world.gao) == []


def test_what_can_not_be_read_in_a_first_line_is_told_on_its_page(world: World) -> None:
    client = browse(world.gao)
    client.post(reverse("dispatch_demand_typed"), {**FIRST, "quantity": "many", "batch": ""})
    (card,) = list_demands(world.gao)
    assert ("quantity", 2) in {(fault.column, fault.row) for fault in card.faults}
    assert card.name


def test_whoever_may_not_run_can_not_type_either(world: World) -> None:
    assert browse(world.lin).post(reverse("dispatch_demand_typed"), FIRST).status_code in (403, 404)
    assert list_demands(world.gao) == []

"""Lists page by page: complete, in order, each thing once, whatever is added meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Profile
from tests.contract.caller import Caller, make_token
from tests.world import World, make_unclaimed, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def walk(
    caller: Caller, address: str, between: Callable[[int], Any] = lambda _: None
) -> list[dict[str, Any]]:
    """All items, two a page; ``between`` is done after each page."""
    items: list[dict[str, Any]] = []
    join, cursor, pages = "&" if "?" in address else "?", "", 0
    while True:
        answer = caller.get(f"{address}{join}limit=2{cursor}")
        assert answer.status_code == 200, answer.content
        items += answer.json()["items"]
        if answer.json()["next"] is None:
            return items
        cursor = f"&cursor={answer.json()['next']}"
        between(pages := pages + 1)


@pytest.mark.parametrize("sort", ["name", "-name", "staff", "-staff", "water", "city", "-date"])
def test_every_firm_comes_once_in_the_asked_order_also_where_values_are_missing(
    world: World, sort: str
) -> None:
    for number, staff in enumerate((None, 20, 5, None, 20)):
        firm = make_unclaimed(f"新厂{number}", world.operator)
        with acting(org=world.operator.id):
            Profile.objects.filter(org_id=firm.id).update(staff=staff)
    caller = Caller(make_token(world.gao))
    paged = [firm["id"] for firm in walk(caller, f"/api/v1/firms?sort={sort}")]
    whole = [firm["id"] for firm in caller.get(f"/api/v1/firms?sort={sort}&limit=200").json()["items"]]
    assert paged == whole
    assert len(set(paged)) == 6


def test_a_firm_that_comes_in_between_shifts_nothing(world: World) -> None:
    for number in range(5):
        make_unclaimed(f"厂{number}", world.operator)
    caller = Caller(make_token(world.gao))
    before = {firm["id"] for firm in walk(caller, "/api/v1/firms")}
    during = [
        firm["id"]
        for firm in walk(caller, "/api/v1/firms", lambda page: make_unclaimed(f"阿{page}", world.operator))
    ]
    assert before <= set(during)
    assert len(during) == len(set(during))


def test_events_of_one_moment_are_all_told(world: World) -> None:
    with acting(org=world.chunhui.id, person=world.lin.person_id):
        ids = {str(append_event(world.lin, "thing.happened", subject=world.chunhui.id)) for _ in range(7)}
    caller = Caller(make_token(world.lin))
    told = [event["id"] for event in walk(caller, "/api/v1/events?type=thing.happened")]
    assert set(told) == ids
    assert len(told) == 7


def test_a_cursor_belongs_to_one_list_in_one_order(world: World) -> None:
    for number in range(3):
        make_unclaimed(f"厂{number}", world.operator)
    caller = Caller(make_token(world.gao))
    cursor = caller.get("/api/v1/firms?limit=1").json()["next"]
    assert caller.get(f"/api/v1/firms?limit=1&cursor={cursor}").status_code == 200
    for address in ("/api/v1/firms?sort=-name&", "/api/v1/cities?", "/api/v1/firms?limit=1&words="):
        bent = cursor[:-1] + ("A" if cursor[-1] != "A" else "B") if address.endswith("words=") else cursor
        answer = caller.get(f"{address}&cursor={bent}")
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "cursor")


def test_cities_are_walked_by_their_code() -> None:
    caller = Caller()
    codes = [city["code"] for city in walk(caller, "/api/v1/cities?parent=330600")]
    assert codes == sorted(set(codes))
    assert all(code.startswith("3306") for code in codes)

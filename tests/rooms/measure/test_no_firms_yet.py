"""A cluster that has no firms yet says so, and offers the way to a list to whoever may import one."""

import pytest
from django.test import Client

from staveworks.foundation.parties.types import Actor, Role
from tests.rooms.measure.test_cluster_pages import client_of
from tests.world import Firm, join, make_operator, make_person, make_world

pytestmark = pytest.mark.django_db
PAGES = ["/growth/", "/cluster/", "/cluster/firms/", "/cluster/map/"]
TO_LISTS = 'btn-primary" href="/rosters/"'


@pytest.fixture
def operator() -> Firm:
    return make_operator()


def of(role: Role, operator: Firm) -> Actor:
    return join(make_person("韩雪", phone="+8613805750077"), operator, role)


@pytest.mark.parametrize("path", PAGES)
def test_whoever_may_import_a_list_is_led_there(operator: Firm, path: str) -> None:
    assert TO_LISTS in page(client_of(of(Role.OWNER, operator)), path)


@pytest.mark.parametrize("path", PAGES)
def test_a_viewer_isnt_offered_what_she_may_not_do_nor_told_to_ask_her_own_office(
    operator: Firm, path: str
) -> None:
    shown = page(client_of(of(Role.VIEWER, operator)), path)
    assert TO_LISTS not in shown
    assert "问运营方" not in shown
    assert "还没有企业" in shown


def test_growth_draws_nothing_of_nobody_and_something_of_somebody(operator: Firm) -> None:
    empty = page(client_of(of(Role.OWNER, operator)), "/growth/")
    assert "data-chart" not in empty
    assert "都有人认领了" not in empty


def test_growth_of_a_cluster_with_firms_has_its_chart() -> None:
    assert "data-chart" in page(client_of(make_world().gao), "/growth/")


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()

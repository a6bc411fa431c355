"""No page that the benchmark measures asks the database more often because there are more firms."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.pages import Page, pages
from staveworks.cluster.barrel.models import Diagnosis
from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.issue_claim_link import issue_claim_link
from tests.rooms.measure.test_cluster_pages import assess, client_of
from tests.world import World, make_unclaimed, make_world

pytestmark = pytest.mark.django_db
MOST = 30
"""A page that asks more often is slow on a busy machine however few firms there are."""
FEWER = {
    "operator: firms": 22,
    "operator: cluster": 22,
    "operator: map": 19,
    "operator: growth": 21,
    "owner: barrel": 19,
    "owner: prescription": 17,
}
"""Pages whose queries were put together: what they ask now."""
NONE = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def world() -> World:
    world = make_world()
    assess(world.lin)
    accept_agreement(world.lin, shows=["barrel"])
    for number in range(2):
        another_firm(world, number)
    return world


def another_firm(world: World, number: int) -> None:
    """An unclaimed firm, diagnosed and invited."""
    firm = make_unclaimed(f"第{number}织造厂", world.operator, phones=[f"+86138057501{number:02}"])
    assess(world.gao_for(firm))
    issue_claim_link(world.gao, org_id=firm.id)


def measured(world: World) -> list[tuple[Page, Actor]]:
    """The benchmark's pages that need a sign-in, but for the one of a roster, which lists that roster's rows only."""
    with acting(org=world.lin.org_id, person=world.lin.person_id):
        assessment = Diagnosis.objects.get(org_id=world.lin.org, current=True).assessment_id
    people = {"operator": world.gao, "owner": world.lin, "bank": world.wu, "provider": world.wu}
    listed = pages(str(world.qinghe.id), NONE, str(assessment))
    asked = [page for page in listed if page.who and NONE not in page.path]
    return [(page, people[page.name.partition(":")[0]]) for page in asked]


def count(world: World) -> dict[str, int]:
    counts = {}
    clients = {actor.person_id: client_of(actor) for _, actor in measured(world)}
    for page, actor in measured(world):
        client = clients[actor.person_id]
        for _ in range(2):  # the first visit may note something once
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(page.path)
        assert answer.status_code == 200, (page.path, answer.status_code, answer.headers.get("Location"))
        counts[page.name] = len(captured)
    return counts


def test_twelve_more_firms_do_not_mean_one_more_query_on_any_page(world: World) -> None:
    few = count(world)
    assert len(few) > 20
    for number in range(2, 14):
        another_firm(world, number)
    assert count(world) == few
    assert {name: queries for name, queries in few.items() if queries > FEWER.get(name, MOST)} == {}

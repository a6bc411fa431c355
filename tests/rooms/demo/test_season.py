"""The demo's season: dispatched, published, dispatched anew, with a question open; and still alive when one comes back to it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from staveworks.db.clock import database_now, database_today
from staveworks.db.transaction import acting
from staveworks.demo import alive
from staveworks.demo.capacity import WEEKS, declare_capacity, traded, trades
from staveworks.demo.season import NAME, dispatch_season, draw_lines
from staveworks.foundation.parties.models import Organisation, Person
from staveworks.foundation.parties.types import Actor
from staveworks.kit.industries import load_industries
from staveworks.mechanisms.dispatch.models import Confirmation, WindowStatement
from staveworks.mechanisms.dispatch.queries import dispatchable_capacity
from staveworks.mechanisms.dispatch.run_queries import access_report, list_runs, list_shares, list_what_ifs
from staveworks.mechanisms.dispatch.types.dispatchable import LeftOutReason
from staveworks.mechanisms.dispatch.types.runs import RunKind
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from tests.world import World, make_firm, make_world

CITIES = ("330603", "320509", "440605")
MONDAY = date(2026, 11, 30)


def carry(planner: Actor, run: UUID) -> None:
    carry_out_run(planner, subject=run)


@pytest.fixture
def demo(committed: Any) -> World:
    """A planner and thirty firms of all trades in three cities, all of the demo."""
    made = make_world()
    Person.objects.filter(id=made.gao.person).update(demo=True)
    kinds = sorted(trades())
    firms = {make_firm(f"演示 {n}", city=CITIES[n % 3]).id: kinds[n % len(kinds)] for n in range(30)}
    for firm in firms:
        with acting(org=firm):
            Organisation.objects.filter(id=firm).update(demo=True)
    assert declare_capacity(traded(firms.items()), 7) > 30
    return made


def test_the_season_is_dispatched_published_and_asked_about_once_also_after_an_interruption(
    demo: World,
) -> None:
    assert not dispatch_season(7, lambda planner, run: None), "nobody works yet"
    assert not dispatch_season(7, lambda planner, run: None)
    (queued,) = list_runs(demo.gao)
    assert queued.is_open
    assert dispatch_season(7, carry)
    assert dispatch_season(7, carry), "a second time does nothing"
    anew, published = list_runs(demo.gao)
    assert (published.kind, anew.kind, anew.base) == (RunKind.RUN, RunKind.REDISPATCH, published.id)
    assert published.name.startswith(NAME)
    assert published.published_at
    assert not anew.published_at
    what_ifs = list_what_ifs(demo.gao, anew.id)
    assert [each.changes[0]["kind"] for each in what_ifs] == ["hours", "due"]
    assert all(access_report(demo.gao, each.id)[0]["difference"] for each in what_ifs)
    report, _ = access_report(demo.gao, published.id)
    assert report["late"]
    assert report["staves"]
    (busy,) = [change["firm"] for change in anew.changes]
    firm = Actor(None, UUID(busy), frozenset({"work.read"}))
    assert list_shares(firm)[0].work


def test_without_anybody_of_the_demo_to_plan_nothing_is_dispatched(committed: Any) -> None:
    gao = make_world().gao
    assert not dispatch_season(7, carry)
    assert list_runs(gao) == []


def test_firms_go_on_confirming_and_declaring_and_some_stay_silent(
    demo: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert alive.confirm_capacity() == 0, "all of it was said today"
    monkeypatch.setattr(alive, "CONFIRMED", timedelta(0))
    confirmed = alive.confirm_capacity()
    firms = Organisation.objects.filter(demo=True).count()
    assert 0 < firms * 2 / 3 < confirmed < firms
    assert Confirmation.objects.using("cross").count() == confirmed
    windows = WindowStatement.objects.using("cross")
    assert not windows.filter(last_date__gt=database_today() + timedelta(weeks=WEEKS)).exists()
    monkeypatch.setattr(alive, "AHEAD", timedelta(weeks=WEEKS + 1))
    alive.confirm_capacity()
    assert windows.filter(last_date__gt=database_today() + timedelta(weeks=WEEKS)).count() > confirmed / 2
    later = database_now() + timedelta(days=9)
    found = dispatchable_capacity(demo.gao, from_day=MONDAY, buckets=4, now=later)
    assert LeftOutReason.STALE not in {each.reason for each in found.left_out}


def test_a_home_without_a_demo_is_left_alone(committed: Any) -> None:
    from staveworks.jobs.demo import keep_demo_alive

    make_world()
    assert keep_demo_alive() == 0


def test_the_same_seed_draws_the_same_lines_of_families_that_the_packs_have() -> None:
    lines = draw_lines(7, MONDAY)
    assert lines == draw_lines(7, MONDAY)
    assert lines != draw_lines(8, MONDAY)
    assert len(lines) == 107
    assert {line["family"] for line in lines} <= set(load_industries().families)
    assert {line["city"] for line in lines} == set(CITIES)
    assert len(draw_lines(7, MONDAY, share=0.1)) < 20

"""Hours that published plans have taken are not shown as free, and who sums them learns of the plans nothing else."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.mechanisms.dispatch.models import Share
from staveworks.mechanisms.dispatch.queries import free_heat, my_capacity
from staveworks.mechanisms.dispatch.reading import reading_capacity
from staveworks.mechanisms.dispatch.usecases.publish_run import publish_run
from staveworks.mechanisms.dispatch.usecases.withdraw_run import withdraw_run
from tests.capacity import KEQIAO, WUJIANG, declare, next_monday
from tests.rooms.dispatch.browsing import browse
from tests.rooms.dispatch.weaving import MOST, furnish, looms, wove
from tests.world import World, join, make_firm, make_person, make_world


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    furnish(made)
    return made


def city_operator(city: str) -> Actor:
    return join(make_person("何一川"), make_firm("服务公司", Kind.CITY, city=city), Role.OWNER)


def weaving(actor: Actor) -> list[tuple[Decimal | None, int | None]]:
    """Hours and firms behind them of next week and the one after it."""
    (row,) = [each for each in free_heat(actor).rows if each.operation == "weaving"]
    return [(value.hours, value.firms) for value in row.values[1:3]]


def taken() -> list[tuple[UUID, float]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT centre, hours FROM dispatch_hours_taken(%s, 104)", [next_monday()])
        return [(centre, float(hours)) for centre, hours in cursor.fetchall()]


def test_operators_of_platform_and_city_see_what_published_plans_leave(world: World) -> None:
    city = city_operator(KEQIAO)
    run = wove(world, MOST)
    _, (used, _) = looms(world, run)
    assert used > 0
    for actor in (world.gao, city):
        assert weaving(actor) == [(48, 1), (48, 1)], "a plan that nobody was told of takes nothing"
    publish_run(world.gao, run=run)
    for actor in (world.gao, city):
        (left, firms), after = weaving(actor)
        assert float(left or 0) == pytest.approx(48 - used, abs=0.1)
        assert (firms, after) == (1, (48, 1))
    assert "已扣除公布的方案占用的工时" in browse(city).get("/dispatch/heat/").content.decode()
    withdraw_run(world.gao, run=run, reason="面料没到")
    assert weaving(city) == [(48, 1), (48, 1)]


def told(world: World, *work: dict[str, Any]) -> None:
    """The weaver has this work by a published plan."""
    with acting(org=world.operator.id):
        Share.objects.create(
            org_id=world.operator.id,
            firm_id=world.chunhui.id,
            run_id=wove(world, MOST),
            name="季",
            first_date=next_monday(),
            work=list(work),
            reasons=[],
        )


def test_a_firm_whose_hours_are_all_taken_stands_behind_no_figure_and_takes_none_of_others(
    world: World,
) -> None:
    (centre,) = my_capacity(world.lin).centres
    declare(join(make_person("厂长"), make_firm("织厂"), Role.OWNER), name="剑杆织机")
    assert weaving(world.gao) == [(96, 2), (96, 2)]
    told(world, {"centre": f"{centre.id} oeko", "work_centre": centre.name, "bucket": 0, "hours": 1_000})
    assert weaving(world.gao) == [(48, 1), (96, 2)]


def test_work_told_by_a_former_version_takes_the_hours_of_the_work_centre_that_it_names(world: World) -> None:
    told(
        world,
        {"work_centre": "喷水织机", "bucket": 1, "hours": 12.5},
        {"work_centre": "别的", "bucket": 1, "hours": 9},
    )
    assert weaving(world.gao) == [(48, 1), (Decimal("35.5"), 1)]


def test_hours_taken_are_told_inside_a_logged_look_and_of_its_place_alone(world: World) -> None:
    publish_run(world.gao, run=wove(world, MOST))
    here, there = city_operator(KEQIAO), city_operator(WUJIANG)
    for actor in (world.gao, here, there, world.wu):
        with acting(org=actor.org, person=actor.person_id):
            own = [centre for centre, _ in taken()]
            assert len(own) == (1 if actor is world.wu else 0), "a firm's own hours are its own"
    for actor, centres in ((here, 2), (there, 0)):
        with reading_capacity(actor, scope="heat") as log:
            assert len(taken()) == centres
            assert not Share.objects.exists(), "of what firms were told a city reads nothing"
            log.aggregated(centres)

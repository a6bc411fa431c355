"""What contracts lend stands in the barrel exactly as long as they run: derived, of a subscription by the period, of one-off services in delivery."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from staveworks.cluster.barrel.current import find_current
from staveworks.cluster.barrel.picture import Barrel
from staveworks.cluster.prescription.lending import list_lent, picture_with_lent
from staveworks.db.clock import database_today
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from staveworks.kit.data import data_file
from staveworks.kit.planks import load_register
from staveworks.mechanisms.tasks.types.subscriptions import MoveKind
from staveworks.mechanisms.tasks.usecases.keep_subscription import (
    end_subscription,
    move_subscription,
    renew_subscription,
)
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from tests.database import Clone
from tests.ordering import placed
from tests.rooms.prescription.conftest import assess, sell
from tests.subscribing import pass_months, subscribe
from tests.trading import PLAIN
from tests.world import World, make_world

LENDS: dict[str, Any] = {
    "planks": ["logistics"],
    "effects": [{"plank": "logistics", "kind": "floor", "amount": 60}],
}
TASKS = PLAIN | {"task": "staveworks.mechanisms.tasks.mechanism:MECHANISM"}


@pytest.fixture(autouse=True)
def _by_the_month(settings: Any) -> None:
    settings.MECHANISMS = TASKS


def barrel_of(actor: Actor) -> Barrel:
    current = find_current(actor)
    assert current
    register = load_register(data_file("planks.yaml"))
    return picture_with_lent(current.card, current.bearing, list_lent(actor), firm="春晖", register=register)


@pytest.mark.django_db
def test_a_subscription_lends_while_its_period_runs_that_was_ordered(world: World, lab: Actor) -> None:
    assess(world.lin)
    assert (barrel_of(world.lin).without_lending, list_lent(world.lin)) == (None, [])
    begun = subscribe(world.lin, lab, months_ago=1, **LENDS)
    assert list_lent(world.lin) == [], "its second period is not ordered yet"
    assert renew_subscription(world.lin, subscription_id=begun) == 1
    (lent,) = list_lent(world.lin)
    assert (lent.floors, lent.ends_date, lent.subscription_id) == ({"logistics": 60.0}, None, begun)
    barrel = barrel_of(world.lin)
    stave = next(each for each in barrel.staves if each.code == "logistics")
    assert (stave.own, stave.lent) == (12.5, 47.5)
    assert (barrel.without_lending, barrel.water.likely, barrel.binding) == (12.5, 25.0, "marketing")
    end_subscription(lab, subscription_id=begun)
    (ending,) = list_lent(world.lin)
    assert ending.ends_date
    assert database_today() < ending.ends_date <= database_today() + timedelta(days=31)
    assert list_lent(lab) == [], "its provider has nothing lent"


def test_a_period_that_was_paused_lends_nothing(
    committed: Clone, data_folder: Any, small_rubric: Any
) -> None:
    world = make_world()
    begun = subscribe(world.lin, world.wu, **LENDS)
    move_subscription(world.lin, subscription_id=begun, kind=MoveKind.PAUSED)
    assert [bool(each.ends_date) for each in list_lent(world.lin)] == [True], "this month is paid"
    pass_months(committed, 1)
    assert renew_subscription(world.lin, subscription_id=begun) == 1
    assert list_lent(world.lin) == []
    move_subscription(world.lin, subscription_id=begun, kind=MoveKind.RESUMED)
    pass_months(committed, 1)
    renew_subscription(world.lin, subscription_id=begun)
    assert [each.ends_date for each in list_lent(world.lin)] == [None]


@pytest.mark.django_db
def test_a_service_lends_while_it_is_delivered_and_what_is_learnt_is_never_lent(
    world: World, lab: Actor
) -> None:
    bench = sell(lab, "驻厂", "logistics", "floor", 60, 10_000)
    course = sell(lab, "培训", "marketing", "gain", 30, 10_000)
    lines = [placed(world.lin, each).line_id for each in (bench, course)]
    for line in lines:
        confirm_line(lab, line_id=line)
    assert list_lent(world.lin) == []
    for line in lines:
        deliver_part(lab, line_id=line, text="第一周", last=False)
    assert [(each.line_id, each.subscription_id) for each in list_lent(world.lin)] == [(lines[0], None)]
    deliver_part(lab, line_id=lines[0], text="第二周", last=True)
    assert list_lent(world.lin) == []


@pytest.mark.django_db
def test_the_pages_show_what_is_lent_and_when_it_leaves(world: World, lab: Actor) -> None:
    assess(world.lin)
    begun = subscribe(world.lin, lab, **LENDS)
    page = Client(headers={"host": "localhost"})
    page.force_login(
        Person.objects.get(id=str(world.lin.person_id)), "allauth.account.auth_backends.AuthenticationBackend"
    )
    shown = page.get("/barrel/").content.decode()
    assert "连同借来的板，水位" in shown
    assert "随订阅" in shown
    assert "订阅在，板在" in page.get(f"/subscriptions/{begun}/").content.decode()
    end_subscription(world.lin, subscription_id=begun)
    assert "起收回" in page.get("/barrel/").content.decode()
    assert "起收回" in page.get(f"/subscriptions/{begun}/").content.decode()

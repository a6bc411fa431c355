"""The eleventh plank goes all the way as data: offered, found by its filter, prescribed, ordered, paid for; no code knows its name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import Client

from staveworks.cluster.prescription.queries import find_newest
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.queries import current_draft, list_desk
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from staveworks.trade.settlement.queries import list_earnings
from staveworks.trade.settlement.usecases.post_ordered_line import post_ordered_line
from tests.books import today
from tests.journeys.test_prescription_pages import words_of
from tests.rooms.barrel.conftest import GREEN, data_folder, small_rubric, world
from tests.rooms.prescription.conftest import assess, lab, sell
from tests.trading import EVERY_WAY
from tests.world import World

__all__ = ["data_folder", "lab", "small_rubric", "world"]


def test_it_is_sold_found_prescribed_and_ordered_like_any_other(
    world: World, lab: Actor, data_folder: Callable[..., Path], client: Client, settings: Any
) -> None:
    settings.MECHANISMS = EVERY_WAY | {"task": "staveworks.mechanisms.tasks.mechanism:MECHANISM"}
    data_folder([GREEN], edition="2027")
    offer = sell(lab, "节能诊断", "green", "floor", 40, 12_000, mechanism="task")
    sell(lab, "云仓", "logistics", "floor", 60, 9_000, mechanism="task")
    assess(world.lin, green_a=0, green_b=0, logistics_b=1, marketing_b=1)
    client.force_login(Person.objects.get(id=world.lin.person_id))

    found = client.get("/offers/")
    assert 'href="?plank=green"' in found.content.decode(), "a filter with its count"
    assert "绿色制造" in words_of(found)
    found = client.get("/offers/?plank=green")
    assert (f"/offers/{offer.offer_id}/" in found.content.decode(), "云仓" in words_of(found)) == (
        True,
        False,
    )

    page = client.post("/prescribe/", {"budget_fen": "500", "objective": "level"}, follow=True)
    read = words_of(page)
    assert "绿色制造" in read
    assert "0 → 40" in read
    client.post(f"/prescribe/{find_newest(world.lin)}/order/")
    draft = current_draft(world.lin)
    assert draft
    client.post(f"/orders/{draft.id}/hold/")
    client.post(f"/orders/{draft.id}/place/", {"expected_fen": "12000"})

    (line,) = list_desk(lab)
    confirm_line(lab, line_id=line.id)
    deliver_part(lab, line_id=line.id, text="诊断报告", last=True)
    accept_line(world.lin, line_id=line.id)
    post_ordered_line(operator_service_for(world.lin.org), subject=line.id)
    assert [each.price_fen for each in list_earnings(lab, month=today().replace(day=1))] == [12_000]

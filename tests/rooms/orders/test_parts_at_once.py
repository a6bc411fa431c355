"""Parts of one line that are delivered at the same moment, also the first ones."""

from typing import Any

from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.ordering import make_market
from tests.trading import PLAIN
from tests.world import make_world


def test_each_begins_the_delivery_or_finds_it_begun(committed: Clone, settings: Any) -> None:
    settings.MECHANISMS = PLAIN
    world = make_world()
    market = make_market(world)
    (line,) = market.place(world.lin, market.yarn).lines
    confirm_line(market.lu, line_id=line.id)
    parts = [lambda: deliver_part(market.lu, line_id=line.id, text="一车", last=False, quantity=2)] * 4
    assert sorted(map(repr, at_once(*parts))) == ["1", "2", "3", "4"]
    assert [part.quantity for part in access_line(world.lin, line_id=line.id).parts] == [2] * 4

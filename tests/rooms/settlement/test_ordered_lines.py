"""From an accepted order to the statement of every party: the event of a line makes its postings, whoever's event it is."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from staveworks.foundation.ledger.queries import list_accounts, statement_of
from staveworks.foundation.ledger.types import AccountKind
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.jobs.reactions import POST_LINE, REACTIONS
from staveworks.kit.ids import new_id
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import confirm_line, decline_line
from staveworks.trade.orders.usecases.dispute_line import answer_dispute, decide_dispute, open_dispute
from staveworks.trade.orders.usecases.end_line import cancel_line
from staveworks.trade.settlement.usecases.post_ordered_line import post_ordered_line
from tests.books import today
from tests.ordering import Market, make_market
from tests.trading import PLAIN
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def market(world: World, settings: Any) -> Market:
    settings.MECHANISMS = PLAIN
    return make_market(world)


def react(of: Actor, line: UUID) -> list[UUID]:
    """As the worker does after an event of that organisation."""
    return post_ordered_line(operator_service_for(of.org), subject=line)


def stands(of: Actor) -> dict[str, int]:
    return {account.kind: account.balance for account in list_accounts(of) if account.balance}


def month() -> date:
    return today().replace(day=1)


def test_the_table_of_reactions_posts_whatever_money_follows_from() -> None:
    posting = {event for event, paths in REACTIONS.items() if POST_LINE in paths}
    assert posting == {"line.accepted", "line.cancelled", "line.no_show"}


def test_an_accepted_line_is_in_the_statements_of_buyer_provider_and_platform(
    world: World, market: Market
) -> None:
    line = market.deliver(world.lin, market.test)
    assert react(world.lin, line.id) == [], "delivered isn't accepted"
    accept_line(world.lin, line_id=line.id)
    [transfer] = react(world.lin, line.id)
    assert react(market.fang, line.id) == [], "again, by the other side"
    assert stands(world.lin) == {"payable": -68_000, "tax_in": 3_849, "purchases": 64_151}
    assert stands(world.gao) == {"receivable": 1_360, "tax_out": -77, "fee_income": -1_283}
    [claim] = [each for each in list_accounts(market.fang) if each.kind == AccountKind.RECEIVABLE]
    statement = statement_of(market.fang, claim.id, month=month())
    assert [(row.transfer_id, row.subject_id, row.amount) for row in statement.lines] == [
        (transfer, line.id, 68_000)
    ]
    assert (claim.counterparty and claim.counterparty.zh) == "春晖织造"


def test_a_dispute_split_by_the_operator_posts_the_part_that_stands(world: World, market: Market) -> None:
    line = market.deliver(world.lin, market.test).id
    open_dispute(world.lin, line_id=line, reason="少做一项", stands_fen=20_000)
    answer_dispute(market.fang, line_id=line, text="样品不够", agree=False)
    decide_dispute(world.gao, line_id=line, accepted_fen=34_000, reason="各担一半")
    assert len(react(world.gao, line)) == 1, "the event is the operator's, the posting the buyer's"
    assert stands(world.lin)["payable"] == -34_000
    assert stands(world.gao)["receivable"] == 680, "half the fee"


def test_nothing_that_stands_posts_nothing(world: World, market: Market) -> None:
    line = market.deliver(world.lin, market.test).id
    open_dispute(world.lin, line_id=line, reason="全错", stands_fen=0)
    answer_dispute(market.fang, line_id=line, text="是我们的错", agree=True)
    assert react(world.lin, line) == []
    (declined,) = market.place(world.lin, market.yarn).lines
    decline_line(market.lu, line_id=declined.id, reason="订完")
    assert react(market.lu, declined.id) == []
    assert react(world.lin, new_id()) == []


def test_what_is_cancelled_late_is_owed_as_penalty(world: World, market: Market) -> None:
    (line,) = market.place(world.lin, market.test).lines
    confirm_line(market.fang, line_id=line.id)
    fee = cancel_line(world.lin, line_id=line.id)
    assert fee > 0
    react(world.lin, line.id)
    assert stands(world.lin) == {"payable": -fee, "penalty_expense": fee}
    assert stands(market.fang) == {"receivable": fee, "penalty_income": -fee}
    assert stands(world.gao) == {}

"""kill -9 of web, worker and database while clients order over HTTP: nothing acknowledged is lost, nothing is there twice (invariants 1, 2, 5–9, 25).

With the product's own processes. ``benchmarks/kills.py`` does the same with twenty-four kills.
"""

from uuid import UUID

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from tests.kills import (
    Client,
    Market,
    Told,
    a_running_market,
    judge,
    order_under_kills,
    verified,
    wait_for_transfers,
)

KILLS = ["web", "database", "worker"]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kills")]


def test_orders_survive_kills_of_web_worker_and_database(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), a_running_market(clients=4) as market:
        told = order_under_kills(market, KILLS, each_after=12)
        wait_for_transfers(market, told)
        verdict = judge(market.superuser(), told)
        assert verdict.clean, verdict
        assert told.asked_again > 0, "no kill hit a request: it shows nothing"
        assert {line.fate for line in told.lines} == {"accepted", "cancelled", "cancelled late"}
        assert verified(market)["ok"]
        control_a_second_key_makes_a_second_effect(market, told)
        control_what_is_gone_is_missed(market, told)


def control_a_second_key_makes_a_second_effect(market: Market, told: Told) -> None:
    """What a client does that takes a new key for its second try."""
    careless = Client(
        market.run.port, market.buyers[0], market.sellers, iter(range(500, 502)), Told(), seed=1
    )
    careless.order()
    doubled = judge(market.superuser(), told).doubled
    assert len([each for each in doubled if each.startswith("line")]) == 2, doubled
    assert len([each for each in doubled if each.startswith("order")]) == 1, doubled


def control_what_is_gone_is_missed(market: Market, told: Told) -> None:
    """A line, its transfer and its reservation, taken away behind the triggers' back."""
    line = next(line for line in told.lines if line.fate == "accepted")
    with psycopg.connect(market.superuser()) as database:
        database.execute("SET session_replication_role = replica")
        for statement in (
            "DELETE FROM orders_line WHERE id = %s",
            "DELETE FROM settlement_entry WHERE line_id = %s",
            "DELETE FROM reservation_reservation WHERE subject_id = %s",
        ):
            database.execute(statement.encode(), [UUID(line.id)])
    found = judge(market.superuser(), told)
    assert {each for each in found.lost if line.id in each} == {
        f"line {line.id}: None, told accepted",
        f"transfers of {line.id}: []",
    }
    assert any(line.id in each for each in found.faults), "and that nothing is reserved for it"

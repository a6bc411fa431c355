"""Whatever is done in whatever order, the database's own look at every row finds nothing wrong, and agrees with a plain model."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from staveworks.foundation.reservation.queries import access_chain, busy
from staveworks.foundation.reservation.types import (
    Ask,
    CapacityInUse,
    Chain,
    HoldExpired,
    MoreThanReserved,
    NotFree,
    NotHeld,
    SpanTaken,
    State,
)
from staveworks.foundation.reservation.usecases.close_resource import close_resource
from staveworks.foundation.reservation.usecases.commit import commit
from staveworks.foundation.reservation.usecases.register_resource import change_capacity
from staveworks.foundation.reservation.usecases.release import release
from staveworks.foundation.reservation.usecases.use import begin, consume
from tests.stock import AN_INSTANT, QUARTER, faults, hour, make_stock, take
from tests.world import World, make_world

HOURS = st.builds(hour, st.integers(0, 5), length=st.integers(1, 3))
"""Few hours, so that much overlaps."""


@pytest.mark.django_db
def test_in_any_order_nothing_is_sold_twice(db: None) -> None:
    world = make_world()
    run_state_machine_as_test(
        lambda: Desk(world),
        settings=settings(
            max_examples=15,
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


class Desk(RuleBasedStateMachine):
    """Two buyers and an owner at one stock. The model: which chains are live, and how much of the yarn they took."""

    chains = Bundle("chains")

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.stock = world, make_stock(world.wu)
        self.mine: list[Chain] = []

    @rule(
        target=chains,
        spans=st.lists(HOURS, max_size=3),
        kilograms=st.integers(0, 300),
        units=st.integers(1, 2),
        ttl=st.sampled_from([QUARTER, QUARTER, QUARTER, AN_INSTANT]),
        buyer=st.sampled_from(["lin", "gao"]),
    )
    def holds(self, spans: list[Any], kilograms: int, units: int, ttl: timedelta, buyer: str) -> Chain | None:
        asks = [Ask(self.stock.benches, units, span) for span in spans]
        asks += [Ask(self.stock.yarn, kilograms)] if kilograms else []
        if not asks:
            return None
        try:
            chain = take(getattr(self.world, buyer), *asks, ttl=ttl)
        except NotFree:
            return None
        self.mine.append(chain)
        return chain

    @rule(chain=chains)
    def makes_it_firm(self, chain: Chain | None) -> None:
        self.tries(chain, lambda actor, it: commit(actor, chain_id=it.id))

    @rule(chain=chains)
    def begins(self, chain: Chain | None) -> None:
        self.tries(
            chain, lambda actor, it: [begin(actor, reservation_id=each.id) for each in it.reservations]
        )

    @rule(chain=chains, kilograms=st.integers(1, 300))
    def uses(self, chain: Chain | None, kilograms: int) -> None:
        self.tries(
            chain,
            lambda actor, it: [
                consume(actor, reservation_id=each.id, quantity=1 if each.unit else kilograms)
                for each in it.reservations
            ],
        )

    @rule(chain=consumes(chains))
    def gives_back(self, chain: Chain | None) -> None:
        self.tries(chain, lambda actor, it: release(actor, chain_id=it.id, reason="x"))

    @rule(capacity=st.integers(1, 600))
    def says_how_much_there_is(self, capacity: int) -> None:
        self.owns(lambda: change_capacity(self.world.wu, resource_id=self.stock.yarn, capacity=capacity))

    @rule(units=st.integers(1, 4))
    def says_how_many_benches(self, units: int) -> None:
        self.owns(lambda: change_capacity(self.world.wu, resource_id=self.stock.benches, capacity=units))

    @rule(span=HOURS)
    def closes(self, span: Any) -> None:
        self.owns(
            lambda: close_resource(
                self.world.wu, resource_id=self.stock.benches, during=span, reason="x", unit=1
            )
        )

    @invariant()
    def nothing_is_wrong(self) -> None:
        assert faults() == []
        taken = sum(each.amount for each in busy(self.world.lin, [self.stock.yarn]))
        assert taken == sum(self.kilograms(each) for chain in self.mine for each in self.now(chain))

    def kilograms(self, each: Any) -> int:
        """What one reservation takes of the yarn now, as a person would count it."""
        if each.unit is not None or each.state in (State.EXPIRED, State.RELEASED):
            return 0
        if each.state is State.HELD and each.expires_at <= datetime.now(UTC):
            return 0
        return each.consumed if each.state is State.CONSUMED else each.quantity  # type: ignore[no-any-return]

    def now(self, chain: Chain) -> tuple[Any, ...]:
        return access_chain(self.buyer(chain), chain.id).reservations

    def buyer(self, chain: Chain) -> Any:
        return self.world.lin if chain.reservations[0].holder_id == self.world.lin.org else self.world.gao

    def tries(self, chain: Chain | None, act: Callable[[Any, Chain], object]) -> None:
        if chain is not None:
            with suppress(HoldExpired, NotHeld, MoreThanReserved):
                act(self.buyer(chain), chain)

    def owns(self, act: Callable[[], object]) -> None:
        with suppress(CapacityInUse, SpanTaken):
            act()

"""Many clients of several organisations who want the same scarce things at once; then the database's own verdict.

Used by ``tests/invariants/test_hammer.py`` (seconds) and ``benchmarks/hammer.py`` (a minute, a hundred clients).
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from threading import Barrier, Thread
from uuid import UUID

import psycopg
from django.db import connections

from staveworks.foundation.parties.types import Actor, Role
from staveworks.foundation.reservation.queries import access_chain
from staveworks.foundation.reservation.types import (
    Ask,
    HoldExpired,
    Kind,
    MoreThanReserved,
    NotFree,
    NotHeld,
)
from staveworks.foundation.reservation.usecases.commit import commit
from staveworks.foundation.reservation.usecases.register_resource import register_resource
from staveworks.foundation.reservation.usecases.release import release
from staveworks.foundation.reservation.usecases.use import consume
from staveworks.kit.errors import Busy, Refused
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.queries import access_order
from staveworks.trade.orders.usecases.end_line import cancel_line
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from tests.ordering import PER_KILOGRAM
from tests.stock import faults, hour, take
from tests.trading import publish
from tests.world import World, join, make_firm, make_person

SEATS, KILOGRAMS = 20, 500
PATIENCE = 30.0
"""Seconds."""
SHORT, LONG = timedelta(seconds=0.3), timedelta(minutes=10)
AWRY = """
SELECT 'line placed, not all of it firm' FROM orders_line l WHERE l.state = 'placed' AND EXISTS (
    SELECT FROM reservation_reservation r WHERE r.subject_id = l.id AND r.state NOT IN ('committed', 'released', 'expired'))
UNION ALL
SELECT 'line placed, nothing reserved' FROM orders_line l WHERE l.state = 'placed' AND NOT EXISTS (
    SELECT FROM reservation_reservation r WHERE r.subject_id = l.id AND r.state = 'committed')
UNION ALL
SELECT 'line cancelled, still reserved' FROM orders_line l WHERE l.state = 'cancelled' AND EXISTS (
    SELECT FROM reservation_reservation r WHERE r.subject_id = l.id AND r.state IN ('held', 'committed'))
UNION ALL
SELECT 'held without a hold' FROM orders_line l WHERE l.state = 'draft' AND l.chain_id IS NULL AND EXISTS (
    SELECT FROM reservation_reservation r WHERE r.subject_id = l.id AND r.state IN ('held', 'committed'))
"""
"""Where an order and the kernel say different things."""


@dataclass(frozen=True, slots=True)
class Arena:
    """One instrument with so many ``hours``, 20 seats, one lot of yarn, and ten firms that want them."""

    owner: Actor
    hours: int
    loom: UUID
    seats: UUID
    lot: UUID
    yarn: OfferVersion
    buyers: tuple[Actor, ...]


@dataclass
class Report:
    """What was done how often, what each client was told of each chain, and what the database says of it."""

    acts: Counter[str] = field(default_factory=Counter)
    told: dict[UUID, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    states: dict[str, int] = field(default_factory=dict)


def make_arena(world: World, *, firms: int = 10, people: int = 10, hours: int = 50) -> Arena:
    """``people`` buyers of each firm, a different one for each client."""
    owner = world.wu
    lot = register_resource(owner, kind=Kind.COUNTED, capacity=KILOGRAMS)
    wanting = [make_firm(f"第{number}织造") for number in range(firms)]
    buyers = [
        join(make_person(f"买手{n}{m}"), firm, Role.OWNER)
        for n in range(people)
        for m, firm in enumerate(wanting)
    ]
    seats = register_resource(owner, kind=Kind.COUNTED, capacity=SEATS)
    release(
        owner,
        chain_id=take(owner, Ask(seats), Ask(lot)).id,
        reason="their counters are there before the rush",
    )
    return Arena(
        owner,
        hours,
        register_resource(owner, kind=Kind.EXCLUSIVE, capacity=1),
        seats,
        lot,
        publish(owner, price=PER_KILOGRAM, terms={"resource": str(lot)}),
        tuple(buyers),
    )


def hammer(
    arena: Arena,
    superuser: str,
    *,
    clients: int,
    seconds: float,
    seed: int = 1,
    keep: bool = False,
    acts: Sequence[str] = (),
) -> Report:
    """All clients at once, for so long; then the verdict, by a superuser who sees every row.

    ``acts``: on a slow machine they go on until each of these has happened, half a minute at most.
    ``keep``: they hold and give nothing back, so that what was sold twice is still there at the end, for the control.
    """
    report, start = Report(), Barrier(clients)
    crowd = [
        Client(arena, arena.buyers[n % len(arena.buyers)], Random(seed * 1000 + n), report, keep)
        for n in range(clients)
    ]
    threads = [Thread(target=client.run, args=(start, seconds, acts)) for client in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    judge(report, superuser)
    return report


class Client:
    """One of the crowd: does what comes to its mind, and writes down what it was told."""

    def __init__(
        self, arena: Arena, actor: Actor, random: Random, report: Report, keep: bool = False
    ) -> None:
        self.keep = keep
        self.arena, self.actor, self.random, self.report = arena, actor, random, report
        self.chains: list[UUID] = []

    def run(self, start: Barrier, seconds: float, acts: Sequence[str]) -> None:
        connections["default"].ensure_connection()
        start.wait()
        begun = time.monotonic()
        try:
            while (spent := time.monotonic() - begun) < seconds or (
                spent < PATIENCE and not all(self.report.acts[act] for act in acts)
            ):
                self.act()
        except Exception as error:  # a client that is gone hammers nothing: that is a fault of the run
            self.report.crashes.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    def act(self) -> None:
        kinds: Sequence[Callable[[], None]] = [self.hold] if self.keep else [self.hold, self.order]
        if self.chains and not self.keep:
            kinds = [*kinds, self.hold, self.commit, self.commit, self.give_back, self.use]
        act = self.random.choice(kinds)
        try:
            act()
            outcome = "done"
        except (NotFree, HoldExpired, NotHeld, MoreThanReserved):
            outcome = "refused"
        except Refused:
            outcome = "refused by the order"
        except Busy:
            outcome = "busy"
        self.report.acts[f"{act.__name__} {outcome}"] += 1

    def hold(self) -> None:
        pick = self.random
        hours = pick.sample(range(self.arena.hours), pick.randint(0, 3))
        asks = [Ask(self.arena.loom, during=hour(n)) for n in hours]
        asks += [Ask(self.arena.seats, pick.randint(1, 4))] if pick.random() < 0.5 else []
        asks += [Ask(self.arena.lot, pick.randint(1, 60))] if pick.random() < 0.5 or not asks else []
        chain = take(self.actor, *asks, ttl=LONG if self.keep else pick.choice([SHORT, LONG]))
        self.chains.append(chain.id)
        self.report.told[chain.id] = "held"

    def commit(self) -> None:
        chain = self.random.choice(self.chains)
        commit(self.actor, chain_id=chain)
        self.report.told[chain] = "committed"

    def give_back(self) -> None:
        chain = self.chains.pop(self.random.randrange(len(self.chains)))
        release(self.actor, chain_id=chain, reason="changed my mind")
        self.report.told[chain] = "over"

    def use(self) -> None:
        """One hour of it is used; whoever uses yarn for good would soon have none to fight for."""
        chain = self.random.choice(self.chains)
        units = [each for each in access_chain(self.actor, chain).reservations if each.unit]
        if not units:
            return
        consume(self.actor, reservation_id=units[0].id, quantity=1)
        self.report.told[chain] = "in part used"

    def order(self) -> None:
        """From the draft to the provider, and half of the time back."""
        added = add_line(
            self.actor, version_id=self.arena.yarn.id, request={"quantity": self.random.randint(1, 20)}
        )
        hold_order(self.actor, order_id=added.order_id)
        place_order(self.actor, order_id=added.order_id)
        for line in access_order(self.actor, order_id=added.order_id).lines:
            if self.random.random() < 0.8:
                cancel_line(self.actor, line_id=line.id)


def judge(report: Report, superuser: str) -> None:
    """What is wrong by the database's own look; chains of which the clients were told something else."""
    report.faults = faults() + report.crashes
    with psycopg.connect(superuser) as database:
        report.faults += [fault for (fault,) in database.execute(AWRY).fetchall()]
        held = dict(
            database.execute(
                "SELECT chain_id, array_agg(state) FROM reservation_reservation"
                " WHERE holder_id <> owner_id AND subject_id NOT IN (SELECT id FROM orders_line) GROUP BY chain_id"
            ).fetchall()
        )
        report.states = dict(
            database.execute("SELECT state, count(*) FROM reservation_reservation GROUP BY state").fetchall()
        )
    allowed = {
        "held": {"held", "expired"},
        "committed": {"committed"},
        "in part used": {"committed", "consumed"},
        "over": {"released", "expired", "consumed"},
    }
    report.lost = sum(
        chain not in held or not set(held[chain]) <= allowed[word] for chain, word in report.told.items()
    )
    report.doubled = len(set(held) - set(report.told))

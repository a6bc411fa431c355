"""Clients that order over HTTP while web, worker and database are killed; then the database's verdict on what they were told.

With the product's own processes. Each effect goes out under an ``Idempotency-Key``; a client that doesn't learn what became of it (no
answer, or a 5xx) asks again with the same key until it does. Used by ``tests/invariants/test_orders_survive_kills.py`` (three kills) and
``benchmarks/kills.py`` (twenty-four).
"""

import http.client
import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from random import Random
from threading import Event, Lock, Thread
from typing import Any
from uuid import UUID

import psycopg

from staveworks.db.embedded.server import EmbeddedServer, free_port
from staveworks.foundation.parties.types import Kind, Role
from staveworks.kit.ids import new_id
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.booking import HOURLY, LOOM, at, monday
from tests.contract.caller import make_token
from tests.database import django_on
from tests.hammer import AWRY
from tests.rooms.keeping.homes import move_into
from tests.running import Running, empty_home, running
from tests.stocking import PER_KILOGRAM, make_mill
from tests.trading import publish
from tests.world import join, make_firm, make_person, make_world

API = "/api/v1/"
PATIENCE_S = 180
UNLIMITED = {f"STAVEWORKS_API_LIMIT_{what}": "1000000" for what in ("ADDRESS", "TOKEN")}
UNITS, HOURS = 20, 1400
KILOGRAMS, LOT = 900, 9_000_000
HOUR = timedelta(hours=1)
ALWAYS = {"rules": [{"rrule": "FREQ=DAILY", "from": "00:00", "to": "24:00"}], "holidays": False}
HALF = {"steps": [{"hours": 8000, "ratio": "0"}], "late": "0.5", "no_show": "1"}
"""Cancelling what is confirmed costs half: a penalty is posted."""
FATES = {
    "accepted": (
        "line.added",
        "line.placed",
        "line.confirmed",
        "line.delivered",
        "line.accepted",
        "line.posted",
    ),
    "cancelled": ("line.added", "line.placed", "line.cancelled"),
    "cancelled late": ("line.added", "line.placed", "line.confirmed", "line.cancelled", "line.posted"),
}
"""What happens to a line, event by event, each once."""
ENDS = {
    "accepted": ("accepted", "consumed"),
    "cancelled": ("cancelled", "released"),
    "cancelled late": ("cancelled", "released"),
}
"""The state of the line and of its reservation in the end."""
POSTED = {"accepted": "line.accepted", "cancelled late": "line.penalty"}


@dataclass(frozen=True, slots=True)
class Seller:
    """``hours`` are cancelled in these runs, ``goods`` delivered: an hour that is booked can't be used before it."""

    token: str
    hours: str
    goods: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line whose fate was acknowledged to its last step, with what is owed for it."""

    id: str
    order: str
    fate: str
    owed_fen: int


@dataclass
class Told:
    """What all clients together were told. ``unknown``: tries that brought no outcome; ``asked_again``: effects that were resolved by a
    further try; ``committed``: of these, how many had been done by the first."""

    lines: list[Line] = field(default_factory=list)
    acknowledged: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    asked_again: int = 0
    committed: int = 0
    surprises: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


@dataclass
class Verdict:
    """``lost``: acknowledged and not there; ``doubled``: there twice, or though nobody was told; ``faults``: what doesn't agree."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.faults)


class Client:
    """One program of a buyer, which also answers for the providers; takes each order to its end before it begins another."""

    def __init__(
        self, port: int, buyer: str, sellers: Sequence[Seller], hours: Iterator[int], told: Told, seed: int
    ) -> None:
        self.port, self.buyer, self.sellers, self.hours, self.told = port, buyer, sellers, hours, told
        self.random = Random(seed)
        self.connection: http.client.HTTPConnection | None = None

    def run(self, stop: Event) -> None:
        try:
            while not stop.is_set():
                self.order()
        except AssertionError as surprise:
            with self.told.lock:
                self.told.surprises.append(str(surprise))

    def order(self) -> None:
        """Two lines of two providers, placed together; then each goes its way."""
        lines, order = [], None
        for seller in self.sellers:
            fate = self.random.choice(list(FATES))
            if fate == "accepted":
                asked = {"version": seller.goods, "request": {"quantity": KILOGRAMS}}
            else:
                asked = {"version": seller.hours, "request": {"starts_at": slot(next(self.hours))}}
            made = self.effect(self.buyer, "orders/lines", asked | ({"order": order} if order else {}))
            order = made["order"]
            lines.append((seller, str(made["id"]), fate))
        self.effect(self.buyer, f"orders/{order}/hold")
        self.effect(self.buyer, f"orders/{order}/place", {})
        for seller, line, fate in lines:
            owed = self.carry_on(seller, line, fate)
            with self.told.lock:
                self.told.lines.append(Line(line, str(order), fate, owed))

    def carry_on(self, seller: Seller, line: str, fate: str) -> int:
        """The line to its end; what is owed for it."""
        if fate != "cancelled":
            self.effect(seller.token, f"lines/{line}/confirm")
        if fate != "accepted":
            return int(self.effect(self.buyer, f"lines/{line}/cancel", {})["fee_fen"])
        self.effect(seller.token, f"lines/{line}/parts", {"text": "已用完", "last": True})
        self.effect(self.buyer, f"lines/{line}/accept")
        return KILOGRAMS * PER_KILOGRAM["unit_price_fen"]

    def effect(self, token: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """What the API answers in the end; under one key, however often it has to be asked."""
        key, until, tries = str(new_id()), time.monotonic() + PATIENCE_S, 0
        while time.monotonic() < until:
            tries += 1
            try:
                status, replayed, content = self.ask(token, path, body, key)
            except (OSError, http.client.HTTPException) as error:
                status, replayed, content = 0, False, type(error).__name__
                self.hang_up()
            if status == 0 or status >= 500:
                with self.told.lock:
                    self.told.unknown[str(status or "no answer")] += 1
                time.sleep(0.05)
                continue
            assert status < 400, f"{path}: {status} {content} at try {tries}"
            with self.told.lock:
                self.told.acknowledged += 1
                self.told.asked_again += tries > 1
                self.told.committed += replayed
            return json.loads(content)
        raise AssertionError(f"{path}: no answer for {PATIENCE_S} s")

    def ask(self, token: str, path: str, body: dict[str, Any] | None, key: str) -> tuple[int, bool, str]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        sent = None if body is None else json.dumps(body)
        self.connection.request(
            "POST", API + path, sent, headers | ({"Content-Type": "application/json"} if sent else {})
        )
        answer = self.connection.getresponse()
        content = answer.read().decode()
        if answer.will_close:
            self.hang_up()
        return answer.status, answer.getheader("Idempotency-Replayed") == "true", content

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def slot(number: int) -> str:
    """Each hour is asked for once in its turn; the looms are enough for those that stay."""
    return (at(monday(), "00:00") + number % HOURS * HOUR).isoformat()


@dataclass
class Market:
    """A running Staveworks in which two laboratories sell hours and some firms buy them."""

    run: Running
    server: EmbeddedServer
    sellers: tuple[Seller, ...]
    buyers: tuple[str, ...]

    def superuser(self) -> str:
        return self.server.start().superuser

    def pid(self, what: str) -> int:
        return self.server.pid() or 0 if what == "database" else self.run.pids().get(what, 0)

    def kill(self, what: str) -> int:
        """-9, with all processes of it; who it was."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            pid = self.pid(what)
            try:
                if pid:
                    (os.kill if what == "database" else os.killpg)(pid, signal.SIGKILL)
                    return pid
            except ProcessLookupError:
                pass
            time.sleep(0.05)  # its successor is being started
        raise AssertionError(f"no {what} to kill")


@contextmanager
def a_running_market(clients: int) -> Iterator[Market]:
    with empty_home() as home:
        move_into(home)
        server = EmbeddedServer(home)
        with django_on(server.start()):
            sellers, buyers = furnish(clients)
        server.stop()
        with running(home, free_port(), **UNLIMITED) as run:
            yield Market(run, EmbeddedServer(home), sellers, buyers)


def furnish(clients: int) -> tuple[tuple[Seller, ...], tuple[str, ...]]:
    make_world()
    sellers = []
    for name in ("中纺检测", "轻纺实验室"):
        owner = join(make_person(name), make_firm(name, Kind.PROVIDER), Role.OWNER)
        details = replace(LOOM, opening=ALWAYS, grid=60, horizon_days=90)
        loom = register_bookable(owner, details=details, units=UNITS)
        terms = {"resource": str(loom)}
        offer = publish(owner, mechanism="booking", price=HOURLY, terms=terms, cancellation=HALF)
        mill = make_mill(owner)
        mill.receive("2611-07", LOT)
        sellers.append(Seller(make_token(owner), str(offer.id), str(mill.yarn.id)))
    firms = [make_firm(f"第{number}织造") for number in range(3)]
    buyers = [join(make_person(f"买手{n}"), firms[n % len(firms)], Role.OWNER) for n in range(clients)]
    for buyer in buyers[: len(firms)]:
        set_limit(buyer, limit_fen=10**12)
    return tuple(sellers), tuple(make_token(buyer) for buyer in buyers)


def order_under_kills(market: Market, kills: Sequence[str], *, each_after: int, seed: int = 5) -> Told:
    """All clients order while ``kills`` strike, each after at least so many more effects; then they finish what they have begun."""
    told, hours, stop, chance = Told(), count(), Event(), Random(seed)
    turns = Turns(hours)
    clients = [
        Client(market.run.port, buyer, market.sellers, turns, told, seed + n)
        for n, buyer in enumerate(market.buyers)
    ]
    threads = [Thread(target=client.run, args=(stop,), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    try:
        for what in kills:
            wait_for(
                lambda mark=told.acknowledged: told.acknowledged >= mark + each_after or told.surprises,
                market,
            )
            time.sleep(chance.uniform(0, 0.3))
            was = market.kill(what)
            wait_for(lambda was=was, what=what: market.pid(what) not in (0, was), market)
        wait_for(
            lambda mark=told.acknowledged: told.acknowledged >= mark + each_after or told.surprises, market
        )
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE_S)
    return told


class Turns:
    """A number for each who asks, from several threads."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self.numbers, self.lock = numbers, Lock()

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        with self.lock:
            return next(self.numbers)


def wait_for(true: Any, market: Market) -> None:
    until = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < until, market.run.said()[-3000:]
        time.sleep(0.02)


def wait_for_transfers(market: Market, told: Told) -> None:
    """Until the worker has posted what was accepted or is owed; what it doesn't is the verdict's."""
    wanted = sum(line.fate in POSTED for line in told.lines)
    until = time.monotonic() + PATIENCE_S
    with psycopg.connect(market.superuser(), autocommit=True) as database:
        while time.monotonic() < until:
            (there,) = database.execute("SELECT count(*) FROM settlement_entry").fetchone() or (0,)
            if there >= wanted:
                return
            time.sleep(0.2)


def judge(superuser: str, told: Told) -> Verdict:
    """By a look at every row."""
    with psycopg.connect(superuser) as database:
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found = Verdict(faults=[*told.surprises])
        _judge_lines(database, told, found)
        _judge_money(database, told, found)
        found.faults += [fault for (fault,) in database.execute(AWRY.encode())]
        found.faults += [fault for (fault,) in database.execute("SELECT fault FROM reservation_faults()")]
        return found


def _judge_lines(database: "psycopg.Connection[Any]", told: Told, found: Verdict) -> None:
    states = dict(database.execute("SELECT id, state FROM orders_line").fetchall())
    events: dict[UUID, Counter[str]] = {}
    for subject, kind, times in database.execute(
        "SELECT subject_id, type, count(*) FROM eventlog_event WHERE type LIKE 'line.%' GROUP BY 1, 2"
    ):
        events.setdefault(subject, Counter())[kind] = times
    reserved: dict[UUID, list[str]] = {}
    for subject, state in database.execute("SELECT subject_id, state FROM reservation_reservation"):
        reserved.setdefault(subject, []).append(state)
    parts = dict(database.execute("SELECT line_id, count(*) FROM orders_part GROUP BY 1").fetchall())
    for line in told.lines:
        id_ = UUID(line.id)
        state, held = ENDS[line.fate]
        if states.get(id_) != state:
            found.lost.append(f"line {line.id}: {states.get(id_)}, told {line.fate}")
        if parts.get(id_, 0) != (line.fate == "accepted"):
            (found.doubled if parts.get(id_, 0) > 1 else found.lost).append(f"parts of {line.id}")
        its = events.get(id_, Counter())
        found.lost += [f"{kind} of {line.id}" for kind in FATES[line.fate] if not its[kind]]
        found.doubled += [
            f"{kind} of {line.id}" for kind, times in its.items() if times > 1 or kind not in FATES[line.fate]
        ]
        # Held anew under another chain is what a draft may do; each line of these was held once.
        if reserved.get(id_) != [held]:
            found.faults.append(f"reserved for {line.id}: {reserved.get(id_)}, not {held}")
    known, orders = {UUID(line.id) for line in told.lines}, {UUID(line.order) for line in told.lines}
    found.doubled += [f"line {id_}: nobody was told of it" for id_ in set(states) - known]
    there = {id_ for (id_,) in database.execute("SELECT id FROM orders_order")}
    found.doubled += [f"order {id_}: nobody was told of it" for id_ in there - orders]
    found.faults += [f"reserved for {subject}: no line" for subject in set(reserved) - set(states)]


def _judge_money(database: "psycopg.Connection[Any]", told: Told, found: Verdict) -> None:
    posted: dict[UUID, list[tuple[str, int]]] = {}
    for line, kind, fen in database.execute(
        "SELECT line_id, kind, upto_fen - after_fen FROM settlement_entry"
    ):
        posted.setdefault(line, []).append((kind, fen))
    for line in told.lines:
        its = posted.get(UUID(line.id), [])
        due = [(POSTED[line.fate], line.owed_fen)] if line.fate in POSTED else []
        if its != due:
            (found.doubled if len(its) > len(due) else found.lost).append(f"transfers of {line.id}: {its}")
    (entries, transfers, total) = database.execute(
        "SELECT (SELECT count(*) FROM settlement_entry), (SELECT count(*) FROM ledger_transfer),"
        " (SELECT coalesce(sum(amount), 0) FROM ledger_posting)"
    ).fetchone() or (0, 0, 0)
    if entries != transfers:
        found.faults.append(f"{entries} entries, {transfers} transfers")
    if total:
        found.faults.append(f"postings come to {total}")


def verified(market: Market) -> dict[str, Any]:
    """`staveworks verify` beside the run: the chain, the books replayed from zero, the reservations."""
    done = market.run.command("verify", "--json")
    assert done.stdout, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer

"""Ten organisations pay one provider at once: its accounts are hot. The verdict is SQL's, after the hammering.

Used for a moment by the suite and for longer by ``benchmarks/hot_account.py``.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Thread

import psycopg
from django.db import connections

from staveworks.foundation.ledger.auditing import audit_ledger
from staveworks.foundation.ledger.queries import list_accounts
from staveworks.foundation.ledger.types import AccountKind, FloorReached, Transfer
from staveworks.foundation.ledger.usecases.post_transfers import post_transfers
from staveworks.foundation.ledger.usecases.reverse_transfer import reverse_transfer
from staveworks.foundation.ledger.usecases.settle_transfers import post_pending, void_pending
from staveworks.foundation.parties.types import Actor, Kind
from staveworks.kit.errors import Busy, StaveworksError
from staveworks.kit.ids import new_id
from tests.books import account, fund, payment, today
from tests.world import Role, join, make_firm, make_operator, make_person

PAYERS = 10


@dataclass
class Hammered:
    """How often each act ended how; ``drifts``: what replaying from zero found; ``below``: accounts under their floor."""

    acts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    drifts: list[str] = field(default_factory=list)
    below: int = 0
    sum: int = 0
    crashes: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.drifts and not self.below and not self.sum and not self.crashes


def a_market(each: int = 30_000) -> tuple[list[Actor], Actor]:
    """Ten payers with money at the bank, and the one they pay."""
    make_operator()
    payee = join(make_person("卖家"), make_firm("热账户检测", Kind.PROVIDER), Role.OWNER)
    payers = [join(make_person(f"买家{n}"), make_firm(f"买家{n}号厂"), Role.OWNER) for n in range(PAYERS)]
    for payer in payers:
        fund(payer, each)
        payment(payer, payee, 1)  # its accounts are open
    return payers, payee


def hammer(
    payers: list[Actor], payee: Actor, *, clients: int, seconds: float, acts: int | None = None
) -> Hammered:
    """``clients`` threads pay, hold, post, void, repeat and reverse for ``seconds``, or ``acts`` times each."""
    found = Hammered()
    until = time.monotonic() + seconds
    threads = [
        Thread(target=_client, args=(payers, payee, seed, until, acts, found)) for seed in range(clients)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = time.monotonic() - began
    return found


def _client(
    payers: list[Actor], payee: Actor, seed: int, until: float, acts: int | None, found: Hammered
) -> None:
    chance = random.Random(seed)
    made: list[tuple[Actor, Transfer]] = []
    done = 0
    try:
        while time.monotonic() < until and (acts is None or done < acts):
            done += 1
            found.acts[_act(chance, payers, payee, made)] += 1
    except Exception as error:
        found.crashes.append(f"{type(error).__name__}: {error}")
    finally:
        connections.close_all()


def _act(chance: random.Random, payers: list[Actor], payee: Actor, made: list[tuple[Actor, Transfer]]) -> str:
    what = chance.choice(["pay", "pay", "pay", "hold", "post", "void", "repeat", "reverse"])
    try:
        if what in ("pay", "hold") or not made:
            payer = chance.choice(payers)
            one = payment(payer, payee, chance.randint(1, 900), pending=what == "hold")
            post_transfers(payer, transfers=[one])
            made.append((payer, one))
            return "paid" if what != "hold" else "held"
        payer, one = chance.choice(made)
        if what == "post":
            post_pending(payee, ids=[one.id])
        elif what == "void":
            void_pending(payer, ids=[one.id])
        elif what == "repeat":
            post_transfers(payer, transfers=[one])
        else:
            reverse_transfer(payer, transfer_id=one.id, reversal_id=new_id(), day=today())
    except FloorReached:
        return "floor reached"
    except Busy:
        return "busy"
    except StaveworksError as refusal:
        return f"{what}: {type(refusal).__name__}"
    return what


def judge(found: Hammered, superuser: str) -> Hammered:
    """The verdict, by SQL that sees everything."""
    found.drifts = [drift.text.en for drift in audit_ledger().drifts]
    with psycopg.connect(superuser) as connection:
        row = connection.execute(
            "SELECT count(*) FILTER (WHERE floor IS NOT NULL AND balance - held < floor), sum(balance) FROM ledger_account"
        ).fetchone()
        assert row
        found.below, found.sum = row[0], int(row[1])
    return found


def at_the_bank(of: Actor) -> int:
    return next(each.balance for each in list_accounts(of) if each.id == account(of, AccountKind.BANK))

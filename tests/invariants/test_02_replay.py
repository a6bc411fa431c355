"""Invariants 1 to 4 under any order of acts: the ledger against a model of dictionaries, the verdict by SQL after each step."""

from collections import defaultdict
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from staveworks.db.transaction import acting
from staveworks.foundation.ledger import auditing
from staveworks.foundation.ledger.models import Account
from staveworks.foundation.ledger.types import (
    AccountKind,
    FloorReached,
    LedgerRefusal,
    NotPending,
    NotPosted,
    ReversedAlready,
    State,
    Transfer,
)
from staveworks.foundation.ledger.usecases.open_accounts import limit_account
from staveworks.foundation.ledger.usecases.post_transfers import post_batch, post_transfers
from staveworks.foundation.ledger.usecases.reverse_transfer import reverse_transfer
from staveworks.foundation.ledger.usecases.settle_transfers import post_pending, void_pending
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import StaveworksError
from staveworks.kit.ids import new_id
from tests.books import account, fund, payment, today
from tests.world import make_world

AMOUNTS = st.sampled_from([1, 7, 40, 99, 100, 250])


class Books:
    """The model: what stands on each account, what is held, and the state of each transfer."""

    def __init__(self) -> None:
        self.balance: dict[UUID, int] = defaultdict(int)
        self.held: dict[UUID, int] = defaultdict(int)
        self.floor: dict[UUID, int] = {}
        self.state: dict[UUID, State] = {}
        self.reversed: set[UUID] = set()

    def add(self, chain: list[Transfer], sign: int = 1) -> bool:
        """Whether ``chain`` stands; if not, nothing has changed."""
        balance, held = dict(self.balance), dict(self.held)
        for transfer in chain:
            for posting in transfer.postings:
                amount = sign * posting.amount
                if transfer.pending:
                    self.held[posting.account_id] += max(-amount, 0)
                else:
                    self.balance[posting.account_id] += amount
        if self.fits():
            return True
        self.balance, self.held = defaultdict(int, balance), defaultdict(int, held)
        return False

    def settle(self, transfer: Transfer, becomes: State) -> None:
        for posting in transfer.postings:
            self.held[posting.account_id] -= max(-posting.amount, 0)
            if becomes == State.POSTED:
                self.balance[posting.account_id] += posting.amount
        self.state[transfer.id] = becomes

    def fits(self) -> bool:
        return all(self.balance[one] - self.held[one] >= floor for one, floor in self.floor.items())


class Ledger(RuleBasedStateMachine):
    """Two firms that pay each other from bank accounts which can't go below 0."""

    made: Bundle[Transfer] = Bundle("made")

    @initialize()
    def open(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        world = make_world()
        self.firms: list[Actor] = [world.lin, world.wu]
        self.books = Books()
        for firm in self.firms:
            bank = fund(firm, 300)
            self.books.balance |= {bank: 300, account(firm, AccountKind.EQUITY): -300}
            self.books.floor[bank] = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def pay(self, payer: int, amount: int, *, pending: bool = False) -> Transfer:
        return payment(self.firms[payer], self.firms[1 - payer], amount, pending=pending)

    @rule(target=made, payer=st.integers(0, 1), amount=AMOUNTS, pending=st.booleans())
    def post(self, payer: int, amount: int, pending: bool) -> Transfer:
        one = self.pay(payer, amount, pending=pending)
        stands = self.books.add([one])
        self.tell(
            lambda: post_transfers(self.firms[payer], transfers=[one]), None if stands else FloorReached
        )
        if stands:
            self.books.state[one.id] = State.PENDING if pending else State.POSTED
        return one

    @rule(
        amounts=st.lists(st.lists(AMOUNTS, min_size=1, max_size=3), min_size=1, max_size=3),
        payer=st.integers(0, 1),
    )
    def batch(self, amounts: list[list[int]], payer: int) -> None:
        chains = [[self.pay(payer, amount) for amount in chain] for chain in amounts]
        stands = [self.books.add(chain) for chain in chains]
        outcomes = post_batch(self.firms[payer], chains=chains)
        assert [outcome.refused is None for outcome in outcomes] == stands

    @rule(one=made, becomes=st.sampled_from([State.POSTED, State.VOIDED]), by=st.integers(0, 1))
    def settle(self, one: Transfer, becomes: State, by: int) -> None:
        was = self.books.state.get(one.id)
        act = post_pending if becomes == State.POSTED else void_pending
        if was == State.PENDING:
            act(self.firms[by], ids=[one.id])
            self.books.settle(one, becomes)
        elif was is not None:
            self.tell(lambda: act(self.firms[by], ids=[one.id]), None if was == becomes else NotPending)

    @rule(one=made, by=st.integers(0, 1))
    def repeat(self, one: Transfer, by: int) -> None:
        if one.id in self.books.state:
            assert post_transfers(self.firms[by], transfers=[one])[0].replayed

    @rule(one=made, by=st.integers(0, 1))
    def reverse(self, one: Transfer, by: int) -> None:
        if one.id not in self.books.state:
            return
        expected: type[StaveworksError] | None = None
        if self.books.state[one.id] != State.POSTED:
            expected = NotPosted
        elif one.id in self.books.reversed:
            expected = ReversedAlready
        elif self.books.add([Transfer(new_id(), "", today(), one.postings, one.id)], sign=-1):
            self.books.reversed.add(one.id)
        else:
            expected = FloorReached
        self.tell(
            lambda: reverse_transfer(self.firms[by], transfer_id=one.id, reversal_id=new_id(), day=today()),
            expected,
        )

    @rule(of=st.integers(0, 1), floor=st.sampled_from([0, 50, 300]))
    def limit(self, of: int, floor: int) -> None:
        bank = account(self.firms[of], AccountKind.BANK)
        free = self.books.balance[bank] - self.books.held[bank]
        self.tell(
            lambda: limit_account(self.firms[of], account_id=bank, floor=floor),
            None if free >= floor else FloorReached,
        )
        if free >= floor:
            self.books.floor[bank] = floor

    def tell(self, act: Any, expected: type[StaveworksError] | None) -> None:
        """``act`` is refused as the model says, or not at all."""
        if expected is None:
            act()
        else:
            with pytest.raises(expected) as refused:
                act()
            assert isinstance(refused.value, LedgerRefusal)

    @invariant()
    def the_books_agree_with_the_model_and_with_themselves(self) -> None:
        if not hasattr(self, "books"):
            return
        stored: dict[UUID, tuple[int, int]] = {}
        for firm in self.firms:
            with acting(org=firm.org_id):
                stored |= {row.id: (row.balance, row.held) for row in Account.objects.all()}
        touched = set(self.books.balance) | set(self.books.held)
        assert {one: (self.books.balance[one], self.books.held[one]) for one in touched} == {
            one: stored[one] for one in touched
        }
        assert sum(balance for balance, _ in stored.values()) == 0
        for firm in self.firms:
            with acting(org=firm.org_id), connection.cursor() as cursor:
                for verdict in (auditing.ACCOUNTS, auditing.CHAINS):
                    cursor.execute(verdict, [5])
                    assert cursor.fetchall() == []


def test_the_ledger_agrees_with_a_model_of_dictionaries(db: None) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Ledger,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],  # shrinking would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

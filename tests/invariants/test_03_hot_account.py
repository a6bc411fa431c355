"""Invariants 1 to 3 under many hands: eight clients, ten payers, one hot account; then SQL says whether the books are sound."""

from tests.database import Clone
from tests.hot_account import a_market, at_the_bank, hammer, judge
from tests.invariants.test_01_ledger import without

LOCK = (
    "PERFORM 1 FROM ledger_account WHERE id IN (SELECT account_id FROM fresh) ORDER BY id FOR NO KEY UPDATE;"
)
SCARCE = 900
"""What each payer has: less than it would pay."""
ADD = "SET balance = a.balance + moved.posted"
READ_AND_WRITE = "SET balance = (SELECT b.balance FROM ledger_account b WHERE b.id = a.id) + moved.posted"


def test_the_books_stay_sound(committed: Clone) -> None:
    payers, payee = a_market(each=SCARCE)
    found = judge(hammer(payers, payee, clients=8, seconds=20, acts=14), committed.urls.superuser)
    assert found.acts["paid"] > 10
    assert found.acts["floor reached"] > 0
    assert found.acts["busy"] == 0
    assert found.sound, found
    assert at_the_bank(payee) + sum(map(at_the_bank, payers)) == 10 * SCARCE


def test_control_with_read_then_write_the_books_drift(committed: Clone) -> None:
    payers, payee = a_market()
    without(committed, "ledger_posted", LOCK, "")
    without(committed, "ledger_posted", ADD, READ_AND_WRITE)
    found = judge(hammer(payers, payee, clients=8, seconds=20, acts=14), committed.urls.superuser)
    assert any("its postings come to" in drift for drift in found.drifts)

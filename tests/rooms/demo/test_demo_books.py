"""Firms of the demo traded with a real one: when the demo goes, what is left of the books still balances."""

from datetime import timedelta
from fractions import Fraction

from django.utils import timezone

from staveworks import demo
from staveworks.db.transaction import acting
from staveworks.foundation.ledger.auditing import audit_ledger
from staveworks.foundation.ledger.models import Transfer
from staveworks.foundation.ledger.queries import list_accounts
from staveworks.foundation.ledger.usecases.close_books import close_books
from staveworks.foundation.parties.models import Organisation
from staveworks.kit.ids import new_id
from staveworks.trade.settlement.types import LineToSettle
from staveworks.trade.settlement.usecases.settle_line import settle_line
from tests.books import fund, today
from tests.database import Clone
from tests.world import make_firm, make_world


def test_books_balance_after_the_demo_is_gone(committed: Clone) -> None:
    world = make_world()
    seller = make_firm("演示检测")
    with acting(org=seller.id):
        Organisation.objects.filter(id=seller.id).update(demo=True)
    last_month = today().replace(day=1) - timedelta(days=1)
    own = fund(world.lin, 5_000, day=last_month)
    close_books(world.gao, through=last_month)
    line = LineToSettle(
        new_id(), world.chunhui.id, seller.id, 106_000, Fraction(6, 100), timezone.now(), accepted_fen=106_000
    )
    settle_line(world.lin, line=line)
    assert len(list_accounts(world.lin)) == 5
    assert audit_ledger().ok
    demo.remove()
    assert audit_ledger().ok
    left = {account.id: account.balance for account in list_accounts(world.lin)}
    assert left[own] == 5_000
    assert sorted(left.values()) == [-5_000, 0, 0, 5_000], (
        "no account towards it, and nothing of it on the others"
    )
    assert [account.balance for account in list_accounts(world.gao)] == [0, 0]
    with acting(org=world.chunhui.id):
        assert Transfer.objects.count() == 1

"""After whole transfers were taken out by the owner of the tables (the removal of the demo): balances follow from what is left."""

from typing import Any

ACCOUNTS = """
    UPDATE ledger_account a SET balance = m.posted, held = m.pending FROM (
        SELECT a.id, coalesce(sum(p.amount) FILTER (WHERE t.state = 'posted'), 0) AS posted,
               coalesce(sum(-p.amount) FILTER (WHERE t.state = 'pending' AND p.amount < 0), 0) AS pending
        FROM ledger_account a LEFT JOIN ledger_posting p ON p.account_id = a.id LEFT JOIN ledger_transfer t ON t.id = p.transfer_id
        GROUP BY a.id
    ) m WHERE m.id = a.id AND (a.balance, a.held) <> (m.posted, m.pending)
"""
CLOSINGS = """
    UPDATE ledger_closing c SET
        transfers = (SELECT count(*) FROM ledger_transfer WHERE state = 'posted' AND day <= c.through),
        turnover = (SELECT coalesce(jsonb_object_agg(currency, moved), '{}') FROM (
            SELECT p.currency, sum(p.amount) AS moved FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id
            WHERE t.state = 'posted' AND t.day <= c.through AND p.amount > 0 GROUP BY p.currency) sums)
"""


def rebalance(cursor: Any) -> None:
    """``cursor``: the owner's, with triggers and forced row security of the ledger's tables switched off."""
    cursor.execute(ACCOUNTS)
    cursor.execute(CLOSINGS)

"""Replay the whole ledger from zero, as the cross role, in one snapshot, and name what drifted.

The same statements serve production (`staveworks verify`), the job that runs at every start of the worker and once a day after, and the tests.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connections, transaction

from staveworks.foundation.ledger.types import AccountKind, Audit, Drift
from staveworks.kit.money import plain_amount
from staveworks.kit.text import Text

MOST = 20
"""How many drifts of one sort are named."""

BALANCE = Text(
    zh="账户 {id}（{name}·{kind_zh}）记着 {stored}，按分录重算是 {replayed}。",
    en="Account {id} ({name}, {kind_en}) says {stored}, its postings come to {replayed}.",
)
HELD = Text(
    zh="账户 {id}（{name}·{kind_zh}）预留 {stored}，待入账的只有 {replayed}。",
    en="Account {id} ({name}, {kind_en}) holds {stored}, pending transfers come to {replayed}.",
)
UNBALANCED = Text(zh="账 {id} 借贷不平或缺分录。", en="Transfer {id} doesn't balance or lacks postings.")
MIRROR = Text(zh="账 {id} 不是被冲销那笔的镜像。", en="Transfer {id} isn't the mirror of what it reverses.")
CHAIN = Text(
    zh="账 {id} 和同组的其他账状态不一。", en="Transfer {id} isn't in the state of the others of its chain."
)
CLOSED = Text(
    zh="截至 {day} 的结账之后，账又变了。", en="The books changed after they were closed through {day}."
)

ACCOUNTS = """
    SELECT a.id, a.kind, a.currency, o.name, a.balance, coalesce(m.posted, 0), a.held, coalesce(m.pending, 0)
    FROM ledger_account a JOIN parties_organisation o ON o.id = a.org_id
    LEFT JOIN (
        SELECT p.account_id, sum(p.amount) FILTER (WHERE t.state = 'posted') AS posted,
               sum(-p.amount) FILTER (WHERE t.state = 'pending' AND p.amount < 0) AS pending
        FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id GROUP BY p.account_id
    ) m ON m.account_id = a.id
    WHERE a.balance <> coalesce(m.posted, 0) OR a.held <> coalesce(m.pending, 0) ORDER BY a.id LIMIT %s
"""
TRANSFERS = """
    SELECT t.id FROM ledger_transfer t LEFT JOIN (
        SELECT transfer_id, sum(legs)::int AS legs, bool_and(total = 0) AS even FROM (
            SELECT transfer_id, count(*) AS legs, sum(amount) AS total FROM ledger_posting GROUP BY transfer_id, org_id, currency
        ) books GROUP BY transfer_id
    ) p ON p.transfer_id = t.id
    WHERE p.legs IS DISTINCT FROM t.legs OR NOT p.even ORDER BY t.id LIMIT %s
"""
MIRRORS = """
    SELECT r.id FROM ledger_transfer r JOIN ledger_transfer t ON t.id = r.reverses_id
    WHERE t.state <> 'posted' OR t.reverses_id IS NOT NULL OR t.legs <> r.legs OR EXISTS (
        SELECT FROM ledger_posting p WHERE p.transfer_id = r.id AND NOT EXISTS (
            SELECT FROM ledger_posting q WHERE q.transfer_id = t.id AND q.account_id = p.account_id AND q.amount = -p.amount)
    ) ORDER BY r.id LIMIT %s
"""
CHAINS = """
    SELECT min(t.id::text)::uuid FROM ledger_transfer t GROUP BY t.chain_id HAVING count(DISTINCT t.state) > 1 LIMIT %s
"""
CLOSINGS = """
    SELECT c.id, c.through FROM ledger_closing c
    WHERE c.transfers <> (SELECT count(*) FROM ledger_transfer WHERE state = 'posted' AND day <= c.through)
       OR c.turnover <> (
        SELECT coalesce(jsonb_object_agg(currency, moved), '{}') FROM (
            SELECT p.currency, sum(p.amount) AS moved FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id
            WHERE t.state = 'posted' AND t.day <= c.through AND p.amount > 0 GROUP BY p.currency) sums)
    ORDER BY c.through LIMIT %s
"""


def audit_ledger() -> Audit:
    """What replaying all postings found. Cross role; O(postings), in the database."""
    with transaction.atomic(using="cross"):
        with connections["cross"].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(
                "SELECT (SELECT count(*) FROM ledger_account), (SELECT count(*) FROM ledger_transfer)"
            )
            accounts, transfers = cursor.fetchone()
        return Audit(accounts, transfers, tuple(_drifts()))


def _drifts() -> Iterator[Drift]:
    for id_, kind, currency, name, balance, posted, held, pending in _rows(ACCOUNTS):
        words = AccountKind(kind).text
        for text, stored, replayed in ((BALANCE, balance, posted), (HELD, held, pending)):
            if stored != replayed:
                yield Drift(
                    id_,
                    text.format(
                        id=id_,
                        name=name,
                        kind_zh=words.zh,
                        kind_en=words.en,
                        stored=f"{plain_amount(int(stored))} {currency}",
                        replayed=f"{plain_amount(int(replayed))} {currency}",
                    ),
                )
    for text, statement in ((UNBALANCED, TRANSFERS), (MIRROR, MIRRORS), (CHAIN, CHAINS)):
        for (id_,) in _rows(statement):
            yield Drift(id_, text.format(id=id_))
    for id_, through in _rows(CLOSINGS):
        yield Drift(id_, CLOSED.format(day=through))


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connections["cross"].cursor() as cursor:
        cursor.execute(statement, [MOST])
        return list(cursor.fetchall())

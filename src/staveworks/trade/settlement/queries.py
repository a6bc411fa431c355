"""Reads: which parts of a line are posted, and what they brought its provider."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import connection

from staveworks.db.transaction import query
from staveworks.foundation.ledger.domain import month_after
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.trade.settlement.models import Entry as Row
from staveworks.trade.settlement.types import Earning, Entry

EARNED = """
    SELECT e.id, e.line_id, e.kind, t.day, b.name, b.name_en,
        coalesce(sum(p.amount) FILTER (WHERE a.counterparty_id = e.buyer_org_id), 0),
        coalesce(sum(p.amount) FILTER (WHERE a.kind = CASE WHEN e.kind = 'line.refunded' THEN 'payable' ELSE 'receivable' END
                                         AND a.counterparty_id <> e.buyer_org_id), 0),
        coalesce(-sum(p.amount) FILTER (WHERE a.kind = 'tax_out'), 0),
        coalesce(-sum(p.amount) FILTER (WHERE a.kind = CASE WHEN e.kind = 'line.refunded' THEN 'receivable' ELSE 'payable' END
                                          AND a.counterparty_id <> e.buyer_org_id), 0)
    FROM settlement_entry e
    JOIN ledger_transfer t ON t.id = e.id
    JOIN ledger_posting p ON p.transfer_id = e.id AND p.org_id = e.provider_org_id
    JOIN ledger_account a ON a.id = p.account_id
    JOIN parties_organisation b ON b.id = e.buyer_org_id
    WHERE e.provider_org_id = %s AND t.state = 'posted' AND t.day >= %s AND t.day < %s
    GROUP BY e.id, t.day, b.id ORDER BY t.day DESC, e.id DESC
"""
"""By the provider's own postings: claims and debts towards the buyer, a programme, the platform."""


@query
def list_entries(actor: Actor, *, line_id: UUID) -> list[Entry]:
    """Of a line of which the organisation is buyer or provider, in the order in which they were posted. Raises ``RightMissing``."""
    actor.require("ledger.read")
    return [
        Entry(row.id, row.line_id, row.kind, row.after_fen, row.upto_fen, row.at)
        for row in Row.objects.filter(line_id=line_id).order_by("at", "id")
    ]


@query
def list_earnings(actor: Actor, *, month: date) -> list[Earning]:
    """What the organisation's lines brought it in ``month`` (its first day), the latest first. Raises ``RightMissing``."""
    actor.require("ledger.read")
    with connection.cursor() as cursor:
        cursor.execute(EARNED, [actor.org, month, month_after(month)])
        return [
            Earning(row[0], row[1], row[2], row[3], title_of(row[4], row[5]), *map(int, row[6:]))
            for row in cursor.fetchall()
        ]


@query
def own_lines(actor: Actor, transfer_ids: Collection[UUID]) -> set[UUID]:
    """Those of the transfers that post a line of which the organisation is buyer or provider. Raises ``RightMissing``."""
    actor.require("ledger.read")
    return set(Row.objects.filter(id__in=transfer_ids).values_list("id", flat=True))

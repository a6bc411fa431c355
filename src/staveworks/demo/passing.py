"""Time passes in the demo: everything that hangs on a line or a request becomes older by so many days.

Nobody can order for last month. So the demo orders for the weeks to come, by the use cases, and is then dated back, step by step:
the order of what happened stays, so do the constraints. Events aren't touched: the chain says when the demo was really made.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson
from django.apps import apps

from staveworks.demo.unguarded import unguarded
from staveworks.kit.spans import Span
from staveworks.trade.catalogue.frozen import quote_document, read_quote
from staveworks.trade.orders.models import Line

OF_SAMPLE = "(SELECT task_id FROM tasks_sample s WHERE s.id = t.sample_id)"
OF_TEST = (
    "(SELECT s.task_id FROM tasks_sample s JOIN tasks_test x ON x.sample_id = s.id WHERE x.id = t.test_id)"
)
OF_SUBSCRIPTION = "(SELECT line_id FROM tasks_subscription s WHERE s.id = t.subscription_id)"
OF_CONTRACT = "(SELECT request_id FROM projects_contract c WHERE c.id = t.contract_id)"
HANGING: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "orders_line": ("t.id", ("made_at", "placed_at", "moved_at", "deadline_at", "held_until")),
    "orders_part": ("t.line_id", ("delivered_at",)),
    "orders_dispute": (
        "t.line_id",
        ("opened_at", "answer_due_at", "decision_due_at", "answered_at", "settled_at"),
    ),
    "reservation_reservation": ("t.subject_id", ("made_at", "moved_at", "expires_at")),
    "settlement_entry": ("t.line_id", ("at",)),
    "ledger_transfer": ("t.subject_id", ("made_at",)),
    "programmes_use": ("t.line_id", ("used_at",)),
    "tasks_task": ("t.line_id", ("opened_at", "due_at")),
    "tasks_custody": (OF_SAMPLE, ("at",)),
    "tasks_result": (OF_TEST, ("recorded_at", "tested_on")),
    "tasks_report": ("t.task_id", ("issued_at",)),
    "tasks_subscription": ("t.line_id", ("first_date",)),
    "tasks_subscription_period": (OF_SUBSCRIPTION, ("starts_date",)),
    "projects_request": ("t.id", ("made_at", "published_at", "closes_at", "opens_until")),
    "projects_proposal": ("t.request_id", ("sealed_at",)),
    "projects_opening": ("t.request_id", ("opened_at",)),
    "projects_contract": ("t.request_id", ("made_at",)),
    "projects_change": (OF_CONTRACT, ("proposed_at",)),
    "projects_delivery": (OF_CONTRACT, ("delivered_at", "due_at", "judged_at")),
}
"""Table → the line or request on which a row hangs, and the columns that say when."""
LOOKED_AT = ("tasks_sample", "tasks_test")
WITH_ORDERS = {
    "orders_approval": ("t.order_id", ("requested_at", "deadline_at", "decided_at")),
    "orders_order": ("t.id", ("made_at",)),
}
"""The same of what belongs to a whole order, which is as old as its oldest line; the order itself last."""
GONE = "WITH gone AS (SELECT id, days FROM jsonb_to_recordset(%s) AS x(id uuid, days int))"
BY_ORDER = (
    GONE
    + ", older AS (SELECT o.id, o.made_at - min(l.made_at) AS by FROM orders_order o JOIN orders_line l ON l.order_id = o.id"
    " WHERE o.id IN (SELECT order_id FROM orders_line JOIN gone USING (id)) GROUP BY o.id)"
)
PASSING, OLDER = "make_interval(days => g.days)", "g.by"
AWAY = 20_000
SPANS = (
    GONE
    + " UPDATE reservation_reservation t SET during = tstzrange(lower(during) - make_interval(days => {days}),"
    " upper(during) - make_interval(days => {days})) FROM gone g WHERE g.id = t.subject_id AND NOT isempty(during)"
)
"""All of them first far away, where nothing is, then back: on the way none lies where another still is."""
BOOKED = (
    GONE
    + " UPDATE ledger_transfer t SET day = greatest(day - g.days, (SELECT max(through) + 1 FROM ledger_closing))"
    " FROM gone g WHERE g.id = t.subject_id"
)
"""No transfer comes into a month that is closed."""
LONG_AGO = 150
NUMBERED = """
    UPDATE orders_order t SET number = o.number + {more} FROM (
        SELECT id, row_number() OVER (PARTITION BY buyer_org_id ORDER BY made_at, id) AS number FROM orders_order
        WHERE buyer_org_id IN (SELECT id FROM parties_organisation WHERE demo)
    ) o WHERE o.id = t.id
"""
OUT_OF_THE_WAY = 1_000_000


def pass_time(days: Mapping[UUID, int], *, booked: Mapping[UUID, int] = MappingProxyType({})) -> None:
    """``days``: line or request → how many days pass for it. ``booked``: line → by how many days its booked time lies earlier: at
    once, since two that were booked for different weeks may not meet on the way.
    """
    said = _said(days)
    with unguarded(_model(name) for name in (*HANGING, *WITH_ORDERS, *LOOKED_AT)) as cursor:
        _bring_forward(cursor, booked)
        cursor.execute(BOOKED, [said])
        for name, (key, columns) in HANGING.items():
            cursor.execute(f"{GONE} {_shift(name, columns, PASSING)} FROM gone g WHERE g.id = {key}", [said])
        for name, (key, columns) in WITH_ORDERS.items():
            cursor.execute(
                f"{BY_ORDER} {_shift(name, columns, OLDER)} FROM older g WHERE g.id = {key}", [said]
            )


def number_orders() -> None:
    """Each buyer's orders by their age, whatever the order in which the demo made them."""
    with unguarded([_model("orders_order")]) as cursor:
        for more in (OUT_OF_THE_WAY, 0):
            cursor.execute(NUMBERED.format(more=more))


def open_long_ago() -> None:
    """The demo's offers and vouchers were there before anything was ordered."""
    demo = "IN (SELECT id FROM parties_organisation WHERE demo)"
    with unguarded(_model(name) for name in ("catalogue_version", "programmes_voucher")) as cursor:
        cursor.execute(
            "UPDATE catalogue_version SET published_at = published_at - make_interval(days => %s)"
            f" WHERE provider_org_id {demo}",
            [LONG_AGO],
        )
        cursor.execute(
            "UPDATE programmes_voucher SET granted_at = granted_at - make_interval(days => %s)"
            f" WHERE org_id {demo}",
            [LONG_AGO],
        )


def _shift(name: str, columns: tuple[str, ...], by: str) -> str:
    moved = ", ".join(f"{column} = {column} - {by}" for column in columns)
    return f"UPDATE {name} t SET {moved}"


def _said(days: Mapping[UUID, int]) -> str:
    return orjson.dumps([{"id": id_, "days": many} for id_, many in days.items() if many]).decode()


def _bring_forward(cursor: Any, booked: Mapping[UUID, int]) -> None:
    """What is booked lies earlier: in the kernel, and in what was asked and quoted."""
    for days in (f"{AWAY}", f"g.days - {AWAY}"):
        cursor.execute(SPANS.format(days=days), [_said(booked)])
    rows = [
        row
        for row in Line.objects.using("owner").filter(id__in=booked).only("quote", "request")
        if "starts_at" in row.request
    ]
    for row in rows:
        by, quote = timedelta(days=booked[row.id]), read_quote(row.quote)
        assert quote.starts_at is not None
        assert quote.due_at is not None
        asks = tuple(
            replace(ask, during=Span(ask.during.starts_at - by, ask.during.ends_at - by))
            if ask.during
            else ask
            for ask in quote.asks
        )
        row.quote = quote_document(
            replace(quote, starts_at=quote.starts_at - by, due_at=quote.due_at - by, asks=asks)
        )
        asked = datetime.fromisoformat(row.request["starts_at"]) - by
        row.request = row.request | {"starts_at": asked.isoformat(timespec="minutes")}
    Line.objects.using("owner").bulk_update(rows, ["quote", "request"])


def _model(name: str) -> Any:
    return next(model for model in apps.get_models() if model._meta.db_table == name)

"""``staveworks verify``: is the event chain what it was, do the books follow from their postings, is nothing reserved twice?"""

import dataclasses
import json
import sys
from contextlib import suppress

import click

from staveworks.cli.database import with_database
from staveworks.cli.siblings import sibling
from staveworks.foundation.eventlog.types import ChainBroken, Verification
from staveworks.foundation.ledger.types import Audit
from staveworks.foundation.reservation.auditing import HoldsAudit


@click.command(
    help="Check the event chain, replay the ledger from zero, look for what is reserved twice; name what is wrong. "
    "核验事件链，从零重算账目，检查重复预留，指出哪里不对。"
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON only. 只输出 JSON。")
@click.option(
    "--new-anchor",
    is_flag=True,
    help="Take the chain as it stands for the truth, after its anchor was lost. 存根遗失后，以现有链条为准重新留底。",
)
def verify(as_json: bool, new_anchor: bool) -> None:
    """Exit 0 when all is well, 1 when the log differs from its chain, a balance from its postings, or something is reserved twice."""
    with with_database():
        if new_anchor:
            sibling("jobs.verifying", "new_anchor")()
        with suppress(ChainBroken):  # what is wrong is found and named below
            sibling("jobs.verifying", "seal")()
        found: Verification = sibling("jobs.verifying", "verify_node")()
        books: Audit = sibling("jobs.books", "verify_books")()
        holds: HoldsAudit = sibling("jobs.verifying", "verify_reservations")()
    ok = found.ok and books.ok and holds.ok
    content = as_dict(found) | {
        "ok": ok,
        "ledger": books_as_dict(books),
        "reservations": holds_as_dict(holds),
    }
    text = f"{as_text(found)}\n{books_as_text(books)}\n{holds_as_text(holds)}"
    click.echo(json.dumps(content, ensure_ascii=False) if as_json else text)
    sys.exit(0 if ok else 1)


def as_dict(found: Verification) -> dict[str, object]:
    """The JSON of ``--json``: ``fault`` is null or ``{number, event_id, message_zh, message_en}``."""
    content = dataclasses.asdict(found) | {"ok": found.ok}
    if found.fault:
        content["fault"] = {
            "number": found.fault.number,
            "event_id": str(found.fault.event_id) if found.fault.event_id else None,
            "message_zh": found.fault.text.zh,
            "message_en": found.fault.text.en,
        }
    return content


def as_text(found: Verification) -> str:
    counted = f"{found.sealed} events sealed, {found.unsealed} waiting. 已封存 {found.sealed} 条，待封存 {found.unsealed} 条。"
    if found.fault is None:
        return f"The chain is whole: {counted}\n链条完整。"
    return f"{found.fault.text.en}\n{found.fault.text.zh}\n{counted}"


def books_as_dict(books: Audit) -> dict[str, object]:
    """``ledger`` in the JSON: what was replayed, and ``drifts`` [{subject_id, message_zh, message_en}, …]."""
    return {
        "ok": books.ok,
        "accounts": books.accounts,
        "transfers": books.transfers,
        "drifts": [
            {"subject_id": str(drift.subject_id), "message_zh": drift.text.zh, "message_en": drift.text.en}
            for drift in books.drifts
        ],
    }


def books_as_text(books: Audit) -> str:
    counted = (
        f"{books.accounts} accounts, {books.transfers} transfers replayed. "
        f"重算了 {books.accounts} 个账户、{books.transfers} 笔账。"
    )
    if books.ok:
        return f"The ledger is whole: {counted}\n账目完整。"
    return "\n".join([*(f"{drift.text.en}\n{drift.text.zh}" for drift in books.drifts), counted])


def holds_as_dict(holds: HoldsAudit) -> dict[str, object]:
    """``reservations`` in the JSON: how many were looked at, and ``faults`` [{id, message_zh, message_en}, …]."""
    return {
        "ok": holds.ok,
        "reservations": holds.reservations,
        "faults": [
            {"id": str(fault.id), "message_zh": fault.text.zh, "message_en": fault.text.en}
            for fault in holds.faults
        ],
    }


def holds_as_text(holds: HoldsAudit) -> str:
    if holds.ok:
        return f"Nothing is reserved twice: {holds.reservations} reservations. 没有重复预留：共 {holds.reservations} 项。"
    return "\n".join(f"{fault.text.en}\n{fault.text.zh}" for fault in holds.faults)

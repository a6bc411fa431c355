"""``staveworks verify``: is the event chain what it was?"""

import dataclasses
import json
import sys
from contextlib import suppress

import click

from staveworks.cli.database import with_database
from staveworks.cli.siblings import sibling
from staveworks.foundation.eventlog.types import ChainBroken, Verification


@click.command(
    help="Check the event chain and name the first row that was changed. 核验事件链，指出第一处改动。"
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON only. 只输出 JSON。")
@click.option(
    "--new-anchor",
    is_flag=True,
    help="Take the chain as it stands for the truth, after its anchor was lost. 存根遗失后，以现有链条为准重新留底。",
)
def verify(as_json: bool, new_anchor: bool) -> None:
    """Exit 0 when all is well, 1 when the log differs from its chain."""
    with with_database():
        if new_anchor:
            sibling("jobs.periodic", "new_anchor")()
        with suppress(ChainBroken):  # what is wrong is found and named below
            sibling("jobs.periodic", "seal")()
        found: Verification = sibling("jobs.periodic", "verify_node")()
    click.echo(json.dumps(as_dict(found), ensure_ascii=False) if as_json else as_text(found))
    sys.exit(0 if found.ok else 1)


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

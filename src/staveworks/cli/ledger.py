"""``staveworks ledger``: take the books along as plain text."""

from pathlib import Path
from uuid import UUID

import click

from staveworks.cli.database import with_database
from staveworks.cli.siblings import sibling

FORMATS = ["hledger", "beancount"]


@click.group(help="Take the books along as text. 把账目导出为文本。")
def ledger() -> None:
    """What the operator's accountant or an auditor asks for; a firm downloads its own on its page of books."""


@ledger.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    required=True,
    help="For which program. 给哪个程序用。",
)
@click.option(
    "--organisation",
    metavar="ID",
    type=click.UUID,
    help="Only the books of this organisation (its id). 只导出这个单位（编号）。",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file. 写到这个文件。"
)
def export(form: str, organisation: UUID | None, out: Path | None) -> None:
    """All posted transfers with the balances that the ledger keeps, for `hledger check --strict` or `bean-check`.

    Without an organisation: of everybody, each account named after whose it is. Exit code 0: done.

    导出全部已入账的账和当前余额，可用 `hledger check --strict` 或 `bean-check` 核对。不指定单位则导出所有单位。
    """
    with with_database():
        text: str = sibling("jobs.books", "export_books")(organisation, form)
    if out is None:
        click.echo(text, nl=False)
        return
    out.touch(mode=0o600)
    out.write_text(text, encoding="utf-8")
    click.echo(f"Written to {out}. 已写到 {out}。")

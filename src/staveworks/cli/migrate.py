"""``staveworks migrate``: bring the schema up to date, as the owner."""

import json
import sys

import click

from staveworks.cli.database import found_operator, with_database
from staveworks.cli.stamp import write_stamp
from staveworks.db.home import home_folder
from staveworks.kit.configuration.table import DATABASE_OWNER_URL
from staveworks.kit.errors import Refused
from staveworks.kit.text import Text


class NoOwner(Refused):
    """The schema can only be changed by the role that owns it."""

    text = Text(
        zh="更新数据库结构需要 DATABASE_OWNER_URL（表的所有者）。",
        en="Changing the schema needs DATABASE_OWNER_URL, the role that owns the tables.",
    )


@click.command()
@click.option(
    "--check",
    is_flag=True,
    help="Change nothing; exit 1 if anything is pending. 只检查，有待更新时退出码为 1。",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON. 输出 JSON。")
def migrate(*, check: bool, as_json: bool) -> None:
    """Bring the database schema up to date. 更新数据库结构。

    Exit code 0 when the schema is up to date at the end, 1 when it is not.
    """
    with with_database(migrating=False):
        pending = find_pending()
        applied = [] if check else apply_pending()
    left = pending if check else []
    if as_json:
        click.echo(json.dumps({"applied": applied, "pending": left}))
    else:
        tell(applied, left)
    sys.exit(1 if left else 0)


def find_pending() -> list[str]:
    from staveworks.db import schema

    return schema.pending("owner" if DATABASE_OWNER_URL.read() else "default")


def apply_pending() -> list[str]:
    """Raises `NoOwner` if the owner's address is not known."""
    if not DATABASE_OWNER_URL.read():
        raise NoOwner
    from staveworks.db import schema

    with schema.alone():
        applied = schema.migrate()
        found_operator()
        write_stamp(home_folder())
    return applied


def tell(applied: list[str], pending: list[str]) -> None:
    for name in applied:
        click.echo(f"applied 已更新  {name}")
    for name in pending:
        click.echo(f"pending 待更新  {name}")
    if not applied and not pending:
        click.echo("The schema is up to date. 数据库结构已是最新。")

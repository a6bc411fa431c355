"""``staveworks upgrade``: the data brought up to this version of the program, with a backup first and back to it if that fails."""

import json
from pathlib import Path

import click

from staveworks.cli.database import trouble_ends_the_command, with_database
from staveworks.cli.kept import program_version
from staveworks.cli.migrate import NoOwner
from staveworks.cli.siblings import sibling
from staveworks.cli.stamp import read_stamp, write_stamp
from staveworks.cli.trial import try_restore
from staveworks.cli.upgrading import nobody_runs, upgrade_schema
from staveworks.db.home import home_folder, make_home
from staveworks.kit.configuration.table import DATABASE_OWNER_URL


@click.command()
@click.option(
    "--verify/--no-verify",
    default=True,
    help="Rehearse it on a copy first (default). 先在副本上演练（默认）。",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON only. 只输出 JSON。")
def upgrade(*, verify: bool, as_json: bool) -> None:
    """Bring the data up to this version of the program: back up, rehearse, migrate, verify. 把数据升级到当前程序版本：备份、演练、更新、核验。

    Stop `staveworks run` first. Nothing is changed unless the backup verified and the rehearsal on a copy of it went well; if the
    real thing fails all the same, the database is put back as it was. Exit code 0: all is up to date; 1: all is as before.

    请先停止 staveworks run。备份核验且副本演练成功后才会改动；万一仍然失败，数据库退回原样。退出码 0：已是最新；1：一切照旧。
    """
    home = make_home(home_folder())
    before = read_stamp(home)
    backup: str | None = None
    applied: list[str] = []
    with trouble_ends_the_command(), nobody_runs(home), with_database(migrating=False, running=True):
        from staveworks.db import schema

        if not DATABASE_OWNER_URL.read():
            if schema.pending("default"):
                raise NoOwner
        elif schema.pending():
            applied, made = upgrade_schema(home, _rehearse if verify else None, _tell)
            backup = made.kept.path
            sibling("jobs.backups", "note_upgrade")(program_version(), len(applied))
        write_stamp(home)
    if as_json:
        click.echo(
            json.dumps({"from": before, "to": program_version(), "applied": applied, "backup": backup})
        )
        return
    for name in applied:
        click.echo(f"applied 已更新  {name}")
    click.echo(
        f"Up to date with version {program_version()}. 已是 {program_version()} 版。"
        + (f"\nThe backup from before 升级前的备份: {backup}" if backup else "")
    )


def _rehearse(backup: Path) -> None:
    """The trial restore migrates and verifies the copy as the upgrade will the original."""
    try_restore(backup, None)


def _tell(line: str) -> None:
    click.echo(line, err=True)

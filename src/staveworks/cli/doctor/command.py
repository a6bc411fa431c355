"""Looks at everything in turn. Each look stands alone: what one of them runs into is a finding, and the next still looks."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
import psycopg

from staveworks.cli.database import with_database
from staveworks.cli.doctor.channels import look_at_channels
from staveworks.cli.doctor.configuration import look_at_settings
from staveworks.cli.doctor.database import look_at_database, look_at_roles, look_at_schema
from staveworks.cli.doctor.finding import Finding, advice, broken
from staveworks.cli.doctor.machine import look_at_machine
from staveworks.cli.doctor.work import look_at_backups, look_at_work
from staveworks.db.home import home_folder
from staveworks.db.keeping.restore import MARK
from staveworks.kit.configuration.table import DATABASE_CROSS_URL, DATABASE_URL
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text, language_of


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON only, in both languages. 只输出 JSON，含中英文。"
)
def doctor(*, as_json: bool) -> None:
    """Look at machine, settings, database, worker, event chain, files and backups; say what is wrong and what to do.

    检查机器、设置、数据库、后台、事件链、文件与备份，逐条说明问题和办法。

    ✓ is well, ! is advice, ✗ must be mended. Exit code 1 if anything must be mended. Changes nothing.

    ✓ 正常，! 建议，✗ 必须处理。有必须处理的问题时退出码为 1。不改动任何东西。
    """
    language = language_of(
        os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    )
    found: list[Finding] = []
    for finding in look_at_everything():
        found.append(finding)
        if not as_json:
            click.echo(finding.line(language))
    bad = any(finding.state == "broken" for finding in found)
    if as_json:
        click.echo(
            json.dumps({"ok": not bad, "findings": [each.as_dict() for each in found]}, ensure_ascii=False)
        )
    sys.exit(1 if bad else 0)


def look_at_everything() -> Iterator[Finding]:
    home = home_folder()
    settings = list(look_at_settings())
    yield from settings
    yield from look_at_machine(home)
    if (
        any(finding.state == "broken" and finding.check == "settings" for finding in settings)
        and not _readable()
    ):
        return
    yield from _installation(home)


def _readable() -> bool:
    from staveworks.kit.configuration.checking import check_settings
    from staveworks.kit.configuration.setting import WrongSetting

    try:
        check_settings()
    except WrongSetting:
        return False
    return True


def _installation(home: Path) -> Iterator[Finding]:
    external = DATABASE_URL.read()
    if (home / MARK).exists():
        return
    if external is None and not (home / "postgres").exists():
        yield advice(
            "database",
            Text(zh="这里还没有安装。", en="Nothing is installed here yet."),
            Text(zh="运行 staveworks run", en="run `staveworks run`"),
        )
        return
    yield from guarded("database", lambda: _with_database(home, external))
    yield from guarded("backup", lambda: look_at_backups(home))


def _with_database(home: Path, external: str | None) -> Iterator[Finding]:
    if external:
        roles = list(look_at_roles(external, DATABASE_CROSS_URL.read()))
        yield from roles
        if any(finding.state == "broken" for finding in roles):
            return
    with with_database(migrating=False):
        app, cross = DATABASE_URL.read(), DATABASE_CROSS_URL.read()
        assert app
        assert cross
        if not external:
            yield from look_at_roles(app, cross)
        with psycopg.connect(cross, connect_timeout=10, autocommit=True) as connection:
            connection.execute("SET statement_timeout = '20s'")
            yield from guarded("database", lambda: look_at_database(connection, cross))
            schema = list(guarded("schema", lambda: [look_at_schema()]))
            yield from schema
            yield from guarded("worker", lambda: look_at_work(connection, home))
            if all(finding.state == "ok" for finding in schema):
                yield from guarded("channels", lambda: look_at_channels(connection))


def guarded(check: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a look finds, and, where it runs into trouble, that."""
    try:
        yield from look()
    except StaveworksError as error:
        yield _trouble(check, error.text)
    except click.ClickException as error:
        yield _trouble(check, _both(error.message))
    except (psycopg.Error, OSError) as error:
        yield _trouble(check, _both(str(error)))


def _both(said: str) -> Text:
    """Another program's words, as they are."""
    line = (said.strip().splitlines() or ["?"])[0]
    return Text(zh=line, en=line)


def _trouble(check: str, said: Text) -> Finding:
    return broken(
        check, said, Text(zh="按说明处理，另见 database.log", en="do as it says; see also database.log")
    )

"""The database under a command: the configured one, else the embedded server, with roles and schema."""

import gc
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import click
import psycopg

from staveworks.cli.child import PARENT
from staveworks.cli.stamp import refuse_older_program, write_stamp
from staveworks.cli.upgrading import nobody_runs, upgrade_schema, upgrade_server
from staveworks.db.embedded.errors import OlderData
from staveworks.db.embedded.secrets import Urls
from staveworks.db.embedded.server import EmbeddedServer
from staveworks.db.home import home_folder
from staveworks.db.keeping.restore import refuse_half_restored
from staveworks.db.roles import check_app_role, check_cross_role
from staveworks.kit.configuration.checking import check_settings, unknown_variables
from staveworks.kit.configuration.table import DATABASE_CROSS_URL, DATABASE_OWNER_URL, DATABASE_URL
from staveworks.kit.errors import Refused, StaveworksError
from staveworks.kit.text import Text

SETTINGS = "staveworks.config.settings"


class SchemaBehind(Refused):
    """The schema of an external database is older than the program; changing it is the operator's decision."""

    text = Text(
        zh="数据库结构需要更新，请先运行 staveworks migrate。",
        en="The database schema is out of date: run `staveworks migrate` first.",
    )


@contextmanager
def with_database(
    *, migrating: bool = True, restoring: bool = False, embedded: bool = False, running: bool = False
) -> Iterator[EmbeddedServer | None]:
    """Django, set up, on a database that is ready: roles checked, schema made if empty, operator founded.

    Without ``DATABASE_URL`` (or with ``embedded``) the embedded server of the home folder is used (and yielded), started if
    none runs, and stopped at the end if nobody else uses it; data of an older version, of PostgreSQL or of ours, are brought
    up to date with a backup first. ``migrating=False`` leaves the schema as it is. A home that is being restored is opened by
    `restore` alone. ``running``: we are `run` and hold its lock. Trouble ends the command with exit code 1.
    """
    with trouble_ends_the_command():
        look_at_settings()
        refuse_older_program(home_folder())
        if not restoring:
            refuse_half_restored(home_folder())
        yield from _ready(migrating=migrating, embedded=embedded, running=running)


def _ready(*, migrating: bool, embedded: bool, running: bool) -> Iterator[EmbeddedServer | None]:
    with _connection(embedded=embedded, running=running) as server:
        _set_up_django()
        try:
            if migrating:
                make_ready(ours=server is not None, running=running)
            yield server
        finally:
            _disconnect()


def look_at_settings() -> None:
    """Raise `WrongSetting` for what can't be read; name on stderr, once, what looks like a setting and is none."""
    check_settings()
    if PARENT not in os.environ:
        for name in unknown_variables():
            click.echo(f"There is no setting {name}; ignored. 没有这个设置，已忽略。", err=True)


@contextmanager
def trouble_ends_the_command() -> Iterator[None]:
    """A refusal is one line on stderr and exit code 1, not a traceback."""
    try:
        yield
    except StaveworksError as error:
        raise click.ClickException(str(error)) from error
    except psycopg.OperationalError as error:
        raise click.ClickException(f"The database can't be reached / 连不上数据库: {error}") from error


@contextmanager
def _connection(*, embedded: bool, running: bool) -> Iterator[EmbeddedServer | None]:
    url = None if embedded else DATABASE_URL.read()
    if url:
        check_app_role(url)
        if cross := DATABASE_CROSS_URL.read():
            check_cross_role(cross)
        yield None
        return
    server = EmbeddedServer(home_folder())
    with _started(server, running=running) as urls:
        before = {name: os.environ.get(name) for name in urls.environment()}
        os.environ.update(urls.environment())
        try:
            yield server
        finally:
            for name, value in before.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value


@contextmanager
def _started(server: EmbeddedServer, *, running: bool) -> Iterator[Urls]:
    """The server, after data of an older PostgreSQL have been brought over. Raises `InUse`."""
    try:
        urls = server.start()
    except OlderData as older:
        with _alone(server.home, running=running):
            upgrade_server(server.home, older.major, _say)
        urls = server.start()
    try:
        yield urls
    finally:
        server.stop()


def _alone(home: Path, *, running: bool) -> AbstractContextManager[None]:
    return nullcontext() if running else nobody_runs(home)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    gc.disable()  # nothing that is loaded becomes garbage
    django.setup()
    gc.freeze()
    gc.enable()


def _disconnect() -> None:
    from django.db import connections

    connections.close_all()


def make_ready(*, ours: bool, running: bool = False) -> list[str]:
    """Migrate what may be migrated unasked (an empty database, and the embedded one always); what was applied.

    The embedded one with data in it is backed up first, and put back if it fails. Raises `SchemaBehind` for another's database
    with data in it, `InUse`, `UpgradeUndone`, `UpgradeStuck`.
    """
    from staveworks.db import schema

    if not DATABASE_OWNER_URL.read():
        if schema.pending("default"):
            raise SchemaBehind
        return []
    with schema.alone():
        pending = schema.pending()
        fresh = schema.is_fresh()
        if pending and not ours and not fresh:
            raise SchemaBehind
        if pending and not fresh:
            with _alone(home_folder(), running=running):
                applied, _ = upgrade_schema(home_folder(), None, _say)
        else:
            applied = schema.migrate() if pending else []
        found_operator()
        write_stamp(home_folder())
        return applied


def found_operator() -> None:
    """The operator organisation with the service account as which commands act; made once."""
    from staveworks.foundation.parties.usecases.found_operator import found_operator

    found_operator()

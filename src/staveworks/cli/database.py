"""The database under a command: the configured one, else the embedded server, with roles and schema."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg

from staveworks.db.embedded.server import EmbeddedServer
from staveworks.db.home import home_folder
from staveworks.db.roles import check_app_role, check_cross_role
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
def with_database(*, migrating: bool = True) -> Iterator[EmbeddedServer | None]:
    """Django, set up, on a database that is ready: roles checked, schema made if empty, operator founded.

    Without ``DATABASE_URL`` the embedded server of the home folder is used (and yielded), started if none runs, and stopped
    at the end if nobody else uses it. ``migrating=False`` leaves the schema as it is. Trouble ends the command with exit
    code 1.
    """
    with trouble_ends_the_command(), _connection() as server:
        _set_up_django()
        try:
            if migrating:
                make_ready(ours=server is not None)
            yield server
        finally:
            _disconnect()


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
def _connection() -> Iterator[EmbeddedServer | None]:
    if os.environ.get("DATABASE_URL"):
        check_app_role(os.environ["DATABASE_URL"])
        if cross := os.environ.get("DATABASE_CROSS_URL"):
            check_cross_role(cross)
        yield None
        return
    server = EmbeddedServer(home_folder())
    with server as urls:
        before = {name: os.environ.get(name) for name in urls.environment()}
        os.environ.update(urls.environment())
        try:
            yield server
        finally:
            for name, value in before.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


def _disconnect() -> None:
    from django.db import connections

    connections.close_all()


def make_ready(*, ours: bool) -> list[str]:
    """Migrate what may be migrated unasked (an empty database, and the embedded one always); what was applied.

    Raises `SchemaBehind` for another's database with data in it.
    """
    from staveworks.db import schema

    if not os.environ.get("DATABASE_OWNER_URL"):
        if schema.pending("default"):
            raise SchemaBehind
        return []
    with schema.alone():
        pending = schema.pending()
        if pending and not ours and not schema.is_fresh():
            raise SchemaBehind
        applied = schema.migrate() if pending else []
        found_operator()
        return applied


def found_operator() -> None:
    """The operator organisation with the service account as which commands act; made once."""
    from staveworks.foundation.parties.usecases.found_operator import found_operator

    found_operator()

"""The schema brought up to date, as the owner, by one process at a time."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pkgutil import iter_modules

from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from staveworks.db.rendering import rendering_little
from staveworks.db.transaction import sqlstate

OWNER_ALIAS = "owner"
ATTEMPTS, LOCK_TIMED_OUT = 8, "55P03"
LOCK = 7_305_804_402_661_490  # an arbitrary number for pg_advisory_lock; nothing else of ours uses it
# Tables of Django itself which the application only reads.
READ_ONLY = ("django_migrations", "django_content_type", "auth_permission")


def pending(alias: str = OWNER_ALIAS) -> list[str]:
    """Names of the migrations that are not yet applied, in order: ``app.migration``.

    Where all that are shipped are applied, none needs to be read: an eighth of the start of every command.
    """
    if shipped() <= set(MigrationRecorder(connections[alias]).applied_migrations()):
        return []
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def shipped() -> set[tuple[str, str]]:
    """App and name of every migration of every app, by their files as Django finds them."""
    return {
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in iter_modules([str(Path(app.path) / "migrations")])
        if not module.ispkg and module.name[0] not in "_~"
    }


def migrate() -> list[str]:
    """Apply what is pending; the names of what was applied. A second process waits, then finds nothing to do."""
    with alone():
        names = pending()
        if names:
            _apply()
            _protect()
        return names


def _apply() -> None:
    """A migration that doesn't get its lock within three seconds lets those who work go first, and comes again.

    Each is a transaction of its own: those that are through stay, and the next attempt goes on after them.
    """
    for attempt in range(ATTEMPTS):
        try:
            with rendering_little():
                call_command("migrate", database=OWNER_ALIAS, interactive=False, verbosity=0)
        except OperationalError as error:
            if sqlstate(error) != LOCK_TIMED_OUT or attempt == ATTEMPTS - 1:
                raise
            time.sleep(random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
        else:
            return


@contextmanager
def alone() -> Iterator[None]:
    """No other process changes the schema inside this block; it may be nested."""
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '0', false)")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("RESET lock_timeout")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _protect() -> None:
    """Take the application's right to write in Django's own registers back."""
    present = connections[OWNER_ALIAS].introspection.table_names()
    tables = ", ".join(table for table in READ_ONLY if table in present)
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON {tables} FROM {_application()}")


def _application() -> str:
    """The application's role, quoted; an external database may have named it otherwise."""
    name = str(connections["default"].settings_dict["USER"])
    return connections[OWNER_ALIAS].ops.quote_name(name)


def is_fresh() -> bool:
    """Whether the database holds none of our tables yet."""
    tables = connections[OWNER_ALIAS].introspection.table_names()
    return not any(model._meta.db_table in tables for model in apps.get_models())

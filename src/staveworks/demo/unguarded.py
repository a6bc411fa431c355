"""The owner of the tables at work where even triggers and row policies would stand in her way: to remove the demo, to date it back."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, models, transaction


@contextmanager
def unguarded(tables: Iterable[type[models.Model]]) -> Iterator[Any]:
    """A cursor of the owner, in one transaction that locks ``tables``: nobody else finds them without their guards.

    Constraints hold all the same.
    """
    listed = list(tables)
    names = [(model._meta.db_table, model.tenancy.kind != "common") for model in listed]  # type: ignore[attr-defined]
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for name, _ in names:
            cursor.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, forced in names:
            if forced:
                cursor.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")

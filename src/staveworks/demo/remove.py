"""Remove the demo: all rows that hang on a demo organisation, person or list, whichever room they lie in.

Only the owner of the tables can do it, since some are append-only. The event log stays whole: its events name ids, not people.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connections, models, transaction

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.usecases.found_operator import DEFAULT_NAME

DEMO_ROWS = {
    "parties_organisation": "demo",
    "parties_person": "demo",
    "rosters_roster": """EXISTS (SELECT FROM rosters_row r WHERE r.roster_id = rosters_roster.id)
        AND NOT EXISTS (SELECT FROM rosters_row r JOIN parties_organisation o ON o.id = r.organisation_id
                        WHERE r.roster_id = rosters_roster.id AND NOT o.demo)""",
}
"""Where the demo begins; everything else is found by following foreign keys to these rows."""


def remove() -> int:
    """Delete the demo and give the operator its plain name back; the number of rows deleted."""
    tables = list(parents_first())
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for model in tables:
            cursor.execute(f"ALTER TABLE {_table(model)} NO FORCE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {_table(model)} DISABLE TRIGGER USER")
        for model in tables:
            _mark(cursor, model)
        deleted = sum(_delete(cursor, model) for model in reversed(tables))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in tables:
            if model.tenancy.kind != "common":  # type: ignore[attr-defined]
                cursor.execute(f"ALTER TABLE {_table(model)} FORCE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {_table(model)} ENABLE TRIGGER USER")
    _close()
    return deleted


def parents_first() -> Iterator[type[models.Model]]:
    """Our tables, each after those it points to."""
    waiting = [m for m in apps.get_models() if hasattr(m, "tenancy") and m._meta.app_label != "eventlog"]
    done: set[type[models.Model]] = set()
    while waiting:
        ready = [model for model in waiting if all(p in done or p is model for p in _parents(model))]
        yield from ready
        done.update(ready)
        waiting = [model for model in waiting if model not in done]


def _parents(model: type[models.Model]) -> list[type[models.Model]]:
    found = [key.related_model for key in _keys(model)]
    return [parent for parent in found if isinstance(parent, type) and hasattr(parent, "tenancy")]


def _keys(model: type[models.Model]) -> list[models.ForeignKey]:  # type: ignore[type-arg]
    return [field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _mark(cursor: object, model: type[models.Model]) -> None:
    """Note the rows that go; a key that may be empty (``SET_NULL``) is emptied instead."""
    table = _table(model)
    conditions = [DEMO_ROWS[table]] if table in DEMO_ROWS else []
    for key in _keys(model):
        parent = key.related_model
        if not isinstance(parent, type) or not hasattr(parent, "tenancy") or parent is model:
            continue
        hangs = f"{key.column} IN (SELECT id FROM going_{_table(parent)})"
        if key.remote_field.on_delete is models.SET_NULL:
            cursor.execute(f"UPDATE {table} SET {key.column} = NULL WHERE {hangs}")  # type: ignore[attr-defined]
        else:
            conditions.append(hangs)
    wanted = " OR ".join(f"({condition})" for condition in conditions) or "false"
    cursor.execute(  # type: ignore[attr-defined]
        f"CREATE TEMPORARY TABLE going_{table} ON COMMIT DROP AS SELECT ctid AS place, {_key(model)} AS id FROM {table} WHERE {wanted}"
    )


def _key(model: type[models.Model]) -> str:
    """The column that others point to; nobody points to a table with a composite key."""
    return model._meta.pk.column or "NULL"


def _delete(cursor: object, model: type[models.Model]) -> int:
    table = _table(model)
    cursor.execute(f"DELETE FROM {table} WHERE ctid IN (SELECT place FROM going_{table})")  # type: ignore[attr-defined]
    return int(cursor.rowcount)  # type: ignore[attr-defined]


def _close() -> None:
    service = operator_service()
    with acting(org=service.org_id, person=service.person_id):
        Organisation.objects.filter(id=service.org, name_en="Three-City Textiles").update(
            name=DEFAULT_NAME, name_en="", city=None
        )
        append_event(service, "demo.removed", subject=service.org)

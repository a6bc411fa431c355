"""Which rows are of the demo: those marked so, and all that hang on them, by a foreign key or by an id kept without one."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import models

RUNS = """WITH RECURSIVE theirs AS (
    SELECT r.id FROM dispatch_run r JOIN dispatch_inputs i ON i.id = r.inputs_id
    WHERE r.made_by_id IN (SELECT id FROM parties_person WHERE demo) OR EXISTS (
        SELECT FROM jsonb_object_keys(i.names -> 'firms') AS firm
        JOIN parties_organisation o ON o.demo AND o.id::text = firm)
    UNION SELECT r.id FROM dispatch_run r JOIN theirs ON r.base_id = theirs.id
) SELECT id FROM theirs"""
"""Runs that somebody of the demo began, or that plan the work of a firm of the demo; and all that are upon them, whoever asked."""
DEMO_ROWS = {
    "dispatch_demand": "made_by_id IN (SELECT id FROM parties_person WHERE demo)",
    "dispatch_inputs": f"id IN (SELECT inputs_id FROM dispatch_run WHERE id IN ({RUNS}))",
    "dispatch_run": f"id IN ({RUNS})",
    "dispatch_heat": """EXISTS (SELECT FROM dispatch_work_centre c JOIN parties_organisation o ON o.id = c.org_id AND o.demo
        WHERE c.operation = dispatch_heat.operation)""",
    "parties_organisation": "demo",
    "parties_person": "demo",
    "rosters_roster": """EXISTS (SELECT FROM rosters_row r WHERE r.roster_id = rosters_roster.id)
        AND NOT EXISTS (SELECT FROM rosters_row r JOIN parties_organisation o ON o.id = r.organisation_id
                        WHERE r.roster_id = rosters_roster.id AND NOT o.demo)""",
    "outreach_campaign": """EXISTS (SELECT FROM outreach_target t WHERE t.campaign_id = outreach_campaign.id)
        AND NOT EXISTS (SELECT FROM outreach_target t JOIN parties_organisation o ON o.id = t.firm_id
                        WHERE t.campaign_id = outreach_campaign.id AND NOT o.demo)""",
    "notices_sink_entry": "address LIKE '%@demo.example'",
    "catalogue_word": """NOT EXISTS (SELECT FROM catalogue_listing l JOIN parties_organisation o ON o.id = l.provider_org_id
        WHERE NOT o.demo AND l.words @@ plainto_tsquery('english', catalogue_word.word))""",
    "ledger_transfer": """EXISTS (SELECT FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
        JOIN parties_organisation o ON o.id IN (a.org_id, a.counterparty_id)
        WHERE p.transfer_id = ledger_transfer.id AND o.demo)""",
    "barrel_publication": """EXISTS (SELECT FROM barrel_contribution c JOIN parties_organisation o ON o.id = c.org_id AND o.demo
            JOIN barrel_published_group g ON g.id = c.group_id JOIN barrel_publication f ON f.id = g.first_id
            JOIN barrel_publication l ON l.id = g.last_id WHERE barrel_publication.at BETWEEN f.at AND l.at)
        OR NOT EXISTS (SELECT FROM barrel_contribution c JOIN parties_organisation o ON o.id = c.org_id AND NOT o.demo)""",
}
"""Where the demo begins. Of figures, months in which its firms stand; all months, where no other firm ever stood in one."""
UNBOUND: Mapping[str, tuple[str, ...]] = {
    "eventlog_idempotency_key": ("org_id",),
    "rosters_match_key": ("row_id",),
    "dispatch_reading": ("person_id", "via_org_id"),
    "facts_reading": ("person_id", "via_org_id"),
    "facts_read": ("person_id", "reader_org_id"),
    "facts_fact": ("source_id", "stated_by_org_id"),
    "notices_message": ("about",),
    "notices_todo": ("subject_id",),
}
"""Ids kept without a foreign key: table → columns."""
LEFT_WHOLE = ("eventlog_event", "eventlog_seal", "eventlog_cursor")
"""The chain breaks if a link goes; its events name ids, not people."""


def parents_first() -> Iterator[type[models.Model]]:
    """Our tables, each after those it points to."""
    waiting = [m for m in apps.get_models() if hasattr(m, "tenancy") and m._meta.db_table not in LEFT_WHOLE]
    done: set[type[models.Model]] = set()
    while waiting:
        ready = [model for model in waiting if all(p in done or p is model for p in _parents(model))]
        yield from ready
        done.update(ready)
        waiting = [model for model in waiting if model not in done]


def trace(cursor: Any, tables: list[type[models.Model]]) -> None:
    """Note the rows that go in temporary tables ``going_<table>`` (place, id), and all their ids in ``going``.

    Twice: what is kept by an id alone may point to any table, and has rows that hang on it in turn.
    """
    cursor.execute("CREATE TEMPORARY TABLE going (id uuid PRIMARY KEY) ON COMMIT DROP")
    for last in (False, True):
        for model in tables:
            _mark(cursor, model, last=last)
        for model in tables:
            if isinstance(model._meta.pk, models.UUIDField | models.OneToOneField):
                cursor.execute(
                    f"INSERT INTO going SELECT id FROM going_{table(model)} WHERE id IS NOT NULL ON CONFLICT DO NOTHING"
                )


def _mark(cursor: Any, model: type[models.Model], *, last: bool) -> None:
    """A key that may be empty (``SET_NULL``) is emptied in the rows that stay; but what is a person's own goes with her."""
    name, emptied = table(model), []
    conditions = [DEMO_ROWS[name]] if name in DEMO_ROWS else []
    conditions += [f"{column} IN (SELECT id FROM going)" for column in UNBOUND.get(name, ())]
    for key in _keys(model):
        parent = key.related_model
        if not isinstance(parent, type) or not hasattr(parent, "tenancy") or parent is model:
            continue
        hangs = f"{key.column} IN (SELECT id FROM going_{table(parent)})"
        if key.remote_field.on_delete is not models.SET_NULL or _is_own(model, key):
            conditions.append(hangs)
        elif last:
            emptied.append((key.column, hangs))
    wanted = " OR ".join(f"({condition})" for condition in conditions) or "false"
    cursor.execute(f"DROP TABLE IF EXISTS going_{name}")
    cursor.execute(
        f"CREATE TEMPORARY TABLE going_{name} ON COMMIT DROP AS "
        f"SELECT ctid AS place, {_key(model)} AS id FROM {name} WHERE {wanted}"
    )
    for column, hangs in emptied:
        cursor.execute(
            f"UPDATE {name} SET {column} = NULL WHERE ({hangs}) AND ctid NOT IN (SELECT place FROM going_{name})"
        )


def _is_own(model: type[models.Model], key: models.ForeignKey) -> bool:  # type: ignore[type-arg]
    """Whether the row is the person's own: the first column that the model names, and nothing keeps it without her."""
    said = getattr(model, "personal", None)
    return said is not None and said.kept is None and key.column == said.people[0]


def table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _key(model: type[models.Model]) -> str:
    """The column that others point to; nobody points to a table with a composite key."""
    return model._meta.pk.column or "NULL"


def _parents(model: type[models.Model]) -> list[type[models.Model]]:
    found = [key.related_model for key in _keys(model)]
    return [parent for parent in found if isinstance(parent, type) and hasattr(parent, "tenancy")]


def _keys(model: type[models.Model]) -> list[models.ForeignKey]:  # type: ignore[type-arg]
    return [field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]

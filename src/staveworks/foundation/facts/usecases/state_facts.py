"""Keep statements about firms: set-based, each once however often it is stated."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.facts.domain import topic_of
from staveworks.foundation.facts.types import Source, Stated
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.foundation.rules.types import RuleVersion
from staveworks.kit.ids import new_id

INSERT = """
INSERT INTO facts_fact (id, org_id, field, topic, value, grade, source, source_id, source_name, stated_by_org_id, stated_at,
                        valid_until, rule)
SELECT id, org_id, field, topic, nullif(value, 'null'::jsonb), grade, source, source_id, source_name, stated_by_org_id, stated_at,
       valid_until, rule
FROM jsonb_to_recordset(%s::jsonb) AS given (
    id uuid, org_id uuid, field text, topic text, value jsonb, grade text, source text, source_id uuid, source_name text,
    stated_by_org_id uuid, stated_at timestamptz, valid_until timestamptz, rule text)
ON CONFLICT DO NOTHING
"""
DATED = {Source.ROSTER: "roster", Source.ASSESSMENT: "assessment"}
"""Sources whose statements are good for a time, by the rule ``facts.validity``."""


@use_case
def state_facts(actor: Actor, *, stated: Sequence[Stated]) -> int:
    """How many of them are new. About another firm only in the actor's own name (``stated_by``). Raises ``RightMissing``."""
    actor.require("organisation.read")
    return keep_statements(actor, stated)


def keep_statements(actor: Actor, stated: Iterable[Stated]) -> int:
    """The same in the caller's transaction."""
    rules: dict[datetime, RuleVersion] = {}
    rows = [_row(each, rules) for each in stated]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [json.dumps(rows, ensure_ascii=False, default=str)])
        count = int(cursor.rowcount)
    if count:
        append_event(actor, "facts.stated", subject=actor.org, count=count)
    return count


def _row(each: Stated, rules: dict[datetime, RuleVersion]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": new_id(),
        "org_id": each.org_id,
        "field": each.field[:140],
        "topic": topic_of(each.field),
        "value": each.value,
        "grade": each.grade,
        "source": each.source,
        "source_id": each.source_id,
        "source_name": each.source_name[:240],
        "stated_by_org_id": each.stated_by,
        "stated_at": each.stated_at.isoformat(),
        "valid_until": None,
        "rule": "",
    }
    if each.source in DATED:
        rule = rules.setdefault(
            each.stated_at, rules.get(each.stated_at) or rule_in_force("facts.validity", each.stated_at)
        )
        until = each.stated_at + timedelta(days=rule.value[DATED[each.source]])
        row |= {"valid_until": until.isoformat(), "rule": rule.label}
    return row


def lock_facts(org_id: UUID) -> None:
    """Two jobs that restate one firm wait for each other (until the transaction ends)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"facts:{org_id}"])

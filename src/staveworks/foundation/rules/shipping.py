"""The versions that ship, for migrations: a release that brings a new rule has ``Ship()``, one that words a rule anew or gives
it more entries has ``Renew(code, …)``.

They write SQL. With ``RunPython`` Django would draw up every model of that moment anew for each of them, a quarter of the
time that an empty database takes.
"""

import json
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from staveworks.foundation.rules.catalogue import rule_kinds
from staveworks.foundation.rules.types import RuleKind
from staveworks.kit.ids import new_id

SHIPPED = """
    INSERT INTO rules_version (id, code, number, text_zh, text_en, value, during, basis)
    VALUES (%s, %s, 0, %s, %s, %s::jsonb, '(,)', 'shipped')"""
KNOWN = "SELECT FROM rules_version WHERE code = %s"
OUTDATED = """
    SELECT basis = 'shipped' AND (text_zh, text_en, value) <> (%s, %s, %s::jsonb)
    FROM rules_version WHERE code = %s ORDER BY number DESC LIMIT 1"""


def first_version(kind: RuleKind) -> tuple[str, str, str]:
    return kind.text.zh, kind.text.en, json.dumps(kind.first)


class Ship(Operation):
    """Rules that have no version yet get their first, in force from the beginning. Nothing to undo: versions stay."""

    reversible = True
    reduces_to_sql = False  # what it writes depends on what is there

    def state_forwards(self, app_label: str, state: Any) -> None:
        """No model changes."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        with schema_editor.connection.cursor() as cursor:
            for kind in rule_kinds().values():
                if self.due(cursor, kind):
                    cursor.execute(SHIPPED, [new_id(), kind.code, *first_version(kind)])

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Versions that somebody may have acted on are never taken back."""

    def due(self, cursor: Any, kind: RuleKind) -> bool:
        cursor.execute(KNOWN, [kind.code])
        return bool(cursor.fetchone() is None)

    def describe(self) -> str:
        return "Ship the first versions of rules"


class Renew(Ship):
    """A new version of rules that still stand as they shipped. What a cluster has adopted itself stays as it is."""

    def __init__(self, *codes: str) -> None:
        self.codes = codes

    def due(self, cursor: Any, kind: RuleKind) -> bool:
        if kind.code not in self.codes:
            return False
        cursor.execute(OUTDATED, [*first_version(kind), kind.code])
        return bool(cursor.fetchone() == (True,))

    def describe(self) -> str:
        return f"Ship {', '.join(self.codes)} anew"

"""The versions that ship, for migrations: a release that brings a new rule has ``Ship()``, one that words a rule anew or gives
it more entries has ``Renew(code, …)``.

They write SQL. With ``RunPython`` Django would draw up every model of that moment anew for each of them.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from staveworks.foundation.rules.catalogue import rule_kind, rule_kinds
from staveworks.foundation.rules.types import RuleKind
from staveworks.kit.ids import new_id

ADD = """
    INSERT INTO rules_version (id, code, number, text_zh, text_en, value, during, basis)
    SELECT %(id)s, %(code)s, 0, %(zh)s, %(en)s, %(value)s::jsonb, tstzrange(NULL, NULL), 'shipped'"""
UNKNOWN = " WHERE NOT EXISTS (SELECT FROM rules_version WHERE code = %(code)s)"
OUTDATED = """
    WHERE (SELECT basis = 'shipped' AND (text_zh, text_en, value) <> (%(zh)s, %(en)s, %(value)s::jsonb)
        FROM rules_version WHERE code = %(code)s ORDER BY number DESC LIMIT 1)"""


class Ship(Operation):
    """Rules that have no version yet get their first, in force from the beginning. Nothing to undo: versions stay."""

    reversible = True
    reduces_to_sql = False  # the rules are read when it runs, and the linter of migrations has no database
    where = UNKNOWN

    def kinds(self) -> Iterable[RuleKind]:
        return rule_kinds().values()

    def state_forwards(self, app_label: str, state: Any) -> None:
        """No model changes."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        with schema_editor.connection.cursor() as cursor:
            for kind in self.kinds():
                text, value = kind.text, json.dumps(kind.first)
                row: dict[str, Any] = {
                    "id": new_id(),
                    "code": kind.code,
                    "zh": text.zh,
                    "en": text.en,
                    "value": value,
                }
                cursor.execute(ADD + self.where, row)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Versions that somebody may have acted on are never taken back."""

    def describe(self) -> str:
        return "Ship the first versions of rules"


class Renew(Ship):
    """A new version of rules that still stand as they shipped. What a cluster has adopted itself stays as it is."""

    where = OUTDATED

    def __init__(self, *codes: str) -> None:
        self.codes = codes

    def kinds(self) -> Iterable[RuleKind]:
        """Raises ``RuleUnknown``."""
        return map(rule_kind, self.codes)

    def describe(self) -> str:
        return f"Ship {', '.join(self.codes)} anew"

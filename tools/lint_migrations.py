"""Does a migration hold a lock for long, or take away what the former version still uses? Run by ``make migrations``.

The SQL of all migrations since the former version goes through squawk (squawkhq.com) in the order in which they are applied. What it
says of tables that are new since then is left out: nobody waits for those, and nobody else knows them. No database is needed.
"""

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from psycopg import sql

ROOT = Path(__file__).parent.parent
LOCKS = {
    *(
        "adding-field-with-default",
        "adding-foreign-key-constraint",
        "adding-not-nullable-field",
        "changing-column-type",
    ),
    *("adding-serial-primary-key-field", "constraint-missing-not-valid", "disallowed-unique-constraint"),
    *("require-concurrent-index-creation", "require-concurrent-index-deletion", "ban-truncate-cascade"),
}
FORMER_VERSION = {
    *(
        "adding-required-field",
        "ban-drop-column",
        "ban-drop-table",
        "ban-drop-function",
        "renaming-column",
        "renaming-table",
    ),
}
NO_DEFAULT_LEFT = "default-not-kept"
"""Django's AddField with ``default=`` takes the database's default away again: the former version can't insert. Use ``db_default=``."""
ACCEPTED = {
    ("parties_claim", "constraint-missing-not-valid"): "claims are few: a scan takes milliseconds",
    ("rosters_roster", "adding-foreign-key-constraint"): "lists are few",
    ("rosters_roster", "constraint-missing-not-valid"): "lists are few",
    ("rosters_roster", "require-concurrent-index-creation"): "lists are few",
    (
        "rosters_row",
        "require-concurrent-index-creation",
    ): "partial, on a column that is new and empty: one scan, nothing to sort",
    ("rosters_pair", "adding-foreign-key-constraint"): "pairs are few, and the column is new and empty",
    ("rosters_pair", "constraint-missing-not-valid"): "pairs are few",
    (
        "rosters_pair",
        "disallowed-unique-constraint",
    ): "pairs are few, and one of its columns is new and empty",
    ("rosters_pair", "require-concurrent-index-creation"): "pairs are few, and the column is new and empty",
}
"""(table or function, rule) → why it does no harm. Anything new needs its reason here."""
FUNCTION = re.compile(r'CREATE (?:OR REPLACE )?FUNCTION "?(\w+)"?', re.IGNORECASE)
MADE = re.compile(r'CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)"?', re.IGNORECASE)
TOUCHED = re.compile(
    r"(?:ALTER TABLE|DROP TABLE|DROP FUNCTION|TRUNCATE|UPDATE|(?:CREATE|DROP) (?:UNIQUE )?INDEX [^;]*? ON)"
    r'\s+(?:IF EXISTS |ONLY )*"?(\w+)"?',
    re.IGNORECASE | re.DOTALL,
)
DEFAULT_DROPPED = re.compile(r'ALTER TABLE "?(\w+)"? ALTER COLUMN "?\w+"? DROP DEFAULT', re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """A statement on a table that is in use."""

    table: str
    rule: str
    line: int
    message: str


def faults_in(text: str) -> list[Fault]:
    """What may hold up or break those who work meanwhile, but for what is accepted."""
    new = set(MADE.findall(text)) | {name for name in FUNCTION.findall(text) if not _former_knows(name)}
    found = [*_squawk(text), *_defaults_dropped(text)]
    return [fault for fault in found if fault.table not in new and (fault.table, fault.rule) not in ACCEPTED]


def _squawk(text: str) -> Iterator[Fault]:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(text)
        file.flush()
        command = [
            Path(sys.executable).with_name("squawk"),
            "--assume-in-transaction",
            "--pg-version=15",
            "--reporter=json",
        ]
        done = subprocess.run([*command, file.name], capture_output=True, text=True, check=False)
    lines = text.splitlines()
    for entry in json.loads(done.stdout):
        if entry["rule_name"] in LOCKS | FORMER_VERSION or entry["level"] == "Error":
            yield Fault(_table(lines, entry["line"]), entry["rule_name"], entry["line"], entry["message"])


def _table(lines: list[str], line: int) -> str:
    """The table of the statement that stands at ``line``: the nearest one named at or before it."""
    for start in range(line, max(line - 12, -1), -1):
        found = TOUCHED.findall("\n".join(lines[start : line + 1]))
        if found:
            return str(found[-1])
    return ""


def _defaults_dropped(text: str) -> Iterator[Fault]:
    for number, line in enumerate(text.splitlines()):
        for table in DEFAULT_DROPPED.findall(line):
            yield Fault(table, NO_DEFAULT_LEFT, number, "the former version can't insert: use db_default")


def migrations_of_former_version() -> set[str]:
    """Those that its backup had applied."""
    return set(json.loads(_in_former_backup("backup.json"))["migrations"])


def _former_knows(function: str) -> bool:
    """The dump's table of contents, at its beginning, holds the definitions as they are."""
    return f"FUNCTION public.{function}(".encode() in _in_former_backup("database.dump")


@cache
def _in_former_backup(name: str) -> bytes:
    [backup] = (ROOT / "tests" / "golden" / "upgrade").glob("v*.tar")
    with tarfile.open(backup) as tar:
        file = tar.extractfile(name)
        assert file
        return file.read()


def sql_since(known: set[str]) -> str:
    """The SQL of all later migrations, in order, each under its name."""
    import django

    django.setup()
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    from staveworks.db.rendering import rendering_little

    loader = MigrationLoader(None, ignore_no_migrations=True)
    order = dict.fromkeys(
        key for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf)
    )
    connections["owner"].ops.compose_sql = _compose  # type: ignore[attr-defined]
    state, written = ProjectState(real_apps=loader.unmigrated_apps), []
    with rendering_little():
        for key in order:
            migration, name = loader.graph.nodes[key], ".".join(key)
            if name in known:
                state = migration.mutate_state(state, preserve=False)
                continue
            with connections["owner"].schema_editor(collect_sql=True, atomic=False) as editor:
                editor._constraint_names = lambda *_, **__: ["looked_up_when_applied"]  # type: ignore[attr-defined]
                state = migration.apply(state, editor, collect_sql=True)
            written += [f"-- {name}", *editor.collected_sql]
    return "\n".join(written)


def _compose(statement: str, params: Sequence[Any] | None) -> str:
    """Values in their places, without asking a server how to quote."""
    literals = tuple(sql.Literal(value).as_string(None) for value in params or ())
    return statement % literals if literals else statement


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staveworks.config.settings")
    text = sql_since(migrations_of_former_version())
    faults = faults_in(text)
    for fault in faults:
        name = next(
            (
                line[3:]
                for line in reversed(text.splitlines()[: fault.line])
                if re.match(r"-- \w+\.\d{4}_", line)
            ),
            "?",
        )
        print(f"{name}: {fault.table}: {fault.rule}: {fault.message}")
    print(
        f"{len(faults)} faults; tables with data in use: no long lock, and the former version goes on."
        if not faults
        else ""
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

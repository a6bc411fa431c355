"""One snapshot of the database, shared by all that reads for a backup."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from staveworks.db.keeping.programs import client_programs, connecting, must_succeed


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An open transaction whose view of the database others can take over by its ``name``."""

    url: str
    connection: "psycopg.Connection[tuple[Any, ...]]"
    name: str
    taken_at: datetime
    server_version: int

    @property
    def server_major(self) -> int:
        return self.server_version // 10_000

    def migrations(self) -> list[str]:
        found = self.connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id")
        return [row[0] for row in found]

    def count_rows(self) -> dict[str, int]:
        """Rows of each table: what a restore must show again."""
        tables = self.connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
        ).fetchall()
        return {name: self._count(name) for (name,) in tables}

    def _count(self, table: str) -> int:
        row = self.connection.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        ).fetchone()
        assert row is not None
        return int(row[0])

    def database_bytes(self) -> int:
        row = self.connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row is not None
        return int(row[0])

    def files(self, references: Mapping[str, LiteralString]) -> dict[str, str]:
        """Path in the data folder → digest, of all files that rows of this snapshot name."""
        return files_named_by_rows(self.connection, references)

    def dump(self, target: Path) -> None:
        """Write the dump (``pg_dump --format=custom``) as this snapshot sees the database. Raises `ProgramFailed`, `NoPrograms`."""
        programs = client_programs(self.url, self.server_major)
        where, environment = connecting(self.url)
        command = [
            str(programs / "pg_dump"),
            "--format=custom",
            "--compress=4",
            f"--snapshot={self.name}",
        ]
        done = subprocess.run(
            [*command, f"--file={target}", f"--dbname={where}"],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        must_succeed("pg_dump", done)


def files_named_by_rows(
    connection: "psycopg.Connection[tuple[Any, ...]]", references: Mapping[str, LiteralString]
) -> dict[str, str]:
    """Path in the data folder → digest. ``references``: table → query giving (path, sha256); a missing table has none."""
    found: dict[str, str] = {}
    for table, query in references.items():
        row = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
        if row and row[0]:
            found.update(connection.execute(query).fetchall())
    return found


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Take one. Others go on writing: it holds no lock beyond those of reading, and draws no transaction number."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        connection.execute(
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        )
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        connection.execute("SET statement_timeout = 0")
        connection.commit()
        row = connection.execute("SELECT pg_export_snapshot(), now()").fetchone()
        assert row is not None
        yield Snapshot(url, connection, row[0], row[1], connection.info.server_version)
        connection.rollback()

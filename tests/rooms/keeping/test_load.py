"""A dump is loaded whatever the server that it comes from notes beside the data."""

import subprocess
from pathlib import Path

import psycopg

from staveworks.db.embedded.places import wheel_binaries
from staveworks.db.keeping.load import load
from tests.database import Clone

NOTED = """
UPDATE pg_attribute SET attoptions = CASE attname WHEN 'name' THEN '{pg_attver=29637104,n_distinct=4}'::text[]
    WHEN 'kinds' THEN '{n_distinct=5,pg_attver=29637104}'::text[] ELSE '{pg_attver=29637104}'::text[] END
WHERE attrelid IN ('parties_organisation'::regclass, 'parties_person'::regclass) AND attnum > 0
"""
"""As servers since the minor versions of November 2026 do, which today's own programs don't know yet."""
SAID = "SET (pg_attver=29637104);"
"""Data may say so."""


def test_what_only_another_server_understands_is_left_out_and_data_are_kept(
    committed: Clone, tmp_path: Path
) -> None:
    with psycopg.connect(committed.urls.superuser, autocommit=True) as connection:
        connection.execute("SET allow_system_table_mods = on")
        connection.execute(NOTED.encode())
    with psycopg.connect(committed.urls.owner) as connection:
        connection.execute("CREATE TABLE note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [SAID])
    dump = tmp_path / "dump"
    pg_dump = wheel_binaries() / "pg_dump"
    subprocess.run(
        [pg_dump, "--format=custom", f"--dbname={committed.urls.superuser}", f"--file={dump}"], check=True
    )
    listed = subprocess.run(
        [pg_dump.with_name("pg_restore"), "--file=-", dump], stdout=subprocess.PIPE, check=True
    )
    assert listed.stdout.count(b"pg_attver=") > 20, "the premise: the program passes it on"
    load(committed.urls.owner, dump, replace=True)
    with psycopg.connect(committed.urls.superuser) as connection:
        kept = connection.execute(
            "SELECT attname, attoptions FROM pg_attribute WHERE attoptions IS NOT NULL ORDER BY 1"
        ).fetchall()
        assert kept == [("kinds", ["n_distinct=5"]), *2 * [("name", ["n_distinct=4"])]]
        assert connection.execute("SELECT text FROM note").fetchone() == (SAID,)

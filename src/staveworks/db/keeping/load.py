"""A dump brought into a database as its owner, in one transaction: all of it or nothing.

The dump is turned back into SQL and fed to psql, for three reasons: one transaction over all, statements of ours between
the data and the indexes, and an older server can be spared what it doesn't know.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import IO

import psycopg

from staveworks.db.keeping.programs import client_programs, connecting, failure, must_succeed

CHUNK = 1024 * 1024
FROM_17 = b"SET transaction_timeout = 0;\n"
ALONE, AMONG_OTHERS = rb"SET \(pg_attver=\d+\);$", rb"pg_attver=\d+, |, pg_attver=\d+"
"""What servers since the minor versions of November 2026 note at each column, and `pg_dump` of before takes for a setting. The
number means nothing to another server, and servers of before refuse it."""
PLAIN_DEFAULTS = """
DO $plain$
DECLARE
    given record;
BEGIN
    FOR given IN
        SELECT coalesce('IN SCHEMA ' || quote_ident(nspname), '') AS place, x.grantee, CASE d.defaclobjtype
            WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END AS things
        FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) x
        WHERE d.defaclrole = current_user::regrole AND x.grantee <> d.defaclrole LOOP
        EXECUTE format('ALTER DEFAULT PRIVILEGES %s REVOKE ALL ON %s FROM %s', given.place, given.things,
                       CASE given.grantee WHEN 0 THEN 'PUBLIC' ELSE given.grantee::regrole::text END);
    END LOOP;
END
$plain$;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
"""
"""A dump gives rights on top of PostgreSQL's own defaults: with ours in force a right that a migration took back would return.
The dump sets ours again at its end."""
DROP_ALL = """
DO $drop$
DECLARE
    command text;
BEGIN
    FOREACH command IN ARRAY (  -- made before any is carried out: what is dropped takes others along
        SELECT coalesce(array_agg(what ORDER BY rank), '{}') FROM (
            SELECT CASE relkind WHEN 'S' THEN 2 ELSE 1 END AS rank, format('DROP %s IF EXISTS public.%I CASCADE',
                CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                relname) AS what
            FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = current_user::regrole
                AND relkind IN ('r', 'p', 'v', 'm', 'S')
            UNION ALL
            SELECT 3, format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
            UNION ALL
            SELECT 4, format('DROP TYPE IF EXISTS public.%I CASCADE', t.typname) FROM pg_type t
            LEFT JOIN pg_class c ON c.oid = t.typrelid
            WHERE t.typnamespace = 'public'::regnamespace AND t.typowner = current_user::regrole
                AND (t.typtype IN ('d', 'e') OR c.relkind = 'c')
        ) everything) LOOP
        EXECUTE command;
    END LOOP;
END
$drop$;
"""


class Section(Enum):
    """A part of a dump, as `pg_restore` calls it."""

    BEFORE = "pre-data"
    DATA = "data"
    AFTER = "post-data"


def load(url: str, dump: Path, *, between: Sequence[str] = (), replace: bool = False) -> None:
    """Load ``dump`` as the owner of the database behind ``url``.

    ``between``: SQL to run when the data are in and triggers, policies and indexes are not yet. ``replace`` takes everything
    that the owner has in the database away first, in the same transaction. Raises `ProgramFailed`, `NoPrograms`.
    """
    with psycopg.connect(url, connect_timeout=10) as connection:
        version = connection.info.server_version
        wanted = _wanted_extensions(connection)
    programs = client_programs(url, version // 10_000)
    with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as contents:
        contents.write(_contents(programs, dump, wanted))
        contents.flush()
        scripts: list[str | Section] = [
            *([DROP_ALL] if replace else []),
            PLAIN_DEFAULTS,
            Section.BEFORE,
            Section.DATA,
            *between,
            Section.AFTER,
        ]
        _feed(url, programs, dump, contents.name, scripts, new=version >= 170_000)
    _analyze(url)


def clear(url: str) -> None:
    """Take everything that the owner has in the database away."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        connection.execute(DROP_ALL.encode())


def _wanted_extensions(connection: "psycopg.Connection[tuple[str]]") -> set[str]:
    """Those that the owner may create, or that are there."""
    found = connection.execute(
        "SELECT DISTINCT name FROM pg_available_extension_versions WHERE trusted OR installed"
    )
    return {row[0] for row in found}


def _contents(programs: Path, dump: Path, extensions: set[str]) -> str:
    """The dump's table of contents without what belongs to the database around it, which ``roles.sql`` makes."""
    done = subprocess.run([programs / "pg_restore", "--list", dump], capture_output=True, check=False)
    must_succeed("pg_restore", done)
    lines = done.stdout.decode("utf-8").splitlines()
    return "\n".join(line for line in lines if _is_wanted(line, extensions)) + "\n"


def _is_wanted(line: str, extensions: set[str]) -> bool:
    """Lines look like ``2; 3079 16390 EXTENSION - btree_gist ``, ``3541; 0 0 ACL - SCHEMA public pg_database_owner``."""
    words = line.split()
    if line.startswith(";") or len(words) < 6:
        return True
    kind = words[3]
    if kind == "EXTENSION":
        return words[5] in extensions
    return kind not in ("COMMENT", "SCHEMA") and words[3:6] != ["ACL", "-", "SCHEMA"]


def _feed(
    url: str, programs: Path, dump: Path, contents: str, scripts: Sequence[str | Section], *, new: bool
) -> None:
    where, environment = connecting(url)
    command = [
        str(programs / "psql"),
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--file=-",
    ]
    with tempfile.TemporaryFile() as said:
        psql = subprocess.Popen(
            [*command, f"--dbname={where}"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        assert psql.stdin is not None
        try:
            for chunk in _script(programs, dump, contents, scripts, new=new):
                psql.stdin.write(chunk)
        except BrokenPipeError:
            pass  # psql has given up and says why
        except BaseException:
            psql.kill()  # before its input ends: at the end of its input it would commit
            psql.wait()
            raise
        with suppress(BrokenPipeError):
            psql.stdin.close()
        if psql.wait():
            said.seek(0)
            raise failure("psql", said.read(), psql.returncode)


def _script(
    programs: Path, dump: Path, contents: str, scripts: Sequence[str | Section], *, new: bool
) -> Iterator[bytes]:
    for script in scripts:
        if isinstance(script, str):
            yield script.encode() + b"\n"
        else:
            yield from _restored(programs, dump, contents, script, new=new)


def _restored(programs: Path, dump: Path, contents: str, section: Section, *, new: bool) -> Iterator[bytes]:
    command = [
        str(programs / "pg_restore"),
        "--file=-",
        "--no-owner",
        f"--use-list={contents}",
        f"--section={section.value}",
        str(dump),
    ]
    with tempfile.TemporaryFile() as said:
        restore = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said)
        assert restore.stdout is not None
        with restore.stdout as source:
            yield from _without_what_is_unknown(source, new=new, data=section is Section.DATA)
        if restore.wait():
            said.seek(0)
            raise failure("pg_restore", said.read(), restore.returncode)


def _without_what_is_unknown(source: IO[bytes], *, new: bool, data: bool) -> Iterator[bytes]:
    """``new``: this server knows the settings of a newer one, which stand at the very beginning of a script. Data stay as they are."""
    head = source.read(16 * 1024 if data else -1)
    if not new:
        head = head.replace(FROM_17, b"", 1)
    if not data:
        head = re.sub(ALONE, b"RESET (n_distinct);", head, flags=re.MULTILINE)
        head = re.sub(AMONG_OTHERS, b"", head)
    yield head
    while chunk := source.read(CHUNK):
        yield chunk


def _analyze(url: str) -> None:
    """Without statistics the first queries would be slow."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("ANALYZE")

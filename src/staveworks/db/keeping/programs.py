"""PostgreSQL's own programs for dumping and loading: the wheel's, or others where those don't fit the server."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from staveworks.db.embedded.cluster import major_version
from staveworks.db.embedded.errors import DatabaseTrouble
from staveworks.db.embedded.places import wheel_binaries
from staveworks.db.keeping.errors import NoPrograms, NoSpace, ProgramFailed
from staveworks.kit.configuration.table import POSTGRESQL

DEBIAN = Path("/usr/lib/postgresql")
NEEDS_TLS = ("require", "verify-ca", "verify-full")
NEEDED = ("pg_dump", "pg_restore", "psql")


def client_programs(url: str, server_major: int) -> Path:
    """A folder with client programs that can talk to this server. Raises `NoPrograms`, saying what was found.

    They must not be older than the server, and the wheel's speak no TLS.
    """
    tls = conninfo_to_dict(url).get("sslmode") in NEEDS_TLS
    found = []
    for folder in _candidates():
        version = _version(folder)
        if version is None:
            continue
        if version >= server_major and not (tls and folder == _wheel()):
            return folder
        found.append(f"{version} without TLS" if version >= server_major else str(version))
    why = ", ".join(found) or "none"
    raise NoPrograms(NoPrograms.text.format(version=server_major, why=why))


def _candidates() -> Iterator[Path]:
    if chosen := POSTGRESQL.read():
        yield chosen
    if wheel := _wheel():
        yield wheel
    yield from sorted(DEBIAN.glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path).parent


def _wheel() -> Path | None:
    try:
        return wheel_binaries()
    except DatabaseTrouble:
        return None


def _version(folder: Path) -> int | None:
    if not all((folder / name).exists() for name in NEEDED):
        return None
    try:
        return int(major_version(folder, "pg_dump"))
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def connecting(url: str) -> tuple[str, dict[str, str]]:
    """(connection string, environment) for a program: the password only in the environment, where no `ps` shows it."""
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", "") or "")
    where = make_conninfo(**{name: str(value) for name, value in parts.items()})
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    return where, {**kept, "PGPASSWORD": password, "PGAPPNAME": "staveworks-keeping", "LC_ALL": "C.UTF-8"}


def must_succeed(program: str, done: "subprocess.CompletedProcess[bytes]") -> None:
    """Raise `ProgramFailed` with the program's own last words."""
    if done.returncode:
        raise failure(program, done.stderr, done.returncode)


def failure(program: str, said: bytes, code: int) -> Exception:
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    if any("No space left on device" in line or "File too large" in line for line in lines):
        return NoSpace(NoSpace.text.format(path=program))
    named = [line for line in lines if "error:" in line.lower()]
    why = " ".join(named[:1] or lines[-3:]) or f"exit code {code}"
    return ProgramFailed(ProgramFailed.text.format(program=program, why=why))

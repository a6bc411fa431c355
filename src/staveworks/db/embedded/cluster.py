"""The data folder of the server: made by initdb, configured anew at each start."""

import os
import shutil
import subprocess
from pathlib import Path

from staveworks.db.embedded.account import Account
from staveworks.db.embedded.errors import DatabaseTrouble, OlderData
from staveworks.db.embedded.secrets import HOST, SUPERUSER, Access
from staveworks.kit.text import Text

MIB = 1024 * 1024
OLDER = Text(
    zh="{folder} 里的数据属于 PostgreSQL {other}，程序是 {version} 版。请停止程序后运行 staveworks upgrade。",
    en="The data in {folder} belong to PostgreSQL {other}, the programs are version {version}. "
    "Stop the program and run `staveworks upgrade`.",
)
NEWER = Text(
    zh="{folder} 里的数据属于 PostgreSQL {other}，而程序是更旧的 {version} 版，请更新程序。",
    en="The data in {folder} belong to PostgreSQL {other}, newer than these programs ({version}): update the program.",
)


def major_version(binaries: Path, program: str = "postgres") -> str:
    shown = subprocess.run([binaries / program, "--version"], capture_output=True, text=True, check=True)
    return shown.stdout.split()[2].split(".")[0]


def majors(folder: Path) -> list[int]:
    """Major versions of PostgreSQL of which there are data in the folder."""
    return [int(each.name) for each in folder.iterdir() if each.name.isdigit()] if folder.exists() else []


def ensure_cluster(folder: Path, binaries: Path, account: Account, access: Access, *, durable: bool) -> Path:
    """The data folder ``folder/<major version>``, made if there is none yet.

    Raises `OlderData` or `DatabaseTrouble` when only data of another major version is there, or initdb fails.
    """
    version = major_version(binaries)
    data = folder / version
    if (data / "PG_VERSION").exists():
        return data
    others = majors(folder)
    if others and max(others) < int(version):
        raise OlderData(max(others), OLDER.format(folder=folder, other=max(others), version=version))
    if others:
        raise DatabaseTrouble(NEWER.format(folder=folder, other=max(others), version=version))
    _initialise(data, binaries, account, access, durable=durable)
    return data


def _initialise(data: Path, binaries: Path, account: Account, access: Access, *, durable: bool) -> None:
    """Run initdb beside the final place: one that was cut short must not pass for a database."""
    new = data.with_name(f"{data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    password = data.with_name("password")
    password.touch(mode=0o600)
    try:
        password.write_text(access.passwords[SUPERUSER], "utf-8")
        account.own(password)
        command = [
            *(
                str(binaries / "initdb"),
                "--pgdata",
                str(new),
                "--username",
                SUPERUSER,
                "--pwfile",
                str(password),
            ),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums"),
            *(() if durable else ("--no-sync",)),
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, **account.process_options()
        )
    finally:
        password.unlink()
    if done.returncode:
        raise DatabaseTrouble(
            Text(zh="无法建立数据库：{why}", en="The database could not be made: {why}").format(
                why=done.stderr.strip()
            )
        )
    with (new / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude = 'staveworks.conf'\n")
    new.rename(data)


def configure(data: Path, account: Account, access: Access, *, durable: bool) -> None:
    """Write our settings and who may log in: by password, from this machine, and in no other way."""
    lines = [f"{name} = {value}" for name, value in settings(access.port, durable=durable).items()]
    _write(data / "staveworks.conf", "\n".join(["# Written at each start.", *lines, ""]), account)
    rule = f"host all all {HOST}/32 scram-sha-256\n"
    _write(data / "pg_hba.conf", f"# Written at each start.\n{rule}", account)


def _write(path: Path, text: str, account: Account) -> None:
    path.write_text(text, "utf-8")
    account.own(path)
    path.chmod(0o600)


def settings(port: int, *, durable: bool = True) -> dict[str, str]:
    """Settings of the server. Messages hold no statement and no detail: both quote people's data."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
    chosen = {
        "listen_addresses": f"'{HOST}'",
        "port": str(port),
        "unix_socket_directories": "''",
        "password_encryption": "'scram-sha-256'",
        "max_connections": "200",
        "shared_buffers": f"'{min(max(memory // 8, 64), 1024)}MB'",
        "effective_cache_size": f"'{max(memory // 2, 256)}MB'",
        "work_mem": "'16MB'",
        "maintenance_work_mem": "'128MB'",
        "max_wal_size": "'2GB'",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_checkpoints": "off",
    }
    if not durable:
        chosen |= {
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "autovacuum": "off",
        }
        chosen |= {"shared_buffers": "'256MB'"}
    return chosen

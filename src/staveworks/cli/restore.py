"""``staveworks restore``: bring a backup back into an empty data folder."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from staveworks.cli.database import found_operator, look_at_settings, trouble_ends_the_command, with_database
from staveworks.cli.kept import (
    BETWEEN,
    REFERENCES,
    fingerprint,
    is_newer,
    program_version,
    unknown_migrations,
)
from staveworks.cli.siblings import sibling
from staveworks.cli.stamp import write_stamp
from staveworks.cli.trial import try_restore
from staveworks.db.home import home_folder
from staveworks.db.keeping.archive import HOME, Unpacked, read_header
from staveworks.db.keeping.errors import BackupNewer, Damaged, KeepingTrouble, NoCrossRole, NoOwnerRole
from staveworks.db.keeping.keys import read_identities
from staveworks.db.keeping.restore import Order, restoring
from staveworks.kit.configuration.table import (
    BACKUP_KEY_FILE,
    DATABASE_CROSS_URL,
    DATABASE_OWNER_URL,
    DATABASE_URL,
)
from staveworks.kit.text import Text

OTHER_SECRET = Text(
    zh="签名密钥与备份时不同：会话、链接和加密保存的内容不再有效。请把 STAVEWORKS_SECRET_KEY 设成原来的。",
    en="The signing key is not the one of the backup: sessions, links and what was stored encrypted are void. "
    "Set STAVEWORKS_SECRET_KEY to the former one.",
)
NO_FILE = Text(zh="没有这个文件", en="There is no such file")
BOOKS = Text(zh="账目核验不通过：{name}", en="The ledger does not verify: {name}")
CHAIN = Text(zh="事件链核验不通过：{name}", en="The event chain does not verify: {name}")


@click.command()
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    help="The age key that opens an encrypted backup. 打开加密备份的 age 密钥文件。",
)
@click.option(
    "--rehearse",
    is_flag=True,
    help="Restore into a server that is thrown away, verify, change nothing. 只试恢复并核验，不改动任何东西。",
)
@click.option("--scratch", is_flag=True, hidden=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON only. 只输出 JSON。")
def restore(*, path: Path, key_file: Path | None, rehearse: bool, scratch: bool, as_json: bool) -> None:
    """Bring a backup back into an empty data folder (STAVEWORKS_HOME). 把备份恢复到空的数据文件夹（STAVEWORKS_HOME）。

    Everything is checked against its digests first, the schema is brought up to date, the event chain and the files are
    verified. Exit code 0: all is back; 1: nothing is, and the folder is as empty as before.

    先逐项核对摘要，再载入、更新结构，并核验事件链与文件。退出码 0：已全部恢复；1：什么都没有恢复，文件夹仍是空的。
    """
    for file in (path, key_file):
        if file is not None and not file.is_file():
            raise click.UsageError(f"{NO_FILE}: {file}")
    with trouble_ends_the_command():
        look_at_settings()
        key_file = key_file or BACKUP_KEY_FILE.read()
        if rehearse:
            report(try_restore(path, key_file), as_json=as_json)
            return
        order = _order(path, key_file, scratch=scratch)
        with restoring(order) as unpacked:
            found = _settle(unpacked, path, scratch=scratch)
    report(found, as_json=as_json)
    if not scratch:
        click.echo(f"Restored to 已恢复到 {order.home}", err=True)


def _order(path: Path, key_file: Path | None, *, scratch: bool) -> Order:
    identities = read_identities(key_file) if key_file else []
    refuse_newer(read_header(path, identities))
    return Order(
        backup=path,
        home=home_folder(),
        identities=identities,
        between=BETWEEN,
        database=None if scratch else _external(),
        trial=scratch,
    )


def refuse_newer(header: dict[str, Any]) -> None:
    """Raise `BackupNewer` for a backup of a later state of the program than this one."""
    if is_newer(header["version"]) or unknown_migrations(header["migrations"]):
        raise BackupNewer(BackupNewer.text.format(version=header["version"], ours=program_version()))


def _external() -> tuple[str, str] | None:
    """Addresses of an external database for its owner and for the cross role. Raises `NoOwnerRole`, `NoCrossRole`."""
    if not DATABASE_URL.read():
        return None
    owner, cross = DATABASE_OWNER_URL.read(), DATABASE_CROSS_URL.read()
    if not owner:
        raise NoOwnerRole
    if not cross:
        raise NoCrossRole
    return owner, cross


def _settle(unpacked: Unpacked, path: Path, *, scratch: bool) -> dict[str, Any]:
    """Bring the schema up to date and look at everything; what was found. Raises what is wrong."""
    with with_database(migrating=False, restoring=True, embedded=scratch):
        from staveworks.db import schema

        with schema.alone():
            applied = schema.migrate()
            found_operator()
        verified = sibling("jobs.verifying", "verify_node")()
        if not verified.ok:
            raise KeepingTrouble(CHAIN.format_each(verified.fault.text) if verified.fault else None)
        books = sibling("jobs.books", "verify_books")()
        if not books.ok:
            raise KeepingTrouble(BOOKS.format_each(books.drifts[0].text))
        missing = _missing_files(unpacked)
        erased, left = 0, list[str]()
        same_secret = fingerprint() == unpacked.header["secret"]["fingerprint"]
        if not scratch:
            _tell_secret(same_secret)
            sibling("jobs.backups", "note_restored")(unpacked.header["taken_at"])
            erased, left = _erase_again(path)
            write_stamp(home_folder())
    return {
        "taken_at": unpacked.header["taken_at"],
        "version": unpacked.header["version"],
        "rows": sum(unpacked.listed["rows"].values()),
        "events": verified.sealed + verified.unsealed,
        "sealed": verified.sealed,
        "files": sum(name.startswith(HOME) for name in unpacked.entries),
        "missing": missing,
        "migrated": applied,
        "same_secret": same_secret,
        "erased_again": erased,
        "not_erased": left,
    }


def _erase_again(backup: Path) -> tuple[int, list[str]]:
    """Whoever was erased after the backup was made, by the lists beside it and in it: (how many again, who couldn't be)."""
    home = home_folder()
    file, read = (sibling("foundation.personal.remembering", name) for name in ("erased_file", "read_erased"))
    ids = read(file(backup.parent)) | read(file(home))
    again = sibling("foundation.personal.usecases.erase_again", "erase_again")
    done, left = again(ids, home=home)
    return len(done), [str(each) for each in left]


def _missing_files(unpacked: Unpacked) -> list[str]:
    """Files that were missing when the backup was made. Raises `Damaged` for one that got lost since."""
    import psycopg

    from staveworks.db.keeping.snapshot import files_named_by_rows

    cross = DATABASE_CROSS_URL.read()
    assert cross
    with psycopg.connect(cross) as connection:
        named = files_named_by_rows(connection, REFERENCES)
    known: list[str] = unpacked.listed["missing"]
    for path, sha256 in named.items():
        entry = unpacked.entries.get(HOME + path)
        if path not in known and (entry is None or entry.sha256 != sha256):
            raise Damaged(Damaged.text.format(what=path))
    return known


def _tell_secret(same: bool) -> None:
    if not same:
        click.echo(str(OTHER_SECRET), err=True)


def report(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(
        f"{found['taken_at']}: {found['rows']:,} rows, {found['events']:,} events, {found['files']:,} files; all verified.\n"
        f"{found['rows']:,} 行、{found['events']:,} 个事件、{found['files']:,} 个文件，均已核验。"
    )
    if found["erased_again"]:
        n = found["erased_again"]
        click.echo(f"erased again, since they had been erased meanwhile 备份之后注销的人，已再次注销: {n}")
    for who in found["not_erased"]:
        click.echo(f"only owner of an organisation, not erased again 仍是唯一负责人，未能再次注销: {who}")
    for name in found["missing"]:
        click.echo(f"missing since before the backup 备份前已缺失: {name}")
    sys.stdout.flush()

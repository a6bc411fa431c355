"""``staveworks backup``: database and files in one file, tried before it counts."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from staveworks.cli.database import look_at_settings, trouble_ends_the_command, with_database
from staveworks.cli.kept import REFERENCES, facts
from staveworks.cli.siblings import sibling
from staveworks.cli.trial import try_restore
from staveworks.db.home import home_folder
from staveworks.db.keeping.catalogue import Kept, forget_surplus, read_catalogue
from staveworks.db.keeping.errors import BadKeyFile, NoCrossRole
from staveworks.db.keeping.keys import has_secret, new_key, read_recipients
from staveworks.db.keeping.make import Made, Source, Wish, make_backup
from staveworks.db.keeping.timing import backup_folder
from staveworks.kit.configuration.table import (
    BACKUP_DAILY,
    BACKUP_KEY_FILE,
    BACKUP_WEEKLY,
    DATABASE_CROSS_URL,
)


@click.command()
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Encrypt by this age key. 用这个 age 密钥加密。",
)
@click.option(
    "--verify/--no-verify",
    default=True,
    help="Restore it into a scratch server and verify it (default). 试恢复并核验（默认）。",
)
@click.option("--list", "listing", is_flag=True, help="List what was kept. 列出已有的备份。")
@click.option(
    "--new-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Make a key for --key-file, nothing else. 只生成一把密钥。",
)
@click.option("--scheduled", is_flag=True, hidden=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON only. 只输出 JSON。")
def backup(
    *,
    path: Path | None,
    key_file: Path | None,
    verify: bool,
    listing: bool,
    new_key: Path | None,
    scheduled: bool,
    as_json: bool,
) -> None:
    """Keep database and files as they are at one moment in the file PATH, or in a new file of the folder PATH.

    把数据库与文件在同一时刻的状态保存到文件 PATH；PATH 是文件夹时自动取名。

    It may be used meanwhile. The file gets its name only when it is whole and a trial restore of it has verified; exit code 1:
    there is no such file. It holds personal data and the signing key: encrypt it, or keep it where nobody else reads.

    备份时可照常使用。文件完整并通过试恢复后才得名；退出码 1 表示没有生成备份。备份含个人数据与签名密钥，请加密或妥善保管。
    """
    with trouble_ends_the_command():
        look_at_settings()
        if new_key:
            _make_key(new_key, as_json=as_json)
        elif listing:
            show_list(read_catalogue(home_folder()), as_json=as_json)
        else:
            if path is None and not scheduled:
                raise click.UsageError("Missing argument PATH / 缺少参数 PATH")
            wish = _wish(path, key_file or BACKUP_KEY_FILE.read(), verify=verify, scheduled=scheduled)
            _report(keep(wish), as_json=as_json)


def _make_key(path: Path, *, as_json: bool) -> None:
    public = new_key(path)
    if as_json:
        click.echo(json.dumps({"path": str(path), "public_key": public}))
        return
    click.echo(f"public key 公钥: {public}")
    click.echo(
        f"Keep {path} apart from the backups: without it nobody can open them.\n"
        f"请把 {path} 与备份分开保管：没有它，谁也打不开备份。"
    )


def _wish(path: Path | None, key_file: Path | None, *, verify: bool, scheduled: bool) -> Wish:
    target = path or backup_folder(home_folder())
    if path is None:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.is_dir():
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        target /= f"staveworks-{moment}.tar{'.age' if key_file else ''}"
    recipients = read_recipients(key_file) if key_file else []
    if key_file and verify and not has_secret(key_file):
        why = "it holds no secret key, so the backup can't be tried; add it, or --no-verify"
        raise BadKeyFile(BadKeyFile.text.format(path=key_file, why=why))
    return Wish(
        target, recipients, _trial(key_file) if verify else None, "scheduled" if scheduled else "asked"
    )


def _trial(key_file: Path | None) -> Callable[[Path], None]:
    def trial(path: Path) -> None:
        try_restore(path, key_file)

    return trial


def keep(wish: Wish) -> Made:
    """Make the backup of this installation; noted as an event, unless the schema is older than the program."""
    with with_database(migrating=False):
        from staveworks.db import schema

        url = DATABASE_CROSS_URL.read()
        if not url:
            raise NoCrossRole
        made = make_backup(Source(home_folder(), url, facts(), REFERENCES), wish, _tell)
        if wish.reason == "scheduled":
            daily, weekly = BACKUP_DAILY.read(), BACKUP_WEEKLY.read()
            for gone in forget_surplus(home_folder(), daily=daily, weekly=weekly):
                _tell(f"surplus deleted 已删除过期备份 {gone.name}")
        if not schema.pending("default"):
            sibling("jobs.backups", "note_backup")(made)
            sibling("foundation.personal.remembering", "remember_erased")(home_folder())
    return made


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _report(made: Made, *, as_json: bool) -> None:
    kept = made.kept
    if as_json:
        click.echo(json.dumps(as_dict(kept) | _figures(made), ensure_ascii=False))
        return
    how = "verified 已核验" if kept.verified else "NOT verified 未核验"
    shut = "encrypted 已加密" if kept.encrypted else "not encrypted: keep it safe 未加密，请妥善保管"
    click.echo(
        f"{kept.path}\n{kept.bytes / 1e6:,.1f} MB · {made.events:,} events · {made.files:,} files · {how} · {shut}"
    )
    for name in made.missing:
        click.echo(f"missing or damaged before the backup 备份前已缺失或损坏: {name}", err=True)


def _figures(made: Made) -> dict[str, Any]:
    return {
        "events": made.events,
        "files": made.files,
        "missing": list(made.missing),
        "seconds": round(made.seconds, 1),
    }


def as_dict(kept: Kept) -> dict[str, Any]:
    return {
        "path": kept.path,
        "taken_at": kept.taken_at,
        "bytes": kept.bytes,
        "version": kept.version,
        "encrypted": kept.encrypted,
        "verified": kept.verified,
        "reason": kept.reason,
    }


def show_list(entries: list[Kept], *, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps([as_dict(kept) | {"present": kept.is_there} for kept in entries], ensure_ascii=False)
        )
        return
    if not entries:
        click.echo("There is no backup yet. 还没有备份。")
    for kept in entries:
        marks = [
            "verified 已核验" if kept.verified else "not verified 未核验",
            *(["encrypted 加密"] if kept.encrypted else []),
            *([] if kept.is_there else ["GONE 文件已不在"]),
        ]
        click.echo(f"{kept.taken_at[:19]}Z  {kept.bytes / 1e6:>9,.1f} MB  {kept.path}  {' · '.join(marks)}")
    sys.stdout.flush()

"""What goes on: worker, queue, event chain, files, backups."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from staveworks.cli.doctor.finding import Finding, advice, broken, ok, span
from staveworks.cli.kept import REFERENCES
from staveworks.db.keeping.catalogue import read_catalogue
from staveworks.db.keeping.snapshot import files_named_by_rows
from staveworks.db.keeping.timing import backup_folder
from staveworks.foundation.eventlog.anchor import read_anchor
from staveworks.foundation.eventlog.planted import FIND_PLANTED, PLANTED
from staveworks.kit.configuration.table import BACKUP_DAILY, DATABASE_URL, NODE
from staveworks.kit.text import Text

Connection = psycopg.Connection[tuple[Any, ...]]
HEARTBEAT_S, UNSEALED_S = 60, 60
LONG_QUEUE, WAITING_S, WAITING_LONG_S = 1000, 900, 3600
BACKUP_OLD_S, BACKUP_VERY_OLD_S = 2 * 86_400, 8 * 86_400
SAMPLE = 50
START = Text(
    zh="启动 staveworks run（或 staveworks worker）", en="start `staveworks run` (or `staveworks worker`)"
)

VERIFY = Text(zh="运行 staveworks verify 查原因", en="run `staveworks verify` to see why")


def look_at_work(cross: Connection, home: Path) -> Iterator[Finding]:
    working = should_work(home)
    yield _worker(cross, working=working)
    yield from _queue(cross)
    yield _unsealed(cross, working=working)
    yield _anchor(cross, home)
    yield _files(cross, home)


def should_work(home: Path) -> bool:
    """Whether a worker is to be expected: `run` is running, or others use an external database all the time."""
    lock = home / "run.lock"
    if DATABASE_URL.given() is not None and not (home / "postgres").exists():
        return True
    if not lock.exists():
        return False
    with lock.open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _row(connection: Connection, query: str, *values: object) -> tuple[Any, ...]:
    row = connection.execute(query.encode(), values or None).fetchone()
    assert row is not None
    return row


def _worker(cross: Connection, *, working: bool) -> Finding:
    (age,) = _row(cross, "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
    if age is not None and age < HEARTBEAT_S:
        return ok("worker", Text(zh="后台进程在工作。", en="The worker is at work."))
    if not working:
        return ok("worker", Text(zh="程序现在没有运行。", en="The program isn't running now."))
    return broken("worker", Text(zh="后台进程没有动静。", en="No worker shows a sign of life."), START)


def _queue(cross: Connection) -> Iterator[Finding]:
    due, oldest = _row(
        cross,
        "SELECT count(*), extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at))) FROM procrastinate_jobs j "
        "LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' "
        "WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())",
    )
    (failed,) = _row(cross, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    if failed:
        yield advice(
            "queue",
            Text(
                zh=f"{failed} 个任务多次失败后放弃。", en=f"{failed} jobs were given up after several tries."
            ),
            Text(zh="在日志里找 staveworks.jobs", en="look for staveworks.jobs in the log"),
        )
    told = Text(zh=f"{due} 个任务等待中。", en=f"{due} jobs are waiting.")
    if oldest is not None and oldest > WAITING_S:
        told = Text(
            zh=f"{told.zh}最早的已等 {{name}}。", en=f"{told.en} The oldest has waited for {{name}}."
        ).format_each(span(oldest))
    if oldest is not None and oldest > WAITING_LONG_S:
        yield broken("queue", told, START)
    elif due > LONG_QUEUE or (oldest is not None and oldest > WAITING_S):
        yield advice("queue", told, Text(zh="多开一个后台进程", en="start a second worker"))
    elif not failed:
        yield ok("queue", told)


def _unsealed(cross: Connection, *, working: bool) -> Finding:
    count, age = _row(
        cross,
        "SELECT count(*), extract(epoch FROM now() - min(e.at)) FROM eventlog_event e "
        "WHERE NOT EXISTS (SELECT FROM eventlog_seal s WHERE s.event_id = e.id)",
    )
    if not count:
        return ok("event chain", Text(zh="事件全部封存。", en="All events are sealed."))
    planted = _row(cross, f"SELECT ({FIND_PLANTED})", NODE.read())[0]
    if planted:
        return broken("event chain", PLANTED.format(id=planted), VERIFY)
    told = Text(
        zh=f"{count} 个事件未封存，最早的已有 {{name}}。",
        en=f"{count} events are not sealed, the oldest for {{name}}.",
    )
    told = told.format_each(span(float(age)))
    if working and age > UNSEALED_S:
        return broken(
            "event chain",
            told,
            VERIFY,
        )
    return ok("event chain", told)


def _anchor(cross: Connection, home: Path) -> Finding:
    verify = Text(zh="运行 staveworks verify", en="run `staveworks verify`")
    node = NODE.read()
    (last,) = _row(cross, "SELECT coalesce(max(number), 0) FROM eventlog_seal WHERE node = %s", node)
    try:
        anchor = read_anchor(home / "seals" / f"{node}.json")
    except (ValueError, KeyError):
        return broken(
            "anchor", Text(zh="库外存根读不懂。", en="The anchor outside the database can't be read."), verify
        )
    if anchor is None and last == 0:
        return ok("anchor", Text(zh="还没有封存过。", en="Nothing was sealed yet."))
    if anchor is None:
        return broken(
            "anchor", Text(zh="库外存根不见了。", en="The anchor outside the database is gone."), verify
        )
    stands = (
        anchor.number == 0
        or cross.execute(
            "SELECT 1 FROM eventlog_seal WHERE node = %s AND number = %s AND hash = %s",
            [node, anchor.number, anchor.hash],
        ).fetchone()
    )
    if not stands:
        return broken(
            "anchor", Text(zh="库外存根与事件链不符。", en="The anchor doesn't fit the chain."), verify
        )
    return ok(
        "anchor",
        Text(zh=f"库外存根在第 {anchor.number} 号。", en=f"The anchor stands at link {anchor.number}."),
    )


def _files(cross: Connection, home: Path) -> Finding:
    """A sample: all of them are read by every backup."""
    named = list(files_named_by_rows(cross, REFERENCES).items())
    step = max(len(named) // SAMPLE, 1)
    sample = named[::step][:SAMPLE]
    wrong = [path for path, sha256 in sample if not _is_whole(home / path, sha256)]
    if wrong:
        return broken(
            "files",
            Text(
                zh=f"抽查 {len(sample)} 个文件，{len(wrong)} 个缺失或损坏：{wrong[0]}",
                en=f"Of {len(sample)} files looked at {len(wrong)} are missing or damaged: {wrong[0]}",
            ),
            Text(zh="从备份里取回", en="take them from a backup"),
        )
    return ok(
        "files",
        Text(
            zh=f"共 {len(named)} 个文件，抽查 {len(sample)} 个，均完好。",
            en=f"{len(named)} files; the {len(sample)} looked at are whole.",
        ),
    )


def _is_whole(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def look_at_backups(home: Path) -> Iterator[Finding]:
    good = [kept for kept in read_catalogue(home) if kept.verified]
    if not good:
        yield _no_backup(home)
        return
    last = good[-1]
    age = (datetime.now(UTC) - last.moment).total_seconds()
    told = Text(
        zh="最近一份核验过的备份是 {name}前的。", en="The last verified backup is {name} old."
    ).format_each(span(age))
    repair = Text(
        zh="运行 staveworks backup <文件>，并查看定时备份为何没有做",
        en="run `staveworks backup FILE`, and see why the timed ones stopped",
    )
    if age > BACKUP_VERY_OLD_S:
        yield broken("backup", told, repair)
    elif age > BACKUP_OLD_S:
        yield advice("backup", told, repair)
    else:
        yield ok("backup", told)
    if not last.is_there:
        yield advice(
            "backup",
            Text(zh=f"它已不在 {last.path}。", en=f"It isn't at {last.path} any more."),
            Text(zh="确认它保存在别处", en="make sure that it is kept elsewhere"),
        )
    elif _same_disk(home, Path(last.path)):
        yield advice(
            "backup",
            Text(zh="备份和数据在同一块磁盘上。", en="The backup lies on the same disk as the data."),
            Text(
                zh="另存一份到别处，或设 STAVEWORKS_BACKUPS",
                en="copy it elsewhere, or set STAVEWORKS_BACKUPS",
            ),
        )


def _no_backup(home: Path) -> Finding:
    folder = backup_folder(home)
    told = Text(zh="还没有核验过的备份。", en="There is no verified backup yet.")
    if BACKUP_DAILY.read():
        return advice(
            "backup",
            told,
            Text(
                zh=f"今晚会自动备份到 {folder}；或运行 staveworks backup <文件>",
                en=f"tonight one is made in {folder}; or run `staveworks backup FILE`",
            ),
        )
    return broken(
        "backup",
        told,
        Text(
            zh="运行 staveworks backup <文件>，或设 STAVEWORKS_BACKUP_DAILY",
            en="run `staveworks backup FILE`, or set STAVEWORKS_BACKUP_DAILY",
        ),
    )


def _same_disk(home: Path, backup: Path) -> bool:
    return os.stat(home).st_dev == os.stat(backup).st_dev

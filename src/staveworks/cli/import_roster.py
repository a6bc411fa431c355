"""``staveworks import-roster``: load lists of firms, in this process, as the operator's service account."""

import csv
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from staveworks.cli.database import with_database
from staveworks.foundation.rosters.reading import Roster, Unreadable, open_roster
from staveworks.kit.text import Language, Text, language_of

if TYPE_CHECKING:
    from staveworks.foundation.parties.types import Actor
    from staveworks.foundation.rosters.types import RosterCard, RowCard

NO_FILE = Text(zh="没有这个文件", en="There is no such file")
NO_FOLDER = Text(zh="没有这个文件夹", en="There is no such folder")
STOPPED = Text(
    zh="{name}：导入没有完成，已导入的行都在，再次运行会接着导入。",
    en="{name}: the import did not finish. The rows that are in stay; run it again to go on.",
)
LEFT_EMPTY = Text(
    zh="{name}：{count} 个单元格读不懂，已留空。改正用的工作簿：{address}",
    en="{name}: cells that could not be read and were left empty: {count}. The workbook to correct them: {address}",
)
WAITING = Text(zh="另一份名册正在导入，等它结束。", en="Another list is being imported; waiting for it.")


@click.command("import-roster", short_help="Load lists of firms. 导入企业名册。")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--json", "as_json", is_flag=True, help="Print only the counts, as JSON. 只输出 JSON 格式的计数。"
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what became of each row: list,row,outcome,organisation,reason. 把每一行的结果写成 CSV。",
)
def import_roster(files: tuple[Path, ...], as_json: bool, out: Path | None) -> None:
    """Load lists of firms (XLSX, CSV), find duplicates, say what became of every row.

    导入企业名册（XLSX、CSV），判重，并说明每一行的结果。

    All files are looked at before anything is loaded. Exit code 0: the run finished, refused rows included; 1: it did not;
    2: wrong usage, such as a file that is missing or is no list.
    """
    opened = [_open(path) for path in files]
    if out is not None and not out.absolute().parent.is_dir():
        raise click.UsageError(f"{NO_FOLDER}: {out.absolute().parent}")
    with with_database():
        cards = _import_all(list(zip(files, opened, strict=True)))
        if out is not None:
            _write_outcomes(out, list(zip(files, cards, strict=True)))
        _tell_left_empty(cards)
    _report(cards, as_json=as_json)


def _open(path: Path) -> Roster:
    if not path.is_file():
        raise click.UsageError(f"{NO_FILE}: {path}")
    try:
        return open_roster(path)
    except Unreadable as error:
        raise click.UsageError(f"{path.name}: {error.text}") from error
    except OSError as error:
        raise click.UsageError(f"{path}: {error.strerror}") from error


def _import_all(lists: Iterable[tuple[Path, Roster]]) -> "list[RosterCard]":
    from staveworks.foundation.parties.queries import operator_service

    actor = operator_service()
    cards = []
    for path, opened in lists:
        card = _import(actor, path, opened)
        cards.append(card)
        if card.state != "done":
            raise click.ClickException(str(STOPPED.format(name=card.name)))
    return cards


def _import(actor: "Actor", path: Path, opened: Roster) -> "RosterCard":
    """Go on with an import of these bytes that was cut off, else begin one."""
    from staveworks.foundation.rosters.queries import find_unfinished
    from staveworks.foundation.rosters.usecases.start_import import start_import
    from staveworks.foundation.rosters.usecases.upload_roster import upload_roster

    unfinished = find_unfinished(actor, digest=opened.digest)
    if unfinished is not None:
        card, worked = _run(actor, unfinished)
        if worked:
            return card
    card = upload_roster(actor, path=path, name=path.name)
    start_import(actor, roster=card.id, nameless=True, here=True)
    return _run(actor, card)[0]


def _run(actor: "Actor", card: "RosterCard") -> "tuple[RosterCard, bool]":
    """The list in the end, and whether it was this process that brought it there."""
    from staveworks.foundation.rosters.usecases.run_import import run_import

    worked = False

    def show(now: "RosterCard") -> None:
        nonlocal worked
        worked = True
        if sys.stderr.isatty():
            end = "\n" if now.state == "done" else ""
            click.echo(f"\r{now.name}  {now.progress:,}/{now.total:,}{end}", err=True, nl=False)

    def wait() -> None:
        click.echo(str(WAITING), err=True)

    return run_import(actor, subject=card.id, on_progress=show, waiting=wait), worked


def _write_outcomes(out: Path, lists: "Iterable[tuple[Path, RosterCard]]") -> None:
    """One line a row, in the order of the files; whole or not at all."""
    from staveworks.foundation.parties.queries import operator_service
    from staveworks.foundation.rosters.queries import iterate_outcomes

    actor, language = operator_service(), _language()
    fresh = out.with_name(f".{out.name}.{os.getpid()}")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["list", "row", "outcome", "organisation", "reason"])
        for path, card in lists:
            for row in iterate_outcomes(actor, roster=card.id):
                lines.writerow(
                    [path.name, row.number, row.outcome, row.firm_id or "", _reason(row, language)]
                )
    fresh.replace(out)


def _reason(row: "RowCard", language: Language) -> str:
    """Why the row has its outcome, and which of its cells were left empty."""
    from staveworks.foundation.rosters.workbook import cell_problem

    said = [row.reason] if row.reason else []
    said += [cell_problem(issue.field, issue.text, issue.reason) for issue in row.issues]
    return ("" if language == "zh" else " ").join(text.in_language(language) for text in said)


def _tell_left_empty(cards: "Iterable[RosterCard]") -> None:
    from staveworks.cli.operator_link import usual_address
    from staveworks.foundation.parties.queries import operator_service
    from staveworks.foundation.rosters.queries import count_cells_left_empty

    for card in cards:
        count = count_cells_left_empty(operator_service(), roster=card.id)
        if count:
            address = f"{usual_address()}/rosters/{card.id}/corrections.xlsx"
            said = LEFT_EMPTY.format(name=card.name, count=count, address=address)
            click.echo(str(said), err=True)


def _report(cards: "Iterable[RosterCard]", *, as_json: bool) -> None:
    from staveworks.foundation.rosters.types import Counts

    counts: Counts = sum((card.counts for card in cards), Counts())
    figures = {
        "rows": counts.rows,
        "loaded": counts.loaded,
        "merged": counts.merged,
        "queued": counts.queued,
        "refused": counts.refused,
    }
    if as_json:
        click.echo(json.dumps(figures))
        return
    wording = Text(
        zh="{rows} 行：新企业 {loaded}，自动合并 {merged}，待判重 {queued}，未导入 {refused}。",
        en="{rows} rows: {loaded} loaded, {merged} merged, {queued} to decide, {refused} refused.",
    )
    click.echo(wording.say(_language(), **figures))


def _language() -> Language:
    return language_of(os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG"))

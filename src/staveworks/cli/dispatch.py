"""``staveworks dispatch``: a problem's tables in, a plan with its certified bound out. Needs no database and never loads Django."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from json import dumps
from pathlib import Path
from threading import Event
from time import perf_counter
from typing import Any

import click

HELP = """Allocate order lines over the free hours of many cities, with a bound that anybody can recompute.

P is a folder of CSV or Parquet tables, a .json or an .xlsx; R is a folder and gets allocations, prices, lines and summary.json.
Ctrl-C or --seconds end the search with the best plan so far; a second Ctrl-C gives up. With --check a written plan is recomputed.
Exit code 1: the problem has faults or a process was lost (nothing is written), or the check found something wrong.

把订单行分配到各城市的空闲产能，并给出任何人都能复算的界。P 是 CSV 或 Parquet 表格的文件夹，或一个 .json、.xlsx 文件；R 是结果文件夹，
得到 allocations、prices、lines 和 summary.json。按 Ctrl-C 或用 --seconds，到时写出目前最好的方案；再按一次则放弃。--check 复算已写出的方案。
退出码 1：问题有错误或求解进程中断（什么也不写），或复算发现不符。
"""

SAME = "R must not be the folder of the problem: both have a table “lines”. R 不能是问题所在的文件夹，两处都有 lines 表。"
ONE = "Either --out or --check is wanted. 请给出 --out 或 --check 之一。"
EACH = 0.5
"""Seconds between two lines of progress."""
TOLD = 50
"""Faults told to people; programs get a thousand."""


@click.command(help=HELP)
@click.option(
    "--problem", required=True, type=click.Path(path_type=Path), metavar="P", help="The tables. 问题。"
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="R", help="Where to. 结果文件夹。"
)
@click.option(
    "--check",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="R",
    help="Recompute a written plan: rules, costs, bound. 复算已写出的方案：规则、费用、界。",
)
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="Time limit. 时限，单位为秒。")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Same seed, same plan. 种子。"
)
@click.option("--threads", type=click.IntRange(1), help="All cores without it. 线程数，不给则用全部核心。")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "parquet", "xlsx"]),
    default="csv",
    show_default=True,
    help="Of the tables in R. 结果的格式。",
)
@click.option(
    "--method",
    type=click.Choice(["search", "greedy"]),
    default="search",
    show_default=True,
    help="greedy: earliest due date first, to compare with. greedy：按交期先后，仅供比较。",
)
@click.option(
    "--memory-gb",
    type=click.FloatRange(0, min_open=True),
    metavar="GB",
    help="Refuse problems that need more; without it what is free. 内存上限，不给则按可用内存。",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON. 输出 JSON。")
@click.help_option("-h", "--help", help="Show this and stop. 显示帮助。")
def dispatch(
    problem: Path,
    out: Path | None,
    check: Path | None,
    seconds: float | None,
    seed: int,
    threads: int | None,
    form: Any,
    method: str,
    memory_gb: float | None,
    as_json: bool,
) -> None:
    if (out is None) == (check is None):
        raise click.UsageError(ONE)
    if out is not None and out.resolve() == problem.resolve():
        raise click.UsageError(SAME)
    began = perf_counter()
    asked = _read(problem, memory_gb, as_json)
    reading = perf_counter() - began
    if check is not None:
        _check(asked, check, as_json)
        return
    assert out is not None
    with _stoppable() as stop:
        result = _solve(asked, method, seconds=seconds, seed=seed, threads=threads, stop=stop)
    result = replace(result, seconds={"read": round(reading, 3), **result.seconds})
    _write(asked, result, out, form, as_json)


def _read(path: Path, memory_gb: float | None, as_json: bool) -> Any:
    from staveworks.engine.dispatch import BadProblem, read_problem

    try:
        return read_problem(path, memory=None if memory_gb is None else int(memory_gb * 1e9))
    except BadProblem as error:
        _refuse(error, as_json)


def _refuse(error: Any, as_json: bool) -> None:
    """Faults on stderr for people and, asked for, on stdout for programs; exit code 1."""
    for fault in error.faults[:TOLD]:
        click.echo(str(fault), err=True)
    click.echo(f"{error.text.en} {error.text.zh}", err=True)
    if as_json:
        faults = [
            {
                "table": fault.table,
                "row": fault.row,
                "column": fault.column,
                "message": {"zh": fault.text.zh, "en": fault.text.en},
            }
            for fault in error.faults
        ]
        click.echo(dumps({"status": "faulty", "count": error.count, "faults": faults}, ensure_ascii=False))
    sys.exit(1)


def _solve(problem: Any, method: str, **how: Any) -> Any:
    from staveworks.engine.dispatch import NotSolved, greedy, solve

    try:
        return greedy(problem) if method == "greedy" else solve(problem, progress=_teller(), **how)
    except NotSolved as error:
        click.echo(f"{error.text.en} {error.text.zh}", err=True)
        sys.exit(1)


def _teller() -> Callable[[Any], None]:
    """Bound and gap on stderr as they move, two lines a second at the most and the last one."""
    last = -EACH
    click.echo(f"{'':>8}  {'费用 objective':>16}  {'界 bound':>16}  差距 gap  {'内存 MB':>7}", err=True)

    def tell(now: Any) -> None:
        nonlocal last
        if now.seconds - last < EACH and now.phase != "recount":
            return
        last = now.seconds
        bound, objective = (
            f"{value:,.2f}" if abs(value) < float("inf") else "–" for value in (now.bound, now.objective)
        )
        gap = f"{now.gap:.2%}" if abs(now.gap) < float("inf") else "–"
        memory = now.memory // 2**20
        click.echo(
            f"{now.seconds:7.1f}s  {objective:>16}  {bound:>16}  {gap:>8}  {memory:>9,}  {now.phase}",
            err=True,
        )

    return tell


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C (or a polite kill) asks to stop, a second one ends at once."""
    asked = Event()

    def ask(number: int, _: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        click.echo("正在收尾，写出目前最好的方案…… Stopping with the best plan so far …", err=True)

    former = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _write(problem: Any, result: Any, out: Path, form: Any, as_json: bool) -> None:
    from staveworks.engine.dispatch import write_result

    try:
        summary = write_result(problem, result, out, format=form)
    except OSError as error:
        click.echo(f"{out}: {error.strerror or error}", err=True)
        sys.exit(1)
    click.echo(dumps(summary, ensure_ascii=False) if as_json else readable(summary))


def _check(problem: Any, folder: Path, as_json: bool) -> None:
    from staveworks.engine.dispatch import BadProblem, check_plan, read_result

    try:
        verdict = check_plan(problem, read_result(problem, folder))
    except BadProblem as error:
        _refuse(error, as_json)
    view = {
        "sound": not verdict.broken,
        "broken": [{"rule": each.rule, "count": each.count, "at": each.at} for each in verdict.broken],
        "objective": verdict.objective,
        "bound": verdict.bound if verdict.bound > float("-inf") else None,
        "gap": verdict.gap if abs(verdict.gap) < float("inf") else None,
        "proven_bound": verdict.proven_bound if verdict.proven_bound > float("-inf") else None,
        "proven_gap": verdict.proven_gap if abs(verdict.proven_gap) < float("inf") else None,
    }
    if as_json:
        click.echo(dumps(view, ensure_ascii=False))
    else:
        for broken in verdict.broken:
            click.echo(str(broken))
        gap = "–" if view["proven_gap"] is None else f"{view['proven_gap']:.3%}"
        word = "有不符 not sound" if verdict.broken else "无误 sound"
        click.echo(
            f"{word}   费用 objective {verdict.objective:,.2f}   "
            f"界 bound {verdict.proven_bound:,.2f}   差距 gap {gap}"
        )
    sys.exit(1 if verdict.broken else 0)


COSTS = {
    "make": "加工 making",
    "transport": "运输 transport",
    "holding": "等待 holding",
    "lateness": "延误 lateness",
    "rejection": "未接 rejection",
    "fairness": "公平 fairness",
    "stability": "改动 stability",
}


def readable(summary: dict[str, Any]) -> str:
    """The summary for people, both languages side by side."""
    gap = "–" if summary["proven_gap"] is None else f"{summary['proven_gap']:.3%}"
    lines = [
        f"费用 objective   {summary['objective']:,.2f}",
        f"界 bound         {summary['proven_bound']:,.2f}",
        f"差距 gap         {gap}   ({summary['status']})",
        *(f"  {COSTS[kind]:<16} {cost:,.2f}" for kind, cost in summary["costs"].items() if cost),
        f"订单行 lines {summary['lines']:,} · 批次 lots {summary['lots']:,} · "
        f"延误 late {summary['late_lines']:,} · 未全接 rejected {summary['rejected_lines']:,}",
        f"内存 memory {summary['memory_mb']:,} MB · "
        + " · ".join(f"{phase} {seconds:.1f} s" for phase, seconds in summary["seconds"].items()),
    ]
    return "\n".join(lines)

"""``staveworks prescribe``: a firm's barrel, offers and a budget in, what to buy out. Needs no database and never loads Django."""

import sys
from decimal import Decimal
from json import JSONDecodeError, dumps, loads
from typing import IO, Any, Literal

import click

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text

HELP = """Which offers raise a firm's water level most within a budget, and the proof.

FIRM and OFFERS are JSON files; - is standard input. Heights are 0 to 100, money is in fen. With --seconds the best choice
found by then is given, with its bound; without it the search ends by itself.

在预算之内，买哪些服务最能抬高水位，附最优性证明。FIRM 和 OFFERS 是 JSON 文件，- 表示标准输入；高度 0–100，金额单位为分。
给出 --seconds 时，到时输出目前最好的方案和它的上界；不给则算到证明为止。
"""

BAD_JSON = Text(
    zh="第 {line} 行第 {column} 个字符起，不是有效的 JSON。",
    en="not valid JSON from line {line}, column {column} on.",
)
NOT_UTF8 = Text(zh="不是 UTF-8 编码。", en="not in UTF-8.")
TOO_DEEP = Text(zh="嵌套太深。", en="nested too deep.")


@click.command(help=HELP)
@click.option("--firm", required=True, type=click.File("rb"), metavar="FILE", help="The barrel. 企业的木桶。")
@click.option("--offers", required=True, type=click.File("rb"), metavar="FILE", help="The offers. 可选服务。")
@click.option(
    "--budget", required=True, type=click.IntRange(0), metavar="FEN", help="In fen. 预算，单位为分。"
)
@click.option(
    "--objective",
    type=click.Choice(["level", "leximin"]),
    default="level",
    help="The water level alone, or the lowest height, then the next, … 只看水位，或从最低的板起逐块抬高。",
)
@click.option(
    "--frontier",
    "with_frontier",
    is_flag=True,
    help="Add every budget at which the level rises. 附水位随预算上升的每个台阶。",
)
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="Time limit. 时限，单位为秒。")
@click.option("--json", "as_json", is_flag=True, help="Print JSON. 输出 JSON。")
@click.help_option("-h", "--help", help="Show this and stop. 显示帮助。")
def prescribe(
    firm: IO[bytes],
    offers: IO[bytes],
    budget: int,
    objective: Literal["level", "leximin"],
    with_frontier: bool,
    seconds: float | None,
    as_json: bool,
) -> None:
    from staveworks.engine.prescription import frontier, frontier_json, prescribe, prescription_json

    problem = _problem(firm, offers, budget, objective)
    answer = prescribe(problem, seconds=seconds or float("inf"), progress=_tell)
    view = prescription_json(problem, answer)
    if with_frontier:
        view["frontier"] = []
        for point in frontier(problem):
            _tell(point.water_level, 100.0, budget_fen=point.budget_fen)
            view["frontier"].append(frontier_json(point))
    click.echo(dumps(view, ensure_ascii=False) if as_json else readable(view, budget))


def _problem(firm: IO[bytes], offers: IO[bytes], budget: int, objective: Literal["level", "leximin"]) -> Any:
    """The problem; a fault in a file is one line on stderr and exit code 1."""
    from staveworks.engine.prescription import read_problem
    from staveworks.kit.data import data_file
    from staveworks.kit.planks import load_register

    kinds = {code: plank.kind for code, plank in load_register(data_file("planks.yaml")).items()}
    try:
        return read_problem(_json(firm), _json(offers), budget_fen=budget, objective=objective, kinds=kinds)
    except Invalid as error:
        where = f"{error.field}: " if error.field else ""
        click.echo(f"{where}{error.text.en} {error.text.zh}", err=True)
        sys.exit(1)


def _json(file: IO[bytes]) -> Any:
    """Numbers with a point as they are written."""
    try:
        return loads(file.read().decode("utf-8-sig"), parse_float=Decimal)
    except JSONDecodeError as error:
        wrong = BAD_JSON.format(line=error.lineno, column=error.colno)
    except UnicodeDecodeError:
        wrong = NOT_UTF8
    except RecursionError:
        wrong = TOO_DEEP
    click.echo(f"{file.name}: {wrong.en} {wrong.zh}", err=True)
    sys.exit(1)


def _tell(level: float, bound: float, *, budget_fen: int | None = None) -> None:
    """Progress, for people only: stderr, and only where it is a terminal."""
    if sys.stderr.isatty():
        at = "" if budget_fen is None else f" · {budget_fen / 100:,.2f} 元"
        click.echo(f"水位 level {level:.2f} ≤ {bound:.2f}{at}", err=True)


def readable(view: dict[str, Any], budget_fen: int) -> str:
    """The answer for people, both languages side by side."""
    from staveworks.kit.data import data_file
    from staveworks.kit.planks import load_register

    register = load_register(data_file("planks.yaml"))

    def called(code: str) -> str:
        return f"{register[code].name.zh} {register[code].name.en}" if code in register else code

    lines = [
        f"预算 budget        {budget_fen / 100:,.2f} 元 yuan",
        f"水位 water level   {view['water_level']:.1f}"
        + ("" if view["status"] == "optimal" else f"  (≤ {view['bound']:.1f})"),
        f"净价 net price     {view['net_fen'] / 100:,.2f} 元 yuan",
        f"工期 lead time     {view['lead_time_days']} 天 days",
    ]
    for each in view["explain"]["chosen"]:
        lifts = "、".join(
            f"{called(code)} {lift['from']:.0f}→{lift['to']:.0f}" for code, lift in each["lifts"].items()
        )
        without = f"不买则水位 without it {each['water_level_without']:.1f}"
        lines.append(f"  + {each['id']:<20} {lifts or '–'}  {without}")
    if "frontier" in view:
        lines.append("预算到多少，水位升到多少 from which budget, which level")
    for point in view.get("frontier", []):
        lines.append(f"  {point['budget_fen'] / 100:>14,.2f} 元 → {point['water_level']:.1f}")
    return "\n".join(lines)

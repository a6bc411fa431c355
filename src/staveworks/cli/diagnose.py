"""``staveworks diagnose``: answers in, score, level and barrel out. Needs no database and never loads Django."""

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import batched, chain
from typing import IO, Any

import click
import orjson

from staveworks.cli.lines import BadLine, Firm, read_firms
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text

TOGETHER = 2_000
"""Firms scored at once: enough to spread the cost of a call, little enough to keep memory flat."""

TROUBLE = Text(zh="读写失败：{why}", en="Reading or writing failed: {why}")

HELP = """Score the answers of one firm, or of many, against a rubric.

FILE is one JSON object {leaf code: value}, or JSON Lines with one firm a line; - is standard input. A refused line gives
an error object in its place and exit code 1 at the end.

按一套标准给一家或多家企业的答案评分。FILE 是一个 JSON 对象 {题号: 值}，或每行一家企业的 JSON Lines；- 表示标准输入。
读不懂的行，原位给出错误，最后退出码为 1。
"""


@click.command(help=HELP)
@click.option("--rubric", "rubric_id", required=True, metavar="ID", help="Which rubric. 用哪套标准。")
@click.option(
    "--answers", "file", required=True, metavar="FILE", type=click.File("rb"), help="The answers. 答案文件。"
)
@click.option("--profile", "profile_code", default="even", metavar="CODE", help="Target profile. 目标画像。")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, one result a line. 输出 JSON，每行一个结果。"
)
@click.help_option("-h", "--help", help="Show this and stop. 显示帮助。")
def diagnose(rubric_id: str, file: IO[bytes], profile_code: str, as_json: bool) -> None:
    from staveworks.engine.barrel import find_profile, load_rubric

    try:
        rubric, profile = load_rubric(rubric_id), find_profile(profile_code)
    except StaveworksError as error:
        raise click.UsageError(str(error.text)) from error
    try:
        refused = _print(rubric, results(rubric, profile, read_firms(file)), as_json=as_json)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise  # whoever read has seen enough; click ends quietly
        _let_go_of_output()
        raise click.ClickException(str(TROUBLE.format(why=error.strerror or error))) from error
    sys.exit(1 if refused else 0)


def _print(rubric: Any, found: Iterable[tuple[Firm, dict[str, Any]]], *, as_json: bool) -> bool:
    """Whether a line was refused. Raises ``OSError``."""
    refused = False
    output = sys.stdout.buffer  # click.echo would flush every line
    for firm, result in found:
        refused = refused or "error" in result
        line = orjson.dumps(result) if as_json else readable(rubric, firm, result).encode()
        output.write(line + b"\n")
    output.flush()
    return refused


def _let_go_of_output() -> None:
    """What could not be written would be tried once more, and complained about, when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def results(rubric: Any, profile: Any, firms: Iterable[Firm]) -> Iterator[tuple[Firm, dict[str, Any]]]:
    """Each firm with its result, or with ``{"error": …}``, in the order of the lines."""
    for some in batched(firms, TOGETHER):
        yield from _scored(rubric, profile, some)


def _scored(rubric: Any, profile: Any, firms: tuple[Firm, ...]) -> Iterator[tuple[Firm, dict[str, Any]]]:
    from staveworks.engine.barrel import batch_json, next_questions, score_many

    good = [firm for firm in firms if not isinstance(firm.answers, BadLine)]
    batch = score_many(rubric, [firm.answers for firm in good], profiles=profile)
    scored = batch_json(batch, next_questions(batch, profiles=profile))
    for place, refusal in batch.refusals.items():
        scored[place] = error_json(good[place].line, refusal.field, refusal.text)
    waiting = iter(scored)
    for firm in firms:
        if isinstance(firm.answers, BadLine):
            yield firm, error_json(firm.line, None, firm.answers.text)
        else:
            yield firm, next(waiting)


def error_json(line: int, field: str | None, text: Text) -> dict[str, Any]:
    """What stands in the place of a line that was refused; ``field`` is the leaf's code, null where the line is no object."""
    message = {"zh": _printable(text.zh), "en": _printable(text.en)}
    return {"error": {"line": line, "field": field and _printable(field), "message": message}}


def _printable(words: str) -> str:
    """Half of a surrogate pair, which JSON can escape but UTF-8 can't hold, as its escape."""
    return words.encode("utf-8", "backslashreplace").decode("utf-8")


def readable(rubric: Any, firm: Firm, result: dict[str, Any]) -> str:
    """The result for people, both languages side by side."""
    head = f"{rubric.name.zh} / {rubric.name.en} · {firm.line}"
    if "error" in result:
        error = result["error"]
        message = f"{error['message']['zh']} {error['message']['en']}"
        return f"第 {error['line']} 行 line {error['line']} · {error['field'] or '-'}: {message}\n"
    lines = chain(
        [head], _score_lines(rubric, result), _barrel_lines(result), _question_lines(rubric, result)
    )
    return "\n".join(lines) + "\n"


def _score_lines(rubric: Any, result: dict[str, Any]) -> Iterator[str]:
    yield f"  得分 score            {span(result['score'])}"
    if result["level"]:
        names = ["–", *(f"{level.name.zh} {level.name.en}" for level in rubric.levels)]
        low, high = result["level"]["low"], result["level"]["high"]
        yield f"  等级 level            {names[low]}" + (f"  …  {names[high]}" if high > low else "")


def _barrel_lines(result: dict[str, Any]) -> Iterator[str]:
    if not result["planks"]:
        return
    from staveworks.kit.data import data_file
    from staveworks.kit.planks import load_register

    register = load_register(data_file("planks.yaml"))
    yield f"  水位 water level      {span(result['water_level'])}"
    yield f"  平均 mean level       {span(result['mean_level'])}"
    yield f"  不齐 unevenness       {span(result['unevenness'])}"
    for code, height in result["planks"].items():
        mark = "  ← 最短 binds" if code == result["binding"] else ""
        yield f"    {register[code].name.zh} {register[code].name.en:<14} {span(height)}{mark}"
    following = "、".join(
        f"{register[code].name.zh} {register[code].name.en}" for code in result["next_to_bind"]
    )
    yield f"  之后最短 would bind next: {following or '–'}"


def _question_lines(rubric: Any, result: dict[str, Any]) -> Iterator[str]:
    if code := result["next_question"]:
        question = rubric.leaf(code).question
        yield f"  下一题 next question  {code}: {question.zh} {question.en}"


def span(interval: dict[str, float]) -> str:
    """``42`` where it is known, else ``20–60``, with the likely value where there is one."""
    low, high = interval["low"], interval["high"]
    if low == high:
        return f"{low:.1f}"
    likely = f"  ≈{interval['likely']:.1f}" if "likely" in interval else ""
    return f"{low:.1f}–{high:.1f}{likely}"

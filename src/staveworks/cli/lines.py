"""Reads answer files: one JSON object, or JSON Lines with one firm a line. A line that cannot be read stays in its place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import orjson

from staveworks.kit.text import Text

BOM = b"\xef\xbb\xbf"
NOT_JSON = Text(zh="从第 {column} 个字符起不是有效的 JSON。", en="Not valid JSON from character {column} on.")
TOO_DEEP = Text(zh="嵌套太深或数字太长。", en="Nested too deeply, or a number is too long.")
NOT_UTF8 = Text(zh="不是 UTF-8 编码。", en="Not UTF-8.")
NOT_OBJECT = Text(zh="应为一个 JSON 对象 {题号: 值}。", en="A JSON object {leaf code: value} is wanted.")


@dataclass(frozen=True, slots=True)
class BadLine:
    """What is wrong with a line."""

    text: Text


@dataclass(frozen=True, slots=True)
class Firm:
    """The answers of one firm and the line (from 1) where they begin."""

    line: int
    answers: Any


def read_firms(file: IO[bytes]) -> Iterator[Firm]:
    """The firms of ``file`` in order, line by line as they are wanted; blank lines are passed over.

    Where the first line alone is no JSON object, the whole file may be one object written over several lines.
    """
    numbered = ((number, line) for number, line in enumerate(file, 1) if line.strip().removeprefix(BOM))
    first = next(numbered, None)
    if first is None:
        return
    number, line = first
    line = line.removeprefix(BOM)
    firm = read_firm(number, line)
    if not isinstance(firm.answers, BadLine):
        yield firm
        yield from (read_firm(*each) for each in numbered)
        return
    rest = list(numbered)
    whole = read_firm(number, b"\n".join([line.rstrip(), *(each.rstrip() for _, each in rest)]))
    if rest and (not isinstance(whole.answers, BadLine) or line.strip() == b"{"):
        yield whole
        return
    yield firm
    yield from (read_firm(*each) for each in rest)


def read_firm(number: int, line: bytes) -> Firm:
    """One object; NaN and infinity come through as numbers, so that the field can be named that has them."""
    try:
        answers = orjson.loads(line)
    except orjson.JSONDecodeError:
        answers = _read_odd(line)
    if isinstance(answers, dict | BadLine):
        return Firm(number, answers)
    return Firm(number, BadLine(NOT_OBJECT))


def _read_odd(line: bytes) -> Any:
    """What the fast reader refuses: the standard one takes NaN, and says where it stumbles."""
    try:
        return json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return BadLine(NOT_UTF8)
    except json.JSONDecodeError as error:
        return BadLine(NOT_JSON.format(column=error.pos + 1))
    except (RecursionError, ValueError):
        return BadLine(TOO_DEEP)

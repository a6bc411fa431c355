"""One answer: is it of its leaf's type and range? Refused at the field, with what would be right."""

import math
from collections.abc import Mapping
from typing import TypeGuard

from staveworks.engine.barrel.rubric import NOT_APPLICABLE, Leaf, Rubric
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text

Answer = int | float | list[int] | str
"""Option number from 0, number, list of option numbers, or ``NOT_APPLICABLE``. An absent leaf is unanswered."""

Answers = Mapping[str, Answer]

OPTION = Text(zh="请选 0 到 {last} 的一个整数。", en="Choose a whole number from 0 to {last}.")
NUMBER = Text(zh="请填一个数字。", en="Enter a number.")
LEAST = Text(zh="应不小于 {least}。", en="Must be at least {least}.")
MOST = Text(zh="应不大于 {most}。", en="Must be at most {most}.")
LIST = Text(
    zh="请给出选项编号的列表，没有就给空列表。", en="Give a list of option numbers; an empty list is none."
)
TWICE = Text(zh="同一选项写了两次。", en="An option stands twice.")
ALONE = Text(zh="“{option}”不能与别的选项同选。", en='"{option}" can\'t be chosen together with others.')
NOT_HERE = Text(zh="这道题不能答“不适用”。", en='"Not applicable" is not an answer to this question.')
UNKNOWN = Text(zh="没有这道题：{code}。", en="No such question: {code}.")


class AnswerRefused(Invalid):
    """An answer is outside its type or range, or for a leaf that does not exist; ``field`` is its code."""


def check_answer(rubric: Rubric, code: str, value: object) -> None:
    """Raises ``AnswerRefused`` unless ``value`` is a valid answer to leaf ``code`` of ``rubric``."""
    leaf = rubric.answerable.get(code) if isinstance(code, str) else None
    if leaf is None:
        raise AnswerRefused(UNKNOWN.format(code=code), field=str(code))
    check_value(leaf, value)


def check_value(leaf: Leaf, value: object) -> None:
    """Raises ``AnswerRefused`` unless ``value`` answers ``leaf``."""
    if isinstance(value, str) and value == NOT_APPLICABLE:
        if not leaf.may_be_not_applicable:
            raise AnswerRefused(NOT_HERE, field=leaf.code)
    elif leaf.kind == "multi":
        _check_list(leaf, value)
    elif leaf.by_option:
        if not is_whole(value) or not 0 <= value < len(leaf.options):
            raise AnswerRefused(OPTION.format(last=len(leaf.options) - 1), field=leaf.code)
    else:
        _check_number(leaf, value)


def is_whole(value: object) -> TypeGuard[int]:
    """A whole number as JSON has it: 2 and 2.0, but not true."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def _check_number(leaf: Leaf, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
        raise AnswerRefused(NUMBER, field=leaf.code)
    if leaf.least is not None and value < leaf.least:
        raise AnswerRefused(LEAST.format(least=f"{leaf.least:g}"), field=leaf.code)
    if leaf.most is not None and value > leaf.most:
        raise AnswerRefused(MOST.format(most=f"{leaf.most:g}"), field=leaf.code)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _check_list(leaf: Leaf, value: object) -> None:
    if not isinstance(value, list):
        raise AnswerRefused(LIST, field=leaf.code)
    for each in value:
        if not is_whole(each) or not 0 <= each < len(leaf.options):
            raise AnswerRefused(OPTION.format(last=len(leaf.options) - 1), field=leaf.code)
    if len(set(value)) < len(value):
        raise AnswerRefused(TWICE, field=leaf.code)
    for each in value:
        option = leaf.options[int(each)]
        if option.exclusive and len(value) > 1:
            text = Text(zh=ALONE.zh.format(option=option.text.zh), en=ALONE.en.format(option=option.text.en))
            raise AnswerRefused(text, field=leaf.code)


def say_answer(leaf: Leaf, value: Answer) -> Text:
    """A valid answer in words: the option chosen, or the number with its unit."""
    if value == NOT_APPLICABLE:
        return Text(zh="不适用", en="Not applicable")
    if isinstance(value, list):
        chosen = [leaf.options[int(each)].text for each in value]
        if not chosen:
            return Text(zh="无", en="None")
        return Text(zh="；".join(each.zh for each in chosen), en="; ".join(each.en for each in chosen))
    if leaf.by_option:
        return leaf.options[int(value)].text
    unit = leaf.unit or Text(zh="", en="")
    number = int(value) if float(value).is_integer() else value
    return Text(zh=f"{number} {unit.zh}".strip(), en=f"{number} {unit.en}".strip())

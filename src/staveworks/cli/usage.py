"""What click says of wrong usage, in Chinese too."""

import re

import click

WRONG = "用法不对，请看 --help"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def in_both_languages(error: click.UsageError) -> click.UsageError:
    """As it is if it speaks Chinese already, as our own do."""
    told = error.format_message()
    if CHINESE.search(told):
        return error
    return click.UsageError(f"{told.removesuffix('.')} / {_chinese(error)}", ctx=error.ctx)


def _chinese(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            return f"没有 {error.option_name} 这个选项"
        case click.MissingParameter():
            return f"缺少 {_named(error)}"
        case click.BadParameter():
            return f"{_named(error)} 的值不对{_wanted(error.param)}"
        case _ if error.message.startswith("No such command"):
            return "没有这个命令，请看 --help"
        case _:
            return WRONG


def _wanted(param: click.Parameter | None) -> str:
    """``，应为不小于 0 的整数``; nothing where the type says no more than its name."""
    match param.type if param else None:
        case click.Choice(choices=choices):
            return f"，应为其中之一：{'、'.join(map(str, choices))}"
        case click.IntRange(min=low, max=high) if low is not None:
            return f"，应为不小于 {low} 的整数" if high is None else f"，应为 {low} 到 {high} 的整数"
        case click.FloatRange(min=low, max=None, min_open=True):
            return f"，应为大于 {low:g} 的数"
        case _:
            return ""


def _named(error: click.BadParameter) -> str:
    """``--firm``, ``PATH``."""
    hint = error.param.get_error_hint(error.ctx) if error.param and error.ctx else error.param_hint
    told = hint if isinstance(hint, str) else ", ".join(hint or ())
    return told.replace("'", "")

"""Every setting read before anything is started, so that all that is wrong is said at once."""

import difflib
import os
from itertools import chain
from typing import Any

from staveworks.kit.configuration.setting import FILE_VARIABLE, Setting, WrongSetting, file_values
from staveworks.kit.configuration.table import SECTIONS
from staveworks.kit.text import Text

OURS = "STAVEWORKS_"
INTERNAL = {"STAVEWORKS_PARENT"}
"""Variables that our processes hand to each other."""


def all_settings() -> list[Setting[Any]]:
    """In the order of the reference."""
    return list(chain.from_iterable(SECTIONS.values()))


def check_settings() -> None:
    """Read all. Raises `WrongSetting` with one line for each that is wrong, and for each key of the file that nothing reads."""
    wrong = [error for setting in all_settings() if (error := _error(setting))]
    wrong = wrong or _unknown_keys()
    if wrong:
        raise WrongSetting(
            Text(zh="\n".join(each.text.zh for each in wrong), en="\n".join(each.text.en for each in wrong))
        )


def _error(setting: Setting[Any]) -> WrongSetting | None:
    try:
        setting.read()
    except WrongSetting as error:
        return error
    return None


def _unknown_keys() -> list[WrongSetting]:
    known = [setting.key for setting in all_settings() if not setting.only_environment]
    return [
        WrongSetting(
            Text(
                zh="{v} 的文件里没有设置 {key}{like}。", en="The file of {v} has no setting {key}{like}."
            ).format(v=FILE_VARIABLE, key=key, like=_like(key, known))
        )
        for key in file_values()
        if key not in known
    ]


def unknown_variables() -> list[str]:
    """Variables that look like ours and that nothing reads: most likely mistyped."""
    secret_files = {f"{setting.name}_FILE" for setting in all_settings() if setting.secret}
    known = {setting.name for setting in all_settings()} | secret_files | INTERNAL
    return [
        name + _like(name, sorted(known))
        for name in sorted(os.environ)
        if name.startswith(OURS) and name not in known
    ]


def _like(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f" ({near[0]}?)" if near else ""

"""One setting: where its value comes from (the environment before the TOML file before the default) and what is said if it is wrong."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from staveworks.kit.configuration.kinds import Kind
from staveworks.kit.errors import Invalid, Refused
from staveworks.kit.text import Text

FILE_VARIABLE = "STAVEWORKS_CONFIG"
NONE = Text(zh="无", en="none")


class WrongSetting(Refused):
    """A setting can't be used; the text says which and what is wanted, without the value."""


@dataclass(frozen=True)  # Python 3.12 can't make ``Setting[int](…)`` of a frozen class with slots
class Setting[T]:
    """``default`` is a value, or a function for one that has to be found out; ``without`` says it in words."""

    name: str
    kind: Kind[T]
    default: T | Callable[[], T] = field(repr=False)
    meaning: Text
    without: Text = NONE
    secret: bool = False
    """Also read from the file that ``NAME_FILE`` names; never shown."""
    only_environment: bool = False

    @property
    def key(self) -> str:
        """Its name in the TOML file."""
        return self.name.removeprefix("STAVEWORKS_").lower()

    def read(self) -> T:
        """The value in force. Raises `WrongSetting`."""
        given = self.given()
        if given is None:
            return self.default() if callable(self.default) else self.default
        try:
            return self.kind.parse(given)
        except Invalid as error:
            raise self.wrong(error.text) from None

    def given(self) -> object | None:
        """What was set, unread; an empty variable counts as not set. Raises `WrongSetting` for an unreadable file."""
        if value := os.environ.get(self.name):
            return value
        if self.secret and (path := os.environ.get(f"{self.name}_FILE")):
            try:
                return Path(path).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise self.wrong(
                    Text(
                        zh="{name}_FILE 指的文件读不出来。", en="The file of {name}_FILE can't be read."
                    ).format(name=self.name)
                ) from None
        return None if self.only_environment else file_values().get(self.key)

    def wrong(self, why: Text) -> WrongSetting:
        return WrongSetting(Text(zh=f"设置 {self.name}：{why.zh}", en=f"Setting {self.name}: {why.en}"))


def file_values() -> Mapping[str, Any]:
    """The TOML file that ``STAVEWORKS_CONFIG`` names, read once; empty without it. Raises `WrongSetting`."""
    path = os.environ.get(FILE_VARIABLE)
    return _load(path) if path else {}


@lru_cache(maxsize=4)
def _load(path: str) -> Mapping[str, Any]:
    try:
        with Path(path).expanduser().open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        why = Text(zh="文件读不出来（{e}）。", en="The file can't be read ({e}).").format(e=error.strerror)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        why = Text(zh="不是有效的 TOML：{e}。", en="It is not valid TOML: {e}.").format(e=error)
    raise WrongSetting(Text(zh=f"设置 {FILE_VARIABLE}：{why.zh}", en=f"Setting {FILE_VARIABLE}: {why.en}"))

"""YAML that remembers where every value stands, so that a refusal can name file, line and path."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from staveworks.kit.errors import Invalid, NotFound
from staveworks.kit.text import Text

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RubricRefused(Invalid):
    """A data file of the engine cannot be used; ``file``, ``line`` (from 1) and ``path`` say where, ``reason`` why."""

    def __init__(self, file: str, line: int, path: str, reason: Text) -> None:
        self.file, self.line, self.path, self.reason = file, line, path, reason
        place = f"{file}:{line}: {path or '/'}: "
        super().__init__(Text(zh=place + reason.zh, en=place + reason.en), field=path)


class UnknownRubric(NotFound):
    """There is no rubric of this id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of the file with its place. Lists and mappings hold entries again; scalars are str, int, float, bool."""

    value: Any
    file: str
    line: int
    path: str

    def refusal(self, zh: str, en: str) -> RubricRefused:
        """The error that names this entry's place, to be raised."""
        return RubricRefused(self.file, self.line, self.path, Text(zh=zh, en=en))

    def __contains__(self, key: str) -> bool:
        return key in self.mapping()

    def __getitem__(self, key: str) -> "Entry":
        """The entry of a mapping; refused where it is missing."""
        inner: Entry | None = self.mapping().get(key)
        if inner is None:
            raise self.refusal(f"缺少 {key}", f"{key} is missing")
        return inner

    def get(self, key: str) -> "Entry | None":
        return self.mapping().get(key)

    def mapping(self) -> "dict[str, Entry]":
        if not isinstance(self.value, dict):
            raise self.refusal("这里应为键值对", "a mapping is wanted here")
        return self.value

    def items(self) -> "Iterator[Entry]":
        """The entries of a list."""
        if not isinstance(self.value, list):
            raise self.refusal("这里应为列表", "a list is wanted here")
        return iter(self.value)

    def only(self, *allowed: str) -> None:
        """Refuses a key that nobody reads, which is nearly always a slip of the pen."""
        for key, inner in self.mapping().items():
            if key not in allowed:
                raise inner.refusal(f"不认识的字段 {key}", f"unknown key {key}")

    def string(self) -> str:
        if isinstance(self.value, dict | list):
            raise self.refusal("这里应为文字", "a text is wanted here")
        return str(self.value)

    def number(self) -> float:
        if (
            isinstance(self.value, bool)
            or not isinstance(self.value, int | float)
            or not math.isfinite(self.value)
        ):
            raise self.refusal("这里应为数字", "a number is wanted here")
        return float(self.value)

    def integer(self) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.refusal("这里应为整数", "a whole number is wanted here")
        return self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.refusal("这里应为 true 或 false", "true or false is wanted here")
        return self.value

    def share(self) -> Fraction:
        """A weight: a decimal, or an exact fraction such as 2/7, from 0 to 1."""
        try:
            share = Fraction(str(self.value))
        except (ValueError, ZeroDivisionError):
            raise self.refusal("权重应为小数或分数", "a weight is a decimal or a fraction") from None
        if not 0 < share <= 1:
            raise self.refusal("权重应大于 0，不超过 1", "a weight is above 0 and at most 1")
        return share

    def text(self) -> Text:
        """A text in both languages; refused where one is missing or empty."""
        self.only("zh", "en")
        zh, en = self["zh"].string().strip(), self["en"].string().strip()
        if not zh or not en:
            raise self.refusal("中英文都要有", "both languages are needed")
        return Text(zh=zh, en=en)


def read_source(path: Path) -> Entry:
    """The file's top entry. Raises ``RubricRefused`` where it is no YAML, a key stands twice or an anchor refers to itself."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RubricRefused(
            path.name, line, "", Text(zh="不是有效的 YAML", en=f"not YAML: {error.problem}")
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RubricRefused(path.name, 1, "", Text(zh="不是有效的 YAML", en="not YAML")) from error
    if node is None:
        raise RubricRefused(path.name, 1, "", Text(zh="文件是空的", en="the file is empty"))
    return _entry(node, path.name, "", ())


def _entry(node: yaml.Node, file: str, path: str, above: tuple[int, ...]) -> Entry:
    line = node.start_mark.line + 1
    if id(node) in above:
        raise RubricRefused(file, line, path, Text(zh="引用成环", en="an anchor refers to itself"))
    above = (*above, id(node))
    if isinstance(node, yaml.MappingNode):
        return Entry(_mapping(node, file, path, above), file, line, path)
    if isinstance(node, yaml.SequenceNode):
        parts = [_entry(each, file, f"{path}/{i}", above) for i, each in enumerate(node.value)]
        return Entry(parts, file, line, path)
    return Entry(_scalar(node), file, line, path)


def _mapping(node: yaml.MappingNode, file: str, path: str, above: tuple[int, ...]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in found:
            line = key.start_mark.line + 1
            raise RubricRefused(file, line, f"{path}/{name}", Text(zh="写了两次", en="stands twice"))
        found[name] = _entry(value, file, f"{path}/{name}", above)
    return found


def _scalar(node: yaml.Node) -> Any:
    """Whole numbers, decimals, true and false; all else is text, also YAML's ``no`` and its dates."""
    written = str(node.value)
    if node.tag == "tag:yaml.org,2002:bool" and written in ("true", "false"):
        return written == "true"
    for tag, kind in (("int", int), ("float", float)):
        if node.tag == f"tag:yaml.org,2002:{tag}":
            try:
                return kind(written)
            except ValueError:
                return written
    return written

"""Public words of the room."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text

type Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a rule's value, for people. ``kind``: number, text or choices; ``choices``: code → name."""

    code: str
    name: Text
    unit: Text | None
    kind: str
    lowest: int | None = None
    highest: int | None = None
    choices: dict[str, Text] | None = None


@dataclass(frozen=True, slots=True)
class RuleKind:
    """What a rule is about, and what its value must look like (JSON Schema). Ships as data."""

    code: str
    title: Text
    text: Text
    schema: dict[str, Any]
    first: Value

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(_entry(code, shape) for code, shape in self.schema["properties"].items())


def _entry(code: str, shape: dict[str, Any]) -> Entry:
    unit = Text(zh=shape["x-unit-zh"], en=shape["x-unit-en"]) if "x-unit-zh" in shape else None
    choices = {key: Text(**name) for key, name in shape["x-items"].items()} if "x-items" in shape else None
    kind = {"integer": "number", "array": "choices"}.get(shape["type"], "text")
    name = Text(zh=shape["x-zh"], en=shape["x-en"])
    return Entry(code, name, unit, kind, shape.get("minimum"), shape.get("maximum"), choices)


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One version of a rule. ``since`` None: from the beginning; ``until`` None: until a newer one; ``superseded``: replaced
    before it came into force."""

    id: UUID
    code: str
    number: int
    text: Text
    value: Value
    since: datetime | None
    until: datetime | None
    superseded: bool
    adopted_at: datetime
    adopted_by: str
    basis: str

    @property
    def label(self) -> str:
        """What is stored with an event or a row that the rule decided: ``retention/2``."""
        return f"{self.code}/{self.number}"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a value, before and after."""

    entry: Entry
    before: Any
    after: Any


class RuleUnknown(NotFound):
    text = Text(zh="没有这条规则。", en="No such rule.")


class RuleValueInvalid(Invalid):
    """The value breaks the rule's schema; ``field`` names the entry."""


class RuleTextMissing(Invalid):
    text = Text(zh="请写明规则内容，中英文都要。", en="Write the rule's text, in both languages.")


class RuleDateInvalid(Invalid):
    text = Text(
        zh="生效日期从今天起，最晚五年后。规则不能追溯。",
        en="A rule comes into force today or later, within five years. It never reaches back.",
    )


class NothingChanged(Refused):
    text = Text(zh="和现行版本一样，没有要改的。", en="The same as the version in force: nothing to change.")

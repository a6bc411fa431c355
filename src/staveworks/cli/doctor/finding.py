"""What a look at the installation found: how things stand, and what to do."""

from dataclasses import dataclass
from typing import Literal

from staveworks.kit.text import Language, Text

State = Literal["ok", "advice", "broken"]
MARKS: dict[State, str] = {"ok": "✓", "advice": "!", "broken": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` is a name that stays the same; ``repair`` says what to do, where something is to be done."""

    check: str
    state: State
    text: Text
    repair: Text | None = None

    def line(self, language: Language) -> str:
        told = self.text.in_language(language)
        todo = f" → {self.repair.in_language(language)}" if self.repair else ""
        return f"{MARKS[self.state]} {self.check:<14} {told}{todo}"

    def as_dict(self) -> dict[str, str | None]:
        return {
            "check": self.check,
            "state": self.state,
            "zh": self.text.zh,
            "en": self.text.en,
            "repair_zh": self.repair.zh if self.repair else None,
            "repair_en": self.repair.en if self.repair else None,
        }


def ok(check: str, text: Text) -> Finding:
    return Finding(check, "ok", text)


def advice(check: str, text: Text, repair: Text) -> Finding:
    """Works, but will not for long, or not for others."""
    return Finding(check, "advice", text, repair)


def broken(check: str, text: Text, repair: Text) -> Finding:
    """Must be mended."""
    return Finding(check, "broken", text, repair)


def span(seconds: float) -> Text:
    """A length of time in the words of people."""
    for size, one, many, zh in (
        (86_400, "day", "days", "天"),
        (3600, "hour", "hours", "小时"),
        (60, "minute", "minutes", "分钟"),
    ):
        if seconds >= size:
            number = int(seconds // size)
            return Text(zh=f"{number} {zh}", en=f"{number} {one if number == 1 else many}")
    number = int(seconds)
    return Text(zh=f"{number} 秒", en=f"{number} second{'' if number == 1 else 's'}")

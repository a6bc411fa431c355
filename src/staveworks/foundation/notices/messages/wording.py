"""Placeholders in wordings: ``{firm}``. Only names, no format language: an operator types them."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from staveworks.foundation.notices.messages.types import Moment, Param
from staveworks.kit.text import Language, Text, choose_form

PLACEHOLDER = re.compile(r"\{([a-z_]\w*)\}")
BRACE = re.compile(r"[{}]")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def placeholders(wording: str) -> set[str]:
    """The names that stand in braces."""
    return set(PLACEHOLDER.findall(wording))


def stray_braces(wording: str) -> bool:
    """Whether a brace is left that belongs to no placeholder."""
    return bool(BRACE.search(PLACEHOLDER.sub("", wording)))


def fill(wording: str, values: Mapping[str, Param], language: Language, zone: str) -> str:
    """``wording`` with its placeholders replaced; one that has no value stays as it is."""
    chosen = choose_form(wording, values["n"]) if language == "en" and "n" in values else wording

    def said(found: re.Match[str]) -> str:
        name = found[1]
        return say_value(values[name], language, zone) if name in values else found[0]

    return PLACEHOLDER.sub(said, chosen)


def say_value(value: Param, language: Language, zone: str) -> str:
    """A value as a sentence shows it: days 11月23日 / 23 Nov, moments with the hour in ``zone``, thousands apart."""
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, Moment):
        local = value.at.astimezone(ZoneInfo(zone))
        return f"{_day(local, language)} {local:%H:%M}"
    if isinstance(value, date):
        return _day(value, language)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _day(day: date, language: Language) -> str:
    return f"{day.month}月{day.day}日" if language == "zh" else f"{day.day} {MONTHS[day.month - 1]}"


def pack(values: Mapping[str, Param]) -> dict[str, Any]:
    """Values as JSON keeps them."""
    return {name: _pack(value) for name, value in values.items()}


def _pack(value: Param) -> Any:
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Moment):
        return {"at": value.at.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


UNPACK: dict[frozenset[str], Callable[[Mapping[str, str]], Param]] = {
    frozenset({"zh", "en"}): lambda kept: Text(zh=kept["zh"], en=kept["en"]),
    frozenset({"at"}): lambda kept: Moment(datetime.fromisoformat(kept["at"])),
    frozenset({"day"}): lambda kept: date.fromisoformat(kept["day"]),
}


def unpack(kept: Mapping[str, Any]) -> dict[str, Param]:
    """The values that `pack` made."""
    return {
        name: UNPACK[frozenset(value)](value) if isinstance(value, dict) else value
        for name, value in kept.items()
    }


def missing(needed: Iterable[str], given: Mapping[str, Param]) -> list[str]:
    """The names that are needed and not given, in order."""
    return [name for name in needed if name not in given]

"""What ids in a run are called: by its own names, by the registers of places and firms, or as they stand."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from staveworks.foundation.parties.queries import city_names
from staveworks.foundation.parties.queries.members import titles_of
from staveworks.kit.industries import Certificate, Family, Operation, load_industries
from staveworks.kit.text import Text
from staveworks.web.figures import MONTHS, day
from staveworks.web.language import current


class Names:
    """``of(kind, id)`` in the reader's language. Firms and places are looked up once, when the first is asked for."""

    def __init__(self, said: Mapping[str, Mapping[str, Any]], first: date) -> None:
        self._said, self._first = said, first
        self._found: dict[str, dict[str, str]] = {}

    def know(self, kind: str, ids: Iterable[str]) -> None:
        """Look up places (``cities``) or organisations (``firms``) in one query."""
        wanted = [each for each in ids if each not in self._said.get(kind, {})]
        if kind == "cities":
            self._found[kind] = {
                code: text.in_language(current()) for code, text in city_names(wanted).items()
            }
        elif kind == "firms":
            by_id = {each: found for each in wanted if (found := _uuid(each))}
            named = titles_of(by_id.values())
            self._found[kind] = {
                each: named[id_].in_language(current()) for each, id_ in by_id.items() if id_ in named
            }

    def of(self, kind: str, id_: str) -> str:
        said = self._said.get(kind, {}).get(id_)
        if isinstance(said, Mapping):
            return Text(**said).in_language(current())
        return str(said or self._found.get(kind, {}).get(id_) or _in_packs(kind, id_) or id_)

    def unit(self, family: str) -> str:
        """Of a family's quantities, such as ``m``; empty where no industry pack knows it."""
        found = load_industries().families.get(family)
        return found.unit.name.in_language(current()) if found else ""

    def week(self, bucket: int) -> str:
        """``W48``."""
        return f"W{(self._first + timedelta(weeks=bucket)).isocalendar().week:02}"

    def monday(self, bucket: int) -> str:
        return day(self._first + timedelta(weeks=bucket))

    def in_week(self, bucket: int) -> str:
        """``week of 23 Nov``: all of it, its Sunday too."""
        said = self.when(bucket).partition(" ")[2]
        return f"{said}那一周内" if current() == "zh" else f"week of {said}"

    def when(self, bucket: int) -> str:
        """``W48 23 Nov``, without a year: the week says enough."""
        monday = self._first + timedelta(weeks=bucket)
        said = (
            f"{monday.month}月{monday.day}日"
            if current() == "zh"
            else f"{monday.day} {MONTHS[monday.month - 1]}"
        )
        return f"{self.week(bucket)} {said}"


def _in_packs(kind: str, code: str) -> str:
    """What an industry pack calls an operation, a family or a certificate of this code."""
    packs = load_industries()
    found: Operation | Family | Certificate | None = None
    if kind == "operations":
        found = packs.operations.get(code)
    elif kind == "families":
        found = packs.families.get(code)
    elif kind == "certificates":
        found = packs.certificates.get(code)
    return found.name.in_language(current()) if found else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

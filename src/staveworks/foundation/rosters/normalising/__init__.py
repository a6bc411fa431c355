"""Rows to entries: each cell in its plain form, or empty with its text and the reason."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from staveworks.foundation.rosters.normalising import country as countries
from staveworks.foundation.rosters.normalising.city import CityGuess, find_city
from staveworks.foundation.rosters.normalising.name import MISSING, read_name
from staveworks.foundation.rosters.normalising.phone import read_phones
from staveworks.foundation.rosters.normalising.staff import read_staff
from staveworks.foundation.rosters.normalising.types import Entry, Issue, Reading
from staveworks.foundation.rosters.normalising.uscc import compact, read_uscc
from staveworks.foundation.rosters.reading.types import Row
from staveworks.kit.text import Text

__all__ = ["Entry", "Issue", "Reading", "normalise"]

BAD_EMAIL = Text(zh="不是有效的邮箱地址。", en="This is no valid e-mail address.")
SURE = 0.5


@dataclass(slots=True)
class _Cells:
    """The mapped cells of a row; collects what is wrong with them."""

    row: Row
    mapping: Mapping[str, int]
    issues: list[Issue] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.row.cell(self.mapping.get(name))

    def report(self, name: str, reason: Text | None) -> None:
        if reason:
            self.issues.append(Issue(name, self.mapping[name], self[name], reason))


def normalise(row: Row, mapping: Mapping[str, int], *, country: str = "CN") -> Reading:
    """Read a row by ``mapping`` (field → column). Never raises; refuses only a row without a readable name.

    ``country`` (ISO alpha-2) is assumed where the row names none.
    """
    cells = _Cells(row, mapping)
    name, refusal = read_name(cells["name"]) if "name" in mapping else ("", MISSING)
    if refusal:
        return Reading(row, None, refusal, ())
    where = _country(cells) or (None if cells["country"] else country)
    guess = _city(cells, name, where)
    uscc, problem = read_uscc(cells["uscc"])
    cells.report("uscc", problem)
    phones, problem = read_phones(cells["phone"], where or country)
    cells.report("phone", problem)
    staff, approx, problem = read_staff(cells["staff"])
    cells.report("staff", problem)
    entry = Entry(
        name=name,
        uscc=uscc,
        uscc_text="" if uscc else compact(cells["uscc"])[:30],
        country=where,
        city=guess.code,
        city_text=_plain(cells["city"]),
        city_confidence=guess.confidence if guess.code else 0.0,
        address=_plain(cells["address"]),
        contact=_plain(cells["contact"])[:100],
        phones=phones,
        staff=staff,
        staff_approx=approx,
        products=_plain(cells["products"]),
        email=_email(cells),
        website=_plain(cells["website"])[:300],
        note=_plain(cells["note"]),
    )
    return Reading(row, entry, None, tuple(cells.issues))


def _plain(text: str) -> str:
    if not text:
        return ""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip(" ;,")
    return "" if plain in ("/", "-", "—", "无") else plain[:2000]


def _country(cells: _Cells) -> str | None:
    if not cells["country"]:
        return None
    found = countries.country_of(cells["country"])
    if found is None:
        cells.report("country", countries.UNKNOWN)
    return found


def _city(cells: _Cells, name: str, country: str | None) -> CityGuess:
    """Only China has a register here; a wrong city cell is reported, an address without a city is no error."""
    if country != "CN":
        return CityGuess(None, 0, 0.0)
    text = _plain(cells["city"])
    guess = find_city(text, _plain(cells["address"]), name)
    if text and (guess.code is None or guess.confidence < SURE):
        cells.report("city", guess.reason)
    return guess


def _email(cells: _Cells) -> str:
    text = unicodedata.normalize("NFKC", cells["email"]).strip().lower()
    if not text or text in ("/", "-", "无"):
        return ""
    if re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[a-z0-9-]{2,}", text):
        return text
    cells.report("email", BAD_EMAIL)
    return ""

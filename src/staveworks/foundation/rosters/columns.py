"""Which column holds what: guessed from the headers, and from the cells where there are none."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from staveworks.foundation.rosters.headers import WORDS, field_of_header, is_numbering
from staveworks.foundation.rosters.normalising.country import country_of
from staveworks.foundation.rosters.normalising.uscc import looks_like_uscc
from staveworks.foundation.rosters.reading.types import Row
from staveworks.kit.text import Text

FIELDS: Mapping[str, Text] = {
    "name": Text(zh="企业名称", en="Firm"),
    "uscc": Text(zh="统一社会信用代码", en="Unified social credit code"),
    "country": Text(zh="国家或地区", en="Country"),
    "city": Text(zh="所在地", en="Place"),
    "address": Text(zh="地址", en="Address"),
    "contact": Text(zh="联系人", en="Contact person"),
    "phone": Text(zh="电话", en="Phone"),
    "staff": Text(zh="员工人数", en="Staff"),
    "products": Text(zh="产品", en="Products"),
    "email": Text(zh="邮箱", en="E-mail"),
    "website": Text(zh="网址", en="Website"),
    "note": Text(zh="备注", en="Note"),
}
ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class Guess:
    """``columns``: field → column index from 0, the shape in which a person's correction comes back."""

    columns: dict[str, int]
    confidence: dict[str, float]
    by: dict[str, Literal["header", "content"]]


def guess_columns(headers: Sequence[str], sample: Sequence[Row]) -> Guess:
    """Headers first; what they leave open, above all the name, is guessed from the sample's cells."""
    columns: dict[str, int] = {}
    confidence: dict[str, float] = {}
    by: dict[str, Literal["header", "content"]] = {}
    for sure, field, column in _by_headers(headers):
        if field not in columns:
            columns[field], confidence[field], by[field] = column, sure, "header"
    if not headers or "name" not in columns:
        for sure, field, column in _by_content(headers, sample):
            if field not in columns and column not in columns.values():
                columns[field], confidence[field], by[field] = column, sure, "content"
    telling = _most_telling(sample, set(columns.values()))
    if "name" not in columns and telling is not None:
        columns["name"], confidence["name"], by["name"] = telling, 0.3, "content"
    return Guess({field: columns[field] for field in FIELDS if field in columns}, confidence, by)


def _by_headers(headers: Sequence[str]) -> list[tuple[float, str, int]]:
    """(certainty, field, column), surest first, leftmost first among equals, the field's telling words before vague ones."""
    found = []
    for column, header in enumerate(headers):
        meant = field_of_header(header)
        if meant:
            field, sure = meant
            found.append((-sure, _rank(field, header), column, field))
    return [(-sure, field, column) for sure, _, column, field in sorted(found)]


def _rank(field: str, header: str) -> int:
    words = WORDS[field]
    return min((at for at, word in enumerate(words) if word in header.lower()), default=len(words))


def _by_content(headers: Sequence[str], sample: Sequence[Row]) -> list[tuple[float, str, int]]:
    width = max((len(row.cells) for row in sample), default=0)
    found = []
    for column in range(width):
        if column < len(headers) and is_numbering(headers[column]):
            continue
        cells = [cell for row in sample if (cell := row.cell(column))]
        if len(cells) * 5 < len(sample):
            continue
        for order, (field, test) in enumerate(_TESTS.items()):
            share = sum(1 for cell in cells if test(cell)) / len(cells)
            if share >= ENOUGH:
                found.append((-share, order, column, field))
    found.sort()
    return [(round(-share * 0.8, 2), field, column) for share, _, column, field in found]


def _most_telling(sample: Sequence[Row], taken: set[int]) -> int | None:
    """The leftmost free column of words that hardly repeat: a name, for want of anything better."""
    for column in range(max((len(row.cells) for row in sample), default=0)):
        cells = [cell for row in sample if (cell := row.cell(column)) and re.search(r"[^\W\d_]{2}", cell)]
        if (
            column not in taken
            and len(cells) * 5 >= len(sample) * 4
            and len(set(cells)) * 5 >= len(cells) * 4
        ):
            return column
    return None


def _is_country(cell: str) -> bool:
    return len(cell) <= 30 and country_of(cell) is not None


def _matches(pattern: re.Pattern[str], cell: str) -> bool:
    return pattern.search(cell) is not None


_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", re.I)
_URL = re.compile(r"^(https?://|www\.)\S+$", re.I)
_PHONE = re.compile(r"^[+(]?\d[\d\s()\-—/、,;+转]{6,40}$")
_STAFF = re.compile(r"^(约|大约|近)?\s*\d{1,5}\s*([-~至]\s*\d{1,5})?\s*(人|名|余人|多人)$|^\d{1,4}$")
_FIRM = re.compile(
    r"(公司|厂|集团|合作社|经营部|商行|工作室)([（(].{1,10}[)）])?$|\b(ltd|limited|inc|corp|llc|gmbh|s\.?r\.?l|s\.?a|pvt|pt|factory|mills?|company|garments?|textiles?)\b",
    re.I,
)
_PLACE = re.compile(r"^[\u4e00-\u9fff]{2,12}(省|市|区|县|镇|乡|街道)$")
_ADDRESS = re.compile(
    r"[路街道村园区镇]\s*\d+\s*[号號]|(省|市|区|县).{0,12}(镇|乡|街道|路|村)|\b(road|street|rd|zone|village|district|park|no\.)",
    re.I,
)
_PERSON = re.compile(r"^[\u4e00-\u9fff]{2,4}(先生|女士)?$")
# Order decides between equals: the most particular shapes first.
_TESTS: dict[str, Callable[[str], bool]] = {
    "uscc": looks_like_uscc,
    "email": partial(_matches, _EMAIL),
    "website": partial(_matches, _URL),
    "phone": partial(_matches, _PHONE),
    "country": _is_country,
    "name": partial(_matches, _FIRM),
    "address": partial(_matches, _ADDRESS),
    "city": partial(_matches, _PLACE),
    "staff": partial(_matches, _STAFF),
    "contact": partial(_matches, _PERSON),
}

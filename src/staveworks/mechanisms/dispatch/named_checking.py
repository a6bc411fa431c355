"""Lines that are planned over declared capacity name families, certificates and places of the registers: what names none is told."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from django.db.models import Q

from staveworks.foundation.parties.firm_queries import firms_known_by
from staveworks.foundation.parties.models import City
from staveworks.kit.industries import load_industries
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.demand_checking import MOST_FAULTS
from staveworks.mechanisms.dispatch.types.runs import FIRST_ROW, Fault

NAMED = 12
"""Of the values that may be said."""
NO_FAMILY = Text(
    zh="没有产品“{value}”。可填：{known}。", en="There is no family “{value}”. There are: {known}."
)
NO_CERTIFICATE = Text(
    zh="没有证书“{value}”。可填（多个用 ; 隔开）：{known}。",
    en="There is no certificate “{value}”. There are (several with ; between them): {known}.",
)
NO_PLACE = Text(
    zh="没有地方叫“{value}”。请填市或区县的名称，或六位行政区划代码。",
    en="No place is called “{value}”. Give a city or district by its name, or by its code of six digits.",
)
NO_FIRM = Text(
    zh="没有企业“{value}”，或不止一家。请填全称、统一社会信用代码或编号，几家用 ; 隔开。",
    en="No firm, or more than one, is called “{value}”. Give its whole name, USCC or id; several with ; between them.",
)
FIRMS = ("allowed_firms", "blocked_firms")
SEVERAL = Text(
    zh="叫“{value}”的地方有几个，请填代码：{known}。",
    en="Several places are called “{value}”: give the code, {known}.",
)


class _Known(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> Text: ...


def check_named(rows: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """By the rows of a sheet; at most ``MOST_FAULTS``."""
    industries = load_industries()
    names = _names_of(industries.families.values()), _names_of(industries.certificates.values())
    firms = firms_known_by({firm for row in rows for column in FIRMS for firm in parts(row, column)}).keys()
    places = _places({_said(row, "city") for row in rows} - {""})
    found: list[Fault] = []
    for number, row in enumerate(rows, FIRST_ROW):
        found += (
            Fault("lines", number, column, text, _said(row, column)[:80])
            for column, text in _faults(row, *names, places, firms)
        )
        if len(found) >= MOST_FAULTS:
            break
    return found[:MOST_FAULTS]


def _faults(
    row: Mapping[str, Any],
    families: set[str],
    certificates: set[str],
    places: set[str],
    firms: Collection[str],
) -> Iterator[tuple[str, Text]]:
    family, city = _said(row, "family"), _said(row, "city")
    if family and family.lower() not in families:
        yield "family", _told(NO_FAMILY, family, load_industries().families.values())
    for said in parts(row, "certificates"):
        if said.lower() not in certificates:
            yield "certificates", _told(NO_CERTIFICATE, said, load_industries().certificates.values())
    if city and city not in places:
        yield "city", NO_PLACE.format(value=city[:40])
    for column in FIRMS:
        for said in parts(row, column):
            if said not in firms:
                yield column, NO_FIRM.format(value=said[:40])


def parts(row: Mapping[str, Any], column: str) -> list[str]:
    """Of a cell with several values."""
    said = _said(row, column).replace("；", ";").replace("\0", "")
    return [part for each in said.split(";") if (part := each.strip())]


def _said(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value)


def _names_of(known: Iterable[_Known]) -> set[str]:
    return {name for each in known for name in (each.code, each.name.zh.lower(), each.name.en.lower())}


def _told(text: Text, said: str, known: Iterable[_Known]) -> Text:
    names = [each.name for each in known]
    more = len(names) > NAMED
    value = said[:40]
    return Text(
        zh=text.zh.format(value=value, known="、".join(each.zh for each in names[:NAMED]) + "等" * more),
        en=text.en.format(value=value, known=", ".join(each.en for each in names[:NAMED]) + " …" * more),
    )


def _places(said: set[str]) -> set[str]:
    """Those that are the code or either name of a place."""
    found = City.objects.filter(Q(code__in=said) | Q(name_zh__in=said) | Q(name_en__in=said))
    return {each for row in found.values_list("code", "name_zh", "name_en") for each in row} & said


def several(said: str) -> Text:
    """For a name that more than one place has: which code is which."""
    found = (
        City.objects.filter(Q(name_zh=said) | Q(name_en=said))
        .select_related("parent")
        .order_by("code")[:NAMED]
    )
    known = [(each.code, each.parent) for each in found]
    return Text(
        zh=SEVERAL.zh.format(
            value=said, known="、".join(f"{code}（{up.name_zh}）" if up else code for code, up in known)
        ),
        en=SEVERAL.en.format(
            value=said, known=", ".join(f"{code} ({up.name_en})" if up else code for code, up in known)
        ),
    )

"""An entry prepared for comparison."""

import re
from dataclasses import dataclass
from itertools import islice

from staveworks.foundation.rosters.matching.chinese import ChineseName, read_chinese, sound
from staveworks.foundation.rosters.matching.english import EnglishName, letters, read_english
from staveworks.foundation.rosters.normalising.city import agree, find_place
from staveworks.foundation.rosters.normalising.regions import Spot, register
from staveworks.foundation.rosters.normalising.types import Entry
from staveworks.kit.script import simplified

_STREET = re.compile(
    r"(?P<street>[\u4e00-\u9fff\d]*?(?:路|街|大道|道|巷|弄|村|园|区|组)?)(?P<number>\d+(?:-\d+)?)号?(?P<rest>.*)"
)
_COMMON = """
road rd street str st no avenue ave lane district dist city town province village zone industrial industry area park building
bldg floor block county development economic and the of china region house
"""
_ADDRESS_WORDS = frozenset(_COMMON.split())


SURE = 0.8


@dataclass(frozen=True, slots=True)
class Record:
    """What ``score`` looks at. Exactly one of ``chinese`` and ``english`` is set, by the script of the name."""

    entry: Entry
    chinese: ChineseName | None
    english: EnglishName | None
    spots: tuple[Spot, ...]
    place_sure: bool
    street: str
    number: str
    address_words: frozenset[str]
    contact: str


def record_of(entry: Entry) -> Record:
    """Prepare an entry; about 0.1 ms."""
    chinese = re.search(r"[\u4e00-\u9fff]", entry.name) is not None
    name = read_chinese(entry.name) if chinese else None
    spots, sure, rest = _where(entry, name)
    street, number = _street(rest)
    return Record(
        entry=entry,
        chinese=name,
        english=None if chinese else read_english(entry.name),
        spots=spots,
        place_sure=sure,
        street=street,
        number=number,
        address_words=_address_words(entry.address),
        contact=re.sub(r"\s+|先生|女士|经理|厂长|总$", "", simplified(entry.contact).lower()),
    )


def _where(entry: Entry, name: ChineseName | None) -> tuple[tuple[Spot, ...], bool, str]:
    """Every place the row can mean, whether for sure, and the address after the place.

    City cell and address say it for sure; else the name, if the credit code does not contradict; else the code.
    """
    address = find_place(entry.address) if entry.address else None
    city = find_place(entry.city_text) if entry.city_text else None
    spots: tuple[Spot, ...] = address.spots if address else ()
    if city and city.spots:
        spots = agree(spots, city.spots) or city.spots
    named = name.spots if name else ()
    rest = address.rest if address else ""
    if spots:
        return agree(spots, named) or spots, True, rest
    registered = _registered(entry)
    if named and (not registered or name is None or name.sure):
        return agree(registered, named) or named, name is not None and name.sure, rest
    return agree(registered, named) or registered, bool(registered), rest


def _registered(entry: Entry) -> tuple[Spot, ...]:
    """The district where the credit code was issued (its digits 3–8), else the city found when the row was read."""
    regions = register().regions
    code = entry.uscc or entry.uscc_text
    city = entry.city if entry.city_confidence >= SURE else None
    found = (code for code in (code[2:8] if len(code) == 18 else None, city) if code and code in regions)
    return tuple(Spot(regions[code]) for code in islice(found, 1))


def _street(rest: str) -> tuple[str, str]:
    match = _STREET.match(simplified(rest).replace(" ", ""))
    if match and len(match["street"]) >= 2:
        return match["street"], match["number"]
    return "", ""


def _address_words(address: str) -> frozenset[str]:
    """Telling words and numbers of an address in Latin letters."""
    if re.search(r"[\u4e00-\u9fff]", address):
        return frozenset()
    words = re.findall(r"[a-z]{3,}|\d+", letters(address))
    return frozenset(word for word in words if word not in _ADDRESS_WORDS)


def keys(record: Record) -> frozenset[str]:
    """Blocking keys: two records of one firm share at least one, others hardly any. At most 60 characters each.

    u code, v halves of the code (one wrong character leaves a half), p phone, c sound of the name without trade and
    place, b sound of the whole body with the prefecture (for names that many bear), a street and number, e and t the
    name and its words in Latin letters.
    """
    entry = record.entry
    code = entry.uscc or (entry.uscc_text if len(entry.uscc_text) == 18 else "")
    found = {f"u:{code}", f"v:{code[8:13]}", f"w:{code[12:17]}"} if code else set()
    found |= {f"p:{phone}" for phone in entry.phones}
    regions = {spot.region.path[min(1, len(spot.region.path) - 1)] for spot in record.spots}
    if record.chinese:
        for body in record.chinese.bodies:
            found.add(f"c:{sound(body.core)}"[:60])
            found |= {f"b:{region}:{sound(body.whole)}"[:60] for region in regions}
    if record.english:
        found.add(f"e:{record.english.joined}"[:60])
        found |= {f"t:{word}"[:60] for word in record.english.core if len(word) >= 4}
    if record.number:
        found |= {f"a:{spot.region.code}:{record.street}{record.number}"[:60] for spot in record.spots}
    return frozenset(found)

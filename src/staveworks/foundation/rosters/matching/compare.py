"""Field by field: how alike two records are, in points and in words; the points are explained in docs/explanation/duplicates.md."""

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from staveworks.foundation.rosters.matching import wording
from staveworks.foundation.rosters.matching.record import Record
from staveworks.foundation.rosters.matching.types import Comparison, State
from staveworks.foundation.rosters.normalising.city import agree
from staveworks.kit.text import Text

TWO_CODES = -58  # two valid codes forbid a merge; with the same name and phone a person should still look


def _missing(field: str, left: str, right: str) -> Comparison:
    if left or right:
        return Comparison(field, "one side", 0, wording.ONE_SIDE, left, right)
    return Comparison(field, "none", 0, wording.NOTHING, left, right)


def compare_code(a: Record, b: Record) -> Comparison:
    """A valid code names one firm; a wrong one that is a slip away is the same code mistyped."""
    left, right = a.entry.uscc or a.entry.uscc_text, b.entry.uscc or b.entry.uscc_text
    if not left or not right:
        return _missing("uscc", left, right)
    valid = a.entry.uscc is not None and b.entry.uscc is not None
    if left == right:
        return Comparison("uscc", "same", 80 if valid else 50, wording.SAME_CODE, left, right)
    if valid:
        return Comparison("uscc", "different", TWO_CODES, wording.TWO_CODES, left, right)
    if DamerauLevenshtein.distance(left, right, score_cutoff=2) <= 2:
        return Comparison("uscc", "close", 35, wording.CODE_SLIP, left, right)
    return Comparison("uscc", "different", -25, wording.FAULTY_CODE, left, right)


def compare_phone(a: Record, b: Record) -> Comparison:
    """A shared number is strong, but one bookkeeping agent answers for many firms, so it never decides alone."""
    left, right = ", ".join(a.entry.phones), ", ".join(b.entry.phones)
    if not left or not right:
        return _missing("phone", left, right)
    if left == right or set(a.entry.phones) & set(b.entry.phones):
        return Comparison("phone", "same", 30, wording.SAME_PHONE, left, right)
    return Comparison("phone", "different", -2, wording.OTHER_PHONE, left, right)


def compare_contact(a: Record, b: Record) -> Comparison:
    left, right = a.entry.contact, b.entry.contact
    if not a.contact or not b.contact:
        return _missing("contact", left, right)
    if a.contact == b.contact:
        return Comparison("contact", "same", 12, wording.SAME_CONTACT, left, right)
    return Comparison("contact", "different", -8, wording.OTHER_CONTACT, left, right)


def compare_staff(a: Record, b: Record) -> Comparison:
    left, right = a.entry.staff or 0, b.entry.staff or 0
    shown = str(left or ""), str(right or "")
    if not left or not right:
        return _missing("staff", *shown)
    if left == right:
        return Comparison("staff", "same", 6, wording.SAME_STAFF, *shown)
    if min(left, right) * 5 >= max(left, right) * 4:
        return Comparison("staff", "close", 3, wording.NEAR_STAFF, *shown)
    points = -4 if min(left, right) * 2 < max(left, right) else 0
    return Comparison("staff", "different", points, wording.OTHER_STAFF, *shown)


def compare_place(a: Record, b: Record) -> Comparison:
    """Firm names are unique within a city only, so another city speaks against a Chinese name."""
    state, points, reason = _place(a, b)
    return Comparison("city", state, points, reason, _place_name(a), _place_name(b))


def _place(a: Record, b: Record) -> tuple[State, int, Text]:
    if a.entry.country and b.entry.country and a.entry.country != b.entry.country:
        return "different", -45, wording.OTHER_COUNTRY
    if not a.spots or not b.spots:
        return ("one side", 0, wording.ONE_SIDE) if a.spots or b.spots else ("none", 0, wording.NOTHING)
    if {spot.region.code for spot in a.spots} & {spot.region.code for spot in b.spots}:
        return "same", 12, wording.SAME_PLACE
    if agree(a.spots, b.spots):
        city = min(spot.region.level for record in (a, b) for spot in record.spots) > 1
        return ("close", 10, wording.INSIDE) if city else ("close", 5, wording.SAME_PROVINCE)
    strong = a.chinese and a.place_sure and b.place_sure
    return "different", -40 if strong else -10, wording.OTHER_PLACE


def _place_name(record: Record) -> str:
    country = record.entry.country or ""
    return " / ".join(dict.fromkeys(spot.region.name + spot.town for spot in record.spots[:3])) or country


def compare_address(a: Record, b: Record) -> Comparison:
    state, points, reason = _words(a, b) if a.address_words and b.address_words else _street(a, b)
    return Comparison("address", state, points, reason, a.entry.address, b.entry.address)


def _street(a: Record, b: Record) -> tuple[State, int, Text]:
    """Chinese addresses: town, street, number."""
    if a.number and b.number and a.street == b.street:
        return (
            ("same", 25, wording.SAME_DOOR) if a.number == b.number else ("different", -8, wording.OTHER_DOOR)
        )
    left, right = ({spot.town for spot in record.spots if spot.town} for record in (a, b))
    if left and right and not left & right:
        return "different", -8, wording.OTHER_TOWN
    if a.number and b.number:
        return "different", -8, wording.OTHER_STREET
    if left & right:
        return "close", 8, wording.SAME_TOWN
    one = bool(a.entry.address) != bool(b.entry.address)
    return ("one side", 0, wording.ONE_SIDE) if one else ("none", 0, wording.NOTHING)


def _words(a: Record, b: Record) -> tuple[State, int, Text]:
    """Addresses in Latin letters: telling words and numbers in common, spelling forgiven."""
    likeness = fuzz.token_set_ratio(" ".join(sorted(a.address_words)), " ".join(sorted(b.address_words)))
    shared = len(a.address_words & b.address_words)
    enough = shared >= 3 or shared == min(len(a.address_words), len(b.address_words))
    if likeness >= 85 and enough:
        return "same", 25, wording.SAME_ADDRESS
    if likeness >= 65 and shared >= 2:
        return "close", 7, wording.NEAR_ADDRESS
    return "different", -6, wording.OTHER_ADDRESS

"""Two records → one match: the sum of the fields' points, and what may not be merged whatever the sum."""

from staveworks.foundation.rosters.matching.compare import (
    TWO_CODES,
    compare_address,
    compare_code,
    compare_contact,
    compare_phone,
    compare_place,
    compare_staff,
)
from staveworks.foundation.rosters.matching.compare_name import compare_name
from staveworks.foundation.rosters.matching.record import Record
from staveworks.foundation.rosters.matching.types import Comparison, Match, Verdict

MERGE_AT = 80
QUEUE_AT = 55
MOST_OF_THE_REST = 55  # address, place, contact and staff can add no more


def score(a: Record, b: Record) -> Match:
    """Compare two records; symmetric but for left and right. About 20 µs."""
    fields = (
        compare_code(a, b),
        compare_name(a, b),
        compare_phone(a, b),
        compare_address(a, b),
        compare_place(a, b),
        compare_contact(a, b),
        compare_staff(a, b),
    )
    total = max(0, min(100, sum(field.points for field in fields)))
    return Match(total, _verdict(total, {field.field: field for field in fields}), fields)


def is_promising(a: Record, b: Record) -> bool:
    """Whether a full comparison can change anything: it may reach the queue, or two valid codes forbid a merge.

    Most records that share a key are strangers; this leaves them after three of the seven fields.
    """
    code, name = compare_code(a, b).points, compare_name(a, b).points
    if code == TWO_CODES or code + name + MOST_OF_THE_REST >= QUEUE_AT:
        return True
    return code + name + compare_phone(a, b).points + MOST_OF_THE_REST >= QUEUE_AT


def _verdict(total: int, by: dict[str, Comparison]) -> Verdict:
    if total < QUEUE_AT:
        return "apart"
    return "merge" if total >= MERGE_AT and _may_merge(by) else "queue"


def _may_merge(by: dict[str, Comparison]) -> bool:
    """Two valid codes are two firms. Without the same code, the names must be the same or close, and the place must
    not contradict."""
    code, name = by["uscc"], by["name"]
    if code.points == TWO_CODES:
        return False
    if code.state == "same" and code.points >= 80:
        return name.points > -20
    return name.state in ("same", "close") and by["city"].state != "different"

"""Pure decisions: what is known of a field, given all that was ever stated."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from uuid import UUID

from staveworks.foundation.facts.types import Field, Known, StaffInvalid, Statement, Value
from staveworks.foundation.parties.domain import check_uscc, normalise_email, normalise_phone

REGISTER = ("name", "uscc", "city")
OUTLINE = ("business_type", "staff", "products", "website")
REACH = ("contact", "phones", "email", "address")
PROFILE = (*REGISTER, *OUTLINE, *REACH)
WATER, PLANK, ANSWER = "water", "plank.", "answer."


def topic_of(field: str) -> Field:
    """Which grant opens a statement about ``field``."""
    if field in REACH:
        return Field.PROFILE
    if field == WATER:
        return Field.LEVEL
    if field.startswith(PLANK):
        return Field.BARREL
    return Field.ASSESSMENT if field.startswith(ANSWER) else Field.OUTLINE


def known_of(statements: Iterable[Statement], at: datetime) -> list[Known]:
    """Of each field what holds at ``at``, and what else is stated of it.

    Of what one source says the newest counts; one that is past its validity doesn't. Between sources the highest grade wins, then
    the newest.
    """
    ordered = sorted(statements, key=_by_source)
    words = [_last_word(list(said)) for _, said in groupby(ordered, key=_source_of)]
    live = [each for each in words if each is not None and not each.over_at(at)]
    found = []
    for field, stated in groupby(live, key=lambda each: each.field):
        held, *others = sorted(stated, key=_by_weight, reverse=True)
        agreeing = tuple(each for each in others if same(each.value, held.value))
        found.append(Known(field, held, tuple(each for each in others if each not in agreeing), agreeing))
    return found


def _source_of(each: Statement) -> tuple[str, str, str]:
    return each.field, each.source, str(each.stated_by)


def _by_source(each: Statement) -> tuple[object, ...]:
    return (*_source_of(each), each.stated_at, each.recorded_at)


def _by_weight(each: Statement) -> tuple[object, ...]:
    return each.grade.rank, each.stated_at, each.recorded_at


def _last_word(said: list[Statement]) -> Statement | None:
    """What a source says of a field in the end. A row that left the firm takes back its own word only; an empty correction, which
    never said anything else, takes back all before it."""
    kept: dict[UUID, Statement] = {}
    for each in said:
        if each.value is not None:
            kept.pop(each.source_id, None)
            kept[each.source_id] = each
        elif each.source_id in kept:
            del kept[each.source_id]
        else:
            kept.clear()
    return list(kept.values())[-1] if kept else None


def value_from(field: str, typed: str) -> Value | None:
    """What a person typed as a value of the field; None for nothing. Raises ``Invalid``."""
    text = " ".join(typed.split())
    if not text:
        return None
    if field == "phones":
        return [normalise_phone(each) for each in text.replace("、", ",").replace("，", ",").split(",")]
    if field == "email":
        return normalise_email(text)
    if field == "uscc":
        return check_uscc(text)
    if field == "staff":
        if not text.isascii() or not text.isdigit() or len(text) > 8:
            raise StaffInvalid(field="asked")
        return int(text)
    return text


def same(one: Value | None, other: Value | None) -> bool:
    """Whether two sources agree; of phone numbers one in common is enough."""
    if isinstance(one, list) and isinstance(other, list) and one and isinstance(one[0], str):
        return bool(set(map(str, one)) & set(map(str, other)))
    return one == other

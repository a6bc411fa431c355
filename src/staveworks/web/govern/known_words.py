"""How a statement about a firm is said: the field's name, its value, where it comes from."""

from dataclasses import dataclass

from staveworks.engine.barrel import Leaf, UnknownRubric, load_profiles, load_rubric, say_answer
from staveworks.foundation.facts.domain import ANSWER, PLANK, WATER
from staveworks.foundation.facts.types import Known, Statement, Value
from staveworks.foundation.parties.queries import access_city
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text
from staveworks.web.diagnose.registers import register_in_force
from staveworks.web.figures import level

NAMES = {
    "name": Text(zh="名称", en="Name"),
    "uscc": Text(zh="统一社会信用代码", en="USCC"),
    "city": Text(zh="城市", en="City"),
    "business_type": Text(zh="业态", en="Trade"),
    "staff": Text(zh="人数", en="Staff"),
    "products": Text(zh="产品", en="Products"),
    "website": Text(zh="网站", en="Website"),
    "contact": Text(zh="联系人", en="Contact person"),
    "phones": Text(zh="电话", en="Phone"),
    "email": Text(zh="邮箱", en="E-mail"),
    "address": Text(zh="地址", en="Address"),
    WATER: Text(zh="水位", en="Water level"),
}
NONE = Text(zh="–", en="–")


@dataclass(frozen=True, slots=True)
class Said:
    """A statement for a page."""

    statement: Statement
    value: Text
    source: Text


@dataclass(frozen=True, slots=True)
class Row:
    """A field with what holds of it, what differs and what agrees."""

    name: Text
    held: Said
    differing: list[Said]
    agreeing: list[Said]


def groups_of(known: list[Known]) -> list[tuple[Text, list[Row]]]:
    """The profile, the barrel, the answers; each in its own order, empty ones left out."""
    profile = [row_of(each) for name in NAMES for each in known if each.field == name and name != WATER]
    planks = list(register_in_force())
    barrel = sorted(
        (each for each in known if each.field == WATER or each.field.startswith(PLANK)),
        key=lambda each: planks.index(code) + 1 if (code := each.field.removeprefix(PLANK)) in planks else 0,
    )
    answers = [row_of(each) for each in known if each.field.startswith(ANSWER)]
    found = [
        (Text(zh="资料", en="Profile"), profile),
        (Text(zh="木桶", en="Barrel"), [row_of(each) for each in barrel]),
        (Text(zh="答案", en="Answers"), answers),
    ]
    return [(title, rows) for title, rows in found if rows]


def row_of(known: Known) -> Row:
    return Row(
        name_of(known.field, known.held.source_name),
        said(known.held),
        [said(each) for each in known.differing],
        [said(each) for each in known.agreeing],
    )


def said(statement: Statement) -> Said:
    detail = f"“{statement.source_name}”" if statement.source_name else ""
    source = statement.source.text
    return Said(
        statement,
        value_of(statement.field, statement.value, statement.source_name),
        Text(zh=source.zh + detail, en=f"{source.en} {detail}".strip()),
    )


def name_of(field: str, source_name: str = "") -> Text:
    if field.startswith(PLANK):
        plank = register_in_force().get(field.removeprefix(PLANK))
        return plank.name if plank else Text(zh=field, en=field)
    if field.startswith(ANSWER):
        leaf = _leaf(field.removeprefix(ANSWER), source_name)
        return leaf.name if leaf else Text(zh=field.removeprefix(ANSWER), en=field.removeprefix(ANSWER))
    return NAMES.get(field, Text(zh=field, en=field))


def value_of(field: str, value: Value | None, source_name: str = "") -> Text:
    """In words where there are some."""
    if value is None:
        return NONE
    if field == WATER or field.startswith(PLANK):
        assert isinstance(value, list)
        shown = level(Interval(*map(float, value)))
        return Text(zh=shown, en=shown)
    if field.startswith(ANSWER):
        return _answer(field.removeprefix(ANSWER), value, source_name)
    if field == "city":
        city = access_city(str(value))
        return city.name if city else Text(zh=str(value), en=str(value))
    if field == "business_type":
        profile = load_profiles().get(str(value))
        return profile.name if profile else Text(zh=str(value), en=str(value))
    if isinstance(value, list):
        return Text(zh="、".join(map(str, value)), en=", ".join(map(str, value)))
    return Text(zh=str(value), en=str(value))


def _answer(code: str, value: Value, source_name: str) -> Text:
    leaf = _leaf(code, source_name)
    try:
        return say_answer(leaf, value) if leaf else Text(zh=str(value), en=str(value))  # type: ignore[arg-type]
    except (IndexError, ValueError, TypeError):  # an edition had other options
        return Text(zh=str(value), en=str(value))


def _leaf(code: str, source_name: str) -> Leaf | None:
    """The question in the rubric that the source names first, as it stands now."""
    try:
        return load_rubric(source_name.partition(" ")[0]).leaf(code)
    except (UnknownRubric, KeyError):
        return None

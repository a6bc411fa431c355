"""What is said of a work centre, held against the industry packs; each fault at its field."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from staveworks.foundation.parties.queries.places import CityNotFound, access_place
from staveworks.kit.industries import Family, Industries, Pack, load_industries
from staveworks.kit.spans import on_calendar
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.terms import (
    MOST_PRICE,
    MOST_SPEED,
    PRICE_PLACES,
    SPEED_PLACES,
    derive,
    number_in,
)
from staveworks.mechanisms.dispatch.types.calendar import MOST, NONE, Calendar
from staveworks.mechanisms.dispatch.types.centres import (
    CapabilitySaid,
    CentreInvalid,
    CentreSaid,
    CertificateSaid,
    Per,
)

LONGEST, LONGEST_NUMBER, LONGEST_SETUP = 80, 80, Decimal(200)
NO_OPERATION = Text(zh="请选一道工序。", en="Choose an operation.")
NO_GRADE = Text(zh="请选一个等级。", en="Choose a grade.")
NO_PLACE = Text(zh="请先在单位资料里填写所在地。", en="Say in the organisation's profile where it is first.")
BAD_HOURS = Text(zh="每天填 0 到 24 小时。", en="From 0 to 24 hours a day.")
NO_HOURS = Text(zh="至少有一天要开工。", en="It works on one day at least.")
BAD_SETUP = Text(zh="填 0 到 200 小时。", en="From 0 to 200 hours.")
NO_FAMILY = Text(zh="至少填一种产品的价格和速度。", en="Give price and speed of one family at least.")
NOT_THERE = Text(zh="这道工序不做这种产品。", en="This operation makes no such family.")
BAD_PRICE = Text(zh="填元数，最多四位小数，如 3.20。", en="Yuan with up to four decimals, as 3.20.")
BAD_SPEED = Text(zh="填大于 0 的数，如 4000。", en="A number above 0, as 4000.")
NO_CERTIFICATE = Text(zh="没有这种证书。", en="There is no such certificate.")
NO_NUMBER = Text(zh="请填写证书编号。", en="Give its number.")
BAD_DATE = Text(zh="日期不对。", en="Not a date that can be meant.")
TWICE = Text(zh="填了两遍。", en="Said twice.")


@dataclass(frozen=True, slots=True)
class CheckedCentre:
    """Columns of the rows to be written."""

    columns: dict[str, Any]
    capabilities: tuple[dict[str, Any], ...]
    certificates: tuple[dict[str, Any], ...]


def check_centre(said: CentreSaid, *, city: str) -> CheckedCentre:
    """Raises ``CentreInvalid`` at the first field that is wrong."""
    industries = load_industries()
    name = " ".join(said.name.split())
    if not name or len(name) > LONGEST:
        raise CentreInvalid(field="name")
    pack = industries.pack_of(said.operation)
    if pack is None or said.operation not in industries.operations:
        raise CentreInvalid(NO_OPERATION, field="operation")
    if pack.grade(said.grade) is None:
        raise CentreInvalid(NO_GRADE, field="grade")
    try:
        access_place(city)
    except CityNotFound:
        raise CentreInvalid(NO_PLACE, field="city") from None
    calendar = _calendar(said)
    if not NONE <= said.setup_hours <= LONGEST_SETUP:
        raise CentreInvalid(BAD_SETUP, field="setup_hours")
    return CheckedCentre(
        {
            "name": name,
            "operation": said.operation,
            "city_id": city,
            "grade": said.grade,
            "weekday_hours": list(calendar.weekday_hours),
            "holidays": calendar.holidays,
            "setup_hours": said.setup_hours,
        },
        _capabilities(said, pack, calendar),
        _certificates(said, industries),
    )


def _calendar(said: CentreSaid) -> Calendar:
    hours = tuple(said.weekday_hours)
    if len(hours) != 7 or not all(NONE <= each <= MOST for each in hours):
        raise CentreInvalid(BAD_HOURS, field="weekday_hours")
    if not any(hours):
        raise CentreInvalid(NO_HOURS, field="weekday_hours")
    return Calendar(hours, said.holidays)


def _capabilities(said: CentreSaid, pack: Pack, calendar: Calendar) -> tuple[dict[str, Any], ...]:
    if not said.capabilities:
        raise CentreInvalid(NO_FAMILY, field="capabilities")
    families = {family.code: family for family in pack.families_at(said.operation)}
    seen: set[str] = set()
    found = []
    for each in said.capabilities:
        family = families.get(each.family)
        if family is None:
            raise CentreInvalid(NOT_THERE, field="capabilities")
        if each.family in seen:
            raise CentreInvalid(TWICE, field=f"price_{each.family}")
        seen.add(each.family)
        found.append(_capability(each, family, said.operation, calendar))
    return tuple(found)


def _capability(said: CapabilitySaid, family: Family, operation: str, calendar: Calendar) -> dict[str, Any]:
    for field, wrong in capability_faults(said):
        raise CentreInvalid(wrong, field=field)
    price, speed = _price(said), _speed(said)
    assert price is not None
    assert speed
    derived = derive(
        price, speed, per=Per(said.per), day_hours=calendar.day_hours, uses=family.uses_at(operation)
    )
    return {
        "family": said.family,
        "price": said.price.strip(),
        "speed": said.speed.strip(),
        "per": Per(said.per).value,
        "day_hours": calendar.day_hours,
        "price_fen": derived.price_fen,
        "unit_hours": derived.unit_hours,
    }


def capability_faults(said: CapabilitySaid) -> Iterator[tuple[str, Text]]:
    """All that is wrong with a price and a speed, each at its field: a form tells both at once."""
    if _price(said) is None:
        yield f"price_{said.family}", BAD_PRICE
    if not _speed(said):
        yield f"speed_{said.family}", BAD_SPEED


def _price(said: CapabilitySaid) -> Decimal | None:
    return number_in(said.price, places=PRICE_PLACES, most=MOST_PRICE)


def _speed(said: CapabilitySaid) -> Decimal | None:
    return number_in(said.speed, places=SPEED_PLACES, most=MOST_SPEED)


def _certificates(said: CentreSaid, industries: Industries) -> tuple[dict[str, Any], ...]:
    found: dict[str, dict[str, Any]] = {}
    for each in said.certificates:
        if each.code not in industries.certificates:
            raise CentreInvalid(NO_CERTIFICATE, field="certificates")
        if each.code in found:
            raise CentreInvalid(TWICE, field=f"number_{each.code}")
        found[each.code] = _certificate(each)
    return tuple(found.values())


def _certificate(said: CertificateSaid) -> dict[str, Any]:
    for field, wrong in certificate_faults(said):
        raise CentreInvalid(wrong, field=field)
    return {
        "code": said.code,
        "number": _held_number(said),
        "expires_date": said.expires_date,
        "file_id": said.file_id,
    }


def certificate_faults(said: CertificateSaid) -> Iterator[tuple[str, Text]]:
    """All that is wrong with a certificate, each at its field."""
    number = _held_number(said)
    if not number or len(number) > LONGEST_NUMBER:
        yield f"number_{said.code}", NO_NUMBER
    if said.expires_date is not None and not on_calendar(said.expires_date):
        yield f"expires_{said.code}", BAD_DATE


def _held_number(said: CertificateSaid) -> str:
    return " ".join(said.number.split())

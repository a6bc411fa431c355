"""Phone numbers → E.164, several in a cell if need be."""

import re
import unicodedata

import phonenumbers

from staveworks.kit.text import Text

UNREADABLE = Text(zh="不是有效的电话号码。", en="This is no valid phone number.")
ROUNDED = Text(
    zh="号码被当作数字存过，后几位已丢失。",
    en="The number was stored in rounded form, and its last digits are lost.",
)
_SPLIT = re.compile(r"[/、,;|\n]|\s+或\s*|或|\band\b|\bor\b|&")
_EXTENSION = re.compile(r"(转|分机|ext\.?|x)\s*\d{1,6}\s*$", re.IGNORECASE)
_SEVERAL = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def is_blank(text: str) -> bool:
    return re.sub(r"[\s/\-—_.]", "", text).lower() in {"", "无", "暂无", "没有", "na", "none", "null", "未知"}


def read_phones(text: str, country: str = "CN") -> tuple[tuple[str, ...], Text | None]:
    """(numbers in E.164 in the order of the cell, why a part was not read or None)."""
    text = unicodedata.normalize("NFKC", text)
    if is_blank(text):
        return (), None
    if re.search(r"\d[.,]\d+e\+?\d+", text.lower()):
        return (), ROUNDED
    found: list[str] = []
    bad = False
    for part in _parts(text):
        number = read_one(part, country)
        if number and number not in found:
            found.append(number)
        bad = bad or number is None
    return tuple(found), UNREADABLE if bad else None


def _parts(text: str) -> list[str]:
    whole = re.sub(r"\.0$", "", text.strip())
    mobiles = _SEVERAL.findall(whole)
    if len(mobiles) > 1:
        rest = _SEVERAL.sub("/", whole)
        return [*mobiles, *(part for part in _SPLIT.split(rest) if len(re.sub(r"\D", "", part)) >= 5)]
    return [part.strip() for part in _SPLIT.split(whole) if part.strip()]


def read_one(text: str, country: str) -> str | None:
    """E.164 or None. A Chinese mobile number is taken by its shape: new ranges come faster than the tables."""
    bare = _EXTENSION.sub("", re.sub(r"^[^\d+(]*", "", text.strip()))
    digits = re.sub(r"\D", "", bare)
    mobile = re.fullmatch(r"(?:00)?(?:86)?0?(1[3-9]\d{9})", digits)
    if mobile and (country in ("CN", "") or digits.startswith(("86", "0086"))):
        return f"+86{mobile[1]}"
    try:
        number = phonenumbers.parse(bare, country or "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or not _plausible(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _plausible(number: phonenumbers.PhoneNumber) -> bool:
    """Valid by the tables; of Chinese fixed lines without area code (seven or eight digits) nobody knows the city."""
    return phonenumbers.is_valid_number(number)

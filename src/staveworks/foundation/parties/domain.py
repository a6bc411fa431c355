"""Pure decisions: what a phone number, an e-mail address and a USCC look like, and what may be shown of them."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from stdnum.cn import uscc as uscc_rules

from staveworks.foundation.parties.types import (
    ContactInvalid,
    EmailInvalid,
    PhoneInvalid,
    UsccInvalid,
    WebsiteInvalid,
)
from staveworks.kit.text import Text

EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}", re.ASCII)
LONGEST_EMAIL = 254
WEBSITE = re.compile(r"(https?://)?([\w-]+\.)+[\w-]{2,}(:\d{1,5})?([/?#]\S*)?", re.IGNORECASE)
LONGEST_WEBSITE = 200
CHINA = 86
"""Its calling code."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person is reached and signs in: ``address`` is E.164 for a phone, lower case for an e-mail."""

    channel: Literal["phone", "email"]
    address: str

    @property
    def phone(self) -> str | None:
        return self.address if self.channel == "phone" else None

    @property
    def email(self) -> str | None:
        return self.address if self.channel == "email" else None


def contact_of(text: str, *, country: str = "CN") -> Contact:
    """A phone number or an e-mail address as people type it. Raises ``ContactInvalid`` for neither."""
    if "@" in text or "＠" in text:
        return Contact("email", normalise_email(text))
    if not re.search(r"\d", text):
        raise ContactInvalid(field="contact")
    return Contact("phone", normalise_phone(text, country=country))


def normalise_phone(text: str, *, country: str = "CN") -> str:
    """E.164, with the country's prefix where none is given. Raises ``PhoneInvalid``."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise PhoneInvalid(field="phone") from None
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        raise PhoneInvalid(field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(number: str) -> str:
    """As people write it: a landline of China with its area code (0512-63551200), a mobile bare; others as they are kept."""
    try:
        found = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    if found.country_code != CHINA:
        return number
    own, area = str(found.national_number), phonenumbers.length_of_geographical_area_code(found)
    return f"0{own[:area]}-{own[area:]}" if area else own


def normalise_email(text: str) -> str:
    """Trimmed and in lower case. Raises ``EmailInvalid``."""
    address = text.strip().replace("＠", "@").lower()
    if len(address) > LONGEST_EMAIL or not EMAIL.fullmatch(address):
        raise EmailInvalid(field="email")
    return address


def normalise_website(text: str) -> str:
    """An address of the web; ``http://`` is put before one that is typed without. Raises ``WebsiteInvalid``."""
    found = WEBSITE.fullmatch(text.strip())
    if found is None:
        raise WebsiteInvalid(field="website")
    address = found[0] if found[1] else f"http://{found[0]}"
    if len(address) > LONGEST_WEBSITE:
        raise WebsiteInvalid(field="website")
    return address


def check_uscc(text: str) -> str:
    """The 18 characters of GB 32100 in capitals. Raises ``UsccInvalid`` with what to mend."""
    code = re.sub(r"[\s\-]", "", text).upper()
    if len(code) != 18:
        raise UsccInvalid(_LENGTH.format(n=len(code)), field="uscc")
    try:
        expected = uscc_rules.calc_check_digit(code[:17])
    except Exception:  # stdnum stumbles over a character outside of its alphabet
        raise UsccInvalid(_CHARACTERS, field="uscc") from None
    if expected != code[17]:
        raise UsccInvalid(_CHECK_DIGIT.format(digit=expected), field="uscc")
    if not uscc_rules.is_valid(code):
        raise UsccInvalid(_CHARACTERS, field="uscc")
    return code


_LENGTH = Text(
    zh="统一社会信用代码是 18 位，这里有 {n} 位。请对照执照。",
    en="A USCC has 18 characters; here is {n}. Compare it with the licence.|"
    "A USCC has 18 characters; here are {n}. Compare them with the licence.",
)
_CHARACTERS = Text(
    zh="代码里有不会出现的字符（没有 I、O、S、V、Z）。请对照执照。",
    en="The code has characters that can't occur (there is no I, O, S, V, Z). Compare it with the licence.",
)
_CHECK_DIGIT = Text(
    zh="校验位不对，末位应为 {digit}。请对照执照。",
    en="Check digit is wrong: it should end in {digit}. Compare it with the licence.",
)


def stem_of(place: str) -> str:
    """With what the codes of a place and of all places in it begin (GB/T 2260): 330000 → 33, 330600 → 3306, 330603 itself."""
    for length in (2, 4):
        if place[length:] == "0" * (6 - length):
            return place[:length]
    return place


def mask(address: str) -> str:
    """What may be shown of an address to somebody who has yet to prove that it is hers: 138****2266, g***@example.cn."""
    if "@" in address:
        name, _, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    digits = address.removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) > 7 else f"****{digits[-2:]}"


def new_token() -> str:
    """A link's secret: 192 random bits, safe in an address."""
    return secrets.token_urlsafe(24)


def new_code() -> str:
    """Six digits, to be typed from a message or a letter."""
    return f"{secrets.randbelow(1_000_000):06d}"


def digest_of(secret: str) -> str:
    """What is kept of a token or code: SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()

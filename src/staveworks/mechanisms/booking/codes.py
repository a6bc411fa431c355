"""The check-in code of a booking: its line's id with a signature that is good for checking in and for nothing else.

Nothing is stored: whether it can still be used says the line. Letters and digits that a scanner that types can't get wrong,
in capitals or not; whoever has one can do nothing with it but be checked in by the provider.
"""

import base64
import binascii
import re
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.kit.typed_codes import typed_code

SALT = "staveworks.booking.check_in"
SIGNATURE = 9
"""Bytes of it, so that id and signature are 40 letters without a rest."""
LENGTH = 40
FOREIGN = re.compile(r"[^A-Z2-7]")


class CodeUnknown(Invalid):
    text = Text(
        zh="这不是签到码。请扫对方订单里的签到码，或在下面的名单里点名字。",
        en="This is no check-in code. Scan the one in the visitor’s order, or take the name from the list below.",
    )


def code_of(line_id: UUID) -> str:
    return base64.b32encode(line_id.bytes + _signature(line_id, settings.SECRET_KEY)).decode()


def line_of_code(text: str) -> UUID:
    """The line that a code is of, sent alone or as the address that the picture holds. Raises ``CodeUnknown``."""
    code = FOREIGN.sub("", typed_code(text).rstrip("/").rpartition("/")[2].upper())
    try:
        raw = base64.b32decode(code) if len(code) == LENGTH else b""
    except binascii.Error:
        raw = b""
    if len(raw) != 16 + SIGNATURE:
        raise CodeUnknown(field="code")
    line_id, signed = UUID(bytes=raw[:16]), raw[16:]
    if not any(
        constant_time_compare(signed, _signature(line_id, key))
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ):
        raise CodeUnknown(field="code")
    return line_id


def _signature(line_id: UUID, key: str | bytes) -> bytes:
    return salted_hmac(SALT, line_id.bytes, secret=key, algorithm="sha256").digest()[:SIGNATURE]

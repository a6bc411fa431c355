"""The check-in code to type where no camera works: eight letters and figures, none of which looks like another.

Nothing is stored here either. It is read only against the bookings of these days of the provider at whose counter it is typed; whatever
fits none of them is unknown, in the same words. Whoever types too many that fit none waits.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac

from staveworks.db.clock import database_today
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import Refused
from staveworks.kit.text import Text
from staveworks.kit.typed_codes import typed_code
from staveworks.mechanisms.booking.codes import CodeUnknown
from staveworks.mechanisms.booking.queries import list_booked_lines

SALT = "staveworks.booking.short_check_in"
LETTERS = "ABCDEFGHJKMNPQRTUVWXYZ2346789"
"""Without I and 1, L, O and 0, S and 5."""
LENGTH = 8
TRIES, WINDOW = 20, timedelta(minutes=10)
A_DAY = timedelta(days=1)


class TooManyWrong(Refused):
    text = Text(
        zh="输错太多次了，请过十分钟再输；也可以扫码，或在下面的名单里点名字。",
        en="Too many wrong codes. Wait ten minutes; or scan the code, or take the name from the list below.",
    )


def short_of(line_id: UUID, key: str | bytes | None = None) -> str:
    signed = salted_hmac(SALT, line_id.bytes, secret=key or settings.SECRET_KEY, algorithm="sha256").digest()
    number, letters = int.from_bytes(signed), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return letters


def in_groups(code: str) -> str:
    """As it is shown, to be read aloud: ``ABCD-EFGH``."""
    return f"{code[:4]}-{code[4:]}"


def read_short(text: str) -> str | None:
    """What was typed, if it has the form of a short code."""
    typed = typed_code(text).upper().replace("-", "")
    return typed if len(typed) == LENGTH and set(typed) <= set(LETTERS) else None


def line_of_short(actor: Actor, typed: str) -> UUID:
    """The booking of yesterday, today or tomorrow. Raises ``CodeUnknown``, ``TooManyWrong``.

    Outside of any transaction, so that a wrong one is counted though nothing comes of it.
    """
    tries = f"short-code:{actor.org}"
    if cache.get(tries, 0) >= TRIES:
        raise TooManyWrong
    found = _matching(list_booked_lines(actor, first=database_today() - A_DAY, days=3), typed)
    if found is None:
        cache.set(tries, cache.get(tries, 0) + 1, WINDOW.total_seconds())
        raise CodeUnknown(field="code")
    return found


def _matching(lines: Iterable[UUID], typed: str) -> UUID | None:
    """Each is compared in constant time, and all of them, so that how long it takes tells nothing."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    pairs = ((line, short_of(line, key)) for line in lines for key in keys)
    found = {line for line, short in pairs if constant_time_compare(typed, short)}
    return found.pop() if len(found) == 1 else None

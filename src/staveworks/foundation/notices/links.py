"""Tokens of one-tap links: 15 random bytes and a mark of ours, so that what nobody gave out never reaches the database."""

import base64
import binascii
import hmac
import re
import secrets
from datetime import timedelta

from django.utils.crypto import salted_hmac

RANDOM, MARK = 15, 9  # together whole groups of base64, so that no two tokens say the same
SALT = "staveworks.notices.tap"
VALID = timedelta(days=14)
TAP = re.compile(r"(/t/)[A-Za-z0-9_-]{32}")


def new_token() -> str:
    """32 characters, short enough for a text message."""
    chance = secrets.token_bytes(RANDOM)
    return base64.urlsafe_b64encode(chance + _mark(chance)).decode()


def is_ours(token: str) -> bool:
    """Whether we made it; says nothing of whether it still works."""
    try:
        raw = base64.urlsafe_b64decode(token)
    except (binascii.Error, ValueError):
        return False
    if len(raw) != RANDOM + MARK or base64.urlsafe_b64encode(raw).decode() != token:
        return False
    return hmac.compare_digest(raw[RANDOM:], _mark(raw[:RANDOM]))


def without_taps(text: str) -> str:
    """``text``, its one-tap links made useless: whoever reads it may not decide in another's place."""
    return TAP.sub(r"\1…", text)


def _mark(chance: bytes) -> bytes:
    return salted_hmac(SALT, chance, algorithm="sha256").digest()[:MARK]

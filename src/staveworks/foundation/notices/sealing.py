"""What is kept unreadable in the database: links with their secrets, providers' keys; and digests of addresses.

The key comes from ``SECRET_KEY``: without it a stolen database tells neither a link nor a password. Older keys are named in
``SECRET_KEY_FALLBACKS``.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(text: str) -> bytes:
    """``text``, to be read only with the installation's key. Nothing stays nothing."""
    return _box().encrypt(text.encode()) if text else b""


def unseal(sealed: bytes | memoryview | None) -> str:
    """What `seal` was given; nothing where the key has changed meanwhile."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        return ""


def address_digest(address: str) -> str:
    """By which an address is counted and remembered without being kept."""
    return hmac.new(
        _key("address", settings.SECRET_KEY), address.lower().encode(), hashlib.sha256
    ).hexdigest()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key("seal", key))) for key in keys])


def _key(purpose: str, secret: str | bytes) -> bytes:
    known = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(known, f"staveworks.notices.{purpose}".encode(), hashlib.sha256).digest()

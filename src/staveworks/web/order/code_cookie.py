"""The code of a sealed proposal on its way over one redirect: encrypted, in the provider's browser only, for one look.

A session lies in the database, an address in histories and logs: in neither the code may stand (decision record 0017).
"""

import base64
import json
import os
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

NAME, SALT = "sealed_code", "staveworks code of a sealed proposal"
NONCE, SECONDS = 12, 300


def hand_over(response: HttpResponse, request_id: UUID, shown: dict[str, Any]) -> HttpResponse:
    """``response`` leads to the page that shows it; the cookie goes nowhere else."""
    nonce = os.urandom(NONCE)
    hidden = AESGCM(_key()).encrypt(nonce, json.dumps(shown).encode(), request_id.bytes)
    response.set_cookie(
        NAME,
        base64.urlsafe_b64encode(nonce + hidden).decode(),
        max_age=SECONDS,
        path=response["Location"],
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def handed_over(request: HttpRequest, request_id: UUID) -> dict[str, Any] | None:
    """What was handed over; None where nothing was, or it was seen already."""
    try:
        raw = base64.urlsafe_b64decode(request.COOKIES[NAME])
        found = AESGCM(_key()).decrypt(raw[:NONCE], raw[NONCE:], request_id.bytes)
    except (KeyError, ValueError, InvalidTag):
        return None
    shown: dict[str, Any] = json.loads(found)
    return shown


def forget(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.delete_cookie(NAME, path=request.path, samesite="Strict")
    return response


def _key() -> bytes:
    return salted_hmac(SALT, "cookie", algorithm="sha256").digest()

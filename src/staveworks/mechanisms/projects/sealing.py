"""How a proposal is sealed, so that nothing that is stored opens it: the code is the provider's alone (decision record 0017).

The format is public, so that a program may seal on its own machine and the platform never sees what is inside:

- *inside*: JSON in UTF-8 as ``bid_document`` writes it, with a random ``salt`` (so that a price can't be guessed from the digest);
- *commitment*: SHA-256 of the inside, in hexadecimal;
- *code*: 25 characters of ``ALPHABET`` (125 bits), shown in groups of five; blanks, dashes and case don't matter;
- *key*: SHA-256 of ``"staveworks proposal 1 " + code``;
- *sealed*: base64 of a nonce (12 bytes) and AES-256-GCM of the inside, with the request's id as associated data.
"""

import base64
import binascii
import hashlib
import os
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from staveworks.mechanisms.projects.types import CodeWrong, Envelope, EnvelopeInvalid

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, GROUP = 5, 5
NONCE = 12
LONGEST = 200_000
"""Of a sealed proposal, in characters."""


def new_code() -> str:
    """A fresh code: ``7HQ2M-…`` in five groups."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def seal(inside: str, *, code: str, request_id: UUID) -> Envelope:
    nonce = os.urandom(NONCE)
    data = inside.encode()
    hidden = AESGCM(_key(code)).encrypt(nonce, data, request_id.bytes)
    return Envelope(base64.b64encode(nonce + hidden).decode(), hashlib.sha256(data).hexdigest())


def unseal(envelope: Envelope, *, code: str, request_id: UUID) -> str:
    """What is inside. Raises ``CodeWrong``: another code, or not what was committed to."""
    raw = base64.b64decode(envelope.sealed)
    try:
        inside = AESGCM(_key(code)).decrypt(raw[:NONCE], raw[NONCE:], request_id.bytes)
        text = inside.decode()
    except (InvalidTag, UnicodeDecodeError):
        raise CodeWrong(field="code") from None
    if hashlib.sha256(inside).hexdigest() != envelope.commitment:
        raise CodeWrong(field="code")
    return text


def check_envelope(envelope: Envelope) -> Envelope:
    """As far as can be seen from outside. Raises ``EnvelopeInvalid``."""
    try:
        raw = base64.b64decode(envelope.sealed, validate=True)
        digest = bytes.fromhex(envelope.commitment)
    except (binascii.Error, ValueError):
        raise EnvelopeInvalid(field="sealed") from None
    if len(envelope.sealed) > LONGEST or len(raw) < NONCE + 32 or len(digest) != hashlib.sha256().digest_size:
        raise EnvelopeInvalid(field="sealed")
    return Envelope(envelope.sealed, envelope.commitment.lower())


def _key(code: str) -> bytes:
    plain = "".join(each for each in code.upper() if each in ALPHABET)
    return hashlib.sha256(f"staveworks proposal 1 {plain}".encode()).digest()

"""Keys in the format of age (age-encryption.org): ``age1…`` encrypts, ``AGE-SECRET-KEY-1…`` opens again."""

import os
from datetime import UTC, datetime
from pathlib import Path

from pyrage import x25519

from staveworks.db.keeping.errors import BadKeyFile, TargetExists

PREFIX = "AGE-SECRET-KEY-"


def read_recipients(path: Path) -> list[x25519.Recipient]:
    """For whom to encrypt: the public keys in the file, and those of the secret keys in it. Raises `BadKeyFile`."""
    return [
        x25519.Identity.from_str(line).to_public()
        if line.startswith(PREFIX)
        else x25519.Recipient.from_str(line)
        for line in _lines(path)
    ]


def read_identities(path: Path) -> list[x25519.Identity]:
    """What opens a backup: the secret keys in the file. Raises `BadKeyFile`."""
    found = [x25519.Identity.from_str(line) for line in _lines(path) if line.startswith(PREFIX)]
    if not found:
        raise BadKeyFile(BadKeyFile.text.format(path=path, why="no AGE-SECRET-KEY"))
    return found


def has_secret(path: Path) -> bool:
    """Whether the file can open what it encrypts."""
    return any(line.startswith(PREFIX) for line in _lines(path))


def _lines(path: Path) -> list[str]:
    """Every line that isn't a remark, each known to be a key."""
    try:
        lines = [line.strip() for line in path.read_text("ascii").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise BadKeyFile(
            BadKeyFile.text.format(path=path, why=getattr(error, "strerror", None) or error)
        ) from error
    keys = [line for line in lines if line and not line.startswith("#")]
    for number, key in enumerate(keys, 1):
        if not _is_key(key):
            raise BadKeyFile(BadKeyFile.text.format(path=path, why=f"key {number}"))
    if not keys:
        raise BadKeyFile(BadKeyFile.text.format(path=path, why="empty"))
    return keys


def _is_key(line: str) -> bool:
    try:
        x25519.Identity.from_str(line) if line.startswith(PREFIX) else x25519.Recipient.from_str(line)
    except Exception:  # pyrage has one error class for each kind of key, without a common base
        return False
    return True


def new_key(path: Path) -> str:
    """Write a fresh secret key, as ``age-keygen`` does, for its owner's eyes only; the public key. Raises `TargetExists`."""
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    made = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise TargetExists(TargetExists.text.format(path=path)) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"# created: {made}\n# public key: {public}\n{identity}\n")
        file.flush()
        os.fsync(file.fileno())
    return public

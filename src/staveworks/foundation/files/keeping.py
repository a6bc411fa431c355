"""The bytes on disk: outside the web root, named by their digest, written whole or not at all."""

import os
import tempfile
from pathlib import Path

from django.conf import settings


def write_bytes(sha256: str, content: bytes) -> None:
    """Keep the bytes; the same bytes are kept once."""
    place = place_of(sha256)
    if place.exists():
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(place)


def read_bytes(sha256: str) -> bytes:
    return place_of(sha256).read_bytes()


def place_of(sha256: str) -> Path:
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256

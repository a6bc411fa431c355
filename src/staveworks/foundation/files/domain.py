"""What a file is by its content, and what it may be called."""

import re
import unicodedata
import zipfile
from typing import BinaryIO

SNIFFED = 64

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
)
OFFICE = "application/vnd.openxmlformats-officedocument."
_OFFICE = {
    "word/document.xml": OFFICE + "wordprocessingml.document",
    "xl/workbook.xml": OFFICE + "spreadsheetml.sheet",
}
EXTENSIONS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    OFFICE + "wordprocessingml.document": "docx",
    OFFICE + "spreadsheetml.sheet": "xlsx",
}
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Types that browsers draw without running anything."""


def media_type_of(file: BinaryIO) -> str | None:
    """The media type of an open file by its content, or None for a type that isn't taken."""
    file.seek(0)
    head = file.read(SNIFFED)
    for offset, signature, media_type in _SIGNATURES:
        if head.startswith(signature, offset):
            return media_type if media_type != "image/webp" or head.startswith(b"RIFF") else None
    return _office(file) if head.startswith(b"PK\x03\x04") else None


def _office(file: BinaryIO) -> str | None:
    """Word or Excel without macros; the names in the archive are read, nothing is unpacked."""
    try:
        names = zipfile.ZipFile(file).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((media_type for part, media_type in _OFFICE.items() if part in names), None)


def clean_name(name: str, media_type: str) -> str:
    """A name without path, control or direction characters, at most 200 long, with the extension of its content."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip(" .")
    extension = EXTENSIONS[media_type]
    stem = kept.rpartition(".")[0] or kept or "file"
    if kept.lower().endswith((f".{extension}", ".jpeg")):
        return f"{stem[: 199 - len(extension)]}.{extension}"
    return f"{(kept or 'file')[: 199 - len(extension)]}.{extension}"

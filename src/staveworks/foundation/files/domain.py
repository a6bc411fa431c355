"""What a file is, by its content: names and what browsers claim are not believed."""

import zipfile
from io import BytesIO
from pathlib import PurePath

from staveworks.foundation.files.types import FileIsNotWhatItSays, FileTypeRefused

PDF, PNG, JPEG, WEBP = "application/pdf", "image/png", "image/jpeg", "image/webp"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = OFFICE + "wordprocessingml.document", OFFICE + "spreadsheetml.sheet"
ENDINGS = {
    ".pdf": PDF,
    ".png": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".webp": WEBP,
    ".docx": DOCX,
    ".xlsx": XLSX,
}
LONGEST_NAME = 200


def media_type_of(name: str, content: bytes) -> str:
    """The type found in the content. Raises ``FileTypeRefused``, ``FileIsNotWhatItSays`` where the name says another."""
    found = _sniff(content)
    if found is None:
        raise FileTypeRefused
    claimed = ENDINGS.get(PurePath(name).suffix.lower())
    if claimed != found:
        raise FileIsNotWhatItSays
    return found


def _sniff(content: bytes) -> str | None:
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    return _office(content) if content.startswith(b"PK\x03\x04") else None


def _office(content: bytes) -> str | None:
    try:
        names = zipfile.ZipFile(BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if any(PurePath(name).name.lower() == "vbaproject.bin" for name in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def clean_name(name: str) -> str:
    """The last part of a path, without control characters, not too long, its ending kept."""
    plain = "".join(char for char in name.replace("\\", "/").rsplit("/", 1)[-1] if char.isprintable()).strip()
    path = PurePath(plain or "file")
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix

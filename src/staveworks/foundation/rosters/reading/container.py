"""What kind of file it is, and whether it is safe to open: judged by content, never by its name."""

import re
import zipfile
from pathlib import Path
from typing import Literal

from staveworks.foundation.rosters.reading import extent, rehearsal
from staveworks.foundation.rosters.reading.types import Unreadable
from staveworks.kit.text import Text

MAX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 400_000_000
MAX_PARTS = 2_000
MAX_CELLS = 20_000_000
Kind = Literal["csv", "xlsx"]

EMPTY = Text(zh="文件是空的。", en="The file is empty.")
TOO_LARGE = Text(
    zh="文件太大（{size} MB）。一个文件最多 {limit} MB，请分成几个文件。",
    en="The file is too large ({size} MB). A file may have up to {limit} MB: please split it.",
)
ENCRYPTED = Text(
    zh="文件设了密码。请取消密码保护，另存后再上传。",
    en="The file is protected by a password. Remove the password, save it and load it again.",
)
OLD_EXCEL = Text(
    zh="这是旧版 Excel 文件（.xls）。请在 Excel 或 WPS 里另存为 .xlsx 后再上传。",
    en="This is an old Excel file (.xls). Save it as .xlsx in Excel or WPS and load it again.",
)
NOT_A_WORKBOOK = Text(
    zh="这不是 Excel 工作簿，也不是文本表格。请上传 .xlsx 或 .csv 文件。",
    en="This is neither an Excel workbook nor a text table. Load an .xlsx or .csv file.",
)
DAMAGED = Text(
    zh="工作簿已损坏，无法打开。请在 Excel 或 WPS 里重新保存后再上传。",
    en="The workbook is damaged and can't be opened. Save it anew in Excel or WPS and load it again.",
)
BOMB = Text(
    zh="工作簿解压后太大，或者有单元格离表格太远，没有打开。请删去多余的行列后另存。",
    en="The workbook unpacks to too much, or has cells far away from the table. Remove the surplus and save it anew.",
)
_FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"BZh",
    b"\x7fELF",
    b"MZ",
)


def kind_of(path: Path) -> Kind:
    """ "xlsx" or "csv". Raises ``Unreadable`` for what is neither, too large, locked or a bomb."""
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(EMPTY)
    if size > MAX_BYTES:
        raise Unreadable(TOO_LARGE.format(size=size // 1_000_000, limit=MAX_BYTES // 1_000_000))
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(ENCRYPTED if b"E\0n\0c\0r\0y\0p\0t\0" in path.read_bytes() else OLD_EXCEL)
    if head.startswith(_FOREIGN) or re.match(rb"\s*(<!doctype|<html|<\?xml|<table)", head, re.IGNORECASE):
        raise Unreadable(NOT_A_WORKBOOK)
    if head.startswith(b"PK"):
        check_workbook(path)
        return "xlsx"
    return "csv"


def check_workbook(path: Path) -> None:
    """Refuse what is no XLSX, is locked, or would fill the memory. Raises ``Unreadable``."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive.infolist())
            extent.measure(archive, most_bytes=MAX_UNPACKED_BYTES, most_cells=MAX_CELLS)
    except extent.TooFar as error:
        raise Unreadable(BOMB) from error
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(DAMAGED) from error
    except Exception as error:  # zlib.error and whatever else a forged archive provokes
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(DAMAGED) from error
    if not rehearsal.fits(path):
        raise Unreadable(BOMB)


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(ENCRYPTED)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Unreadable(BOMB)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise Unreadable(NOT_A_WORKBOOK)

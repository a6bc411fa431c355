"""Bytes to text: which encoding a CSV file is in."""

import codecs
import re

from staveworks.foundation.rosters.reading.types import Unreadable
from staveworks.kit.text import Text

BINARY = Text(
    zh="这不是文本文件，里面有无法显示的字符。请上传 .xlsx 或 .csv 文件。",
    en="This is not a text file: it holds characters that can't be shown. Load an .xlsx or .csv file.",
)
UNKNOWN_ENCODING = Text(
    zh="认不出文件的编码。请在 Excel 或 WPS 里另存为“CSV UTF-8”后再上传。",
    en="The encoding of the file is unknown. Save it as “CSV UTF-8” in Excel or WPS and load it again.",
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
BROKEN_SHARE = 0.01


def decode(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding. Raises ``Unreadable`` for binary data.

    Order: byte order mark, UTF-16 by its zero bytes, UTF-8, GB18030, Windows-1252; at last the one of UTF-8 and
    GB18030 that leaves fewer than one broken character in a hundred.
    """
    text, encoding = _decode(data)
    if len(_CONTROL.findall(text)) > len(text) * BROKEN_SHARE or "\0" in text:
        raise Unreadable(BINARY)
    return text.removesuffix("\x1a"), encoding


def _decode(data: bytes) -> tuple[str, str]:
    marked = _by_mark(data)
    if marked:
        return _strict(data, marked), marked
    if b"\0" in data:
        raise Unreadable(BINARY)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_chinese(text):
            return text, encoding
    return _western(data) or _least_broken(data)


def _by_mark(data: bytes) -> str | None:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:2000]
    if len(head) >= 8 and b"\0" in head:
        if head[1::2].count(0) > len(head) // 5 and head[::2].count(0) == 0:
            return "utf-16-le"
        if head[::2].count(0) > len(head) // 5 and head[1::2].count(0) == 0:
            return "utf-16-be"
    return None


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") > max(1, len(text) * BROKEN_SHARE):
            raise Unreadable(UNKNOWN_ENCODING) from None
        return text


def _is_chinese(text: str) -> bool:
    """Western text read as GB18030 gives rare characters that GB 2312 lacks; Chinese lists hardly have any."""
    foreign = [char for char in text if ord(char) > 127]
    plain = sum(1 for char in foreign if char.encode("gb2312", errors="ignore"))
    return plain * 2 >= len(foreign)


def _western(data: bytes) -> tuple[str, str] | None:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    letters = sum(1 for char in text if char.isalpha())
    foreign = sum(1 for char in text if ord(char) > 127)
    return (text, "cp1252") if foreign * 5 <= letters else None


def _least_broken(data: bytes) -> tuple[str, str]:
    tries = [(data.decode(name, errors="replace"), name) for name in ("utf-8", "gb18030")]
    text, encoding = min(tries, key=lambda pair: pair[0].count("\ufffd"))
    if text.count("\ufffd") > len(text) * BROKEN_SHARE:
        raise Unreadable(UNKNOWN_ENCODING)
    return text, encoding

"""The unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters, the last one a check character."""

import re
import unicodedata

from stdnum.cn import uscc as standard

from staveworks.kit.text import Text

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WRONG_LENGTH = Text(
    zh="信用代码应为 18 位，这里有 {n} 位。", en="A credit code has 18 characters, this one has {n}."
)
WRONG_CHARACTER = Text(
    zh="信用代码里不会有“{char}”（只用数字和不含 I、O、S、V、Z 的大写字母）。",
    en="A credit code never holds “{char}” (digits and capitals without I, O, S, V, Z).",
)
WRONG_CHECK = Text(
    zh="校验位不对，请核对是否录入有误。",
    en="The check character doesn't fit: one or more characters were copied wrongly.",
)
ROUNDED = Text(
    zh="信用代码被当作数字存过，后几位已丢失。",
    en="The code was stored as a number, and its last digits are lost.",
)
_MISREAD = str.maketrans({"O": "0", "I": "1", "S": "5", "Z": "2"})


def compact(text: str) -> str:
    """One width, capitals, no apostrophe, blank or hyphen."""
    return re.sub(r"[\s'’‘`\"\-–—.:：]", "", unicodedata.normalize("NFKC", text)).upper()


def looks_like_uscc(text: str) -> bool:
    return (
        re.fullmatch(r"[0-9A-Z]{18}", compact(text)) is not None
        and sum(char.isdigit() for char in text) >= 10
    )


def is_blank(text: str) -> bool:
    """Whether the cell says that there is no code (/, 无, -)."""
    return compact(text) in {"", "/", "无", "暂无", "没有", "N/A", "NA", "NONE", "未知", "待补"}


def read_uscc(text: str) -> tuple[str | None, Text | None]:
    """(the valid code, None) or (None, why not); (None, None) for an empty cell.

    Letters that the code never holds are read as the digit they resemble (O as 0), if the check character agrees.
    """
    if is_blank(text):
        return None, None
    code = compact(text)
    for candidate in (code, code.translate(_MISREAD)):
        if standard.is_valid(candidate):
            return candidate, None
    if re.search(r"\d[.,]?\d*E\+?\d+$", code) or (len(code) == 18 and code.endswith("000")):
        return None, ROUNDED
    if len(code) != 18:
        return None, WRONG_LENGTH.format(n=len(code))
    strange = next((char for char in code if char not in ALPHABET), None)
    return None, WRONG_CHARACTER.format(char=strange) if strange else WRONG_CHECK

"""Names of firms: what is a readable name, and its plain writing."""

import re
import unicodedata

from staveworks.kit.text import Text

MISSING = Text(zh="没有企业名称。", en="The row has no firm name.")
UNREADABLE = Text(zh="企业名称无法辨认（乱码）。", en="The firm name is unreadable (broken characters).")
TOO_LONG = Text(
    zh="企业名称有 {n} 个字，太长了，请核对。",
    en="The firm name has {n} characters, which is too long: check it.",
)
MOST = 120
NOT_A_NAME = Text(zh="“{text}”不是企业名称。", en="“{text}” is no firm name.")
_BLANKS = {
    "/",
    "-",
    "--",
    "无",
    "暂无",
    "n/a",
    "na",
    "null",
    "none",
    "?",
    "？",
    "#n/a",
    "#ref!",
    "#name?",
    "#value!",
    "待定",
    "未知",
}


def plain_name(text: str) -> str:
    """NFKC (full-width to normal, ideographic blank to blank), single blanks, none between Chinese characters.

    Brackets stay full-width in Chinese names, as the register writes them.
    """
    name = unicodedata.normalize("NFKC", text)
    name = re.sub(r"[\s\u200b-\u200f\u25a0\u25a1\ufffd\ufeff]+", " ", name).strip(" ,;，；、'’\"")
    name = re.sub(r"(?<=[\u4e00-\u9fff（）()])\s+(?=[\u4e00-\u9fff（）()])", "", name)
    if re.search(r"[\u4e00-\u9fff]", name):
        name = name.replace("(", "（").replace(")", "）")
    return name


def read_name(text: str) -> tuple[str, Text | None]:
    """(plain name, None) or ("", why the row is refused)."""
    name = plain_name(text)
    if not name or name.lower() in _BLANKS:
        return "", MISSING
    broken = sum(1 for char in text if char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn"))
    if broken * 3 > len(text.strip()):
        return "", UNREADABLE
    letters = sum(1 for char in name if char.isalpha())
    if letters == 0:
        return "", NOT_A_NAME.format(text=name[:40])
    if len(name) > MOST:
        return "", TOO_LONG.format(n=len(name))
    return name, None

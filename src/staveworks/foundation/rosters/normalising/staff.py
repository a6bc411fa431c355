"""Numbers of staff as people write them: 30, 30人, 约30, 20-50, 1,200, 百余人."""

import re
import unicodedata

from staveworks.kit.text import Text

UNREADABLE = Text(zh="人数无法识别。", en="No number of people can be read here.")
TOO_LARGE = Text(zh="人数 {n} 太大，不像一家企业。", en="{n} people is too many for one firm.")
MOST = 500_000
_BLANKS = {"", "/", "-", "--", "—", "无", "暂无", "不详", "未知", "n/a", "na", "none", "null"}
_NEGATIVE = re.compile(r"[-−–]\s*\d")
_APPROX = re.compile(
    r"约|大约|近|左右|余|多|几|以上|以内|不到|上下|about|approx|circa|ca\.?|around|over|more than|under|up to|~|≈|\+|>|<|±"
)
_RANGE = re.compile(r"(\d+)\s*(?:人|名)?\s*(?:-|–|—|~|至|到|to)\s*(\d+)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CHINESE = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}


def read_staff(text: str) -> tuple[int | None, bool, Text | None]:
    """(heads, approximate?, why not read). A range gives its middle, rounded down."""
    plain = re.sub(r"(?<=\d)[,'\s](?=\d{3}(\D|$))", "", unicodedata.normalize("NFKC", text).strip().lower())
    if plain in _BLANKS:
        return None, False, None
    if _NEGATIVE.match(plain):
        return None, False, UNREADABLE
    approx = _APPROX.search(plain) is not None
    span = _RANGE.search(plain)
    if span:
        return _checked((int(span[1]) + int(span[2])) // 2, True)
    numbers = _NUMBER.findall(plain)
    if len(numbers) == 1 and _only_a_count(plain):
        many = 10_000 if "万" in plain else 1
        value = float(numbers[0]) * many
        return _checked(round(value), approx or many > 1 or not value.is_integer())
    chinese = _chinese(plain)
    return _checked(chinese, approx) if chinese is not None else (None, False, UNREADABLE)


def _only_a_count(text: str) -> bool:
    """Nothing beside the number but words for people and vagueness."""
    rest = re.sub(
        r"[\d.\s()]|人|名|个|员工|职工|在册|左右|上下|以上|以内|不到|大约|约|近|余|多|共|万|persons?|people|staff|employees|workers|pcs",
        "",
        text,
    )
    return (
        len(re.sub(r"about|approx|circa|ca|around|over|more than|under|up to|[~≈+><±:：-]", "", rest).strip())
        == 0
    )


def _chinese(text: str) -> int | None:
    bare = re.sub(r"人|名|个|左右|大约|约|近|余|多|员工", "", text)
    match = re.fullmatch(r"([一二两三四五六七八九十])?([十百千])?([一二三四五六七八九])?", bare)
    if not match or not bare:
        return None
    unit = {"十": 10, "百": 100, "千": 1000, None: 1}[match[2]]
    first = _CHINESE.get(match[1] or "", 1 if match[2] else 0)
    return first * unit + _CHINESE.get(match[3] or "", 0) * (unit // 10 or 1)


def _checked(count: int, approx: bool) -> tuple[int | None, bool, Text | None]:
    if count > MOST:
        return None, False, TOO_LARGE.format(n=count)
    return count, approx, None

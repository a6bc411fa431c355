"""Lengths of time in minutes, as people say them."""

from staveworks.kit.text import Text

DAY, HOUR = 1440, 60


def time_text(minutes: int) -> Text:
    """After a price, ``¥66.00 / …``: ``小时``, ``30 分钟``, ``2 小时``, ``天``."""
    one = {DAY: Text(zh="天", en="day"), HOUR: Text(zh="小时", en="hour")}
    return one.get(minutes) or length_text(minutes)


def length_text(minutes: int) -> Text:
    """``1 小时``, ``90 分钟``, ``2 天``: in the longest unit that divides it."""
    units = ((DAY, "天", "day"), (HOUR, "小时", "hour"), (1, "分钟", "minute"))
    length, zh, en = next(each for each in units if minutes % each[0] == 0)
    count = minutes // length
    return Text(zh=f"{count} {zh}", en=f"{count} {en}{'' if count == 1 else 's'}")

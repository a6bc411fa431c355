"""The reasons that rows carry, in both languages."""

from collections.abc import Mapping

from staveworks.foundation.rosters.matching import Match
from staveworks.kit.text import Text

NO_NAME = Text(zh="没有可读的企业名称。", en="No readable firm name.")
CODE_TAKEN = Text(
    zh="这个代码已登记在另一家企业名下，此行先不带代码。",
    en="This code is already registered for another firm; the row stands without it.",
)
CORRECTED = Text(
    zh="更正表补全了原来的一行。", en="The corrected row completed the firm of its first import."
)
REPEATED = Text(zh="同一文件的同一行已经导入过。", en="The same row of the same file was imported before.")
AGREEING: Mapping[str, Text] = {
    "uscc": Text(zh="代码", en="code"),
    "name": Text(zh="名称", en="name"),
    "phone": Text(zh="电话", en="phone"),
    "address": Text(zh="地址", en="address"),
    "city": Text(zh="所在地", en="place"),
    "contact": Text(zh="联系人", en="contact"),
    "staff": Text(zh="人数", en="staff"),
}
LEVEL = {
    "same": Text(zh="{what}相同", en="same {what}"),
    "close": Text(zh="{what}相近", en="similar {what}"),
}


def repeated_json() -> dict[str, str]:
    return {"zh": REPEATED.zh, "en": REPEATED.en}


def merged(name: str, match: Match) -> Text:
    """Why a row was merged into the firm ``name``."""
    why = agreement(match)
    return Text(
        zh=f"与“{name}”是同一家：{why.zh}（{match.score} 分）。",
        en=f"Same firm as “{name}”: {why.en} (score {match.score}).",
    )


def queued(name: str, match: Match) -> Text:
    """Why a row waits for a person."""
    why = agreement(match)
    return Text(
        zh=f"可能与“{name}”是同一家：{why.zh}（{match.score} 分），请判断。",
        en=f"May be the same firm as “{name}”: {why.en} (score {match.score}). Please decide.",
    )


def agreement(match: Match) -> Text:
    """The fields in which both records agree, in words."""
    parts = [
        Text(
            zh=LEVEL[field.state].zh.format(what=AGREEING[field.field].zh),
            en=LEVEL[field.state].en.format(what=AGREEING[field.field].en),
        )
        for field in match.fields
        if field.state in LEVEL and field.field in AGREEING
    ]
    return Text(zh="、".join(p.zh for p in parts), en=", ".join(p.en for p in parts))

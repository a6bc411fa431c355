"""Quotas: how much of a resource one firm, or one person of it, may book in a week or a month of the resource's place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.types import Quota, QuotaPeriod

FIRM_LEFT = Text(
    zh="{period}每家最多 {most} 小时，您单位从 {since} 起的这段还剩 {left} 小时。",
    en="A firm may book {most} h a {period}. Of the {period} from {since} yours has {left} h left.",
)
PERSON_LEFT = Text(
    zh="{period}每人最多 {most} 小时，您从 {since} 起的这段还剩 {left} 小时。",
    en="A person may book {most} h a {period}. Of the {period} from {since} you have {left} h left.",
)


class QuotaExceeded(Invalid):
    """``field``: ``minutes`` where there is a length to choose, else ``starts_at``."""

    text = Text(zh="超过了可约的额度。", en="It is more than may be booked.")


@dataclass(frozen=True, slots=True)
class Used:
    """What a firm, and one person of it, have booked in a period."""

    by_firm: int
    by_person: int


def period_from(quota: Quota, moment: datetime, zone: str) -> date:
    """The first local day of the period in which a booking that begins at ``moment`` counts, whole."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday()) if quota.period is QuotaPeriod.WEEK else day.replace(day=1)


def over_quota(quota: Quota, used: Used, minutes: int, since: date) -> Text | None:
    """What to say where ``minutes`` more are too many; None: they aren't."""
    limits: Sequence[tuple[int | None, int, Text]] = (
        (quota.firm_minutes, used.by_firm, FIRM_LEFT),
        (quota.person_minutes, used.by_person, PERSON_LEFT),
    )
    for most, taken, words in limits:
        if most is not None and taken + minutes > most:
            left = hours_said(max(0, most - taken))
            period = quota.period.text
            said = {"most": hours_said(most), "left": left, "since": since.isoformat()}
            return Text(
                zh=words.zh.format(period=period.zh, **said), en=words.en.format(period=period.en, **said)
            )
    return None


def hours_said(minutes: int) -> str:
    return f"{(Decimal(minutes) / 60).quantize(Decimal('0.01')).normalize():f}"

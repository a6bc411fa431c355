"""Forms of the calendar: what a resource is and when it is open, and closing it for a while."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.domain.opening import EPOCH, document_of
from staveworks.mechanisms.booking.domain.quota import hours_said
from staveworks.mechanisms.booking.types import BookableKind, QuotaPeriod, Resource
from staveworks.mechanisms.booking.usecases.keep_resource import Details
from staveworks.web.language import said
from staveworks.web.words import words

LINE = re.compile(r"(?P<days>\S+)\s+(?P<from>\S+?)\s*[-–—]\s*(?P<to>\S+)(?:\s+@(?P<since>\S+))?")
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
CLOSED = {"closed", "停用", "休息", "关"}
QUOTAS = {
    QuotaPeriod.WEEK: Text(zh="按周", en="By the week"),
    QuotaPeriod.MONTH: Text(zh="按月", en="By the month"),
}
EXAMPLE = "MO-FR 08:30-17:30"


class ResourceForm(forms.Form):
    """All that is said of a resource, in one column."""

    name_zh = forms.CharField(label=words("名称（中文）", "Name (Chinese)"), max_length=120)
    name_en = forms.CharField(label=words("名称（英文）", "Name (English)"), max_length=120)
    kind = forms.ChoiceField(
        label=words("是什么", "What it is"),
        choices=lambda: [(kind.value, said(kind.text)) for kind in BookableKind],
    )
    units = forms.IntegerField(
        label=words("有几个", "How many"),
        min_value=1,
        max_value=1000,
        initial=1,
        help_text=words("一样的、可以分别约的个数。", "Alike, each booked by itself."),
    )
    place = forms.CharField(label=words("到哪里", "Where to come"), max_length=200, required=False)
    opening = forms.CharField(
        label=words("开放时间", "Opening hours"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        initial=EXAMPLE,
        help_text=words(
            "一行一条：哪些天、几点到几点，如 MO-FR 08:30-17:30；也可以写 RFC 5545 规则，"
            "如 FREQ=MONTHLY;BYDAY=1SA 09:00-12:00；隔周的从哪天算起写在后面：@2026-11-24。",
            "A line each: days and hours, such as MO-FR 08:30-17:30; or a rule of RFC 5545, "
            "such as FREQ=MONTHLY;BYDAY=1SA 09:00-12:00. Every other week counts from a day: @2026-11-24.",
        ),
    )
    specials = forms.CharField(
        label=words("例外的日子", "Special days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=words(
            "一行一天：2026-12-31 09:00-12:00，或 2026-12-31 停用。",
            "A line a day: 2026-12-31 09:00-12:00, or 2026-12-31 closed.",
        ),
    )
    holidays = forms.BooleanField(
        label=words(
            "法定节假日停用，调休的周末照常", "Closed on public holidays; open on weekends worked in exchange"
        ),
        required=False,
        initial=True,
    )
    grid = forms.IntegerField(
        label=words("起止间隔，分钟", "Grid, minutes"), min_value=5, max_value=1440, initial=30
    )
    shortest = forms.IntegerField(label=words("最短，分钟", "At least, minutes"), min_value=5, initial=60)
    longest = forms.IntegerField(label=words("最长，分钟", "At most, minutes"), min_value=5, initial=240)
    before = forms.IntegerField(
        label=words("之前的准备，分钟", "To set up before, minutes"), min_value=0, max_value=1440, initial=0
    )
    after = forms.IntegerField(
        label=words("之后的清理，分钟", "To clean after, minutes"), min_value=0, max_value=1440, initial=0
    )
    notice_minutes = forms.IntegerField(
        label=words("至少提前，分钟", "Notice, minutes"), min_value=0, initial=0
    )
    horizon_days = forms.IntegerField(
        label=words("最远可约，天", "How far ahead, days"), min_value=1, max_value=400, initial=60
    )
    grace = forms.IntegerField(
        label=words("等多久算没来，分钟", "How long somebody is waited for, minutes"),
        min_value=0,
        max_value=1440,
        initial=30,
    )
    keep_minutes = forms.IntegerField(
        label=words("为候补留位，分钟", "Kept for whoever waits, minutes"),
        min_value=1,
        max_value=10_080,
        initial=120,
        help_text=words(
            "有了空档，先为候补名单上的第一位留这么久。",
            "What comes free is kept so long for the first in the waiting list.",
        ),
    )

    quota_period = forms.ChoiceField(
        label=words("限额", "Quota"),
        choices=lambda: [
            ("", said(Text(zh="不限", en="None"))),
            *((each.value, said(QUOTAS[each])) for each in QuotaPeriod),
        ],
        required=False,
        help_text=words(
            "一家或一个人在一周、一个月里最多约多久。", "How long a firm or a person may book it."
        ),
    )
    firm_hours = forms.DecimalField(
        label=words("每家最多，小时", "A firm at most, hours"),
        min_value=0,
        max_digits=7,
        decimal_places=2,
        required=False,
    )
    person_hours = forms.DecimalField(
        label=words("每人最多，小时", "A person at most, hours"),
        min_value=0,
        max_digits=7,
        decimal_places=2,
        required=False,
    )

    needs_training = forms.BooleanField(
        label=words("来的人要有培训证明", "Whoever comes needs a training certificate"),
        required=False,
        help_text=words(
            "勾选后，只有您登记过的人能来；已约好的不变。",
            "Then only people whom you have recorded can come; what is booked stays.",
        ),
    )
    training_offer = forms.TypedChoiceField(
        label=words("在哪里培训", "Where to be trained"),
        required=False,
        coerce=UUID,
        empty_value=None,
        help_text=words(
            "您自己已发布的服务；没有证明的人会看到它。",
            "A published offer of yours; whoever has no certificate is led to it.",
        ),
    )

    def __init__(self, *args: Any, offers: Iterable[tuple[UUID, Text]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        chosen = self.fields["training_offer"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", "–"), *((str(offer), said(title)) for offer, title in offers)]

    def details(self) -> Details:
        """Of a valid form; what is wrong in the lines the use case says."""
        asked = self.cleaned_data
        names = (
            "kind",
            "place",
            "grid",
            "shortest",
            "longest",
            "before",
            "after",
            "notice_minutes",
            "horizon_days",
            "grace",
            "keep_minutes",
            "needs_training",
            "training_offer",
        )
        return Details(
            name=Text(zh=asked["name_zh"], en=asked["name_en"]),
            opening={
                "rules": [_rule(line) for line in _lines(asked["opening"])],
                "specials": _specials(asked["specials"]),
                "holidays": asked["holidays"],
            },
            quota_period=asked["quota_period"],
            firm_minutes=_minutes(asked["firm_hours"]),
            person_minutes=_minutes(asked["person_hours"]),
            **{name: asked[name] for name in names},
        )


def initial_of(resource: Resource) -> dict[str, Any]:
    """What the form shows of a resource."""
    document, rules = document_of(resource.opening), resource.rules
    return {
        "name_zh": resource.name.zh,
        "name_en": resource.name.en,
        "kind": resource.kind,
        "units": resource.units,
        "place": resource.place,
        "opening": "\n".join(_rule_line(each) for each in document["rules"]),
        "specials": "\n".join(_special_line(each) for each in document["specials"]),
        "holidays": resource.opening.holidays,
        "grid": rules.grid,
        "shortest": rules.shortest,
        "longest": rules.longest,
        "before": rules.before,
        "after": rules.after,
        "notice_minutes": int(rules.notice.total_seconds()) // 60,
        "horizon_days": rules.horizon.days,
        "grace": int(resource.grace.total_seconds()) // 60,
        "quota_period": resource.quota.period if resource.quota else "",
        "firm_hours": _hours(resource.quota.firm_minutes if resource.quota else None),
        "person_hours": _hours(resource.quota.person_minutes if resource.quota else None),
        "keep_minutes": int(resource.keep.total_seconds()) // 60,
        "needs_training": resource.training is not None,
        "training_offer": str(resource.training.offer_id or "") if resource.training else "",
    }


def _minutes(hours: Decimal | None) -> int | None:
    return None if hours is None else int(hours * 60)


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else hours_said(minutes)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _rule(line: str) -> dict[str, str]:
    """``MO-FR 08:30-17:30`` → a weekly rule; one that is a rule already stays. What it isn't the use case refuses."""
    found = LINE.fullmatch(line)
    if found is None:
        return {"rrule": "", "from": "", "to": ""}
    return {
        "rrule": _rrule(found["days"].upper()),
        "from": _padded(found["from"]),
        "to": _padded(found["to"]),
        "since": found["since"] or "",
    }


def _rule_line(rule: dict[str, Any]) -> str:
    since = "" if rule["since"] == EPOCH.isoformat() else f" @{rule['since']}"
    return f"{_short(rule['rrule'])} {rule['from']}-{rule['to']}{since}"


def _rrule(days: str) -> str:
    if "=" in days:
        return days
    chosen: list[str] = []
    for part in days.split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            return days
        start, end = DAYS.index(first), DAYS.index(last or first)
        chosen += DAYS[start : end + 1] if start <= end else DAYS[start:] + DAYS[: end + 1]
    return f"FREQ=WEEKLY;BYDAY={','.join(dict.fromkeys(chosen))}"


def _short(rrule: str) -> str:
    """The other way round, as short as it can be said."""
    prefix = "FREQ=WEEKLY;BYDAY="
    days = rrule.removeprefix(prefix).split(",")
    if not rrule.startswith(prefix) or not set(days) <= set(DAYS):
        return rrule
    places = [DAYS.index(day) for day in days]
    run = len(places) > 2 and places == list(range(places[0], places[0] + len(places)))
    return f"{days[0]}-{days[-1]}" if run else ",".join(days)


def _padded(text: str) -> str:
    return f"0{text}" if re.fullmatch(r"\d:\d\d", text) else text


def _specials(text: str) -> list[dict[str, Any]]:
    """Lines of one day are one special day."""
    days: dict[str, list[list[str]]] = {}
    for line in _lines(text):
        day, _, rest = line.partition(" ")
        hours = days.setdefault(day, [])
        if rest.strip().lower() not in CLOSED:
            found = LINE.fullmatch(f"x {rest.strip()}")
            hours.append([_padded(found["from"]), _padded(found["to"])] if found else ["", ""])
    return [{"day": day, "hours": hours} for day, hours in days.items()]


def _special_line(special: dict[str, Any]) -> str:
    if not special["hours"]:
        return f"{special['day']} {said(Text(zh='停用', en='closed'))}"
    return "\n".join(f"{special['day']} {opens}-{closes}" for opens, closes in special["hours"])


class CloseForm(forms.Form):
    """From when to when, which unit, and why."""

    starts_at = forms.DateTimeField(
        label=words("从", "From"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    ends_at = forms.DateTimeField(
        label=words("到", "To"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    unit = forms.IntegerField(
        label=words("第几个", "Which unit"),
        min_value=1,
        required=False,
        help_text=words("不填就是全部。", "Empty: all of them."),
    )
    reason = forms.CharField(
        label=words("为什么", "Why"),
        max_length=120,
        help_text=words("约了的人会读到。", "Whoever has booked reads it."),
    )

    def __init__(self, data: Any = None, *, resource: Resource) -> None:
        super().__init__(data)
        self.zone = ZoneInfo(resource.opening.zone)
        if resource.units == 1:
            del self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        starts_at, ends_at = (self._moment(asked.get(name)) for name in ("starts_at", "ends_at"))
        if starts_at and ends_at and starts_at >= ends_at:
            self.add_error("ends_at", words("结束要晚于开始。", "The end comes after the beginning."))
        elif starts_at and ends_at:
            asked["during"] = Span(starts_at, ends_at)
        return asked

    def _moment(self, typed: datetime | None) -> datetime | None:
        """What was typed is a time of the resource's place, whatever the reader's is."""
        return typed.replace(tzinfo=self.zone) if typed else None

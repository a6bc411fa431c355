"""The form of hours and language."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from staveworks.web.words import words

CITYS = "city"
"""In place of a zone: whatever the organisation's city has."""
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
NEAR = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Urumqi",
    "Asia/Ho_Chi_Minh",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/Istanbul",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
)


def zones() -> list[tuple[str, str]]:
    """Those near first, then all others."""
    rest = sorted(available_timezones() - set(NEAR) - {"Factory", "localtime"})
    usual = words("单位所在城市的时间", "the organisation’s city")
    return [(CITYS, usual), *((zone, zone) for zone in NEAR), *((zone, zone) for zone in rest if "/" in zone)]


class HoursForm(forms.Form):
    """In which language, when not, and when the digest."""

    language = forms.ChoiceField(
        label=words("消息用哪种语言", "Language of messages"),
        choices=[("zh", "中文"), ("en", "English")],
        widget=forms.RadioSelect,
    )
    quiet = forms.BooleanField(
        label=words("夜里不打扰（当天到期的除外）", "Quiet at night, except for what is due the same day"),
        required=False,
    )
    quiet_from = forms.TimeField(label=words("从", "From"), widget=CLOCK)
    quiet_to = forms.TimeField(label=words("到", "To"), widget=CLOCK)
    digest_at = forms.TimeField(label=words("每日汇总的时间", "Digest at"), widget=CLOCK)
    zone = forms.ChoiceField(label=words("时区", "Time zone"), choices=zones)

    def clean_zone(self) -> str:
        """Blank for the city's."""
        return "" if self.cleaned_data["zone"] == CITYS else str(self.cleaned_data["zone"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("quiet") and given.get("quiet_from") and given["quiet_from"] == given.get("quiet_to"):
            self.add_error("quiet_to", words("起止时间不能相同。", "From and to can’t be the same."))
        return given

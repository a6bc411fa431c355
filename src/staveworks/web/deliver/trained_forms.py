"""Forms of training certificates: whom to record, and why one ends."""

from typing import Any

from django import forms

from staveworks.mechanisms.booking.usecases.certify import Trained
from staveworks.web.words import words


def _day(zh: str, en: str, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=words(zh, en),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


class TrainedForm(forms.Form):
    """A person of a firm, and from when to when."""

    uscc = forms.CharField(
        label=words("哪家企业（统一社会信用代码）", "Which firm (unified social credit code)"),
        max_length=30,
    )
    name = forms.CharField(label=words("姓名", "Name"), max_length=60)
    contact = forms.CharField(label=words("手机号或邮箱", "Phone or e-mail"), max_length=254)
    valid_from = _day("从哪天起有效", "Good from")
    valid_until = _day("最后一天", "Last day")

    def trained(self) -> Trained:
        return Trained(**self.cleaned_data)


class EndForm(forms.Form):
    """Ended earlier than its last day."""

    reason = forms.CharField(
        label=words("为什么", "Why"),
        max_length=200,
        help_text=words("对方会读到。", "The firm reads it."),
    )

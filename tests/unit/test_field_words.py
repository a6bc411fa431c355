"""Errors of a field are said as an editor would say them, in both languages, on every form."""

from decimal import Decimal

import pytest
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import override

from staveworks.web.field_words import SAID
from staveworks.web.forms import appearance
from staveworks.web.words import words


class Asked(forms.Form):
    hours = forms.DecimalField(min_value=Decimal(0), max_value=Decimal(24))
    lots = forms.IntegerField(min_value=1)
    day = forms.DateField()
    budget = forms.DecimalField(max_digits=6, decimal_places=2)
    name = forms.CharField(max_length=3)
    own = forms.CharField(error_messages={"required": words("请写明理由。", "Say why.")})


def errors(language: str, **sent: str) -> dict[str, list[str]]:
    with override(language):
        form = Asked(sent)
        return {field.name: appearance(field).errors for field in form}


@pytest.mark.parametrize(
    ("name", "sent", "zh", "en"),
    [
        ("hours", "", "请填写。", "Fill this in."),
        ("hours", "abc", "请填数字。", "Enter a number."),
        ("hours", "-3", "不能小于 0。", "Not below 0."),
        ("hours", "25", "不能大于 24。", "Not above 24."),
        ("lots", "1.5", "请填整数。", "Enter a whole number."),
        ("day", "soon", "日期不对，要像 2026-12-07 这样。", "Not a date: as 2026-12-07."),
        ("budget", "1234567", "最多 6 位数字。", "At most 6 digits."),
        ("budget", "12345", "小数点前最多 4 位。", "At most 4 digits before the point."),
        ("budget", "1.234", "小数最多 2 位。", "At most 2 decimal places."),
        ("name", "绍兴华茂", "最多 3 个字，现在有 4 个。", "At most 3 characters; there are 4."),
        ("own", "", "请写明理由。", "Say why."),
    ],
)
def test_an_error_says_what_to_do(name: str, sent: str, zh: str, en: str) -> None:
    assert errors("zh-hans", **{name: sent})[name] == [zh]
    assert errors("en", **{name: sent})[name] == [en]


def test_what_is_replaced_is_what_django_says() -> None:
    """A new version of Django that words it otherwise would bring its translation back unseen."""
    with override("en"):
        own = {
            str(text)
            for kind in vars(forms).values()
            if isinstance(kind, type) and issubclass(kind, forms.Field)
            for text in kind.default_error_messages.values()
        } | {str(kind.message) for kind in (MinValueValidator, MaxValueValidator)}
    named = {said for said in SAID if "email" not in said}
    assert named <= own

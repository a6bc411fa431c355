"""One-line controls written without a template say what Django's templates say, to the letter."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from staveworks.web.controls import ONE_LINE, Renderer

WIDGETS: dict[str, forms.Widget] = {
    "text": forms.TextInput({"maxlength": 40, "class": "form-control"}),
    "number": forms.NumberInput({"min": "0", "step": "0.01"}),
    "password": forms.PasswordInput({"autocomplete": "off"}),
    "hidden": forms.HiddenInput(),
    "date": forms.DateInput({"type": "date"}),
    "time": forms.TimeInput(),
    "datetime": forms.DateTimeInput(),
    "url": forms.URLInput(),
    "email": forms.EmailInput({"autofocus": True, "required": False}),
}


@pytest.mark.parametrize("kind", WIDGETS)
@pytest.mark.parametrize("value", [None, "", 0, 1234567, "喷水织机", '"><script>&', mark_safe("&amp;")])
def test_a_control_is_what_its_template_says(kind: str, value: Any) -> None:
    widget, attrs = WIDGETS[kind], {"id": f"id_{kind}", "aria-describedby": '"<'}
    assert widget.template_name in ONE_LINE
    ours = widget.render("reason", value, attrs, renderer=Renderer())
    assert ours == widget.render("reason", value, attrs, renderer=DjangoTemplates())

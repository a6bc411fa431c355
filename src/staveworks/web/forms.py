"""How form fields look: which part draws them, which ids describe them, what their errors say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BoundField, widgets
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from staveworks.kit.text import Text
from staveworks.web.field_words import plainly
from staveworks.web.language import current, say

CHOICES = (widgets.RadioSelect, widgets.CheckboxSelectMultiple)
MANY, LONG = 6, 14  # answers, characters: more than these stand below each other
VERY_MANY = 14  # more than these scroll, and are narrowed by typing


@dataclass(frozen=True, slots=True)
class Appearance:
    """One field ready to be printed: its part, its control and the ids of what describes it."""

    template: str
    control: SafeString | str
    errors: list[str]
    help: str
    help_id: str
    error_id: str
    wide: bool
    rows: bool = False
    scrolls: bool = False

    @property
    def described_by(self) -> str:
        return " ".join(
            i for i in (self.error_id if self.errors else "", self.help_id if self.help else "") if i
        )


def appearance(field: BoundField, *, wide: bool = False) -> Appearance:
    """The field as its part needs it: a tick is one line, radio buttons and ticks are answer buttons, else a control."""
    widget = field.field.widget
    template = "parts/field.html"
    if isinstance(widget, CHOICES):
        template = "parts/field_choices.html"
    elif isinstance(widget, widgets.CheckboxInput):
        template = "parts/field_tick.html"
    errors = list(_said(field.errors.as_data()))
    help_text = str(say(field.help_text) or "")
    name = field.auto_id or field.html_name
    look = Appearance(template, "", errors, help_text, f"{name}_helptext", f"{name}_error", wide)
    control, rows = _control(field, look), template == "parts/field_choices.html" and _in_rows(field)
    scrolls = template == "parts/field_choices.html" and len(field) > VERY_MANY
    return Appearance(template, control, errors, help_text, look.help_id, look.error_id, wide, rows, scrolls)


def drawn(field: BoundField, *, wide: bool = False) -> SafeString:
    """Label, control, help and error of one form field."""
    look = appearance(field, wide=wide)
    return render_to_string(look.template, {"field": field, "look": look})


def wide_errors(form: BaseForm) -> list[str]:
    """The errors that belong to no field."""
    return list(_said(form.errors.as_data().get(NON_FIELD_ERRORS, [])))


def _in_rows(field: BoundField) -> bool:
    """Long or many answers stand below each other."""
    labels = [str(say(choice.choice_label)) for choice in field]
    return len(labels) > MANY or any(len(label) > LONG for label in labels)


def _said(errors: Iterable[Any]) -> Iterator[str]:
    """What is wrong, in the reader's language; a ``Text`` may be raised in a ``ValidationError``."""
    for error in errors:
        message: Any = error.message
        text = message if isinstance(message, Text) else plainly(error)
        yield text.in_language(current()) if text else " ".join(error.messages)


def _control(field: BoundField, look: Appearance) -> SafeString | str:
    widget = field.field.widget
    if look.template == "parts/field_choices.html":
        return ""
    kind = "form-select" if isinstance(widget, widgets.Select) else "form-control"
    kind = "form-check-input" if isinstance(widget, widgets.CheckboxInput) else kind
    attrs: dict[str, str | bool] = {"class": f"{widget.attrs.get('class', '')} {kind}".strip()}
    if look.described_by:
        attrs["aria-describedby"] = look.described_by
    if look.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)

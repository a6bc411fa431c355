"""What a buyer is asked (JSON Schema) as a form: ``x-zh`` and ``x-en`` name a field, ``x-unit-…`` what its number counts."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from staveworks.kit.text import Text
from staveworks.web.language import said

LONG = 200
"""From so many characters on a text has several lines."""


class RequestForm(forms.Form):
    """The fields of an offer's form. Only shape is checked here; the mechanism holds the request against its schema."""

    def __init__(self, schema: Mapping[str, Any], data: Any = None) -> None:
        super().__init__(data)
        self.schema = schema
        needed = schema.get("required", ())
        for name, shape in schema.get("properties", {}).items():
            self.fields[name] = field_for(name, shape, needed=name in needed)

    def request(self) -> dict[str, Any]:
        """What was filled in, without what was left empty."""
        given = {name: self.cleaned_data.get(name) for name in self.fields}
        return {name: plain(value) for name, value in given.items() if value not in (None, "", [])}

    def sent(self) -> list[tuple[str, Any]]:
        """The fields as they came, to be sent again."""
        if not isinstance(self.data, QueryDict):
            return list(self.request().items())
        return [(name, value) for name in self.fields for value in self.data.getlist(name)]


class Lines(forms.CharField):
    """A text of several lines, as the list of those that say something."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> Any:
        return self._lines(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self._lines(self.prepare_value(initial) or "") != self._lines(data or "")

    def _lines(self, text: str) -> list[str]:
        return [line for each in text.splitlines() if (line := " ".join(each.split()))]


def field_for(name: str, shape: Mapping[str, Any], *, needed: bool) -> forms.Field:
    """The field for one property of a schema."""
    common: dict[str, Any] = {
        "label": said(label_of(shape, name)),
        "required": needed,
        "initial": shape.get("default"),
        "help_text": said(Text(zh=shape["x-help-zh"], en=shape["x-help-en"])) if "x-help-zh" in shape else "",
    }
    kinds = shape.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "array" and "enum" in shape["items"]:
        return forms.MultipleChoiceField(
            choices=_choices(shape["items"]), widget=forms.CheckboxSelectMultiple, **common
        )
    if kind == "array":
        return Lines(**common)
    if "enum" in shape:
        choices = _choices(shape)
        return forms.ChoiceField(choices=choices if needed else [("", "–"), *choices], **common)
    if kind == "boolean":
        return forms.BooleanField(**common)
    if kind == "integer":
        return forms.IntegerField(min_value=shape.get("minimum"), max_value=shape.get("maximum"), **common)
    if kind == "number":
        return forms.DecimalField(min_value=shape.get("minimum"), max_value=shape.get("maximum"), **common)
    if shape.get("format") == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    if shape.get("format") == "date-time":
        local = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        return forms.DateTimeField(widget=local, **common)
    most = shape.get("maxLength", LONG)
    if most > LONG:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=most, **common)
    return forms.CharField(max_length=most, **common)


def _choices(shape: Mapping[str, Any]) -> list[tuple[str, str]]:
    names = shape.get("x-names", {})
    return [(each, said(Text(**names[each])) if each in names else each) for each in shape["enum"]]


def label_of(shape: Mapping[str, Any], name: str) -> Text:
    """What a property of a form's schema is called, with its unit."""
    plain = shape.get("title") or name
    label = Text(zh=shape.get("x-zh") or plain, en=shape.get("x-en") or plain)
    if "x-unit-zh" not in shape:
        return label
    return Text(zh=f"{label.zh}（{shape['x-unit-zh']}）", en=f"{label.en} ({shape['x-unit-en']})")


def answer_of(shape: Mapping[str, Any], value: Any) -> Text:
    """What was filled in, in words: choices by their names, lists with commas between."""
    if isinstance(value, list):
        each = [answer_of(shape.get("items", {}), one) for one in value]
        return Text(zh="、".join(one.zh for one in each), en=", ".join(one.en for one in each))
    if isinstance(value, bool):
        return Text(zh="是", en="Yes") if value else Text(zh="否", en="No")
    if shape.get("format") == "date-time":
        return _moment(str(value))
    name = shape.get("x-names", {}).get(value) if isinstance(value, str) else None
    return Text(**name) if name else Text(zh=str(value), en=str(value))


def _moment(text: str) -> Text:
    """A time as people read it; what isn't one as it was written."""
    try:
        at = datetime.fromisoformat(text)
        local = timezone.localtime(at) if at.tzinfo else at
    except (ValueError, OverflowError):
        return Text(zh=text, en=text)
    return Text(zh=f"{local:%Y-%m-%d %H:%M}", en=f"{local:%Y-%m-%d %H:%M}")


def plain(value: Any) -> Any:
    """As JSON: moments as text, decimals as numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value

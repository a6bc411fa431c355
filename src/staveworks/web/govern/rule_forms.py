"""The form of a rule's next version, made from the schema of its value."""

from typing import Any

from django import forms
from django.utils import timezone

from staveworks.foundation.rules.types import Entry, RuleKind, RuleVersion
from staveworks.kit.text import Text
from staveworks.web.language import said
from staveworks.web.words import words

PREFIX = "value_"


class RuleForm(forms.Form):
    """The entries of the value, the text in both languages, and from which day on."""

    from_date = forms.DateField(
        label=words("从哪天起", "In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=words(
            "选今天就立即生效。规则不能追溯。", "Today means at once. A rule never reaches back."
        ),
    )
    text_zh = forms.CharField(
        label=words("中文条文", "Text in Chinese"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
    text_en = forms.CharField(
        label=words("英文条文", "Text in English"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )

    def __init__(self, kind: RuleKind, held: RuleVersion, data: Any = None) -> None:
        first = {"from_date": timezone.localdate(), "text_zh": held.text.zh, "text_en": held.text.en}
        first |= {PREFIX + code: value for code, value in held.value.items()}
        super().__init__(data, initial=first)
        self.kind = kind
        for entry in kind.entries:
            self.fields[PREFIX + entry.code] = _field(entry)
        self.order_fields(
            [*(PREFIX + entry.code for entry in kind.entries), "from_date", "text_zh", "text_en"]
        )
        self.fields["from_date"].widget.attrs["min"] = timezone.localdate().isoformat()

    def asked(self) -> dict[str, Any]:
        """What ``adopt_rule`` and ``preview_rule`` take."""
        given = self.cleaned_data
        return {
            "value": {entry.code: given[PREFIX + entry.code] for entry in self.kind.entries},
            "text": Text(zh=given["text_zh"], en=given["text_en"]),
            "from_date": given["from_date"],
        }

    def add_error(self, field: str | None, error: Any) -> None:
        """A use case names the entry, the form its field."""
        super().add_error(PREFIX + field if field and PREFIX + field in self.fields else field, error)


def _field(entry: Entry) -> forms.Field:
    label = said(entry.name if entry.unit is None else _with_unit(entry.name, entry.unit))
    if entry.choices is not None:
        return forms.MultipleChoiceField(
            label=label,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(code, said(name)) for code, name in entry.choices.items()],
        )
    if entry.kind == "number":
        return forms.IntegerField(label=label, min_value=entry.lowest, max_value=entry.highest)
    return forms.CharField(label=label, max_length=200)


def _with_unit(name: Text, unit: Text) -> Text:
    return Text(zh=f"{name.zh}（{unit.zh}）", en=f"{name.en} ({unit.en})")

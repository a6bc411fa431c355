"""The form by which a firm gives a grant."""

from typing import Any

from django import forms
from django.utils import timezone

from staveworks.foundation.facts.queries import find_grantee
from staveworks.foundation.facts.types import GROUP_TEXTS, Field, Grantee, Purpose
from staveworks.foundation.parties.types import Kind
from staveworks.kit.text import Text
from staveworks.web.language import said
from staveworks.web.words import words

ONE = "one"
TO_ONE = Text(zh="一个单位", en="One organisation")


NEEDED = {Purpose.ATTESTATION.value: [Field.ASSESSMENT.value, Field.DOCUMENTS.value]}


class GrantForm(forms.Form):
    """To whom, for what, which parts, until when."""

    to = forms.ChoiceField(
        label=words("给谁看", "Shown to"),
        widget=forms.RadioSelect,
        choices=lambda: [
            (ONE, said(TO_ONE)),
            *((kind.value, said(text)) for kind, text in GROUP_TEXTS.items()),
        ],
    )
    grantee = forms.CharField(
        required=False,
        max_length=200,
        label=words("哪个单位", "Which organisation"),
        help_text=words(
            "只给一个单位时填：统一社会信用代码，或登记的全名。",
            "Where it is one: its USCC, or its full registered name.",
        ),
    )
    purpose = forms.ChoiceField(
        label=words("用来做什么", "For what"),
        widget=forms.RadioSelect,
        choices=lambda: [(purpose.value, said(purpose.text)) for purpose in Purpose],
        help_text=words("对方只能为这个用途看。", "They may look for this purpose only."),
    )
    fields_shown = forms.MultipleChoiceField(
        label=words("给看什么", "What is shown"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(field.value, said(field.text)) for field in Field],
        error_messages={"required": words("请至少选一项。", "Choose at least one.")},
    )
    until = forms.DateField(
        label=words("到哪天为止", "Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=words("含当天。不填就一直到您撤回。", "That day included. Empty: until you withdraw it."),
    )

    def __init__(self, data: Any = None, *, purpose: str = "") -> None:
        """``purpose``: what she comes for; the parts that it needs are ticked."""
        super().__init__(
            data, initial={"to": ONE, "purpose": purpose, "fields_shown": NEEDED.get(purpose, ())}
        )
        self.fields["until"].widget.attrs["min"] = timezone.localdate().isoformat()

    def to_whom(self) -> Grantee:
        """Raises ``GranteeUnknown``."""
        chosen = self.cleaned_data["to"]
        return find_grantee(self.cleaned_data["grantee"]) if chosen == ONE else Grantee(kind=Kind(chosen))

    def asked(self) -> dict[str, Any]:
        """What ``give_grant`` takes besides the grantee."""
        given = self.cleaned_data
        return {
            "purpose": Purpose(given["purpose"]),
            "fields": [Field(field) for field in given["fields_shown"]],
            "until": given["until"],
        }

    def add_error(self, field: str | None, error: Any) -> None:
        """A use case's words for the fields of this form."""
        super().add_error("fields_shown" if field == "fields" else field, error)

"""The editor of one wording."""

from typing import Any

from django import forms

from staveworks.foundation.notices.messages.types import Form
from staveworks.foundation.notices.templates import LONGEST_BODY, LONGEST_SUBJECT
from staveworks.kit.text import Text
from staveworks.web.words import words


class WordingForm(forms.Form):
    """Subject and body in both languages; SMS has a body only."""

    subject_zh = forms.CharField(label=words("标题（中文）", "Subject, Chinese"), max_length=LONGEST_SUBJECT)
    body_zh = forms.CharField(
        label=words("正文（中文）", "Body, Chinese"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "zh-Hans"}),
    )
    subject_en = forms.CharField(label=words("标题（英文）", "Subject, English"), max_length=LONGEST_SUBJECT)
    body_en = forms.CharField(
        label=words("正文（英文）", "Body, English"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "en"}),
    )

    def __init__(self, form: Form, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if form is Form.SMS:
            del self.fields["subject_zh"], self.fields["subject_en"]

    @property
    def subject(self) -> Text:
        given = self.cleaned_data
        return Text(zh=given.get("subject_zh", ""), en=given.get("subject_en", ""))

    @property
    def body(self) -> Text:
        return Text(zh=self.cleaned_data["body_zh"], en=self.cleaned_data["body_en"])

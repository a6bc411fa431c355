"""Form fields that understand what people type, through the room's own rules."""

from typing import Any

from django import forms

from staveworks.foundation.parties.domain import Contact, check_uscc, contact_of, normalise_phone
from staveworks.kit.errors import Invalid
from staveworks.kit.typed_codes import typed_code
from staveworks.web.words import error_words, words


class PhoneField(forms.CharField):
    """A phone number; its value is E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", words("手机号", "Phone"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return normalise_phone(typed) if typed else ""
        except Invalid as error:
            raise forms.ValidationError(error_words(error)) from error


class ContactField(forms.CharField):
    """A phone number or an e-mail address; its value is a ``Contact``, or None where it may be left empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", words("手机号或邮箱", "Phone or e-mail"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "username", "inputmode": "email"}))
        super().__init__(max_length=254, **kwargs)

    def clean(self, value: Any) -> Contact | None:
        typed = super().clean(value)
        try:
            return contact_of(typed) if typed else None
        except Invalid as error:
            raise forms.ValidationError(error_words(error)) from error


class CodeField(forms.CharField):
    """A code from a message, a letter or an app, as it is typed: full-width or not, with blanks or without."""

    def __init__(self, *, numeric: bool = True, autofocus: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("label", words("验证码", "Code"))
        kwargs.setdefault("max_length", 12)
        attrs = {"autocomplete": "one-time-code", "autofocus": autofocus}
        attrs |= {"inputmode": "numeric"} if numeric else {}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> str:
        return typed_code(super().to_python(value) or "")


class UsccField(forms.CharField):
    """A unified social credit code; its value is the 18 characters, or an empty string."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", words("统一社会信用代码", "USCC"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocapitalize": "characters", "maxlength": 30}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return check_uscc(typed) if typed else ""
        except Invalid as error:
            raise forms.ValidationError(error_words(error)) from error

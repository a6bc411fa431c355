"""The reader's language, and texts of ours said in it."""

from typing import cast

from django.utils.functional import lazystr
from django.utils.translation import get_language

from staveworks.kit.text import Language, Text, language_of


def current() -> Language:
    """The language of the request being answered; Chinese outside of one."""
    return language_of(get_language())


def say(value: object) -> object:
    """A ``Text`` in the reader's language; anything else as it is."""
    return value.in_language(current()) if isinstance(value, Text) else value


class _Said:
    """A text that picks its language when it is printed, not when it is made."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text.in_language(current())


def said(text: Text) -> str:
    """A text for places that want a string once, such as a form field's label; it is said anew for every request."""
    return cast(str, lazystr(_Said(text)))

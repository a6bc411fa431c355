"""The reader's language, and texts of ours said in it."""

from typing import overload

from django.utils.functional import lazy
from django.utils.translation import get_language

from staveworks.kit.text import Language, Text, language_of


def current() -> Language:
    """The language of the request being answered; Chinese outside of one."""
    return language_of(get_language())


@overload
def say(value: Text) -> str: ...
@overload
def say(value: object) -> object: ...
def say(value: object) -> object:
    """A ``Text`` in the reader's language; anything else as it is."""
    return value.in_language(current()) if isinstance(value, Text) else value


def _in_language(text: Text) -> str:
    return text.in_language(current())


said = lazy(_in_language, str)
"""A text for places that want a string once, such as a form field's label; it is said anew for every request."""

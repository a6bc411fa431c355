"""Texts for forms: said in the language of the request, only when they are shown."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Language, Text, language_of


def language_now() -> Language:
    """The language of the request that is being answered."""
    return language_of(get_language())


def say(text: Text) -> str:
    """``text`` in the language of the request."""
    return text.in_language(language_now())


_lazily = lazy(say, str)


def words(zh: str, en: str) -> str:
    """A label or help text of a form field, said in whatever language is active when it is shown."""
    return _lazily(Text(zh=zh, en=en))


def error_words(error: StaveworksError) -> str:
    """What a refusal says, in the language of the request."""
    return say(error.text)

"""The language of the request that is being answered."""

from django.utils.translation import get_language

from staveworks.kit.text import Language, language_of


def language_now() -> Language:
    """Chinese unless the request asks for English."""
    return language_of(get_language())

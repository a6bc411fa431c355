"""Short forms for forms and messages: a label in both languages, and what a refusal says."""

from django import forms

from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.web.language import current, said

__all__ = ["error_words", "put_error", "said", "tell", "words"]


def words(zh: str, en: str) -> str:
    """A label or help text of a form field, said in whatever language is active when it is shown."""
    return said(Text(zh=zh, en=en))


def tell(zh: str, en: str, **values: object) -> str:
    """A message in the language of the request, with its values filled in."""
    return Text(zh=zh, en=en).say(current(), **values)


def error_words(error: StaveworksError) -> str:
    """What a refusal says, in the language of the request."""
    return error.text.in_language(current())


def put_error(form: forms.BaseForm, error: StaveworksError) -> None:
    """Show a use case's refusal at the field it names (``samples`` for ``samples.0``), or above the form."""
    names = (error.field, (error.field or "").partition(".")[0])
    form.add_error(next((name for name in names if name in form.fields), None), error_words(error))

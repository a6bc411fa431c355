"""An answer as a form sends it becomes the value that the engine checks."""

from django.http import QueryDict

from staveworks.cluster.barrel.types import Value
from staveworks.engine.barrel import NOT_APPLICABLE, Leaf

CLEARED = ""


def posted_value(leaf: Leaf, sent: QueryDict) -> Value | None:
    """The value in ``value`` (several for ticks, none of which is an empty list); None takes the answer back.

    What is no number stays text: the engine then refuses it at its field.
    """
    values = sent.getlist("value")
    if NOT_APPLICABLE in values:
        return NOT_APPLICABLE
    if leaf.kind == "multi":
        return [number for each in values if isinstance(number := _number(each), int)]
    text = values[-1].strip() if values else CLEARED
    return None if text == CLEARED else _number(text)


def _number(text: str) -> Value:
    """Whole numbers stay whole; full-width digits, a thousands comma and a trailing percent sign are understood."""
    plain = text.strip().replace(",", "").replace("，", "").rstrip("%％").strip()
    try:
        number = float(plain)
    except ValueError:
        return text if text != NOT_APPLICABLE else "?"
    return int(number) if number.is_integer() else number

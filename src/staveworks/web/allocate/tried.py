"""What-ifs as their forms hold them: what stands in each at first, and what was entered where one was refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from staveworks.kit.errors import StaveworksError
from staveworks.web.language import say
from staveworks.web.middleware import status_of

FIELDS: Mapping[str, tuple[str, ...]] = {
    "pin": ("line", "lot", "step", "work_centre", "bucket", "operation"),
    "close": ("firm", "from"),
    "hours": ("operation", "city", "work_centre", "bucket", "hours"),
    "due": ("line", "due"),
}
WHOLE = frozenset({"lot", "step", "bucket", "from", "due"})
ANEW = "anew"


@dataclass(frozen=True, slots=True)
class Tried:
    """A question that was refused: in which form (its kind, or *anew*), what it held, why, and the field that is to blame."""

    form: str
    change: Mapping[str, Any]
    text: str
    field: str
    status: int

    @classmethod
    def of(cls, form: str, change: Mapping[str, Any], error: StaveworksError) -> "Tried":
        return cls(form, change, say(error.text), getattr(error, "field", None) or "", status_of(error))


def change_in(said: QueryDict) -> dict[str, Any]:
    """One change from the fields of its form; what can't be read is refused by the use case."""
    kind = said.get("kind", "")
    change: dict[str, Any] = {"kind": kind}
    for name in FIELDS.get(kind, ()):
        value = said.get(name, "").strip()
        if value:
            change[name] = int(value) if name in WHOLE and value.isdecimal() and len(value) < 10 else value
    return change


def forms_of(first: Mapping[str, Mapping[str, Any]], tried: Tried | None) -> dict[str, Any]:
    """Form → field → what stands in it, with ``error`` and ``at``, the field, where it was refused. ``first``: at first."""
    forms: dict[str, Any] = {name: dict(first.get(name, {})) for name in (*FIELDS, ANEW)}
    if tried and tried.form in forms:
        forms[tried.form] |= {**tried.change, "error": tried.text, "at": tried.field}
    return forms

"""What-ifs as their forms hold them: what stands in each at first, and what was entered where one was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from staveworks.kit.errors import StaveworksError
from staveworks.mechanisms.dispatch.types.runs import MOST_CHANGES
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


def changes_in(said: QueryDict) -> list[dict[str, Any]]:
    """From the fields of a form; where one stands there several times there are as many changes. What can't be read is refused by the
    use case."""
    kind = said.get("kind", "")
    fields = {name: said.getlist(name) for name in FIELDS.get(kind, ())}
    count = max(1, *map(len, fields.values())) if fields else 1
    return [_change(kind, fields, at) for at in range(min(count, MOST_CHANGES + 1))]


def _change(kind: str, fields: Mapping[str, Sequence[str]], at: int) -> dict[str, Any]:
    change: dict[str, Any] = {"kind": kind}
    for name, values in fields.items():
        value = values[at].strip() if at < len(values) else ""
        if value:
            change[name] = int(value) if name in WHOLE and value.isdecimal() and len(value) < 10 else value
    return change


def forms_of(first: Mapping[str, Mapping[str, Any]], tried: Tried | None) -> dict[str, Any]:
    """Form → field → what stands in it, with ``error`` and ``at``, the field, where it was refused. ``first``: at first."""
    forms: dict[str, Any] = {name: dict(first.get(name, {})) for name in (*FIELDS, ANEW)}
    if tried and tried.form in forms:
        forms[tried.form] |= {**tried.change, "error": tried.text, "at": tried.field}
    return forms

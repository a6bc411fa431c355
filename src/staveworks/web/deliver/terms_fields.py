"""What each way of delivery asks of an offer (its terms) as form fields, and back.

A mechanism describes its terms by a JSON Schema (``terms_form``) of the shape that the terms have: plain values, objects, lists of objects.
Each plain value is a field, an entry of a list a row. ``x-when``: ``{"kind": ["test"]}`` — only while that entry says so.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from staveworks.kit.text import Text
from staveworks.trade.catalogue.types import Document
from staveworks.web.deliver.price_fields import list_of, object_of
from staveworks.web.language import said
from staveworks.web.order.request_forms import field_for, label_of, plain

ROWS, SPARE, MOST = 3, 2, 60
"""Rows of a list to fill in at first; beyond those that are filled; at most, unless there are more already."""
NOTHING: Any = object()
FITS: dict[str, Any] = {"integer": int, "number": int | float, "boolean": bool, "array": list}
"""What a field of a type can show; everything else is text."""
Path = tuple[str, ...]


class TermsFields:
    """One mechanism's part of a form: its fields by their names, how they are shown, and the terms that they say."""

    def __init__(self, code: str, schema: Mapping[str, Any], terms: Mapping[str, Any], data: Any) -> None:
        self.code, self.schema, self.terms, self.data = code, schema, terms, data
        self.filled: dict[Path, list[int]] = {}
        self.fields: dict[str, forms.Field] = {}
        self.initial: dict[str, Any] = {}
        self._switches = {key for shape in self._shapes.values() for key in shape.get("x-when", {})}
        for path, shape, value, needed in self._leaves(schema, terms, ()):
            self._add(path, shape, value, needed)

    def __bool__(self) -> bool:
        return bool(self.fields)

    @property
    def _shapes(self) -> Mapping[str, Any]:
        return object_of(self.schema.get("properties"))

    def name(self, path: Path) -> str:
        """``terms-booking-windows-0-from``."""
        return "-".join(("terms", self.code, *path))

    def rows(self, form: forms.Form) -> Iterator[Any]:
        """Fields one below the other; an object's beside each other, a list's entries in rows under its name."""
        for key, shape in self._shapes.items():
            under = self._under((key,))
            if under == [self.name((key,))]:
                rows: list[list[Any]] = [[form[under[0]]]]
            elif shape.get("type") == "array":
                numbers = range(self._count(shape, self.terms.get(key), (key,)))
                rows = [[form[name] for name in self._under((key, str(n)))] for n in numbers]
            else:
                rows = [[form[name] for name in under]]
            plain_field = len(rows) == 1 and len(rows[0]) == 1
            yield {
                "legend": None if plain_field else label_of(shape, key),
                "help": "" if plain_field or "x-help-zh" not in shape else _help(shape),
                "when": self._when(shape),
                "rows": rows,
            }

    def idle(self, form: forms.Form) -> Iterator[str]:
        """Fields that are not in question, as another entry stands: what stands in them is nobody's mistake."""
        for key, shape in self._shapes.items():
            if not self._asked(shape, form):
                yield from self._under((key,))

    def said(self, form: forms.Form) -> Document | None:
        """The terms that a valid form says. What it doesn't show, and what wasn't touched, stays as it is written."""
        changed = {name for name in form.changed_data if name in self.fields}
        switched = any(self.name((key,)) in changed for key in self._switches)
        found: dict[str, Any] = {}
        for key, value in self.terms.items():
            if key not in self._shapes and not switched:
                found[key] = value
        for key, shape in self._shapes.items():
            original = self.terms.get(key, NOTHING)
            asked = self._asked(shape, form)
            value = self._value(form, shape, original, (key,), changed) if asked else original
            if value is not NOTHING and (asked or not switched):
                found[key] = value
        return found or None

    def field_of(self, path: str) -> str | None:
        """Which field shows ``path`` of the terms: itself, the first one below it, else the next above."""
        parts = self._shown(tuple(part for part in path.split(".") if part))
        for length in range(len(parts), -1, -1):
            under = self._under(parts[:length])
            if under:
                return under[0]
        return None

    def _shown(self, path: Path) -> Path:
        """An entry's number in the terms as the number of the row that says it."""
        for at in range(1, len(path)):
            rows = self.filled.get(path[:at])
            if rows and path[at].isdecimal() and int(path[at]) < len(rows):
                return (*path[:at], str(rows[int(path[at])]), *path[at + 1 :])
        return path

    def _under(self, path: Path) -> list[str]:
        own = self.name(path)
        return [name for name in self.fields if name == own or name.startswith(f"{own}-")]

    def _asked(self, shape: Mapping[str, Any], form: forms.Form) -> bool:
        wanted = object_of(shape.get("x-when"))
        return all(str(form[self.name((key,))].value() or "") in values for key, values in wanted.items())

    def _when(self, shape: Mapping[str, Any]) -> str:
        return " ".join(
            f"{self.name((key,))}={'|'.join(values)}"
            for key, values in object_of(shape.get("x-when")).items()
        )

    def _leaves(
        self, shape: Mapping[str, Any], value: Any, path: Path, *, needed: bool = False
    ) -> Iterator[tuple[Path, Mapping[str, Any], Any, bool]]:
        kind = shape.get("type", "string")
        if kind == "object":
            for key, each in object_of(shape.get("properties")).items():
                must = key in shape.get("required", ())
                yield from self._leaves(each, object_of(value).get(key), (*path, key), needed=must)
        elif kind == "array" and shape["items"].get("type") == "object":
            entries = list_of(value)
            for n in range(self._count(shape, value, path)):
                entry = entries[n] if n < len(entries) else None
                yield from self._leaves(shape["items"], entry, (*path, str(n)))
        else:
            yield path, shape, value, needed

    def _count(self, shape: Mapping[str, Any], value: Any, path: Path) -> int:
        """As many rows as there are entries and some to spare; of what was sent as many as were shown."""
        entries = len(list_of(value))
        most = int(shape.get("maxItems", MOST))
        rows = max(entries, min(max(ROWS, entries + SPARE), most))
        if self.data is not None:
            own = f"{self.name(path)}-"
            sent = [name.removeprefix(own).partition("-")[0] for name in self.data if name.startswith(own)]
            numbers = [int(each) for each in sent if each.isdecimal() and len(each) < 4]
            rows = max([rows, *(number + 1 for number in numbers if number < MOST)])
        return rows

    def _add(self, path: Path, shape: Mapping[str, Any], value: Any, needed: bool) -> None:
        shown = value if isinstance(value, FITS.get(shape.get("type", "string"), str)) else None
        if "enum" in shape and isinstance(shown, str) and shown and shown not in shape["enum"]:
            shape = {**shape, "enum": [*shape["enum"], shown]}
        field = field_for(path[-1], shape, needed=False)
        field.needed = needed  # type: ignore[attr-defined]
        row = next((part for part in path if part.isdecimal()), None)
        if row is not None:
            label = label_of(shape, path[-1])
            field.label = said(Text(zh=f"{label.zh} {int(row) + 1}", en=f"{label.en} {int(row) + 1}"))
        self.fields[self.name(path)] = field
        self.initial[self.name(path)] = shape.get("default", "") if shown is None else shown

    def _value(
        self, form: forms.Form, shape: Mapping[str, Any], original: Any, path: Path, changed: set[str]
    ) -> Any:
        if shape.get("type") == "array" and shape["items"].get("type") == "object":
            return self._entries(form, shape, original, path, changed)
        if not changed.intersection(self._under(path)):
            return original
        if shape.get("type") == "object":
            return self._object(form, shape, original, path, changed)
        value = plain(form.cleaned_data.get(self.name(path)))
        return NOTHING if value in (None, "", []) else value

    def _object(
        self, form: forms.Form, shape: Mapping[str, Any], original: Any, path: Path, changed: set[str]
    ) -> Any:
        before, shapes = object_of(original), object_of(shape.get("properties"))
        values = {
            key: self._value(form, each, before.get(key, NOTHING), (*path, key), changed)
            for key, each in shapes.items()
        }
        found = {key: value for key, value in values.items() if value is not NOTHING}
        if not found:
            return NOTHING
        return {key: value for key, value in before.items() if key not in shapes} | found

    def _entries(
        self, form: forms.Form, shape: Mapping[str, Any], original: Any, path: Path, changed: set[str]
    ) -> Any:
        entries, found, rows = list_of(original), [], []
        for n in range(self._count(shape, original, path)):
            before = entries[n] if n < len(entries) else NOTHING
            value = self._value(form, shape["items"], before, (*path, str(n)), changed)
            if value is not NOTHING:
                found.append(value)
                rows.append(n)
        self.filled[path] = rows
        if not changed.intersection(self._under(path)):
            return original
        return found or NOTHING


def _help(shape: Mapping[str, Any]) -> str:
    return said(Text(zh=shape["x-help-zh"], en=shape["x-help-en"]))

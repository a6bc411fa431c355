"""A to-do in words: its kind's sentences with the names and figures of today."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from staveworks.foundation.notices.kinds import KINDS, TodoKind
from staveworks.foundation.notices.models import Todo
from staveworks.kit.text import Language, Text

Names = Mapping[UUID, Text]
NAMED = ("firm", "who")
"""The values that are ids of organisations or people."""


@dataclass(frozen=True, slots=True)
class Words:
    """What, why, and what the button says."""

    what: Text
    why: Text
    button: Text


class _Values(dict[str, object]):
    """A value that an older to-do lacks is a dash, not an error."""

    def __missing__(self, key: str) -> str:
        return "–"


def names_in(todo: Todo) -> Iterator[UUID]:
    """Everybody whose name its words need."""
    yield from (id_ for id_ in (todo.org_id, todo.holder_id, todo.done_by_id) if id_)
    for key in NAMED:
        if id_ := _id(todo.params.get(key)):
            yield id_


def worded(todo: Todo, names: Names) -> Words:
    """Its sentences in both languages."""
    kind = KINDS[todo.kind]
    return Words(*(_filled(text, todo, names) for text in (kind.what, kind.why, kind.button)))


def _filled(text: Text, todo: Todo, names: Names) -> Text:
    return Text(zh=_said(text, "zh", todo, names), en=_said(text, "en", todo, names))


def _said(text: Text, language: Language, todo: Todo, names: Names) -> str:
    values = _Values(todo.params)
    for key in NAMED:
        if id_ := _id(todo.params.get(key)):
            values[key] = names[id_].in_language(language) if id_ in names else f"…{str(id_)[-4:]}"
    return text.form(language, values.get("n")).format_map(values)


def address_of(kind: TodoKind, todo: Todo) -> str:
    """Where its one next action is: an address of ours without a host."""
    return kind.url.format_map(_Values({**todo.params, "id": todo.id, "subject": todo.subject_id}))


def _id(value: object) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None

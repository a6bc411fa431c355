"""A person's data as a machine reads them: JSON with every moment in UTC, every id as text."""

import json
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from staveworks.foundation.personal.types import PersonalData, Section
from staveworks.kit.text import Text


def as_values(held: PersonalData) -> dict[str, Any]:
    """Plain values, ready for JSON."""
    return {
        "person": str(held.person_id),
        "at": _plain(held.at),
        "organisations": {str(id_): _words(name) for id_, name in held.organisations.items()},
        "sections": [_section(section) for section in held.sections],
    }


def as_json(held: PersonalData) -> str:
    return json.dumps(as_values(held), ensure_ascii=False, indent=2)


def _section(section: Section) -> dict[str, Any]:
    return {
        "code": section.code,
        "title": _words(section.title),
        "total": section.total,
        "kept_after_deletion": _words(section.kept) if section.kept else None,
        "rows": [{column: _plain(row[column]) for column in section.columns} for row in section.rows],
    }


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value

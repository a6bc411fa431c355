"""The topics and templates as they ship: ``data/messages/*.yaml``, one file a room, each text in both languages.

A cluster replaces a file by one of the same name in ``STAVEWORKS_DATA``; an operator edits single wordings on a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from staveworks.foundation.notices.messages.types import Form, Moment, Param, TemplateUnknown
from staveworks.foundation.notices.messages.wording import placeholders
from staveworks.kit.data import data_files
from staveworks.kit.text import Text

ALWAYS = ("recipient", "organisation")
"""Placeholders that every template has: who reads it, and the organisation it is about."""
FRAMES = ("frame.bundle", "frame.digest")
"""How several messages go out as one; never sent by themselves."""

type EmailRule = Literal["now", "digest", "off"]
type SmsRule = Literal["now", "fallback", "off"]


@dataclass(frozen=True, slots=True)
class Topic:
    """What a person chooses channels for. ``locked``: nobody can turn it off. ``bundle_s``: how long to wait for more of a kind."""

    code: str
    name: Text
    description: Text
    email: EmailRule
    sms: SmsRule
    locked: bool = False
    bundle_s: int = 0


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and body of one form, with placeholders. SMS has no subject."""

    subject: Text
    body: Text


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message: its placeholders with an example each, its wording by form, the words on its link."""

    code: str
    topic: str
    name: Text
    sample: Mapping[str, Param]
    wordings: Mapping[Form, Wording]
    action: Text

    @property
    def params(self) -> tuple[str, ...]:
        return tuple(self.sample)

    @property
    def allowed(self) -> frozenset[str]:
        """Every placeholder that a wording of this template may use."""
        return frozenset({*self.sample, *ALWAYS})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All topics and templates by code."""

    topics: Mapping[str, Topic]
    templates: Mapping[str, Template]

    def template(self, code: str) -> Template:
        """Raises ``TemplateUnknown``."""
        found = self.templates.get(code)
        if found is None:
            raise TemplateUnknown
        return found

    def topic_of(self, code: str) -> Topic:
        """The topic of a template. Raises ``TemplateUnknown``."""
        return self.topics[self.template(code).topic]


def catalogue() -> Catalogue:
    """As the files stand now; each is read once for every state of it."""
    return _read(tuple((path, path.stat().st_mtime_ns) for path in data_files("messages", "*.yaml")))


@cache
def _read(files: tuple[tuple[Path, int], ...]) -> Catalogue:
    topics: dict[str, Topic] = {}
    templates: dict[str, Template] = {}
    for path, _ in files:
        held: dict[str, Any] = yaml.safe_load(path.read_text("utf-8")) or {}
        topics |= {entry["code"]: _topic(entry) for entry in held.get("topics", [])}
        templates |= {entry["code"]: _template(entry) for entry in held.get("templates", [])}
    for template in templates.values():
        if template.topic not in topics:
            raise ValueError(f"message template {template.code}: no topic {template.topic}")
    return Catalogue(topics, templates)


def _topic(entry: Mapping[str, Any]) -> Topic:
    return Topic(
        code=entry["code"],
        name=Text(**entry["name"]),
        description=Text(**entry["description"]),
        email=_rule(entry, "email", ("now", "digest", "off")),
        sms=_rule(entry, "sms", ("now", "fallback", "off")),
        locked=bool(entry.get("locked")),
        bundle_s=int(entry.get("bundle_s", 0)),
    )


def _rule(entry: Mapping[str, Any], name: str, known: tuple[str, ...]) -> Any:
    # YAML reads a bare `off` as false.
    value = "off" if entry[name] is False else entry[name]
    if value not in known:
        raise ValueError(f"topic {entry['code']}: {name} is one of {known}")
    return value


def _template(entry: Mapping[str, Any]) -> Template:
    code = entry["code"]
    sample = {name: _value(value) for name, value in (entry.get("sample") or {}).items()}
    usual = Wording(Text(**entry["subject"]), Text(**entry["body"]))
    wordings = dict.fromkeys(Form, usual)
    wordings[Form.SMS] = Wording(Text(zh="", en=""), Text(**entry.get("sms", entry["subject"])))
    for form in (Form.EMAIL, Form.ROBOT, Form.APP):
        if own := entry.get(form.value):
            wordings[form] = Wording(Text(**own.get("subject", entry["subject"])), Text(**own["body"]))
    made = Template(
        code, entry["topic"], Text(**entry["name"]), sample, wordings, Text(**entry.get("action", _OPEN))
    )
    for wording in wordings.values():
        for text in (wording.subject, wording.body):
            strange = placeholders(text.zh + text.en) - made.allowed
            if strange:
                raise ValueError(f"message template {code}: no sample for {sorted(strange)}")
    return made


_OPEN = {"zh": "打开", "en": "Open"}


def _value(value: Any) -> Param:
    if isinstance(value, dict):
        return Text(**value)
    if isinstance(value, datetime):
        return Moment(value)
    if isinstance(value, (date, int, str)):
        return value
    raise ValueError(f"not a sample: {value!r}")

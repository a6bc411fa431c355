"""Messages in words: the operator's wording or the shipped one, in the recipient's language and zone, several as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from staveworks.db.transaction import acting
from staveworks.foundation.notices.messages.catalogue import Template, Wording, catalogue
from staveworks.foundation.notices.messages.types import Form, Param, TemplateUnknown
from staveworks.foundation.notices.messages.wording import fill, unpack
from staveworks.foundation.notices.models import Message, TemplateVersion
from staveworks.foundation.notices.sealing import unseal
from staveworks.kit.text import Language, Text

GONE = Text(zh="内容已过保存期", en="The content is no longer kept")


@dataclass(frozen=True, slots=True)
class Said:
    """One message in words; ``path`` is the link as it was given, ``link`` the same with host."""

    subject: str
    body: str
    action: str
    path: str

    @property
    def link(self) -> str:
        return absolute(self.path) if self.path else ""


@dataclass(frozen=True, slots=True)
class Reader:
    """In whose language and zone, under which names."""

    language: Language
    zone: str
    name: str
    organisation: Text

    @property
    def names(self) -> dict[str, Param]:
        return {"recipient": self.name or self.organisation, "organisation": self.organisation}


class Wordings:
    """The wordings that an operator uses now; read once for each template and form."""

    def __init__(self, operator: UUID) -> None:
        self.operator = operator
        self._held: dict[tuple[str, Form], Wording] = {}

    def of(self, template: Template, form: Form) -> Wording:
        key = (template.code, form)
        if key not in self._held:
            with acting(org=self.operator):
                last = (
                    TemplateVersion.objects.filter(org_id=self.operator, template=template.code, form=form)
                    .order_by("-number")
                    .first()
                )
            self._held[key] = wording_of(last.texts) if last and last.texts else template.wordings[form]
        return self._held[key]


def wording_of(texts: Mapping[str, Mapping[str, str]]) -> Wording:
    return Wording(Text(**texts["subject"]), Text(**texts["body"]))


def say(message: Message, wording: Wording, template: Template, reader: Reader) -> Said:
    """One message in words."""
    values = unpack(message.params) | reader.names
    return Said(
        subject=fill(wording.subject.in_language(reader.language), values, reader.language, reader.zone),
        body=fill(wording.body.in_language(reader.language), values, reader.language, reader.zone),
        action=template.action.in_language(reader.language),
        path=unseal(message.link),
    )


def say_batch(
    messages: Sequence[Message], form: Form, wordings: Wordings, reader: Reader, frame: str
) -> Said:
    """One message, or several in the frame ``frame`` (``frame.bundle``, ``frame.digest``). Raises ``TemplateUnknown``."""
    held = catalogue()
    said = []
    for message in messages:
        template = held.template(message.template)
        said.append(say(message, wordings.of(template, form), template, reader))
    if len(said) == 1:
        return said[0]
    template = held.template(frame)
    values: dict[str, Param] = {
        **reader.names,
        "n": len(said),
        "first": said[0].subject or said[0].body,
        "items": "\n".join(_line(number, one, form) for number, one in enumerate(said, 1)),
    }
    wording = wordings.of(template, form)
    return Said(
        subject=fill(wording.subject.in_language(reader.language), values, reader.language, reader.zone),
        body=fill(wording.body.in_language(reader.language), values, reader.language, reader.zone),
        action=template.action.in_language(reader.language),
        path="/messages/",
    )


def _line(number: int, one: Said, form: Form) -> str:
    head = f"{number}. {one.subject or one.body}"
    return f"{head}\n   {one.link}" if one.link and form is Form.EMAIL else head


def absolute(link: str) -> str:
    """An address with host: paths of ours are put under the installation's public address."""
    return f"{settings.PUBLIC_URL}{link}" if link.startswith("/") else link


__all__ = [
    "GONE",
    "Reader",
    "Said",
    "TemplateUnknown",
    "Wordings",
    "absolute",
    "say",
    "say_batch",
    "wording_of",
]

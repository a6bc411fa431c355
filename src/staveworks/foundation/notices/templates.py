"""The templates as an operator sees them: which wordings are hers, and how one looks with the example's values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from staveworks.db.transaction import query
from staveworks.foundation.notices.messages.catalogue import FRAMES, Template, Topic, Wording, catalogue
from staveworks.foundation.notices.messages.types import Form, Param, PlaceholderUnknown, WordingMissing
from staveworks.foundation.notices.messages.wording import fill, placeholders, stray_braces
from staveworks.foundation.notices.models import TemplateVersion
from staveworks.foundation.notices.recipients import USUAL_ZONE
from staveworks.foundation.notices.rendering import Wordings, wording_of
from staveworks.foundation.parties.queries import card, names_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Language, Text

LONGEST_SUBJECT, LONGEST_BODY = 200, 4000


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """One template in the list; ``edited``: the forms that the operator words herself."""

    code: str
    name: Text
    topic: Topic
    edited: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of the operator's; ``reset``: from then on the shipped one held again."""

    number: int
    at: datetime
    by: str
    reset: bool


@dataclass(frozen=True, slots=True)
class TemplateWording:
    """One form of a template: what holds now, what ships, the placeholders with their examples, who changed it when."""

    template: Template
    form: Form
    now: Wording
    shipped: Wording
    number: int | None
    history: tuple[Version, ...]

    @property
    def edited(self) -> bool:
        return self.number is not None


@dataclass(frozen=True, slots=True)
class Preview:
    """A wording with the example's values, in one language."""

    subject: str
    body: str
    action: str


@query
def list_templates(actor: Actor) -> list[TemplateCard]:
    """All templates by topic. Raises ``RightMissing``."""
    actor.require("message.read")
    held, edited = catalogue(), _edited(actor)
    return [
        TemplateCard(t.code, t.name, held.topics[t.topic], tuple(f for f in Form if (t.code, f) in edited))
        for t in sorted(
            held.templates.values(),
            key=lambda t: (t.code in FRAMES, list(held.topics).index(t.topic), t.code),
        )
    ]


def _edited(actor: Actor) -> set[tuple[str, str]]:
    newest = TemplateVersion.objects.filter(org_id=actor.org).order_by("template", "form", "-number")
    return {(one.template, one.form) for one in newest.distinct("template", "form") if one.texts}


def wording_filled(
    actor: Actor, code: str, form: Form, params: Mapping[str, Param], language: Language
) -> Preview:
    """A message as the organisation would send it now, in its own wording where it has one. Raises ``TemplateUnknown``."""
    template = catalogue().template(code)
    wording = Wordings(actor.org).of(template, form)
    values = {"recipient": "", "organisation": card(actor).title, **params}
    return Preview(
        fill(wording.subject.in_language(language), values, language, USUAL_ZONE),
        fill(wording.body.in_language(language), values, language, USUAL_ZONE),
        template.action.in_language(language),
    )


@query
def access_wording(actor: Actor, code: str, form: Form) -> TemplateWording:
    """One form of a template. Raises ``RightMissing``, ``TemplateUnknown``."""
    actor.require("message.read")
    template = catalogue().template(code)
    kept = list(
        TemplateVersion.objects.filter(org_id=actor.org, template=code, form=form).order_by("-number")[:20]
    )
    last = kept[0] if kept and kept[0].texts else None
    names = names_of(one.made_by_id for one in kept)
    return TemplateWording(
        template,
        form,
        wording_of(last.texts) if last and last.texts else template.wordings[form],
        template.wordings[form],
        last.number if last else None,
        tuple(Version(v.number, v.made_at, _name(v.made_by_id, names), v.texts is None) for v in kept),
    )


def _name(person: UUID | None, names: dict[UUID, str]) -> str:
    return names.get(person, "") if person else ""


def checked_wording(code: str, form: Form, subject: Text, body: Text) -> Wording:
    """The wording as it may be kept. Raises ``TemplateUnknown``, ``WordingMissing``, ``PlaceholderUnknown``."""
    template = catalogue().template(code)
    parts = {"body": body} if form is Form.SMS else {"subject": subject, "body": body}
    for name, text in parts.items():
        for language in ("zh", "en"):
            wording = (text.zh if language == "zh" else text.en).strip()
            if not wording or len(wording) > (LONGEST_SUBJECT if name == "subject" else LONGEST_BODY):
                raise WordingMissing(field=f"{name}_{language}")
            _check_placeholders(wording, template.allowed, f"{name}_{language}")
    empty = Text(zh="", en="")
    return Wording(empty if form is Form.SMS else _plain(subject), _plain(body))


def _plain(text: Text) -> Text:
    return Text(zh=text.zh.strip().replace("\r\n", "\n"), en=text.en.strip().replace("\r\n", "\n"))


def _check_placeholders(wording: str, allowed: Iterable[str], field: str) -> None:
    strange = placeholders(wording) - set(allowed)
    if strange:
        name = sorted(strange)[0]
        raise PlaceholderUnknown(
            Text(
                zh="没有 {{{name}}} 这个占位符。可用的：{known}。",
                en="There is no {{{name}}}. Known: {known}.",
            ).format(name=name, known=" ".join(f"{{{one}}}" for one in sorted(allowed))),
            field=field,
        )
    if stray_braces(wording):
        raise PlaceholderUnknown(
            Text(zh="大括号只能用来写占位符。", en="Braces are for placeholders only."), field=field
        )


@query
def preview(actor: Actor, code: str, form: Form, wording: Wording, language: Language) -> Preview:
    """``wording`` with the example's values. Raises ``TemplateUnknown``."""
    template = catalogue().template(code)
    title = card(actor).title
    values = {**template.sample, "organisation": title, "recipient": Text(zh="林春晖", en="Lin Chunhui")}
    return Preview(
        fill(wording.subject.in_language(language), values, language, USUAL_ZONE),
        fill(wording.body.in_language(language), values, language, USUAL_ZONE),
        template.action.in_language(language),
    )

"""An operator words a template herself, or goes back to the shipped wording. Every version is kept."""

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.types import Form
from staveworks.foundation.notices.models import TemplateVersion
from staveworks.foundation.notices.templates import checked_wording
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text

Texts = dict[str, dict[str, str]]


@use_case
def word_template(actor: Actor, *, code: str, form: Form, subject: Text, body: Text) -> int:
    """The number of the new version. Raises ``RightMissing``, ``TemplateUnknown``, ``WordingMissing``, ``PlaceholderUnknown``."""
    actor.require("message.manage")
    wording = checked_wording(code, form, subject, body)
    texts = {
        name: {"zh": text.zh, "en": text.en}
        for name, text in (("subject", wording.subject), ("body", wording.body))
    }
    return _add(actor, code, form, texts)


@use_case
def reset_template(actor: Actor, *, code: str, form: Form) -> int:
    """The shipped wording holds again. Raises ``RightMissing``, ``TemplateUnknown``."""
    actor.require("message.manage")
    return _add(actor, catalogue().template(code).code, form, None)


def _add(actor: Actor, code: str, form: Form, texts: Texts | None) -> int:
    held = TemplateVersion.objects.filter(org_id=actor.org, template=code, form=form)
    number = (held.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    made = TemplateVersion.objects.create(
        id=new_id(),
        org_id=actor.org,
        template=code,
        form=form,
        number=number,
        texts=texts,
        made_by_id=actor.person_id,
    )
    append_event(
        actor,
        "template.worded" if texts else "template.reset",
        subject=made.id,
        template=code,
        form=form.value,
        number=number,
    )
    return number

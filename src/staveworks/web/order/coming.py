"""Who comes, as a choice: the firm's own people with a training certificate, and what to do where there is nobody."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.booking.mechanism import resource_of
from staveworks.mechanisms.booking.queries import list_certificates
from staveworks.mechanisms.booking.training import COMES, said_nobody
from staveworks.mechanisms.booking.types import Resource, Training, TrainingCertificate
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.pricing import as_reader


def with_people(actor: Actor, version: OfferVersion, form: Mapping[str, Any]) -> Mapping[str, Any]:
    """The offer's form with the people in it. Whether one is good on the day of the booking the mechanism says."""
    if COMES not in form.get("properties", {}):
        return form
    resource = resource_of(version)
    if resource is None or resource.training is None:
        return form
    found = list_certificates(as_reader(actor), resource_id=resource.id)
    shape = form["properties"][COMES] | _choice(resource, found)
    return {
        **form,
        "properties": {**form["properties"], COMES: shape},
        "required": [*form["required"], COMES],
    }


def training_of(version: OfferVersion) -> Training | None:
    """What an offer's resource asks of whoever comes; None: nothing."""
    resource = resource_of(version)
    return resource.training if resource else None


def _choice(resource: Resource, found: list[TrainingCertificate]) -> dict[str, Any]:
    today = timezone.localdate()
    open_ = [each for each in found if each.contact and each.ended_on is None and each.valid_until >= today]
    choice: dict[str, Any] = {
        "enum": [*([] if len(open_) == 1 else [""]), *(str(each.id) for each in open_)],
        "x-names": {"": {"zh": "–", "en": "–"}} | {str(each.id): _named(each) for each in found},
    }
    if not open_:
        said = said_nobody(resource)
        choice |= {"x-help-zh": said.zh, "x-help-en": said.en}
    return choice


def _named(each: TrainingCertificate) -> dict[str, str]:
    """Whose certificate, and until when; why it ended."""
    last = each.ended_on or each.valid_until
    why = f"（{each.ended_reason}）" if each.ended_on else ""
    why_en = f" ({each.ended_reason})" if each.ended_on else ""
    zh, en = ("终止于", "ended") if each.ended_on else ("有效到", "until")
    return {
        "zh": f"{each.name or '（已删除）'}，{zh} {last}{why}",
        "en": f"{each.name or '(deleted)'}, {en} {last}{why_en}",
    }

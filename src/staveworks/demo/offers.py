"""What can be ordered in the demo: the offers of `offers.yaml`, drafted and published by their providers."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils import timezone

from staveworks.demo.resources import make_resource, make_stock
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.trade.catalogue.types import Document, OfferVersion
from staveworks.trade.catalogue.usecases.draft_offer import draft_offer
from staveworks.trade.catalogue.usecases.publish_offer import publish_offer

ANYWHERE = "anywhere"
TERMS: Mapping[str, Callable[[Actor, dict[str, Any]], Document | None]] = {
    "booking": make_resource,
    "task": make_stock,
}
"""Way of delivery → what its terms say of an offer, after making whatever they name."""


@cache
def services() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "offers.yaml").read_text("utf-8"))
    return content


def publish_services() -> list[OfferVersion]:
    """The offers of all providers that the demo has and of all ways of delivery that are installed."""
    said = services()
    keys = {entry["name"]: entry["key"] for entry in said["providers"]}
    found = Organisation.objects.filter(demo=True, name__in=keys).values_list("name", "id", "city_id")
    providers = {keys[name]: (operator_service_for(org_id), city) for name, org_id, city in found}
    return [
        _publish(said, entry, *providers[entry["by"]])
        for entry in said["offers"]
        if entry["by"] in providers and entry["how"] in settings.MECHANISMS
    ]


def _publish(said: dict[str, Any], entry: dict[str, Any], actor: Actor, city: str | None) -> OfferVersion:
    terms = TERMS[entry["how"]](actor, entry) if entry["how"] in TERMS else entry.get("terms")
    content = document_of_entry(said, entry, city) | {"terms": terms}
    return publish_offer(actor, offer_id=draft_offer(actor, content=content))


def document_of_entry(said: dict[str, Any], entry: dict[str, Any], city: str | None) -> Document:
    """An offer's content: what the file says, and the defaults of its way of delivery."""
    certificates = [said["certificates"][code] for code in entry.get("certificates", ())]
    return {
        **said["defaults"][entry["how"]],
        **{key: entry[key] for key in ("title", "text", "delivers", "planks", "effects", "price")},
        **({"effects_from": entry["effects_from"]} if "effects_from" in entry else {}),
        "mechanism": entry["how"],
        "city": None if entry.get("city") == ANYWHERE else city,
        "lead_time_days": entry["lead"],
        "tax": entry.get("tax", "services"),
        "groups": entry.get("groups"),
        "programmes": entry.get("programmes", []),
        "certificates": [_certificate(each) for each in certificates],
    }


def _certificate(said: dict[str, Any]) -> Document:
    days = said["days"]
    until = timezone.localdate() + timedelta(days=days) if days is not None else None
    return {
        "name": said["name"],
        "number": said["number"],
        "valid_until": until.isoformat() if until else None,
    }

"""What a provider or a mail server says afterwards: arrived, came back, complained."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.transaction import acting
from staveworks.foundation.notices.due import operator_of_delivery
from staveworks.foundation.notices.gateways import open_secrets
from staveworks.foundation.notices.messages.bounces import read_bounces
from staveworks.foundation.notices.messages.types import (
    Channel,
    DeliveryState,
    GatewayNotFound,
    SignatureWrong,
)
from staveworks.foundation.notices.models import Delivery, Gateway
from staveworks.foundation.notices.outcomes import suppress

FRESH_S = 300
MOST = 1000
STATES = {
    "delivered": DeliveryState.DELIVERED,
    "bounced": DeliveryState.BOUNCED,
    "failed": DeliveryState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One statement about one message: ``id`` is our token, or the provider's name for it."""

    id: str
    kind: str
    detail: str = ""


def hear_provider(*, gateway_id: UUID, signature: str, body: bytes) -> int:
    """Write down what a provider's signed call says; how many deliveries it changed.

    The signature is ``t=<seconds>,v1=<hex HMAC-SHA256 of "seconds.body">`` with the gateway's callback secret, not older than five
    minutes. The body is ``{"events": [{"id", "state", "detail"}]}``. Raises ``GatewayNotFound``, ``SignatureWrong``.
    """
    gateway = _gateway(gateway_id)
    _check(open_secrets(gateway).get("callback", ""), signature, body)
    return sum(_note(gateway.org_id, Channel(gateway.channel), one) for one in _heard(body))


def _gateway(gateway_id: UUID) -> Gateway:
    """By its id alone, which the address holds: the caller names no organisation."""
    with acting(token=str(gateway_id)):
        found = Gateway.objects.filter(id=gateway_id).first()
    if found is None:
        raise GatewayNotFound
    return found


def _check(secret: str, signature: str, body: bytes) -> None:
    parts = dict(part.strip().partition("=")[::2] for part in signature.split(","))
    moment = parts.get("t", "")
    if not secret or not moment.isdigit() or abs(time.time() - int(moment)) > FRESH_S:
        raise SignatureWrong
    expected = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, parts.get("v1", "")):
        raise SignatureWrong


def _heard(body: bytes) -> list[Heard]:
    try:
        events: Any = json.loads(body)["events"]
        return [Heard(str(e["id"]), str(e["state"]), str(e.get("detail", ""))) for e in events[:MOST]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def hear_mail(raw: bytes) -> int:
    """Read a mail that came to the bounce address; how many deliveries it changed. A delay changes nothing."""
    changed = 0
    for bounce in read_bounces(raw):
        operator = operator_of_delivery(bounce.token) if bounce.action == "failed" else None
        if operator:
            kind = "bounced" if bounce.address_is_gone else "failed"
            changed += _note(operator, Channel.EMAIL, Heard(str(bounce.token), kind, bounce.status))
    return changed


def _note(org: UUID, channel: Channel, heard: Heard) -> int:
    """Write it down as ``org``, the operator or carrier of what was sent; another's delivery isn't found."""
    if heard.kind not in (*STATES, "complained"):
        return 0
    with acting(org=org):
        named = Q(provider_id=heard.id) & ~Q(provider_id="")
        token = _uuid(heard.id)
        found = Delivery.objects.filter(named | Q(id=token) if token else named, channel=channel)
        first = found.exclude(batch=None).first()
        if first is None:
            return 0
        rows = list(Delivery.objects.select_for_update().filter(batch=first.batch).order_by("id"))
        if first.address and heard.kind in ("bounced", "complained"):
            where = (first.address_digest, first.address, channel, first.operator_id)
            suppress(*where, heard.detail, reason=heard.kind)
        if heard.kind == "complained":
            return len(rows)
        sent = Delivery.objects.filter(batch=first.batch, state=DeliveryState.SENT)
        return sent.update(state=STATES[heard.kind], error=heard.detail[:400], changed_at=Now())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

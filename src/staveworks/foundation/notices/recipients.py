"""Who is reached how: of persons their addresses and preferences, of bare addresses the channel they name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any
from uuid import UUID

from staveworks.foundation.notices.messages.catalogue import EmailRule, SmsRule, Topic
from staveworks.foundation.notices.messages.domain import Hours
from staveworks.foundation.notices.messages.types import AddressUnusable, Channel
from staveworks.foundation.notices.models import Preference
from staveworks.foundation.parties.domain import contact_of
from staveworks.foundation.parties.models import Organisation, Person
from staveworks.foundation.parties.types import ContactInvalid, EmailInvalid, PhoneInvalid
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.text import Language

USUAL_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where somebody can be reached, and how she wants it; ``person_id`` is None for a bare address."""

    person_id: UUID | None
    name: str
    email: str
    phone: str
    language: Language
    hours: Hours
    choices: Mapping[str, Mapping[str, str]]

    def email_rule(self, topic: Topic) -> EmailRule:
        """When an e-mail leaves; a locked topic can't be turned off."""
        chosen: Any = self.choices.get(topic.code, {}).get("email", topic.email)
        return topic.email if topic.locked and chosen == "off" else chosen

    def sms_rule(self, topic: Topic) -> SmsRule:
        chosen: Any = self.choices.get(topic.code, {}).get("sms", topic.sms)
        return topic.sms if topic.locked and chosen == "off" else chosen


def usual_hours(zone: str) -> Hours:
    """What the rule ``notices.quiet`` says for whoever hasn't chosen her own; from and to the same mean no quiet hours."""
    value = rule_in_force("notices.quiet").value
    quiet_from, quiet_to, digest_at = (
        time.fromisoformat(value[entry]) for entry in ("quiet_from", "quiet_to", "digest_at")
    )
    return Hours(zone, quiet_from, quiet_to, digest_at)


def recipients_of(ids: Iterable[UUID], usual: Hours) -> dict[UUID, Recipient]:
    """The persons with ``ids`` who can be written to; ``usual`` holds for whoever hasn't chosen her own."""
    wanted = set(ids)
    kept = Preference.objects.in_bulk(wanted)
    people = Person.objects.filter(id__in=wanted, is_active=True, service=False)
    return {person.id: _recipient(person, kept.get(person.id), usual) for person in people}


def _recipient(person: Person, kept: Preference | None, usual: Hours) -> Recipient:
    reached = (person.id, person.name, person.email or "", person.phone or "")
    if kept is None:
        return Recipient(*reached, "zh", usual, {})
    return Recipient(*reached, "en" if kept.language == "en" else "zh", hours_of(kept, usual), kept.choices)


def hours_of(kept: Preference, usual: Hours) -> Hours:
    """Her own hours, or the ``usual`` ones; either way in her zone if she named one."""
    zone = kept.zone or usual.zone
    if not kept.own_hours:
        return replace(usual, zone=zone)
    return Hours(zone, kept.quiet_from, kept.quiet_to, kept.digest_at)


def bare_recipient(address: str, language: Language, usual: Hours) -> Recipient:
    """Somebody known by nothing but an address. Raises ``AddressUnusable``."""
    try:
        contact = contact_of(address)
    except (ContactInvalid, EmailInvalid, PhoneInvalid):
        raise AddressUnusable(field="to") from None
    return Recipient(None, "", contact.email or "", contact.phone or "", language, usual, {})


def zone_of(org_id: UUID) -> str:
    """The time zone of the organisation's city."""
    found = Organisation.objects.filter(id=org_id).values_list("city__zone", flat=True).first()
    return found or USUAL_ZONE


def channels_for(recipient: Recipient, topic: Topic) -> list[tuple[Channel, str, bool]]:
    """(channel, address, whether in the digest) for one message of ``topic``: the app, then e-mail and SMS by her choice."""
    if recipient.person_id is None:
        return [
            (Channel.EMAIL, recipient.email, False)
            if recipient.email
            else (Channel.SMS, recipient.phone, False)
        ]
    found = [(Channel.APP, "", False)]
    rule = recipient.email_rule(topic) if recipient.email else "off"
    if rule != "off":
        found.append((Channel.EMAIL, recipient.email, rule == "digest"))
    texting = recipient.sms_rule(topic) if recipient.phone else "off"
    if texting == "now" or (texting == "fallback" and not recipient.email):
        found.append((Channel.SMS, recipient.phone, False))
    return found

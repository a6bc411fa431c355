"""How a person wants to be reached: her choices, with what holds where she hasn't chosen."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from staveworks.foundation.notices.messages.catalogue import EmailRule, SmsRule, Topic, catalogue
from staveworks.foundation.notices.models import Preference
from staveworks.foundation.notices.recipients import USUAL_ZONE, Recipient, hours_of, usual_hours
from staveworks.foundation.parties.models import Person
from staveworks.kit.text import Language


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """What holds for one topic."""

    topic: Topic
    email: EmailRule
    sms: SmsRule


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's page of choices; ``zone`` blank: that of her organisation's city."""

    language: Language
    zone: str
    quiet_from: time
    quiet_to: time
    digest_at: time
    topics: tuple[TopicChoice, ...]
    email: str
    phone: str


def preferences_of(person_id: UUID) -> Preferences:
    """Her choices, or what holds without any."""
    person = Person.objects.get(id=person_id)
    kept = Preference.objects.filter(person_id=person_id).first()
    choices = kept.choices if kept else {}
    language: Language = "en" if kept and kept.language == "en" else "zh"
    usual = usual_hours(USUAL_ZONE)
    hours = hours_of(kept, usual) if kept else usual
    as_recipient = Recipient(person_id, person.name, "", "", language, usual, choices)
    return Preferences(
        language=language,
        zone=kept.zone if kept else "",
        quiet_from=hours.quiet_from,
        quiet_to=hours.quiet_to,
        digest_at=hours.digest_at,
        topics=tuple(
            TopicChoice(topic, as_recipient.email_rule(topic), as_recipient.sms_rule(topic))
            for topic in catalogue().topics.values()
        ),
        email=person.email or "",
        phone=person.phone or "",
    )

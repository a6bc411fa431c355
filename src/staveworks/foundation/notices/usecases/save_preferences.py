"""A person chooses how she is reached."""

from collections.abc import Mapping
from datetime import time
from typing import get_args
from zoneinfo import available_timezones

from django.db.models.functions import Now

from staveworks.foundation.notices.messages.catalogue import EmailRule, SmsRule, Topic, catalogue
from staveworks.foundation.notices.messages.domain import Hours
from staveworks.foundation.notices.messages.types import PreferenceInvalid
from staveworks.foundation.notices.models import Preference
from staveworks.foundation.notices.recipients import USUAL_ZONE, usual_hours
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Language, Text

EMAIL_RULES, SMS_RULES = get_args(EmailRule.__value__), get_args(SmsRule.__value__)
CANNOT = Text(zh="“{name}”不能这样选。", en="{name}: this can’t be chosen.")
type Choices = Mapping[str, Mapping[str, str]]


def save_preferences(
    actor: Actor,
    *,
    language: Language,
    zone: str,
    quiet_from: time,
    quiet_to: time,
    digest_at: time,
    choices: Choices,
) -> None:
    """``choices``: topic → {"email": now | digest | off, "sms": now | fallback | off}; what equals the usual isn't kept,
    so that it follows the rule when that changes.

    Raises ``PreferenceInvalid``.
    """
    if zone and zone not in available_timezones():
        raise PreferenceInvalid(Text(zh="没有这个时区。", en="There is no such time zone."), field="zone")
    if language not in ("zh", "en"):
        raise PreferenceInvalid(
            Text(zh="请选中文或英文。", en="Choose Chinese or English."), field="language"
        )
    kept = {code: own for code, asked in choices.items() if (own := _own(_topic(code), asked))}
    hours = Hours(USUAL_ZONE, quiet_from, quiet_to, digest_at)
    Preference.objects.update_or_create(
        person_id=actor.person,
        defaults={
            "language": language,
            "zone": zone,
            "own_hours": hours != usual_hours(USUAL_ZONE),
            "quiet_from": quiet_from,
            "quiet_to": quiet_to,
            "digest_at": digest_at,
            "choices": kept,
            "changed_at": Now(),
        },
    )


def prefer_language(actor: Actor, *, language: Language) -> None:
    """Messages follow the language in which a person reads the pages."""
    _, made = Preference.objects.get_or_create(person_id=actor.person, defaults={"language": language})
    if not made:
        Preference.objects.filter(person_id=actor.person).update(language=language, changed_at=Now())


def _topic(code: str) -> Topic:
    found = catalogue().topics.get(code)
    if found is None:
        raise PreferenceInvalid(
            Text(zh="没有主题 {code}。", en="There is no topic {code}.").format(code=code), field=code
        )
    return found


def _own(topic: Topic, asked: Mapping[str, str]) -> dict[str, str]:
    """What differs from the usual. A locked topic can be moved, not turned off."""
    usual = {"email": topic.email, "sms": topic.sms}
    for name, value in asked.items():
        known = {"email": EMAIL_RULES, "sms": SMS_RULES}.get(name, ())
        if value not in known or (topic.locked and name == "email" and value == "off"):
            raise PreferenceInvalid(CANNOT.format_each(topic.name), field=topic.code)
    return {name: value for name, value in asked.items() if value != usual[name]}

"""Adopt a new version of a rule, in force from a day on. By the operator, until motions exist."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from staveworks.db.clock import database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.catalogue import rule_kind
from staveworks.foundation.rules.domain import changes_between, check_value
from staveworks.foundation.rules.models import Version
from staveworks.foundation.rules.queries import rule_in_force, version_of
from staveworks.foundation.rules.types import (
    Change,
    NothingChanged,
    RuleDateInvalid,
    RuleTextMissing,
    RuleVersion,
    Value,
)
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text

LATEST_DAYS = 5 * 366


@use_case
def adopt_rule(actor: Actor, *, code: str, value: Value, text: Text, from_date: date) -> RuleVersion:
    """The new version. ``from_date``: today means now, a later day its first moment. A version that was to come is replaced.

    Raises ``RightMissing``, ``RuleUnknown``, ``RuleValueInvalid``, ``RuleTextMissing``, ``RuleDateInvalid``, ``NothingChanged``.
    """
    preview_rule(actor, code=code, value=value, text=text, from_date=from_date)
    row = Version(
        id=new_id(),
        code=code,
        text_zh=text.zh.strip(),
        text_en=text.en.strip(),
        value=value,
        during=TimestamptzRange(_begins(from_date), None),
        adopted_by_org_id=actor.org,
        adopted_by_id=actor.person_id,
    )
    Version.objects.bulk_create([row])
    made = version_of(Version.objects.select_related("adopted_by_org").get(id=row.id))
    append_event(
        actor, "rule.adopted", subject=row.id, code=code, number=made.number, date=from_date.isoformat()
    )
    return made


@use_case
def preview_rule(actor: Actor, *, code: str, value: Value, text: Text, from_date: date) -> tuple[Change, ...]:
    """What the version would change against the one that holds then; nothing is written. Raises as ``adopt_rule``."""
    actor.require("rule.adopt")
    kind = rule_kind(code)
    check_value(kind, value)
    if not text.zh.strip() or not text.en.strip():
        raise RuleTextMissing(field="text_zh" if not text.zh.strip() else "text_en")
    today = database_today()
    if not today <= from_date <= today + timedelta(days=LATEST_DAYS):
        raise RuleDateInvalid(field="from_date")
    before = rule_in_force(code, _begins(from_date))
    changes = changes_between(kind, before.value, value)
    if not changes and before.text == Text(zh=text.zh.strip(), en=text.en.strip()):
        raise NothingChanged
    return changes


def _begins(day: date) -> datetime | None:
    """None is now: the database's clock says when."""
    return None if day <= database_today() else timezone.make_aware(datetime.combine(day, time()))

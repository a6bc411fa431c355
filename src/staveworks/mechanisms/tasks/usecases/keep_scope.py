"""A laboratory records what it is accredited for, and ends it."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.models import Scope
from staveworks.mechanisms.tasks.terms import clean
from staveworks.mechanisms.tasks.types.reports import Mark, ScopeInvalid, ScopeNotFound

LONGEST = {"certificate": 60, "item": 120, "method": 120}
BACKWARDS = Text(zh="到期日不能早于起始日。", en="It can't end before it begins.")
TOO_LATE = Text(zh="终止日要早于现在的到期日。", en="The end can only be brought forward.")


@use_case
def record_scope(
    actor: Actor, *, mark: Mark, certificate: str, item: str, method: str, from_date: date, until_date: date
) -> UUID:
    """``item``: the Chinese name that the offers use. Raises ``RightMissing``, ``ScopeInvalid``."""
    actor.require("offer.manage")
    said = {"certificate": clean(certificate), "item": clean(item), "method": clean(method)}
    for name, text in said.items():
        if not text or len(text) > LONGEST[name]:
            raise ScopeInvalid(field=name)
    if until_date < from_date:
        raise ScopeInvalid(BACKWARDS, field="until_date")
    made = Scope(
        id=new_id(),
        org_id=actor.org,
        mark=mark,
        from_date=from_date,
        until_date=until_date,
        recorded_by_id=actor.person_id,
        **said,
    )
    made.save(force_insert=True)
    append_event(actor, "scope.recorded", subject=made.id, mark=mark)
    return made.id


@use_case
def end_scope(actor: Actor, *, scope_id: UUID, last_date: date) -> None:
    """Suspended or withdrawn: ``last_date`` is the last day on which it holds. Reports issued before stay.

    Raises ``RightMissing``, ``ScopeNotFound``, ``ScopeInvalid``.
    """
    actor.require("offer.manage")
    own = Scope.objects.filter(id=scope_id, org_id=actor.org)
    sooner = Q(ended_date=None, until_date__gt=last_date) | Q(ended_date__gt=last_date)
    if own.filter(sooner).update(ended_date=last_date):
        append_event(actor, "scope.ended", subject=scope_id)
    elif own.exists():
        raise ScopeInvalid(TOO_LATE, field="last_date")
    else:
        raise ScopeNotFound

"""Let an organisation, or a kind of organisations, see some fields for one purpose, until a day or until withdrawn."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.facts.models import Grant
from staveworks.foundation.facts.types import (
    GROUPS,
    Field,
    FieldsMissing,
    Grantee,
    GranteeIsSelf,
    GranteeUnknown,
    GrantOfAgreement,
    GrantOverlaps,
    Purpose,
    UntilInvalid,
)
from staveworks.foundation.facts.usecases.withdraw_grant import end_grants
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id

LONGEST_DAYS = 5 * 366


@use_case
def give_grant(
    actor: Actor, *, to: Grantee, purpose: Purpose, fields: Collection[Field], until: date | None = None
) -> UUID:
    """The id of the grant; it takes the place of a live one to the same grantee for the same purpose.

    ``until`` is its last day. Raises ``RightMissing``, ``FieldsMissing``, ``GranteeUnknown``, ``GranteeIsSelf``,
    ``UntilInvalid``, ``GrantOfAgreement`` (change that one in the agreement), ``GrantOverlaps`` (given at the same moment).
    """
    actor.require("agreement.manage")
    if not fields:
        raise FieldsMissing(field="fields")
    _check_grantee(actor, to)
    ends_at = _end_of(until)
    live = Grant.objects.filter(
        org_id=actor.org, grantee_id=to.org_id, grantee_kind=to.kind, purpose=purpose, withdrawn_at=None
    )
    if live.filter(agreement__isnull=False).exists():
        raise GrantOfAgreement(field="grantee")
    end_grants(actor, live)
    grant = new_id()
    try:
        with transaction.atomic():
            Grant.objects.bulk_create(
                [
                    Grant(
                        id=grant,
                        org_id=actor.org,
                        grantee_id=to.org_id,
                        grantee_kind=to.kind,
                        purpose=purpose,
                        fields=sorted(set(fields)),
                        during=TimestamptzRange(None, ends_at),
                        given_by_id=actor.person_id,
                    )
                ]
            )
    except IntegrityError:
        raise GrantOverlaps from None
    append_event(
        actor,
        "grant.given",
        subject=grant,
        to=to.org_id or str(to.kind),
        purpose=purpose,
        fields=sorted(set(fields)),
    )
    return grant


def _check_grantee(actor: Actor, to: Grantee) -> None:
    if to.org_id == actor.org:
        raise GranteeIsSelf(field="grantee")
    if to.kind is not None and to.kind not in GROUPS:
        raise GranteeUnknown(field="grantee")
    if to.org_id and not Organisation.objects.filter(id=to.org_id, merged_into=None).exists():
        raise GranteeUnknown(field="grantee")


def _end_of(until: date | None) -> datetime | None:
    """The first moment after the last day."""
    if until is None:
        return None
    today = timezone.localdate()
    if not today < until <= today + timedelta(days=LONGEST_DAYS):
        raise UntilInvalid(field="until")
    return timezone.make_aware(datetime.combine(until + timedelta(days=1), time()))

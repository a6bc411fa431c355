"""A person registers her own organisation and becomes its owner."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from staveworks.db.transaction import acting, use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import check_uscc
from staveworks.foundation.parties.models import City, Membership, Organisation, Profile
from staveworks.foundation.parties.naming import sort_key
from staveworks.foundation.parties.types import (
    OPERATOR_KINDS,
    Actor,
    CityUnknown,
    FirmUnclaimed,
    FoundedTooOften,
    Kind,
    KindMissing,
    NameMissing,
    Role,
    UsccTaken,
)
from staveworks.kit.ids import new_id

A_DAY = timedelta(days=1)


@use_case
def found_organisation(
    actor: Actor,
    *,
    name: str,
    kinds: Collection[Kind],
    a_day: int,
    uscc: str = "",
    city: str = "",
    name_en: str = "",
) -> UUID:
    """The id of the new organisation. ``city`` is a code of GB/T 2260; it, ``uscc`` and ``name_en`` may be empty.

    ``a_day``: how many one person registers within 24 hours at most, by the rule ``registration`` (a room above this one).

    Raises ``NameMissing``, ``KindMissing``, ``UsccInvalid``, ``UsccTaken``, ``FirmUnclaimed`` (claim it instead), ``CityUnknown``,
    ``FoundedTooOften``.
    """
    org_id = new_id()
    organisation = Organisation(
        id=org_id,
        name=clean_name(name),
        name_en=clean_name_en(name_en),
        sort_key=sort_key(name),
        kinds=clean_kinds(kinds),
        uscc=check_uscc(uscc) if uscc else None,
        city_id=clean_city(city),
        claimed_at=timezone.now(),
    )
    refuse_taken(organisation.uscc)
    with acting(org=org_id, person=actor.person_id):
        _wait_for_turn(actor.person)
        if _founded_lately(actor.person) >= a_day:
            raise FoundedTooOften
        save_with_uscc(organisation, force_insert=True)
        Profile.objects.create(org_id=org_id)
        Membership.objects.create(org_id=org_id, person_id=actor.person, role=Role.OWNER)
        append_event(Actor(actor.person_id, org_id), "organisation.founded", subject=org_id)
    return org_id


def _wait_for_turn(person_id: UUID) -> None:
    """Two registrations of one person at the same moment: the second counts the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"founding:{person_id}"])


def _founded_lately(person_id: UUID) -> int:
    """Whoever registers more than a few a day invents them."""
    own = Membership.objects.filter(person_id=person_id, role=Role.OWNER, org__steward=None)
    return own.filter(org__created_at__gt=timezone.now() - A_DAY).count()


def clean_name(name: str) -> str:
    """Raises ``NameMissing``."""
    if not name.strip():
        raise NameMissing(field="name")
    return " ".join(name.split())[:200]


def clean_name_en(name: str) -> str:
    """May be empty: not every organisation has an English name."""
    return " ".join(name.split())[:200]


def clean_kinds(kinds: Collection[Kind]) -> list[Kind]:
    """In the order of the register; nobody makes herself an operator. Raises ``KindMissing``."""
    chosen = [kind for kind in Kind if kind in kinds and kind not in OPERATOR_KINDS]
    if not chosen:
        raise KindMissing(field="kinds")
    return chosen


def clean_city(code: str) -> str | None:
    """Raises ``CityUnknown``."""
    if code and not City.objects.filter(code=code).exists():
        raise CityUnknown(field="city")
    return code or None


def refuse_taken(uscc: str | None, *, but: UUID | None = None) -> None:
    """Raises ``UsccTaken``, or ``FirmUnclaimed`` where the firm stands in a roster and waits for its owner."""
    holder = Organisation.objects.filter(uscc=uscc, merged_into=None).first() if uscc else None
    if holder is None or holder.id == but:
        return
    if holder.steward_id and not holder.claimed_at:
        raise FirmUnclaimed(holder.id)
    raise UsccTaken(field="uscc")


def save_with_uscc(organisation: Organisation, *, force_insert: bool = False) -> None:
    """Raises ``UsccTaken`` where the code was taken a moment ago."""
    try:
        with transaction.atomic():
            organisation.save(force_insert=force_insert)
    except IntegrityError:
        raise UsccTaken(field="uscc") from None

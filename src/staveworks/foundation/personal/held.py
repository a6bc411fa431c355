"""What is held about a person, over all rooms: read from what every model declares (``db/personal.py``), as the cross role."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from staveworks.db.personal import Personal, about
from staveworks.foundation.notices.models import SinkEntry
from staveworks.foundation.parties.domain import contact_of
from staveworks.foundation.parties.erasing import PersonNotFound
from staveworks.foundation.parties.models import ClaimLink, Invitation, Person, Profile
from staveworks.foundation.parties.queries import titles_of
from staveworks.foundation.personal.outside import OUTSIDE
from staveworks.foundation.personal.types import PersonalData, Section
from staveworks.foundation.rosters.models import RosterRow

NEWEST = 5000
"""Rows of one section in one export; ``total`` says if there are more."""

WHERE_HER_ADDRESS_STANDS = (
    (
        Invitation,
        ("contact",),
        about("发给您的邀请", "Invitations sent to you", shows="org_id role created_at"),
    ),
    (
        ClaimLink,
        ("contact",),
        about("发给您的认领链接", "Claim links sent to you", shows="org_id created_at"),
    ),
    (
        Profile,
        ("phones", "email"),
        about("把您写作联系人的企业", "Firms that name you as contact", shows="org_id contact phones email"),
    ),
    (
        RosterRow,
        ("entry__phones", "entry__email"),
        about("名册里有您联系方式的行", "Rows of lists with your address", shows="org_id number entry"),
    ),
    (
        SinkEntry,
        ("address",),
        about("本机收件箱", "The local sink", shows="channel address subject taken_at"),
    ),
)
"""Tables that name nobody by her number, but may hold her address: model, columns, what it is."""


def held_about(person_id: UUID) -> PersonalData:
    """Raises ``PersonNotFound``, also for whoever is erased already."""
    person = Person.objects.filter(id=person_id, service=False, erased_at=None).first()
    if person is None:
        raise PersonNotFound
    addresses = [each for each in (person.phone, person.email) if each]
    found = [_section(model, said, _about_her(said, person_id)) for model, said in declared()]
    if addresses:
        found += [
            _section(model, said, _with_address(columns, addresses), suffix="_by_address")
            for model, columns, said in holding_addresses()
        ]
    sections = tuple(section for section in found if section.total)
    orgs = {row["org_id"] for section in sections for row in section.rows if row.get("org_id")}
    return PersonalData(person_id, timezone.now(), sections, titles_of(orgs))


def find_person(reference: str) -> UUID:
    """By number, phone or e-mail, as the operator types it. Raises ``PersonNotFound``, ``ContactInvalid``."""
    try:
        which = Q(id=UUID(reference))
    except ValueError:
        contact = contact_of(reference)
        which = Q(**{contact.channel: contact.address})
    found = Person.objects.filter(which, service=False, erased_at=None).values_list("id", flat=True).first()
    if found is None:
        raise PersonNotFound
    return found


def holding_addresses() -> Iterator[tuple[type[models.Model], tuple[str, ...], Personal]]:
    """Those, and what rooms above declare (``addressed``)."""
    yield from WHERE_HER_ADDRESS_STANDS
    for model in apps.get_models():
        if hasattr(model, "addressed"):
            yield model, model.addressed.columns, model.addressed.said


def declared() -> Iterator[tuple[type[models.Model], Personal]]:
    """Every table with a person in it: ours by what they declare, those of the libraries by the list."""
    ours = [model for model in apps.get_models() if hasattr(model, "personal")]
    ours.sort(key=lambda model: (model is not Person, model.personal.kept is not None))
    for model in ours:
        yield model, model.personal
    yield from OUTSIDE.items()


def _about_her(said: Personal, person_id: UUID) -> Q:
    which = Q(pk__in=[])
    for column in said.people:
        which |= Q(**{column: person_id})
    return which


def _with_address(columns: tuple[str, ...], addresses: list[str]) -> Q:
    which = Q(pk__in=[])
    for column in columns:
        for address in addresses:
            many = column.endswith("phones")
            which |= Q(**{f"{column}__contains": [address]}) if many else Q(**{column: address})
    return which


def _section(model: type[models.Model], said: Personal, which: Q, *, suffix: str = "") -> Section:
    found = model._default_manager.using("cross").filter(which)
    rows: list[dict[str, Any]] = list(found.order_by("-pk").values(*said.shows)[:NEWEST])
    total = len(rows) if len(rows) < NEWEST else found.count()
    return Section(model._meta.db_table + suffix, said.title, said.shows, tuple(rows), total, said.kept)

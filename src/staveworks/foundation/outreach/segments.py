"""The firms of a segment, as a query that runs as their steward."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from staveworks.foundation.outreach.domain import address_of, covered
from staveworks.foundation.outreach.types import Segment, SegmentCount
from staveworks.foundation.parties.models import ClaimLink, Organisation
from staveworks.foundation.parties.types import Actor, Kind

FIRMS = [Kind.ENTERPRISE, Kind.BACKBONE]


def unclaimed(actor: Actor) -> QuerySet[Any]:
    """Firms that the actor's organisation holds, each with ``invited``: whether it ever had a claim link."""
    return (
        Organisation.objects.filter(
            steward_id=actor.org, claimed_at=None, merged_into=None, kinds__overlap=FIRMS
        )
        .annotate(invited=Exists(ClaimLink.objects.filter(org_id=OuterRef("id"))))
        .select_related("profile", "city")
    )


def firms_in(actor: Actor, segment: Segment) -> QuerySet[Any]:
    """``unclaimed`` narrowed to ``segment``."""
    conditions = {
        "city": Q(city__code__startswith=covered(segment.city)),
        "business_type": Q(profile__business_type=segment.business_type),
        "staff_from": Q(profile__staff__gte=segment.staff_from or 0),
        "reach": REACH.get(segment.reach, Q()),
        "invited": Q(invited=segment.invited == "yes"),
    }
    found = unclaimed(actor)
    for name, condition in conditions.items():
        if getattr(segment, name):
            found = found.filter(condition)
    return found


REACH = {
    "email": ~Q(profile__email=""),
    "phone": Q(profile__phones__len__gt=0),
    "none": Q(profile__email="", profile__phones=[]),
}


def count(actor: Actor, segment: Segment) -> SegmentCount:
    """How many, and by which way each is reached first."""
    held = firms_in(actor, segment).values_list("profile__email", "profile__phones")
    addresses = [address_of(email or "", phones or []) for email, phones in held]
    by_email = sum("@" in address for address in addresses)
    return SegmentCount(len(addresses), by_email, sum(bool(address) for address in addresses) - by_email)

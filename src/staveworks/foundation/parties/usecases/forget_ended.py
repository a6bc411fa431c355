"""Invitations and claims that ended, and the contacts of firms that nobody claimed, removed when their time is over."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import Q

from staveworks.db.transaction import acting, retrying
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Claim, Invitation, Profile
from staveworks.foundation.parties.types import Actor

type Forget = Callable[[UUID, list[UUID]], int]


def forget_invitations(*, before: datetime, limit: int) -> int:
    """Accepted, withdrawn or expired before then; the roles that came of them stay. At most ``limit``; how many went."""
    ended = Q(accepted_at__lt=before) | Q(withdrawn_at__lt=before) | Q(expires_at__lt=before)
    found = Invitation.objects.using("cross").filter(ended).order_by("created_at")
    return _each(
        found.values_list("org_id", "id")[:limit],
        lambda _, ids: Invitation.objects.filter(id__in=ids).delete()[0],
    )


def forget_claims(*, before: datetime, limit: int) -> int:
    """Claims that came to nothing: refused, withdrawn, or never proven in time. At most ``limit``; how many went."""
    nothing = Q(state__in=["refused", "withdrawn"], decided_at__lt=before)
    nothing |= Q(state="open", expires_at__lt=before)
    found = Claim.objects.using("cross").filter(nothing).order_by("created_at")
    return _each(
        found.values_list("steward_id", "id")[:limit],
        lambda _, ids: Claim.objects.filter(id__in=ids).delete()[0],
    )


def forget_contacts(operator: Actor, *, before: datetime, limit: int) -> int:
    """Whom a list named as contact of a firm that nobody has claimed since then. At most ``limit`` firms; how many."""
    some = ~Q(contact="") | ~Q(phones=[]) | ~Q(email="")
    found = Profile.objects.using("cross").filter(
        some, org__claimed_at=None, org__created_at__lt=before, steward__isnull=False
    )

    def forget(steward: UUID, firms: list[UUID]) -> int:
        unclaimed = Profile.objects.filter(org_id__in=firms, steward_id=steward, org__claimed_at=None)
        for firm in unclaimed.values_list("org_id", flat=True):
            append_event(
                Actor(operator.person_id, steward),
                "organisation.changed",
                subject=firm,
                org=firm,
                profile=True,
            )
        return unclaimed.update(contact="", phones=[], email="")

    return _each(found.order_by("org_id").values_list("steward_id", "org_id")[:limit], forget)


def _each(rows: Iterable[tuple[UUID, UUID]], forget: Forget) -> int:
    """``forget`` the ids of each organisation, in a transaction of its own."""
    by_org: dict[UUID, list[UUID]] = {}
    for org_id, id_ in rows:
        by_org.setdefault(org_id, []).append(id_)

    return sum(retrying(partial(_in, org_id, ids, forget)) for org_id, ids in sorted(by_org.items()))


def _in(org_id: UUID, ids: list[UUID], forget: Forget) -> int:
    with acting(org=org_id):
        return forget(org_id, ids)

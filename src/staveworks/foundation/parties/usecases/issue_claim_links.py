"""Claim links for many firms at once: a campaign's, or a sheet of posters'."""

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import digest_of, new_token
from staveworks.foundation.parties.models import ClaimLink, Organisation
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.issue_claim_link import VALID
from staveworks.kit.ids import new_id


@use_case
def issue_claim_links(actor: Actor, *, contacts: Mapping[UUID, str]) -> dict[UUID, str]:
    """Firm → token, for those firms of ``contacts`` that the actor's organisation still holds; told once.

    ``contacts``: firm → the address its link is sent to, or "" where it is printed. Raises ``RightMissing``.
    """
    actor.require("firm.invite")
    held = Organisation.objects.filter(
        id__in=list(contacts), steward_id=actor.org, claimed_at=None, merged_into=None
    ).values_list("id", flat=True)
    tokens = {firm: new_token() for firm in held}
    expires_at = timezone.now() + VALID
    links = [
        ClaimLink(
            id=new_id(),
            org_id=firm,
            steward_id=actor.org,
            contact=contacts[firm][:254],
            token_digest=digest_of(token),
            created_by_id=actor.person_id,
            expires_at=expires_at,
        )
        for firm, token in tokens.items()
    ]
    ClaimLink.objects.bulk_create(links)
    for link in links:
        append_event(actor, "firm.invited", subject=link.org_id, link=link.id)
    return tokens

"""What a firm has granted."""

from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from staveworks.db.transaction import query
from staveworks.foundation.facts.live import Live
from staveworks.foundation.facts.models import Grant
from staveworks.foundation.facts.types import (
    GROUP_TEXTS,
    Field,
    GrantCard,
    Grantee,
    GranteeUnknown,
    Purpose,
    plainly,
)
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, Kind, title_of
from staveworks.kit.text import Text


def find_grantee(text: str) -> Grantee:
    """The organisation with this USCC or registered name. Raises ``GranteeUnknown`` for none, or several of the name."""
    typed = " ".join(text.split())
    named = Q(name=typed) | Q(name_en=typed) | Q(uscc=typed.replace(" ", "").upper())
    found = (
        list(Organisation.objects.filter(named, merged_into=None).values_list("id", flat=True)[:2])
        if typed
        else []
    )
    if len(found) != 1:
        raise GranteeUnknown(field="grantee")
    return Grantee(found[0])


@query
def list_grants(actor: Actor, *, ended: bool = False, limit: int = 200) -> list[GrantCard]:
    """The grants of the actor's organisation that hold, or those that have ended; the newest first. Raises ``RightMissing``."""
    actor.require("organisation.read")
    now = timezone.now()
    found = Grant.objects.filter(org_id=actor.org).select_related("grantee").order_by("-given_at", "-id")
    cards = [_card(grant) for grant in found]
    return [card for card in cards if card.live_at(now) is not ended][:limit]


@query
def anybody_sees(actor: Actor, *, purpose: Purpose, fields: Collection[Field]) -> bool:
    """Whether a grant of the actor's organisation opens all of ``fields`` for ``purpose`` now."""
    live = Live("during", "withdrawn_at")
    return Grant.objects.filter(live, org_id=actor.org, purpose=purpose, fields__contains=[*fields]).exists()


def _card(grant: Grant) -> GrantCard:
    kind = Kind(grant.grantee_kind) if grant.grantee_kind else None
    return GrantCard(
        id=grant.id,
        grantee=Grantee(grant.grantee_id, kind),
        grantee_name=_name(grant, kind),
        purpose=Purpose(grant.purpose),
        fields=plainly(grant.fields),
        since=grant.given_at,
        until=grant.during.upper if not grant.during.isempty else grant.withdrawn_at,
        withdrawn_at=grant.withdrawn_at,
        by_agreement=grant.agreement_id is not None,
    )


def _name(grant: Grant, kind: Kind | None) -> Text:
    if kind is not None:
        return GROUP_TEXTS[kind]
    assert grant.grantee is not None
    return title_of(grant.grantee.name, grant.grantee.name_en)

"""Who shows what to whom in the demo, and who has looked: so that the page of grants isn't empty."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from staveworks.cluster.barrel.firms import find_firm
from staveworks.cluster.barrel.shown import access_shown
from staveworks.demo.people import owner_of
from staveworks.foundation.facts.reading import through
from staveworks.foundation.facts.types import CONFIRMED_KINDS, Field, Grantee, Purpose
from staveworks.foundation.facts.usecases.confirm_kind import confirm_kind
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.queries import AgentFound, operator_service_for
from staveworks.foundation.parties.types import Actor, Kind
from staveworks.foundation.parties.usecases.give_mandate import give_mandate

CALLERS = {"organisation.read", "offer.read", "order.read", "order.place"}
"""With these the laboratory orders for the firm when it calls."""


def share(service: Actor, organisations: list[UUID]) -> None:
    """``organisations`` are the named ones, the first of them the firm that shows itself."""
    named = {each.id: each for each in Organisation.objects.filter(id__in=organisations)}
    for org_id, each in named.items():
        for kind in CONFIRMED_KINDS & {Kind(kind) for kind in each.kinds} - {Kind.ASSOCIATION}:
            confirm_kind(service, org_id=org_id, kind=kind)
    firm = operator_service_for(organisations[0])
    bank, laboratory = _first(named, Kind.BANK), _first(named, Kind.PROVIDER)
    day = timezone.localdate() + timedelta(days=180)
    if bank:
        shown = [Field.BARREL, Field.OUTLINE]
        give_grant(firm, to=Grantee(bank), purpose=Purpose.FINANCE, fields=shown, until=day)
        access_shown(owner_of(bank), firm=firm.org, purpose=Purpose.FINANCE)
    if laboratory:
        shown = [Field.ASSESSMENT, Field.DOCUMENTS]
        give_grant(firm, to=Grantee(laboratory), purpose=Purpose.ATTESTATION, fields=shown)
        give_mandate(owner_of(firm.org), agent=AgentFound("", org_id=laboratory), rights=CALLERS, until=day)
    give_grant(firm, to=Grantee(kind=Kind.CITY), purpose=Purpose.OPERATION, fields=[Field.LEVEL])
    find_firm(owner_of(service.org), firm=firm.org)
    with through("export"):
        find_firm(owner_of(service.org), firm=firm.org)


def _first(named: dict[UUID, Organisation], kind: Kind) -> UUID | None:
    return next((org_id for org_id, each in named.items() if kind in each.kinds), None)

"""Which firms an operator's cluster is made of, said once, in SQL: what is listed, counted and drawn begins here."""

from typing import Any

from staveworks.foundation.facts.live import SHOWN_TO
from staveworks.foundation.facts.types import Field, Purpose
from staveworks.foundation.parties.domain import stem_of
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, Kind

MEMBERS = [Kind.ENTERPRISE, Kind.BACKBONE]
"""Whose barrels the cluster is about; institutions have theirs, but aren't counted as firms."""
REACHED = f"""
SELECT o.id, o.name, o.name_en, o.uscc, o.sort_key, o.city_id AS city, o.created_at, o.claimed_at, o.steward_id,
    o.steward_id IS NOT DISTINCT FROM %(org)s AS ours
FROM parties_organisation o WHERE o.merged_into_id IS NULL AND o.kinds && %(members)s::varchar[]
AND (o.steward_id = %(org)s OR o.id IN ({SHOWN_TO}) OR o.city_id LIKE %(within)s)
"""
"""The firms that the operator stewards or that show it their barrel, and for a city operator all firms of its city; ``ours``: held
as steward. The register is open to everybody; barrels and profiles are seen as the policies say, of claimed firms only inside a
``reading``. Written out: putting it together took a tenth of each page of the cluster.
"""
STANDING = """
CASE WHEN claimed_at IS NOT NULL THEN 'claimed' WHEN NOT ours THEN 'elsewhere'
WHEN id IN (SELECT org_id FROM parties_claim_link) THEN 'invited' ELSE 'found' END
"""
"""Of a firm of ``REACHED`` (``types.Standing``): the policy lets an operator see no claim links but its own."""


def reached_by(actor: Actor) -> dict[str, Any]:
    """The parameters of ``REACHED``."""
    return {
        "org": actor.org,
        "purpose": Purpose.OPERATION,
        "field": Field.BARREL,
        "members": list(MEMBERS),
        "within": _of_its_city(actor),
    }


def _of_its_city(actor: Actor) -> str | None:
    """With what the codes of a city operator's city and its districts begin (GB/T 2260); nothing for others."""
    if Kind.CITY not in actor.kinds:
        return None
    code = Organisation.objects.filter(id=actor.org).values_list("city_id", flat=True).first()
    return f"{stem_of(code)}%" if code else None

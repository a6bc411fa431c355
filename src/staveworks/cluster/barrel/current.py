"""The barrel that counts for a firm now, as other rooms compute with it: one row, without the answers behind it."""

from dataclasses import dataclass
from typing import Literal

from staveworks.cluster.barrel.cards import diagnosis_card
from staveworks.cluster.barrel.editions import rubric_of
from staveworks.cluster.barrel.models import Diagnosis
from staveworks.cluster.barrel.types import DiagnosisCard
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor


@dataclass(frozen=True, slots=True)
class CurrentBarrel:
    """``bearing``: how the rubric's hoops bear together."""

    card: DiagnosisCard
    bearing: Literal["mean", "minimum"]


@query
def find_current(actor: Actor, *, right: str = "barrel.read") -> CurrentBarrel | None:
    """None before the first answer. Raises ``RightMissing``."""
    actor.require(right)
    held = Diagnosis.objects.filter(org_id=actor.org, current=True, water_low__isnull=False)
    found = held.select_related("assessment__edition").defer("assessment__edition__sources").first()
    if found is None:
        return None
    return CurrentBarrel(diagnosis_card(found), rubric_of(found.assessment.edition).bearing)

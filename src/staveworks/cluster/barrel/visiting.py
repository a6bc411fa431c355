"""The quick start of a visitor who is nobody here yet: scored, nothing kept. And its confidence, for firms too."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from staveworks.cluster.barrel.answering import answers_of
from staveworks.cluster.barrel.diagnosing import profile_of
from staveworks.cluster.barrel.domain import is_profile, read_plank, stored
from staveworks.cluster.barrel.editions import DEFAULT_RUBRIC, digest_in_force, rubric_of
from staveworks.cluster.barrel.models import Assessment, PeerGroup
from staveworks.cluster.barrel.peering import peer_group, peers_of
from staveworks.cluster.barrel.types import AssessmentNotFound, DiagnosisCard, Value
from staveworks.db.transaction import query
from staveworks.engine.barrel import EVEN, Result, binding_chances, find_profile, load_rubric, score
from staveworks.foundation.parties.types import Actor

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Visit:
    """What some answers come to. ``chances``: plank → how probable it is that it binds, given all that is unknown."""

    diagnosis: DiagnosisCard
    chances: Mapping[str, float]


def score_visitor(answers: Mapping[str, Value], *, profile: str = "", rubric: str = DEFAULT_RUBRIC) -> Visit:
    """Raises ``AnswerRefused``, ``UnknownRubric``."""
    found = load_rubric(rubric)
    target = find_profile(profile) if is_profile(profile) else EVEN
    group = PeerGroup.objects.filter(digest=digest_in_force(rubric), business_type=profile, size="").first()
    peers = peers_of(group)
    result = score(found, answers, profile=target, peers=peers)
    return Visit(_card(result), binding_chances(found, answers, profile=target, peers=peers))


@query
def find_chances(actor: Actor, *, assessment_id: UUID) -> Mapping[str, float]:
    """Plank → how probable it is that it binds in the actor's own assessment.

    Raises ``RightMissing``, ``AssessmentNotFound``.
    """
    actor.require("barrel.read")
    found = Assessment.objects.filter(id=assessment_id, org_id=actor.org)
    assessment = found.select_related("edition").defer("edition__sources").first()
    if assessment is None:
        raise AssessmentNotFound
    return binding_chances(
        rubric_of(assessment.edition),
        answers_of(assessment),
        profile=profile_of(assessment),
        peers=peers_of(peer_group(assessment)),
    )


def _card(result: Result) -> DiagnosisCard:
    """The diagnosis of nobody's assessment."""
    barrel, columns = result.barrel, stored(result)
    assert barrel is not None
    return DiagnosisCard(
        org_id=NOBODY,
        assessment_id=NOBODY,
        at=timezone.now(),
        finished=False,
        water=barrel.water_level,
        mean=barrel.mean_level,
        unevenness=barrel.unevenness,
        bearing=barrel.bearing,
        verified_water=barrel.verified_water_level,
        binding=barrel.binding,
        next_to_bind=barrel.next_to_bind,
        planks={code: read_plank(code, plank) for code, plank in columns["planks"].items()},
        answered=result.answered,
        asked=result.asked,
    )

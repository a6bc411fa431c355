"""Compute what an assessment comes to and keep it, in the transaction of the answer that changed it."""

from staveworks.cluster.barrel.answering import answers_of, grades_of
from staveworks.cluster.barrel.domain import stored, targets
from staveworks.cluster.barrel.editions import rubric_of
from staveworks.cluster.barrel.models import Assessment, Diagnosis
from staveworks.cluster.barrel.peering import peer_group, peers_of
from staveworks.cluster.barrel.types import State
from staveworks.engine.barrel import Profile, Result, score


def diagnose(assessment: Assessment) -> Result:
    """Score the assessment as it stands and write its ``Diagnosis``. The caller holds the assessment's lock."""
    result = score(
        rubric_of(assessment.edition),
        answers_of(assessment),
        profile=profile_of(assessment),
        peers=peers_of(peer_group(assessment)),
        grades=grades_of(assessment),
    )
    columns = stored(result)
    Diagnosis.objects.update_or_create(
        assessment=assessment,
        defaults=columns
        | {
            "org_id": assessment.org_id,
            "finished": assessment.state != State.OPEN,
            "current": result.barrel is not None and _becomes_current(assessment),
        },
    )
    return result


def profile_of(assessment: Assessment) -> Profile:
    return targets(assessment.profile, assessment.adjustments, assessment.adjustment_reason)


def _becomes_current(assessment: Assessment) -> bool:
    """The newest assessment is the firm's current one; an older one that is attested later doesn't displace it."""
    others = Diagnosis.objects.filter(org_id=assessment.org_id, current=True).exclude(assessment=assessment)
    if others.filter(assessment__started_at__gt=assessment.started_at).exists():
        return False
    others.update(current=False)
    return True

"""Compute what an assessment comes to and keep it, in the transaction of the answer that changed it."""

from staveworks.cluster.barrel.answering import answers_of, grades_of
from staveworks.cluster.barrel.domain import reproved, stored, targets
from staveworks.cluster.barrel.editions import rubric_of
from staveworks.cluster.barrel.models import Assessment, Diagnosis
from staveworks.cluster.barrel.peering import peer_group, peers_at
from staveworks.cluster.barrel.standing import in_turn, newer_than
from staveworks.cluster.barrel.types import State
from staveworks.engine.barrel import Peers, Profile, Result, score


def diagnose(assessment: Assessment) -> Result:
    """Score the assessment as it stands and write its ``Diagnosis``. The caller holds the assessment's lock."""
    peers = peers_at(assessment, peer_group(assessment))
    result = _score(assessment, peers)
    columns = stored(result) | {
        "medians": dict(peers.medians),
        "finished": assessment.state != State.OPEN,
        "current": result.barrel is not None and _becomes_current(assessment),
    }
    Diagnosis.objects.update_or_create(
        assessment=assessment, defaults=columns, create_defaults=columns | {"org_id": assessment.org_id}
    )
    return result


def prove(assessment: Assessment) -> None:
    """After an attestation: what is proved, anew. Of a finished assessment nothing else changes, though the peers may have
    moved on. The caller holds the assessment's lock."""
    if assessment.state == State.OPEN:
        diagnose(assessment)
        return
    result = _score(assessment, peers_at(assessment, peer_group(assessment)))
    if result.barrel is not None:
        kept = Diagnosis.objects.get(assessment=assessment)
        Diagnosis.objects.filter(assessment=assessment).update(**reproved(kept.planks, result.barrel))


def _score(assessment: Assessment, peers: Peers) -> Result:
    return score(
        rubric_of(assessment.edition),
        answers_of(assessment),
        profile=profile_of(assessment),
        peers=peers,
        grades=grades_of(assessment),
    )


def profile_of(assessment: Assessment) -> Profile:
    return targets(assessment.profile, assessment.adjustments, assessment.adjustment_reason)


def _becomes_current(assessment: Assessment) -> bool:
    """The newest assessment is the firm's current one; an older one that is attested later doesn't displace it.

    One of an entry that was merged counts for another firm: which of that firm's is current, ``settle_firm`` says.
    """
    kept = Diagnosis.objects.filter(assessment=assessment).values_list("org_id", "current").first()
    if kept and kept[0] != assessment.org_id:
        return bool(kept[1])
    in_turn(assessment.org_id)
    if newer_than(assessment).exists():
        return False
    others = Diagnosis.objects.filter(org_id=assessment.org_id, current=True)
    others.exclude(assessment=assessment).update(current=False)
    return True

"""The peers of a firm: same business type, and same size where enough of them are known."""

from uuid import UUID

from staveworks.cluster.barrel.domain import size_of
from staveworks.cluster.barrel.models import Assessment, PeerGroup
from staveworks.cluster.barrel.types import PeerBand
from staveworks.engine.barrel import NO_PEERS, Peers
from staveworks.foundation.parties.models import Profile


def peer_group(assessment: Assessment) -> PeerGroup | None:
    """The group of the firm's type and size, else of its type; None where there are fewer than five firms."""
    if not assessment.profile:
        return None
    size = size_of(staff_of(assessment.org_id)) or ""
    groups = PeerGroup.objects.filter(
        digest=assessment.edition.digest, business_type=assessment.profile, size__in={size, ""}
    )
    return groups.order_by("-size").first()


def peers_of(group: PeerGroup | None) -> Peers:
    if group is None:
        return NO_PEERS
    return Peers(scores={code: tuple(values) for code, values in group.scores.items()}, medians=group.medians)


def band_of(group: PeerGroup | None) -> PeerBand | None:
    if group is None:
        return None
    low, median, high = group.water
    planks = {code: (values[0], values[1], values[2]) for code, values in group.planks.items()}
    return PeerBand(group.firms, bool(group.size), low, median, high, planks)


def staff_of(org_id: UUID) -> int | None:
    return Profile.objects.filter(org_id=org_id).values_list("staff", flat=True).first()

"""The peers of a firm: same business type, and same size where enough of them are known.

``peer_group`` gives the likely values of what a firm has not answered; the band that people see comes from the published
figures, since what is seen can be compared from one day to the next.
"""

from dataclasses import dataclass, replace

from staveworks.cluster.barrel.domain import size_of
from staveworks.cluster.barrel.figure_models import Figure, Publication
from staveworks.cluster.barrel.models import Assessment, Diagnosis, PeerGroup
from staveworks.cluster.barrel.published.gathering import WATER, measure_of
from staveworks.cluster.barrel.types import PeerBand
from staveworks.engine.barrel import EVEN, NO_PEERS, Peers
from staveworks.foundation.parties.models import Profile
from staveworks.kit.data import data_file
from staveworks.kit.planks import load_register


@dataclass(frozen=True, slots=True)
class Standing:
    """What a firm is compared by, as far as its profile is seen."""

    trade: str
    size: str


def standing_of(assessment: Assessment) -> Standing:
    held = Profile.objects.filter(org_id=assessment.org_id).values_list("business_type", "staff").first()
    return standing_by(assessment, *(held or ("", None)))


def standing_by(assessment: Assessment, own: str, staff: int | None) -> Standing:
    """``own``, ``staff``: of the firm's profile, where they are at hand."""
    trade = own if assessment.profile in ("", EVEN.code) else assessment.profile
    return Standing(trade, size_of(staff) or "")


def peer_group(assessment: Assessment, standing: Standing | None = None) -> PeerGroup | None:
    """The group of the firm's type and size, else of its type; None where there are fewer than five firms."""
    if not assessment.profile:
        return None
    size = (standing or standing_of(assessment)).size
    groups = PeerGroup.objects.filter(
        digest=assessment.edition.digest, business_type=assessment.profile, size__in={size, ""}
    )
    return groups.defer("behind", "planks", "water").order_by("-size").first()


def peers_of(group: PeerGroup | None) -> Peers:
    if group is None:
        return NO_PEERS
    return Peers(scores={code: tuple(values) for code, values in group.scores.items()}, medians=group.medians)


def peers_at(assessment: Assessment, group: PeerGroup | None) -> Peers:
    """The peers an assessment is scored against. A finished one keeps the medians of its day: it is a record."""
    kept: Diagnosis | None = getattr(assessment, "diagnosis", None)
    peers = peers_of(group)
    return replace(peers, medians=kept.medians) if kept and kept.finished else peers


def band_of(assessment: Assessment, standing: Standing) -> PeerBand | None:
    """The middle half of the firm's peers as it was last published; None where too few of them are known."""
    size, of = standing.size, measure_of(assessment.rubric)
    last = Publication.objects.order_by("-period").values("id")[:1]
    lines = Figure.objects.filter(
        publication_id__in=last, place="", business_type=standing.trade, size__in={size, ""}
    )
    if not standing.trade:
        return None
    found = {(line.size, line.measure): line for line in lines}
    chosen = size if (size, of) in found else ""
    whole = found.get((chosen, of))
    if whole is None:
        return None
    register = load_register(data_file("planks.yaml"))
    planks = {
        measure: (float(line.low), float(line.median), float(line.high))
        for (in_size, measure), line in found.items()
        if of == WATER and in_size == chosen and measure in register
    }
    return PeerBand(whole.firms, bool(chosen), whole.low, whole.median, whole.high, planks)

"""Sum up what firms of one business type and size answered. A listed cross job: it reads across organisations and
leaves only quantiles of groups of at least as many firms as the rule says. A group moves only when as many of the answers behind it
are new: else who watches it from one day to the next would read one firm's answers out of the difference."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils.crypto import salted_hmac

from staveworks.cluster.barrel.domain import size_of
from staveworks.cluster.barrel.editions import edition_in_force, rubric_of
from staveworks.cluster.barrel.models import Answer, Diagnosis, PeerGroup
from staveworks.cluster.barrel.published.counted import Seats, is_known
from staveworks.cluster.barrel.published.minimum import fewest_firms
from staveworks.cluster.barrel.types import Value
from staveworks.db.transaction import acting
from staveworks.engine.barrel import Peers, Rubric
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Profile
from staveworks.foundation.parties.types import Actor

QUARTILES = (0.25, 0.5, 0.75)
TWENTIETHS = tuple(i / 20 for i in range(21))


@dataclass(slots=True)
class Group:
    """The firms of one type and size: their answers, likely water levels (scores, without planks) and likely heights."""

    answers: list[Mapping[str, Value]] = field(default_factory=list)
    water: list[float] = field(default_factory=list)
    planks: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    tags: list[str] = field(default_factory=list)


def refresh_peers(actor: Actor, *, rubric: str) -> int:
    """Renew the groups of the edition in force by ``rubric``; how many there are. May be repeated at any time.

    Reads as the cross role, which sees all firms; writes as the application. Raises ``UnknownRubric``.
    """
    with acting(org=actor.org, person=actor.person_id):
        edition = edition_in_force(rubric)
        fewest = fewest_firms()
    found = rubric_of(edition)
    with transaction.atomic(using="cross"):
        groups = _groups(edition.digest)
    with acting(org=actor.org, person=actor.person_id):
        kept = {
            (each.business_type, each.size): each for each in PeerGroup.objects.filter(digest=edition.digest)
        }
        rows = [
            _row(found, edition.digest, business, size, group, fewest)
            for (business, size), group in sorted(groups.items())
            if may_be_shown(group.tags, kept.get((business, size)), fewest)
        ]
        if rows:
            moved = [kept[key].id for row in rows if (key := (row.business_type, row.size)) in kept]
            PeerGroup.objects.filter(id__in=moved).delete()
            PeerGroup.objects.bulk_create(rows)
            append_event(actor, "peers.refreshed", subject=edition.id, groups=len(rows))
        return PeerGroup.objects.filter(digest=edition.digest).count()


def may_be_shown(tags: Sequence[str], kept: PeerGroup | None, fewest: int) -> bool:
    """Whether enough is new behind a group; where nothing is shown yet, everything is."""
    return len(set(tags) - set(kept.behind if kept else [])) >= fewest


def _tag(org: UUID, answers: Mapping[str, Value], water: float) -> str:
    """The same for the same firm with the same answers, telling nothing without the key."""
    said = json.dumps([str(org), answers, water], sort_keys=True)
    return salted_hmac("staveworks.peers", said, algorithm="sha256").hexdigest()[:32]


def _groups(digest: str) -> dict[tuple[str, str], Group]:
    """By business type and size, from each known firm's newest assessment by the edition; of each owner one firm."""
    found = Diagnosis.objects.using("cross").filter(
        is_known(), answered__gt=0, assessment__edition__digest=digest, org__merged_into=None
    )
    newest = found.order_by("org_id", "-assessment__started_at").distinct("org_id")
    seats = Seats()
    rows = [
        (found.assessment_id, found.org_id, found.assessment.profile, _stands_at(found), found.planks)
        for found in newest.select_related("assessment")
        if found.assessment.profile and seats.take(found.assessment.profile, str(found.org_id))
    ]
    answers = _answers(row[0] for row in rows)
    staff = dict(Profile.objects.using("cross").values_list("org_id", "staff"))
    groups: dict[tuple[str, str], Group] = defaultdict(Group)
    for assessment, org, business, water, planks in rows:
        for size in {"", size_of(staff.get(org)) or ""}:
            group = groups[business, size]
            group.answers.append(answers[assessment])
            group.water.append(water)
            group.tags.append(_tag(org, answers[assessment], water))
            for code, plank in planks.items():
                if plank["needed"]:
                    group.planks[code].append(plank["height"][1])
    return groups


def _stands_at(found: Diagnosis) -> float:
    """The likely water level, or the likely score where the rubric has no planks."""
    likely: float = found.score[1]
    return likely if found.water_likely is None else found.water_likely


def _answers(assessments: Iterable[UUID]) -> dict[UUID, dict[str, Value]]:
    """What each firm stated itself or confirmed; answers taken over count as well, they are still hers."""
    found: dict[UUID, dict[str, Value]] = {each: {} for each in assessments}
    held = Answer.objects.using("cross").filter(assessment_id__in=list(found), value__isnull=False)
    for assessment, leaf, value in held.values_list("assessment_id", "leaf", "value").iterator():
        found[assessment][leaf] = cast("Value", value)
    return found


def _row(rubric: Rubric, digest: str, business: str, size: str, group: Group, fewest: int) -> PeerGroup:
    peers = Peers.of(rubric, group.answers)
    return PeerGroup(
        digest=digest,
        business_type=business,
        size=size,
        firms=len(group.water),
        water=_quantiles(group.water, QUARTILES),
        planks={
            code: _quantiles(found, QUARTILES) for code, found in group.planks.items() if len(found) >= fewest
        },
        scores={code: _quantiles(scores, TWENTIETHS) for code, scores in peers.scores.items()},
        medians=dict(peers.medians),
        behind=sorted(group.tags),
    )


def _quantiles(values: Iterable[float], at: tuple[float, ...]) -> list[float]:
    return [round(float(value), 2) for value in np.quantile(list(values), at)]

"""Sum up what firms of one business type and size answered. A listed cross job: it reads across organisations and
leaves only quantiles of groups of five firms or more."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import numpy as np
from django.db import transaction

from staveworks.cluster.barrel.domain import size_of
from staveworks.cluster.barrel.editions import edition_in_force, rubric_of
from staveworks.cluster.barrel.models import Answer, Diagnosis, PeerGroup
from staveworks.cluster.barrel.types import Value
from staveworks.db.transaction import acting
from staveworks.engine.barrel import Peers, Rubric
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Profile
from staveworks.foundation.parties.types import Actor

FEWEST = 5
QUARTILES = (0.25, 0.5, 0.75)
TWENTIETHS = tuple(i / 20 for i in range(21))


@dataclass(slots=True)
class Group:
    """The firms of one type and size: their answers, likely water levels and likely heights."""

    answers: list[Mapping[str, Value]] = field(default_factory=list)
    water: list[float] = field(default_factory=list)
    planks: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def refresh_peers(actor: Actor, *, rubric: str) -> int:
    """Replace the groups of the edition in force by ``rubric``; how many there are. May be repeated at any time.

    Reads as the cross role, which sees all firms; writes as the application. Raises ``UnknownRubric``.
    """
    with acting(org=actor.org, person=actor.person_id):
        edition = edition_in_force(rubric)
    found = rubric_of(edition)
    with transaction.atomic(using="cross"):
        groups = _groups(edition.digest)
    rows = [
        _row(found, edition.digest, business, size, group)
        for (business, size), group in sorted(groups.items())
        if len(group.water) >= FEWEST
    ]
    with acting(org=actor.org, person=actor.person_id):
        kept = PeerGroup.objects.filter(digest=edition.digest)
        if {_content(each) for each in kept} != {_content(each) for each in rows}:
            kept.delete()
            PeerGroup.objects.bulk_create(rows)
            append_event(actor, "peers.refreshed", subject=edition.id, groups=len(rows))
    return len(rows)


def _content(row: PeerGroup) -> str:
    """What a group says, whatever its id and date."""
    parts = [row.business_type, row.size, row.firms, row.water, row.planks, row.scores, row.medians]
    return json.dumps(parts, sort_keys=True)


def _groups(digest: str) -> dict[tuple[str, str], Group]:
    current = Diagnosis.objects.using("cross").filter(
        current=True, answered__gt=0, assessment__edition__digest=digest, org__merged_into=None
    )
    rows = list(
        current.exclude(assessment__profile="").values_list(
            "assessment_id", "org_id", "assessment__profile", "water_likely", "planks"
        )
    )
    answers = _answers(row[0] for row in rows)
    staff = dict(Profile.objects.using("cross").values_list("org_id", "staff"))
    groups: dict[tuple[str, str], Group] = defaultdict(Group)
    for assessment, org, business, water, planks in rows:
        for size in {"", size_of(staff.get(org)) or ""}:
            group = groups[business, size]
            group.answers.append(answers[assessment])
            group.water.append(cast("float", water))
            for code, plank in planks.items():
                if plank["needed"]:
                    group.planks[code].append(plank["height"][1])
    return groups


def _answers(assessments: Iterable[UUID]) -> dict[UUID, dict[str, Value]]:
    """What each firm stated itself or confirmed; answers taken over count as well, they are still hers."""
    found: dict[UUID, dict[str, Value]] = {each: {} for each in assessments}
    held = Answer.objects.using("cross").filter(assessment_id__in=list(found), value__isnull=False)
    for assessment, leaf, value in held.values_list("assessment_id", "leaf", "value").iterator():
        found[assessment][leaf] = cast("Value", value)
    return found


def _row(rubric: Rubric, digest: str, business: str, size: str, group: Group) -> PeerGroup:
    peers = Peers.of(rubric, group.answers)
    return PeerGroup(
        digest=digest,
        business_type=business,
        size=size,
        firms=len(group.water),
        water=_quantiles(group.water, QUARTILES),
        planks={
            code: _quantiles(found, QUARTILES) for code, found in group.planks.items() if len(found) >= FEWEST
        },
        scores={code: _quantiles(scores, TWENTIETHS) for code, scores in peers.scores.items()},
        medians=dict(peers.medians),
    )


def _quantiles(values: Iterable[float], at: tuple[float, ...]) -> list[float]:
    return [round(float(value), 2) for value in np.quantile(list(values), at)]

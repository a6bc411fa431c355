"""Publish a month's figures. A listed cross job: it reads across organisations and leaves only groups of five firms or more, of
which no two snapshots differ by fewer than five values (``engine/disclosure``)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connections, transaction
from django.utils import timezone

from staveworks.cluster.barrel.figure_models import Contribution, Figure, Publication, PublishedGroup
from staveworks.cluster.barrel.published.gathering import JOINING, gather
from staveworks.cluster.barrel.published.laying_out import Cell, lay_out
from staveworks.cluster.barrel.published.minimum import minimum_in_force
from staveworks.db.transaction import acting
from staveworks.engine.disclosure import Contribution as Value
from staveworks.engine.disclosure import Group, Problem, Result, faults_of, solve
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.types import RuleVersion

LOCK = 0xF16


class PublicationUnsafe(AssertionError):
    """What the solver proposed breaks a rule: a fault of ours, nothing is published."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A group of the last publication as it is kept."""

    id: UUID
    group: Group
    since: str


def is_due(now: datetime | None = None) -> bool:
    """Whether this month has no publication yet."""
    return not Publication.objects.filter(period=period_of(now)).exists()


def period_of(now: datetime | None = None) -> str:
    return f"{timezone.localtime(now):%Y-%m}"


def publish_figures(actor: Actor, *, period: str | None = None) -> int:
    """The groups that are shown now; 0 where there are none, or the period is published already.

    Before anything is published, a month without groups is not kept: the next try may find some. Afterwards it is, so that what
    was withdrawn is not shown any longer.

    Reads and writes as the cross role; the event is the operator's. Raises ``PublicationUnsafe``.
    """
    wanted, rule = period or period_of(), minimum_in_force()
    with transaction.atomic(using="cross"):
        with connections["cross"].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if Publication.objects.using("cross").filter(period=wanted).exists():
            return 0
        solved = {measure: _solve(measure, values, rule) for measure, values in gather().items()}
        groups = sum(len(result.groups) for result, _ in solved.values())
        if not groups and not Publication.objects.using("cross").exists():
            return 0
        publication = Publication.objects.using("cross").create(period=wanted, rule=rule.label)
        for measure, (result, shown) in solved.items():
            _write(publication, measure, result, shown)
    with acting(org=actor.org, person=actor.person_id):
        append_event(
            actor, "figures.published", subject=publication.id, period=wanted, groups=groups, rule=rule.label
        )
    return groups


def _solve(measure: str, values: tuple[Value, ...], rule: RuleVersion) -> tuple[Result, list[Shown]]:
    shown = _shown(measure)
    before = tuple(each.group for each in shown)
    problem = Problem(values, before, _used(measure), fewest=rule.value["firms"], joining=JOINING)
    result = solve(problem)
    if faults := faults_of(problem, result):
        raise PublicationUnsafe("; ".join(faults))
    return result, shown


def _shown(measure: str) -> list[Shown]:
    """The groups of the last publication."""
    last = Publication.objects.using("cross").order_by("-period").first()
    if last is None:
        return []
    found = PublishedGroup.objects.using("cross").filter(measure=measure, last=last)
    return [
        Shown(each.id, Group(tuple(each.node), _members(each)), each.first.period)
        for each in found.select_related("first").prefetch_related("contributions").order_by("id")
    ]


def _members(group: PublishedGroup) -> tuple[tuple[str, float], ...]:
    return tuple(sorted((str(each.org_id), each.value) for each in group.contributions.all()))


def _used(measure: str) -> frozenset[tuple[str, float]]:
    found = Contribution.objects.using("cross").filter(group__measure=measure)
    return frozenset((str(org), value) for org, value in found.values_list("org_id", "value").distinct())


def _write(publication: Publication, measure: str, result: Result, shown: list[Shown]) -> None:
    """Kept groups go on, new ones are written with their firms, and what is said of them all."""
    kept = [each for each in shown if each.group in result.kept]
    PublishedGroup.objects.using("cross").filter(id__in=[each.id for each in kept]).update(last=publication)
    for group in result.made:
        row = PublishedGroup.objects.using("cross").create(
            measure=measure, node=list(group.node), first=publication, last=publication
        )
        Contribution.objects.using("cross").bulk_create(
            Contribution(group=row, org_id=firm, value=value) for firm, value in group.members
        )
    dated = [(each.group, each.since) for each in kept] + [(each, publication.period) for each in result.made]
    Figure.objects.using("cross").bulk_create(_figure(publication, measure, cell) for cell in lay_out(dated))


def _figure(publication: Publication, measure: str, cell: Cell) -> Figure:
    return Figure(
        publication=publication,
        place=cell.place,
        business_type=cell.business_type,
        size=cell.size,
        measure=measure,
        firms=cell.summary.firms,
        low=cell.summary.low,
        median=cell.summary.median,
        high=cell.summary.high,
        since=cell.since,
    )

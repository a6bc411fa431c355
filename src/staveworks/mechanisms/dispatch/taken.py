"""Hours of published plans aren't given out twice: a new run doesn't get them, and of two plans over the same hours one is published.

Who asks for hours and who publishes wait for each other (``keep_hours``), so that what was asked before a publication is before it by the
clock too; what a run was given follows from the moment at which it was asked.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from staveworks.db.clock import database_now
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.domain.taken import (
    WEEK,
    Cell,
    Overlap,
    centre_in,
    formers,
    hours_in,
    overlaps,
    standing,
)
from staveworks.mechanisms.dispatch.models import Run, Share
from staveworks.mechanisms.dispatch.run_queries import week_label
from staveworks.mechanisms.dispatch.types.runs import MOST_BUCKETS, HoursTaken, RunKind


def keep_hours(actor: Actor, *, publishing: bool = False) -> None:
    """Until the transaction ends nobody publishes; ``publishing``: nor asks. Taken before any row is locked."""
    lock = "pg_advisory_xact_lock" if publishing else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [f"dispatch hours {actor.org}"])


def hours_taken(actor: Actor, *, first: date, at: datetime) -> Counter[Cell]:
    """By the plans that stood at a moment, from ``first`` on."""
    return _of(_standing(actor, upon=None, at=at), first)


def _standing(actor: Actor, *, upon: UUID | None, at: datetime) -> frozenset[UUID]:
    runs = list(
        Run.objects.filter(org_id=actor.org).values_list("id", "base_id", "published_at", "withdrawn_at")
    )
    published = {run: when for run, _, when, _ in runs if when}
    withdrawn = {run: when for run, _, _, when in runs if when}
    return standing(published, withdrawn, {run: base for run, base, _, _ in runs}, upon=upon, at=at)


def replaces(actor: Actor, run: UUID) -> list[UUID]:
    """The runs that it was made upon, the nearest first."""
    return list(formers(run, dict(Run.objects.filter(org_id=actor.org).values_list("id", "base_id"))))


def stands(actor: Actor, run: UUID) -> bool:
    """Whether a published plan holds: it is neither withdrawn nor replaced."""
    return run in _standing(actor, upon=None, at=database_now())


def _of(runs: frozenset[UUID], first: date) -> Counter[Cell]:
    shares = Share.objects.filter(run_id__in=runs, first_date__gt=first - timedelta(weeks=MOST_BUCKETS))
    return hours_in(shares.values_list("firm_id", "first_date", "work"))


def asked_at(run: Run) -> datetime:
    """When the hours of its problem were asked for: a what-if has those of the run that it is upon."""
    while run.kind == RunKind.WHAT_IF:
        assert run.base
        run = run.base
    return run.made_at


def refuse_overlap(actor: Actor, run: Run, plan: Plan) -> None:
    """Raises ``HoursTaken`` where plans that were published since the run was asked have hours of it. Under ``keep_hours``."""
    found = overlaps(plan, run.inputs.names, first=run.first_date, more=_taken_since(actor, run))
    if found:
        raise HoursTaken([_said(each, run) for each in found])


def _taken_since(actor: Actor, run: Run) -> Counter[Cell]:
    """What others hold now and didn't hold when the run was asked; those that it would replace aren't others."""
    then = _standing(actor, upon=run.id, at=asked_at(run))
    now = _standing(actor, upon=run.id, at=database_now())
    return Counter() if now <= then else _of(now, run.first_date) - _of(then, run.first_date)


def _said(overlap: Overlap, run: Run) -> Text:
    names, code = run.inputs.names, overlap.firm
    firm = names.get("firms", {}).get(code, {"zh": code, "en": code})
    centre = names.get("centres", {}).get(overlap.work_centre, overlap.work_centre)
    week, hours = week_label(run.first_date, overlap.bucket), f"{overlap.hours:g}"
    return Text(
        zh=f"{firm['zh']}·{centre} {week} 多 {hours} 小时",
        en=f"{firm['en']} · {centre}, {week}: {hours} h too many",
    )


def without_taken(
    actor: Actor, run: Run, capacity: Sequence[dict[str, Any]], *, begun: int
) -> list[dict[str, Any]]:
    """The capacity of a plan that is dispatched anew, from bucket ``begun`` on less what others have taken since the plan was asked:
    what has begun keeps its hours."""
    more = _taken_since(actor, run)
    if not more:
        return list(capacity)
    return [
        row if int(row["bucket"]) < begun else {**row, **_less(row, more[_cell(run, row)])}
        for row in capacity
    ]


def _less(row: Mapping[str, Any], taken: float) -> dict[str, float]:
    """Free hours of a cell and, where they were said, those that are worked there, without what was taken."""
    said = (name for name in ("hours", "working_hours") if row.get(name) is not None)
    return {name: max(0.0, float(row[name]) - taken) for name in said}


def _cell(run: Run, row: Mapping[str, Any]) -> Cell:
    return centre_in(str(row["work_centre"])) or "", run.first_date + int(row["bucket"]) * WEEK

"""A season of the demo's brands over the capacity that its firms declared: dispatched, published, dispatched anew, with a question open.

The worker does it after the start (``alive.py``), so that nobody waits for the engine before the first page. Each step looks at what stands
already: what was interrupted goes on where it was.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import yaml

from staveworks.db.clock import database_today
from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Membership, Organisation
from staveworks.foundation.parties.queries import actor_for, operator_service
from staveworks.foundation.parties.types import Actor, Role
from staveworks.mechanisms.dispatch.models import Run
from staveworks.mechanisms.dispatch.run_queries import access_plan, access_report, access_run
from staveworks.mechanisms.dispatch.types.runs import RunKind, RunState
from staveworks.mechanisms.dispatch.usecases.ask_what_if import ask_what_if
from staveworks.mechanisms.dispatch.usecases.publish_run import publish_run
from staveworks.mechanisms.dispatch.usecases.redispatch import redispatch
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand
from staveworks.mechanisms.dispatch.usecases.start_run import next_monday, start_run

NAME = "三城大货"
WEEKS, LEFT, CLOSES = 8, 3, 2
"""Weeks planned; with how many left of them the next season is dispatched; from which on a firm stands still."""
MORE_HOURS = 200
PATIENCE_S, GLANCE_S = 900.0, 0.5
Carry = Callable[[Actor, UUID], None]


@cache
def said() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "season.yaml").read_text("utf-8"))
    return content


def draw_lines(seed: int, first: date, *, share: float = 1.0) -> list[dict[str, Any]]:
    """The lines of a season that is planned from ``first`` on, as a planner's sheet has them; ``share``: of each row's lines."""
    chance = random.Random(f"{seed} season")  # noqa: S311 - a demo, not a secret
    lines: list[dict[str, Any]] = []
    for row in said()["rows"]:
        for _ in range(max(1, round(share * row["lines"]))):
            lines.append(_line(row, f"D-{1001 + len(lines)}", first, chance))
    return lines


def _line(row: Mapping[str, Any], number: str, first: date, chance: random.Random) -> dict[str, Any]:
    low, high = row["due"]
    week = chance.randint(low, high)
    return {
        "id": number,
        "customer": chance.choice(said()["customers"]),
        "family": row["family"],
        "quantity": 100 * round(10 * chance.uniform(*row["quantity"])),
        "release": (first + timedelta(weeks=row.get("release", 0))).isoformat(),
        "due": (first + timedelta(weeks=week, days=4)).isoformat(),
        "grade": row.get("grade", 1),
        "certificates": row.get("certificates", ""),
        "city": row["city"],
        "late_cost": row["late"],
        "reject_cost": row["reject"],
        "min_lot": row["least"],
        "max_lots": row["lots"],
    }


def dispatch_season(seed: int, carry: Carry | None = None) -> bool:
    """Whether all of it stands now. ``carry`` lets the engine work where no worker does (default: wait for it)."""
    planner, carry = _planner(), carry or wait_for
    if planner is None:
        return False
    first = next_monday(database_today())
    run = _newest(planner, first) or _begin(planner, seed, first)
    if not _over(planner, run, carry):
        return False
    if access_run(planner, run).published_at is None:
        publish_run(planner, run=run)
    (anew, *_) = _upon(planner, run, RunKind.REDISPATCH) or [_stand_still(planner, run)]
    if not _over(planner, anew, carry):
        return False
    return _ask(planner, anew, carry)


def wait_for(planner: Actor, run: UUID) -> None:
    """Until the worker has carried it out, or for a quarter of an hour."""
    until = time.monotonic() + PATIENCE_S
    while access_run(planner, run).is_open and time.monotonic() < until:
        time.sleep(GLANCE_S)


def _planner() -> Actor | None:
    """The operator's owner of the demo, if she is there: what she made goes with her."""
    service = operator_service()
    with acting(org=service.org_id, person=service.person_id):
        owners = Membership.objects.filter(org_id=service.org_id, role=Role.OWNER, person__demo=True)
        person = owners.order_by("since", "id").values_list("person_id", flat=True).first()
    return actor_for(person, service.org) if person else None


def _newest(planner: Actor, first: date) -> UUID | None:
    """The last season, unless it is nearly over or somebody withdrew it."""
    with acting(org=planner.org_id, person=planner.person_id):
        mine = Run.objects.filter(
            kind=RunKind.RUN, name__startswith=NAME, made_by_id=planner.person_id, withdrawn_at=None
        )
        since = first - timedelta(weeks=WEEKS - LEFT)
        found = mine.filter(first_date__gt=since).order_by("-made_at")
        return found.values_list("id", flat=True).first()


def _begin(planner: Actor, seed: int, first: date) -> UUID:
    firms = Organisation.objects.filter(demo=True).count()
    lines = draw_lines(seed, first, share=min(1.0, firms / 200))
    year, week, _ = first.isocalendar()
    name = f"{NAME} {year}-W{week:02}"
    with acting(org=planner.org_id, person=planner.person_id):
        demand = save_demand(planner, name=name, tables={"lines": lines})
        return start_run(planner, demand=demand.id, first=first, weeks=WEEKS, name=name)


def _over(planner: Actor, run: UUID, carry: Carry) -> bool:
    """Whether it has its plan."""
    if access_run(planner, run).is_open:
        carry(planner, run)
    return access_run(planner, run).state == RunState.FINISHED


def _upon(planner: Actor, base: UUID, kind: RunKind) -> list[UUID]:
    with acting(org=planner.org_id, person=planner.person_id):
        found = Run.objects.filter(base_id=base, kind=kind).order_by("made_at")
        return list(found.values_list("id", flat=True))


def _stand_still(planner: Actor, run: UUID) -> UUID:
    """The firm with most work says that its machines stand still: the rest is dispatched anew."""
    plan, _ = access_plan(planner, run)
    hours = np.bincount(plan.firm, plan.hours, len(plan.problem.firms))
    firm = plan.problem.firms[int(hours.argmax())]
    return redispatch(planner, run=run, events=[{"kind": "close", "firm": firm, "from": CLOSES}])


def _ask(planner: Actor, run: UUID, carry: Carry) -> bool:
    """Two questions, side by side: more hours where one is worth most, and a week more for the line that is late at most cost."""
    report, _ = access_report(planner, run)
    asked = _upon(planner, run, RunKind.WHAT_IF)
    for change in list(_questions(report))[len(asked) :]:
        asked.append(ask_what_if(planner, run=run, changes=[change]))
    return all(_over(planner, each, carry) for each in asked)


def _questions(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for short in report["staves"][:1]:
        where = {key: short[key] for key in ("operation", "city", "bucket")}
        yield {"kind": "hours", **where, "hours": MORE_HOURS}
    for line in [each for each in report["late"] if each["late"] and each["due"] + 1 < WEEKS][:1]:
        yield {"kind": "due", "line": line["line"], "due": line["due"] + 1}

"""A season over three cities for tests: weavers, dyers and sewers with too few dyeing hours, as tables and as a workbook.

>>> tables = season(lines=40)       # what a workbook holds: every table of a problem, `lines` with customers
>>> workbook(path, tables)          # the same as XLSX
"""

import hashlib
import pickle
import random
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import xlsxwriter
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.engine.dispatch import Problem, Progress, Result, solve
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.dispatch import solving
from staveworks.mechanisms.dispatch.documents import digest_of, pack
from staveworks.mechanisms.dispatch.models import Demand, Inputs, Run, Share
from staveworks.mechanisms.dispatch.stating import own_problem
from staveworks.mechanisms.dispatch.types.runs import RunState
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand
from staveworks.mechanisms.dispatch.usecases.start_run import next_monday, start_run

CITIES = ("柯桥", "盛泽", "西樵")
STEPS = ("weaving", "dyeing", "sewing")
FAMILIES = {"poplin": ("weaving", "dyeing"), "shirt": ("weaving", "dyeing", "sewing"), "twill": ("weaving",)}
FIRMS = ("锦澜", "华盈", "东浦", "巧玉", "盛发", "兰亚", "宏达", "新悦", "春晖织造", "远达印染")
CUSTOMERS = ("Nordwind Home", "恒泰服装", "兰岳纺织", "Brioche SA")


def season(*, lines: int = 40, buckets: int = 6, load: float = 1.0, seed: int = 7) -> dict[str, Any]:
    """Every table; the dyers have about ``1 / load`` of the hours that the lines need."""
    draw = random.Random(seed)
    centres = [
        {
            "id": f"{firm}-{step}",
            "firm": firm,
            "city": CITIES[(number + STEPS.index(step)) % 3],
            "operation": step,
            "grade": 1 + (number + STEPS.index(step)) % 2,
            "certificates": "oeko-tex" if number % 3 != 2 else "",
        }
        for number, firm in enumerate(FIRMS)
        for step in STEPS
        if (number + STEPS.index(step)) % 2 or step == "weaving"
    ]
    wanted = [_line(number, draw, buckets) for number in range(lines)]
    total = sum(line["quantity"] for line in wanted if "dyeing" in FAMILIES[line["family"]])
    each = total * 0.01 / buckets / (load * sum(c["operation"] == "dyeing" for c in centres))
    return {
        "problem": {"buckets": buckets, "operations": list(STEPS)},
        "cities": [{"id": city} for city in CITIES],
        "transport": [{"from": a, "to": b, "cost": 0.4, "lag": 0} for a in CITIES for b in CITIES if a != b],
        "families": [{"id": code, "weight": 0.2, "hold_cost": 0.02} for code in FAMILIES],
        "routes": [
            {"family": code, "route": "1", "step": step, "operation": operation}
            for code, route in FAMILIES.items()
            for step, operation in enumerate(route)
        ],
        "work_centres": centres,
        "capacity": [
            {
                "work_centre": c["id"],
                "bucket": bucket,
                "hours": round(each * (1 if c["operation"] == "dyeing" else 3), 1),
            }
            for c in centres
            for bucket in range(buckets)
        ],
        "capabilities": [
            {
                "work_centre": c["id"],
                "family": code,
                "cost": round(draw.uniform(1.0, 2.0), 2),
                "hours": round(draw.uniform(0.008, 0.012), 4),
            }
            for c in centres
            for code, route in FAMILIES.items()
            if c["operation"] in route
        ],
        "lines": wanted,
    }


def two_seasons(**more: Any) -> dict[str, Any]:
    """A season twice, the other one's cities beyond the sea: two markets."""
    one, other = season(**more), season(**{**more, "seed": 8})
    there = {"id": "B", "city": "B", "from": "B", "to": "B", "work_centre": "B", "firm": "B"}
    for name in ("cities", "transport", "work_centres", "capacity", "capabilities", "lines"):
        rows = other[name]
        one[name] = one[name] + [
            {
                key: value + there.get(key, "") if isinstance(value, str) else value
                for key, value in row.items()
            }
            for row in rows
        ]
    return one


def _line(number: int, draw: random.Random, buckets: int) -> dict[str, Any]:
    return {
        "id": f"L-{2000 + number}",
        "customer": CUSTOMERS[number % len(CUSTOMERS)],
        "family": list(FAMILIES)[number % len(FAMILIES)],
        "quantity": draw.randrange(500, 6000, 100),
        "release": 0,
        "due": draw.randrange(1, buckets),
        "grade": 1,
        "certificates": "oeko-tex" if number % 9 == 0 else "",
        "city": CITIES[number % 3],
        "late_cost": 0.4,
        "reject_cost": 9,
        "min_lot": 200,
        "max_lots": 4,
    }


def workbook(path: Path, tables: Mapping[str, Any]) -> Path:
    """A sheet for each table."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in tables.items():
        sheet = book.add_worksheet(name)
        if name == "problem":
            for at, (key, value) in enumerate(rows.items()):
                sheet.write_row(at, 0, [key, *(value if isinstance(value, list) else [value])])
            continue
        columns = list(rows[0])
        sheet.write_row(0, 0, columns)
        for at, row in enumerate(rows, 1):
            sheet.write_row(at, 0, [row.get(column, "") for column in columns])
    book.close()
    return path


def dispatched(actor: Actor, **more: Any) -> UUID:
    """A run of a season, carried out here and now."""
    run = queued(actor, **more)
    assert carried_out(actor, run) is RunState.FINISHED
    return run


def carried_out(actor: Actor, run: UUID) -> RunState | None:
    """Where a run is what a test begins with: the same problem is solved once for all of them."""
    with mock.patch.object(solving, "solve", _solved_once):
        return carry_out_run(actor, subject=run)


SOLVED: dict[str, tuple[Result, list[Progress]]] = {}


def _solved_once(
    problem: Problem, *, seed: int, progress: Callable[[Progress], None] | None = None, **how: Any
) -> Result:
    """The engine's own answer and what it said on the way. The same problem and seed have the same; the engine's tests show it."""
    key = hashlib.sha256(pickle.dumps((problem, seed, how["warm"]))).hexdigest()
    if key not in SOLVED:
        said: list[Progress] = []
        SOLVED[key] = solve(problem, seed=seed, progress=said.append, **how), said
    result, said = SOLVED[key]
    for each in said if progress else ():
        progress(each)
    return result


def queued(actor: Actor, *, first: date | None = None, **more: Any) -> UUID:
    demand = save_demand(actor, name="2026 秋冬", tables=season(**more))
    assert not demand.faults
    return start_run(actor, demand=demand.id, first=first or next_monday(timezone.localdate()))


def studio_things(actor: Actor) -> dict[str, str]:
    """A demand and a finished run of an organisation, whatever it may do: rows, so that others have some to ask for."""
    tables = season(lines=4)
    with acting(org=actor.org, person=actor.person_id):
        demand = Demand.objects.create(
            id=new_id(), org_id=actor.org, name="季", tables=pack(tables), lines=4, with_capacity=True
        )
        stated = own_problem(tables)
        inputs, _ = Inputs.objects.get_or_create(
            org_id=actor.org,
            digest=digest_of(stated),
            defaults={"id": new_id(), "tables": pack(stated)},
        )
        run = Run.objects.create(
            id=new_id(),
            org_id=actor.org,
            name="2026-W49",
            kind="run",
            demand=demand,
            inputs=inputs,
            first_date=date(2026, 11, 30),
            buckets=6,
            seed=1,
            engine="1",
            lines=4,
            firms=10,
            cities=3,
        )
    carried_out(actor, run.id)
    return {"demand": str(demand.id), "run": str(run.id)}


def share_of(actor: Actor, run: UUID, firm: UUID) -> UUID:
    """What a firm was told of a run."""
    with acting(org=actor.org, person=actor.person_id):
        share = Share.objects.create(
            id=new_id(),
            org_id=actor.org,
            firm_id=firm,
            run_id=run,
            name="2026-W49",
            first_date=date(2026, 11, 30),
            work=[],
            reasons=[],
        )
    return share.id

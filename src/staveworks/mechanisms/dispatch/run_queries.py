"""Reads of demand, runs, plans and shares."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.dispatch.demand_columns import COLUMNS
from staveworks.mechanisms.dispatch.documents import problem_of, unpack, unpack_result
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.models import Answer, Demand, Run, Share
from staveworks.mechanisms.dispatch.run_rows import demand_card, run_card, share_card, waiting_upon
from staveworks.mechanisms.dispatch.types.runs import (
    DemandCard,
    DemandNotFound,
    DemandView,
    NoPlan,
    RunCard,
    RunKind,
    RunNotFound,
    RunState,
    ShareCard,
    ShareNotFound,
)

MOST_LISTED = 500


@query
def list_demands(actor: Actor, /) -> list[DemandCard]:
    """The newest first."""
    actor.require("dispatch.read")
    return [demand_card(row) for row in Demand.objects.defer("tables").order_by("-made_at")[:MOST_LISTED]]


@query
def access_demand(actor: Actor, demand: UUID, right: str = "dispatch.read") -> DemandView:
    """With its rows. Raises ``RightMissing``, ``DemandNotFound``."""
    actor.require(right)
    row = Demand.objects.filter(id=demand).first()
    if row is None:
        raise DemandNotFound
    rows = unpack(row.tables)["lines"]
    named = dict.fromkeys(name for each in rows for name in each)
    columns = [code for code in COLUMNS if code in named] + [name for name in named if name not in COLUMNS]
    return DemandView(demand_card(row), rows, columns)


@query
def list_firms_to_name(actor: Actor, demand: UUID | None) -> dict[str, Mapping[str, str] | None]:
    """Firms that a line may be given to or kept from, with their names where they are known: those of the workbook's work centres, else
    those of the newest plan over declared capacity. ``demand``: None of one to come. Raises ``RightMissing``, ``DemandNotFound``."""
    actor.require("dispatch.read")
    row = Demand.objects.filter(id=demand).first() if demand else None
    if demand and row is None:
        raise DemandNotFound
    if row and row.with_capacity:
        centres = unpack(row.tables)["work_centres"]
        return dict.fromkeys(sorted({str(each["firm"]) for each in centres if each.get("firm")}))
    plans = Run.objects.filter(answer__isnull=False, inputs__names__has_key="firms").order_by("-made_at")
    return plans.values_list("inputs__names__firms", flat=True).first() or {}


@query
def access_tables(actor: Actor, demand: UUID) -> dict[str, Any]:
    """A demand's tables as they came. Raises ``RightMissing``, ``DemandNotFound``."""
    actor.require("dispatch.read")
    row = Demand.objects.filter(id=demand).first()
    if row is None:
        raise DemandNotFound
    tables: dict[str, Any] = unpack(row.tables)
    return tables


@query
def list_runs(actor: Actor, /) -> list[RunCard]:
    """The history, the newest first; what-ifs only once they were accepted."""
    actor.require("dispatch.read")
    shown = _with_summary().filter(~Q(kind=RunKind.WHAT_IF) | Q(accepted_at__isnull=False))
    return [_card(row) for row in shown.defer("trail").order_by("-made_at", "-id")[:MOST_LISTED]]


@query
def access_run(actor: Actor, run: UUID, right: str = "dispatch.read") -> RunCard:
    """Raises ``RightMissing``, ``RunNotFound``."""
    actor.require(right)
    row = _with_summary().filter(id=run).first()
    if row is None:
        raise RunNotFound
    return _card(row)


@query
def usual_seconds(actor: Actor, card: RunCard) -> float | None:
    """How long the newest run of the kind took that had about as many lines; None where there is none yet. Raises ``RightMissing``."""
    actor.require("dispatch.read")
    alike = Run.objects.filter(
        kind=card.kind, state=RunState.FINISHED, lines__gte=card.lines // 2, lines__lte=2 * card.lines
    )
    found = alike.order_by("-finished_at").values_list("started_at", "finished_at").first()
    return (found[1] - found[0]).total_seconds() if found and found[0] and found[1] else None


@query
def list_what_ifs(actor: Actor, run: UUID) -> list[RunCard]:
    """The what-ifs upon a run that wait for their fate, as they were asked."""
    actor.require("dispatch.read")
    return [_card(row) for row in _with_summary(waiting_upon(run)).order_by("made_at", "id")]


@query
def access_report(actor: Actor, run: UUID) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the pages show of a plan, and what its ids are called. Raises ``RightMissing``, ``RunNotFound``, ``NoPlan``."""
    actor.require("dispatch.read")
    return Answer.objects.filter(run_id=run).values_list("report", "run__inputs__names").first() or _missing(
        run
    )


@query
def access_bars(actor: Actor, run: UUID) -> bytes:
    """The plan as bars, compressed (zlib). Raises ``RightMissing``, ``RunNotFound``, ``NoPlan``."""
    actor.require("dispatch.read")
    found = Answer.objects.filter(run_id=run).values_list("bars", flat=True).first()
    return bytes(found if found is not None else _missing(run))


@query
def access_plan(actor: Actor, run: UUID) -> tuple[Plan, Mapping[str, Any]]:
    """The problem with its answer, and the names. Raises ``RightMissing``, ``RunNotFound``, ``NoPlan``."""
    actor.require("dispatch.read")
    found = Answer.objects.filter(run_id=run).values_list(
        "arrays", "run__inputs__tables", "run__inputs__names"
    ).first() or _missing(run)
    arrays, tables, names = found
    return Plan(problem_of(unpack(tables)), unpack_result(arrays)), names


def _missing(run: UUID) -> Any:
    raise (NoPlan if Run.objects.filter(id=run).exists() else RunNotFound)


@query
def list_shares(actor: Actor, /) -> list[ShareCard]:
    """What the actor's firm was told, the newest first. Raises ``RightMissing``."""
    actor.require("work.read")
    return [share_card(row) for row in _own_shares(actor)[:MOST_LISTED]]


@query
def access_share(actor: Actor, share: UUID) -> ShareCard:
    """Raises ``RightMissing``, ``ShareNotFound``."""
    actor.require("work.read")
    row = _own_shares(actor).filter(id=share).first()
    if row is None:
        raise ShareNotFound
    return share_card(row)


def _own_shares(actor: Actor) -> QuerySet[Share]:
    return Share.objects.filter(firm_id=actor.org).order_by("-published_at", "-id")


def _with_summary(runs: QuerySet[Run] | None = None) -> QuerySet[Run]:
    return (Run.objects.all() if runs is None else runs).annotate(
        summary=F("answer__report__summary"), digest=F("answer__digest")
    )


def _card(row: Any) -> RunCard:
    return run_card(row, row.summary, row.digest)


def week_label(first: date, bucket: int) -> str:
    """``2026-W48``."""
    from datetime import timedelta

    year, week, _ = (first + timedelta(weeks=bucket)).isocalendar()
    return f"{year}-W{week:02}"

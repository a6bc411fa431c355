"""What stays as it was said, logged or answered; keys that can't cross organisations; values that no row may have."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, models

from staveworks.db.clock import database_now, database_today
from staveworks.db.transaction import acting
from staveworks.kit.ids import new_id
from staveworks.mechanisms.dispatch.models import (
    Answer,
    Capability,
    CapacityLook,
    CentreCertificate,
    Confirmation,
    HeatCell,
    Inputs,
    LimitLifted,
    Run,
    Share,
    WindowSheet,
    WindowStatement,
    WorkCentre,
)
from tests.capacity import KEQIAO, declare
from tests.rooms.dispatch.test_guards import Full, full, refused, removed
from tests.world import World

__all__ = ["full"]
APPENDED: dict[type[models.Model], str] = {
    **dict.fromkeys((LimitLifted, Confirmation, WindowSheet, HeatCell, Inputs, Answer), "refuse_change"),
    CapacityLook: "facts_log_kept",
    Share: "dispatch_share_stays",
}
"""With what refuses changes of a row: old looks go by the rule of retention, a share ends once; nothing else of them changes."""


@pytest.mark.parametrize("model", APPENDED)
def test_what_is_only_added_to_is_held_by_a_trigger_and_by_lacking_grants(
    db: None, model: type[models.Model]
) -> None:
    """Two layers: who had the grants by mistake would still be stopped by the trigger."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'"
            " AND (tgfoid = %s::regproc AND tgtype = 27 OR tgfoid = 'refuse_change'::regproc AND tgtype = 34)",
            [table, APPENDED[model]],  # update or delete by row; truncate
        )
        assert cursor.fetchone() == (2,)
        cursor.execute("SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE')", [table])
        assert cursor.fetchone() == (False,)


def run_of(full: Full, **changes: Any) -> Callable[[], object]:
    return lambda: Run.objects.update(**changes)


def test_a_run_is_never_accepted_or_published_anew_nor_accepted_and_discarded(full: Full) -> None:
    org, now = full.world.operator.id, database_now()
    refused(org, run_of(full, accepted_at=now, discarded_at=now), "stays so")
    with acting(org=org):
        Run.objects.update(accepted_at=now, published_at=now)
    for change in (
        {"accepted_at": None},
        {"accepted_at": now + timedelta(days=1)},
        {"published_at": None},
        {"discarded_at": now},
    ):
        refused(org, run_of(full, **change), "stays so")
    refused(org, removed(Run), "permission denied", ProgrammingError)


def test_what_a_run_was_asked_stays_even_while_it_waits(full: Full) -> None:
    org = full.world.operator.id
    with acting(org=org):
        row = Run.objects.get()
        row.pk, row.state, row.finished_at = new_id(), "queued", None
        row.save(force_insert=True)
    for change in ({"seed": 9}, {"rules": ["x/1"]}, {"changes": [1]}, {"buckets": 3}):
        refused(org, lambda change=change: Run.objects.filter(id=row.pk).update(**change), "as it was asked")  # type: ignore[misc]
    refused(org, lambda: Run.objects.filter(id=row.pk).update(state="finished"), "can't become")
    with acting(org=org):
        assert Run.objects.filter(id=row.pk).update(state="running", attempt=1) == 1


def test_a_window_is_withdrawn_once_and_never_removed(full: Full) -> None:
    org, now = full.world.chunhui.id, database_now()
    with acting(org=org):
        WindowStatement.objects.update(withdrawn_at=now)
    for again in (None, now + timedelta(days=1)):
        refused(org, lambda again=again: WindowStatement.objects.update(withdrawn_at=again), "kept as it was")  # type: ignore[misc]
    for model in (WindowStatement, WorkCentre):
        refused(org, removed(model), "permission denied", ProgrammingError)


def test_no_key_points_at_a_row_of_another_organisation(full: Full) -> None:
    """Each row copied into another organisation still points at what belongs to the first."""
    world = full.world
    declare(world.wu)
    for model, org, to in (
        (Capability, world.yuanda.id, "centre_id"),
        (CentreCertificate, world.yuanda.id, "centre_id"),
        (WindowStatement, world.yuanda.id, "centre_id"),
        (Answer, world.yuanda.id, "run_id"),
        (Share, world.yuanda.id, "run_id"),
        (Run, world.yuanda.id, "inputs_id"),
        (Run, world.yuanda.id, "demand_id"),
        (Run, world.yuanda.id, "base_id"),
    ):
        refused(org, _crossing(full, model, org, to), f"{model._meta.db_table}_{to}_same_org")


def _crossing(full: Full, model: type[models.Model], org: UUID, to: str) -> Callable[[], object]:
    with acting(org=full.org_of(model) if model is not Share else full.world.operator.id):
        row: Any = model._default_manager.all()[0]
    if model is Answer:
        with acting(org=full.world.operator.id):
            run = Run.objects.get()
            run.pk = new_id()
            run.save(force_insert=True)
        row.run_id = run.pk
    if model is Run:
        row.base_id = row.pk if to == "base_id" else None
        with acting(org=org):
            inputs = Inputs.objects.filter(digest="0" * 64).first() or Inputs.objects.create(
                id=new_id(), org_id=org, digest="0" * 64, tables=b""
            )
        row.inputs_id = row.inputs_id if to == "inputs_id" else inputs.pk
        row.demand_id = row.demand_id if to == "demand_id" else None
    row.pk, row.org_id = new_id(), org
    if model is CentreCertificate:
        row.code = "other"
    if model is Capability:
        row.family = "other"
    if model is WindowStatement:
        row.number += 100
    if model is Share:
        row.firm_id = full.world.yuanda.id
    return lambda: row.save(force_insert=True)


WRONG: tuple[tuple[type[models.Model], dict[str, Any], str], ...] = (
    (WorkCentre, {"name": "x", "grade": 0}, "dispatch_work_centre_grade"),
    (WorkCentre, {"name": "x", "setup_hours": -1}, "dispatch_work_centre_setup"),
    (WorkCentre, {}, "dispatch_work_centre_named"),
    (WindowStatement, {}, "dispatch_window_numbered"),
    (WindowStatement, {"number": 99, "last_date": "2020-01-01"}, "dispatch_window_days"),
    (WindowStatement, {"number": 99, "day_hours": 25}, "dispatch_window_hours_or_share"),
    (WindowStatement, {"number": 99, "day_hours": -1}, "dispatch_window_hours_or_share"),
    (WindowStatement, {"number": 99, "percent": 50}, "dispatch_window_hours_or_share"),
    (WindowStatement, {"number": 99, "day_hours": None}, "dispatch_window_hours_or_share"),
    (WindowStatement, {"number": 99, "day_hours": None, "percent": 101}, "dispatch_window_hours_or_share"),
    (CentreCertificate, {}, "dispatch_centre_certificate_once"),
    (Capability, {}, "dispatch_capability_once"),
    (Capability, {"family": "x", "price_fen": -1}, "dispatch_capability_counts"),
    (Capability, {"family": "x", "unit_hours": 0}, "dispatch_capability_counts"),
    (Inputs, {}, "dispatch_inputs_once"),
    (Run, {"kind": "what-if", "base_id": None}, "dispatch_run_upon_another"),
)


@pytest.mark.parametrize(("model", "wrong", "constraint"), WRONG, ids=[f"{c}-{w}" for _, w, c in WRONG])
def test_no_row_has_a_value_that_makes_no_sense(
    full: Full, model: type[models.Model], wrong: dict[str, Any], constraint: str
) -> None:
    with acting(org=full.org_of(model)):
        row = model._default_manager.all()[0]
    row.pk = new_id()
    for name, value in wrong.items():
        setattr(row, name, value)
    refused(full.org_of(model), lambda: row.save(force_insert=True), constraint)


def test_a_run_is_not_upon_itself_and_a_firm_is_told_once_and_a_limit_has_a_reason(full: Full) -> None:
    org = full.world.operator.id
    with acting(org=org):
        run, share, limit = Run.objects.get(), Share.objects.get(), LimitLifted.objects.get()
    run.pk = run.base_id = new_id()
    refused(org, lambda: run.save(force_insert=True), "dispatch_run_not_upon_itself")
    share.pk = new_id()
    refused(org, lambda: share.save(force_insert=True), "dispatch_share_once")
    limit.pk, limit.reason = new_id(), ""
    refused(org, lambda: limit.save(force_insert=True), "dispatch_limit_lifted_says_why")


def test_a_published_cell_hides_few_firms_and_is_published_once(world: World) -> None:
    def cell(firms: int | None, hours: int | None) -> Callable[[], object]:
        row = HeatCell(
            on_date=database_today(), operation="weaving", city_id=KEQIAO, monday=database_today(), firms=firms, hours=hours
        )  # fmt: skip
        return lambda: row.save(force_insert=True)

    for few in (cell(4, 10), cell(None, 10), cell(4, None), cell(5, None)):
        refused(world.operator.id, few, "dispatch_heat_cell_hides_few")
    cell(5, 10)()
    refused(world.operator.id, cell(6, 10), "dispatch_heat_cell_once")

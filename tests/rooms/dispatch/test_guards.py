"""What the database itself refuses, whatever a program asks of it: rows of others, looks of who may not, looks that outlive their transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import Error, IntegrityError, ProgrammingError, connection, models, transaction
from django.db.models.functions import Now

from staveworks.db.clock import database_now
from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Kind, Role
from staveworks.kit.ids import new_id
from staveworks.mechanisms.dispatch.models import (
    Answer,
    Capability,
    CapacityLook,
    CapacityReading,
    CentreCertificate,
    Confirmation,
    Demand,
    Inputs,
    LimitLifted,
    Run,
    Share,
    WindowSheet,
    WindowStatement,
    WorkCentre,
)
from staveworks.mechanisms.dispatch.queries import dispatchable_capacity
from staveworks.mechanisms.dispatch.reading import reading_capacity
from staveworks.mechanisms.dispatch.types.centres import CertificateSaid
from staveworks.mechanisms.dispatch.usecases.confirm_windows import confirm_windows
from staveworks.mechanisms.dispatch.usecases.lift_limit import lift_limit
from staveworks.mechanisms.dispatch.usecases.load_sheet import load_sheet
from tests.capacity import KEQIAO, WUJIANG, declare, next_monday
from tests.database import Clone
from tests.seasons import share_of, studio_things
from tests.world import World, join, make_firm, make_person, make_world

FIRMS = (WorkCentre, Capability, CentreCertificate, WindowStatement, Confirmation, WindowSheet)
OPERATORS = (CapacityReading, Demand, Inputs, Run, Answer)
BOTHS = (CapacityLook, LimitLifted, Share)
TABLES: tuple[type[models.Model], ...] = (*FIRMS, *OPERATORS, *BOTHS)


@dataclass
class Full:
    """A row in every table: a weaver's capacity, a dispatcher's look at it, a run of which she was told."""

    world: World

    def org_of(self, model: type[models.Model]) -> UUID:
        return self.world.operator.id if model in OPERATORS else self.world.chunhui.id


@pytest.fixture
def full(world: World) -> Full:
    declare(world.lin, certificates=(CertificateSaid("gots", "CU 1"),))
    confirm_windows(world.lin)
    load_sheet(world.lin, name="w.csv", content=b"Work centre,From,To,Hours a day\nx,y,z,3\n")
    dispatchable_capacity(world.gao, from_day=next_monday(), buckets=1, now=database_now())
    lift_limit(world.gao, firm_id=world.chunhui.id, lifted=True, reason="现场看过")
    run = studio_things(world.gao)["run"]
    share_of(world.gao, UUID(run), world.chunhui.id)
    return Full(world)


def changed(org: UUID, statement: str) -> int:
    """How many rows a plain statement changes, on the policies of writing alone: it reads no column. 0 where the grant is lacking."""
    try:
        with acting(org=org), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.rowcount)
    except ProgrammingError as error:
        if "permission denied" not in str(error):
            raise
        return 0


def refused(org: UUID, write: Callable[[], object], by: str, error: type[Error] = IntegrityError) -> None:
    """``write``, checked at once as at the end of a transaction, is refused for the reason that has ``by`` in it."""
    with pytest.raises(error, match=by), transaction.atomic():
        _written(org, write)


def _written(org: UUID, write: Callable[[], object]) -> None:
    with acting(org=org):
        write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def removed(model: type[models.Model]) -> Callable[[], object]:
    """By a plain statement: Django would look for what points at the rows first."""
    return lambda: connection.cursor().execute(f"DELETE FROM {model._meta.db_table}")


@pytest.mark.parametrize("model", TABLES)
def test_rows_are_dark_to_others_who_can_neither_write_change_nor_remove_them(
    full: Full, model: type[models.Model]
) -> None:
    own, other, table = full.org_of(model), full.world.yuanda.id, model._meta.db_table
    with acting(org=own):
        row = model._default_manager.all()[0]
    with acting(org=other):
        assert model._default_manager.count() == 0
    assert changed(other, f"UPDATE {table} SET org_id = '{other}'") == 0
    assert changed(other, f"DELETE FROM {table}") == 0
    if not isinstance(row.pk, tuple):
        row.pk = new_id()
    refused(other, lambda: row.save(force_insert=True), "row-level security", ProgrammingError)


def test_who_is_told_of_a_run_reads_it_and_writes_none(full: Full) -> None:
    with acting(org=full.world.chunhui.id):
        (share,) = Share.objects.all()
        assert not Run.objects.exists()
        assert not Answer.objects.exists()
    share.pk = new_id()
    refused(
        full.world.chunhui.id, lambda: share.save(force_insert=True), "row-level security", ProgrammingError
    )


def test_what_a_firm_was_told_only_ends_and_what_was_withdrawn_stays_so(full: Full) -> None:
    org = full.world.operator.id
    assert changed(full.world.chunhui.id, "UPDATE dispatch_share SET ended_at = now()") == 0
    ended = {"ended_at": Now(), "ended_by": "withdrawn", "ended_why": "面料没到"}
    refused(org, lambda: Share.objects.update(work=[1]), "permission denied", ProgrammingError)
    refused(org, lambda: Share.objects.update(ended_at=Now(), ended_by=""), "it may only end")
    refused(org, lambda: Run.objects.update(withdrawn_at=Now(), withdrawn_why="x"), "was published")
    with acting(org=org):
        assert Share.objects.update(**ended) == 1
        assert Run.objects.update(published_at=Now()) == 1
    refused(org, lambda: Share.objects.update(**ended), "it may only end")
    refused(org, lambda: Run.objects.update(withdrawn_at=Now()), "a reason is given")
    with acting(org=org):
        Run.objects.update(withdrawn_at=Now(), withdrawn_why="面料没到")
    refused(org, lambda: Run.objects.update(withdrawn_at=None), "stays so")
    refused(org, lambda: Run.objects.update(withdrawn_why="x"), "stays so")


def test_a_look_at_free_hours_shows_no_prices_and_no_certificates(full: Full) -> None:
    with reading_capacity(full.world.gao, scope="heat") as log:
        shown = {model: model._default_manager.count() for model in FIRMS}
        log.aggregated(1)
    assert shown == dict.fromkeys(FIRMS, 0) | {WorkCentre: 1, WindowStatement: 1, Confirmation: 1}


def test_a_city_may_look_at_the_hours_of_its_own_place_alone(world: World) -> None:
    city = join(make_person("何一川"), make_firm("柯桥服务公司", Kind.CITY, city=KEQIAO), Role.OWNER).org

    def look(scope: str, place: str) -> Callable[[], object]:
        row = CapacityReading(org_id=city, scope=scope, place=place, firms=0)
        return lambda: row.save(force_insert=True)

    for scope, place in (("heat", WUJIANG), ("heat", ""), ("heat", KEQIAO[:2]), ("dispatch", KEQIAO)):
        refused(city, look(scope, place), "may not read capacity", ProgrammingError)
    with acting(org=city):
        look("heat", KEQIAO)()


def test_a_look_that_ends_unsaid_is_refused_when_its_transaction_ends(world: World) -> None:
    row = CapacityReading(org_id=world.operator.id, scope="dispatch")
    refused(world.operator.id, lambda: row.save(force_insert=True), "without saying whose capacity")


def test_what_a_look_said_is_never_changed(full: Full) -> None:
    org = full.world.operator.id
    for change in ({"firms": 0}, {"firms": None}):
        refused(org, lambda change=change: CapacityReading.objects.update(**change), "append-only")  # type: ignore[misc]
    refused(org, removed(CapacityReading), "permission denied", ProgrammingError)

    def widened() -> None:
        row = CapacityReading(org_id=org, scope="heat")
        row.save(force_insert=True)
        CapacityReading.objects.filter(id=row.id).update(scope="dispatch", firms=1)

    refused(org, widened, "append-only")


def test_a_look_shows_nothing_after_its_transaction(committed: Clone) -> None:
    """Its number is known ever after; setting it again opens nothing, and nothing can be said in its name."""
    world = make_world()
    declare(world.lin)
    with reading_capacity(world.gao, scope="dispatch") as log:
        assert Capability.objects.count() == 1
        log.of([world.chunhui.id])
    with acting(org=world.operator.id, reading=log.reading):
        assert CapacityReading.objects.filter(id=log.reading).exists()
        assert [model._default_manager.count() for model in FIRMS] == [0] * len(FIRMS)

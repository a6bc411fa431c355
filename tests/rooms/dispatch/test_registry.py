"""A firm declares what its machines can do and when they are free; the dispatcher plans with what is confirmed, within limits."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from staveworks.db.clock import database_now, database_today
from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.parties.types import Actor, Kind, RightMissing, Role
from staveworks.mechanisms.dispatch.models import (
    Capability,
    CapacityReading,
    LimitLifted,
    WindowStatement,
    WorkCentre,
)
from staveworks.mechanisms.dispatch.queries import (
    access_centre,
    dispatchable_capacity,
    list_windows,
    my_capacity,
)
from staveworks.mechanisms.dispatch.reading import NotSaid, reading_capacity
from staveworks.mechanisms.dispatch.types.centres import (
    CapabilitySaid,
    CentreInvalid,
    CentreNameTaken,
    CentreNotFound,
    CertificateSaid,
    Per,
)
from staveworks.mechanisms.dispatch.types.dispatchable import DispatchableCapacity, LeftOutReason
from staveworks.mechanisms.dispatch.types.windows import (
    NothingToConfirm,
    Source,
    WindowInvalid,
    WindowNotFound,
    WindowSaid,
)
from staveworks.mechanisms.dispatch.usecases.confirm_windows import confirm_windows
from staveworks.mechanisms.dispatch.usecases.declare_windows import declare_windows, withdraw_window
from staveworks.mechanisms.dispatch.usecases.keep_centre import (
    change_centre,
    close_centre,
    keep_centre,
    reopen_centre,
)
from staveworks.mechanisms.dispatch.usecases.lift_limit import lift_limit
from tests.capacity import KEQIAO, declare, free, looms, next_monday
from tests.world import World, join, make_firm, make_person


def plan(world: World, *, days: int = 0, buckets: int = 3) -> DispatchableCapacity:
    """What the dispatcher sees ``days`` from now."""
    return dispatchable_capacity(
        world.gao, from_day=next_monday(), buckets=buckets, now=database_now() + timedelta(days=days)
    )


def weeks(found: DispatchableCapacity) -> list[float]:
    """Hours of the first work centre, week by week."""
    return [float(each) for each in found.centres[0].hours]


def lift(world: World, actor: Actor) -> None:
    lift_limit(world.gao, firm_id=actor.org, lifted=True, reason="现场看过")


class TestWorkCentre:
    def test_is_shown_back_exactly_as_it_was_typed_and_counts_in_fen_and_hours(self, world: World) -> None:
        """0.385 yuan a metre, 4,000 metres in a day of 20 hours."""
        centre = access_centre(world.lin, centre_id=keep_centre(world.lin, said=looms()))
        (capability,) = centre.capabilities
        assert (capability.price, capability.speed, capability.per) == ("0.385", "4,000", Per.DAY)
        assert (capability.price_fen, capability.unit_hours) == (Decimal("38.5"), Decimal("0.005"))
        assert (centre.city, centre.grade, centre.setup_hours) == (KEQIAO, 2, Decimal("1.5"))

    def test_counts_a_family_in_its_own_unit_whatever_the_operation_counts_in(self, world: World) -> None:
        """A shirt takes 1.6 metres of cloth: 2 yuan a metre are 320 fen a shirt."""
        shirts = CapabilitySaid("woven-shirt", "2", "160", Per.HOUR)
        centre = access_centre(
            world.lin, centre_id=keep_centre(world.lin, said=looms(capabilities=(shirts,)))
        )
        assert centre.capabilities[0].price_fen == 320
        assert centre.capabilities[0].unit_hours == Decimal("0.01")

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("name", {"name": " "}),
            ("operation", {"operation": "baking"}),
            ("grade", {"grade": 9}),
            ("city", {"city": "999999"}),
            ("weekday_hours", {"weekday_hours": (Decimal(25),) * 7}),
            ("weekday_hours", {"weekday_hours": (Decimal(0),) * 7}),
            ("setup_hours", {"setup_hours": Decimal(-1)}),
            ("capabilities", {"capabilities": ()}),
            ("capabilities", {"capabilities": (CapabilitySaid("shaft", "1", "1"),)}),
            ("price_cotton-poplin", {"capabilities": (CapabilitySaid("cotton-poplin", "three", "1"),)}),
            ("price_cotton-poplin", {"capabilities": (CapabilitySaid("cotton-poplin", "-3", "1"),)}),
            ("speed_cotton-poplin", {"capabilities": (CapabilitySaid("cotton-poplin", "3", "0"),)}),
            ("number_gots", {"certificates": (CertificateSaid("gots", ""),)}),
            ("certificates", {"certificates": (CertificateSaid("nobel", "1"),)}),
            ("expires_gots", {"certificates": (CertificateSaid("gots", "1", date(9999, 1, 1)),)}),
        ],
    )
    def test_is_refused_at_the_field_that_is_wrong(
        self, world: World, field: str, wrong: dict[str, object]
    ) -> None:
        with pytest.raises(CentreInvalid) as refused:
            keep_centre(world.lin, said=looms(**wrong))
        assert refused.value.field == field
        assert keep_centre(world.lin, said=looms())

    def test_has_a_name_of_its_own_is_changed_closed_and_opened_again(self, world: World) -> None:
        centre = keep_centre(world.lin, said=looms())
        with pytest.raises(CentreNameTaken):
            keep_centre(world.lin, said=looms())
        keep_centre(world.wu, said=looms())
        change_centre(world.zhou, centre_id=centre, said=looms(grade=3))
        assert access_centre(world.lin, centre_id=centre).grade == 3
        close_centre(world.lin, centre_id=centre)
        assert [each.id for each in my_capacity(world.lin).closed] == [centre]
        reopen_centre(world.lin, centre_id=centre)
        assert [each.id for each in my_capacity(world.lin).centres] == [centre]

    def test_is_nobody_elses_to_see_or_change(self, world: World) -> None:
        centre = declare(world.lin)
        for use in (
            lambda: access_centre(world.wu, centre_id=centre),
            lambda: change_centre(world.wu, centre_id=centre, said=looms()),
            lambda: list_windows(world.wu, centre_id=centre),
            lambda: free(world.wu, centre),
        ):
            with pytest.raises(CentreNotFound):
                use()
        with pytest.raises(RightMissing):
            keep_centre(world.shen, said=looms())


class TestWindows:
    def test_the_newest_statement_counts_until_it_is_withdrawn(self, world: World) -> None:
        lift(world, world.lin)
        centre = declare(world.lin, 8)
        assert weeks(plan(world)) == [48, 48, 48]
        less = free(world.lin, centre, 2, weeks=1)
        assert weeks(plan(world)) == [12, 48, 48]
        withdraw_window(world.lin, window_id=less)
        assert weeks(plan(world)) == [48, 48, 48]
        with pytest.raises(WindowNotFound):
            withdraw_window(world.lin, window_id=less)

    def test_a_share_of_the_working_hours_may_be_said_instead(self, world: World) -> None:
        lift(world, world.lin)
        centre = keep_centre(world.lin, said=looms())
        free(world.lin, centre, percent=25)
        assert weeks(plan(world)) == [30, 30, 30]

    def test_each_faulty_statement_is_refused_at_its_field_and_nothing_is_written(self, world: World) -> None:
        centre, monday = keep_centre(world.lin, said=looms()), next_monday()
        good = WindowSaid(centre, monday, monday, Decimal(8))
        for field, wrong in (
            ("last_date", replace(good, last_date=monday - timedelta(days=1))),
            ("last_date", replace(good, first_date=monday, last_date=monday + timedelta(days=900))),
            ("last_date", WindowSaid(centre, date(2020, 1, 1), date(2020, 1, 2), Decimal(8))),
            ("first_date", replace(good, first_date=date(1, 1, 1))),
            ("day_hours", replace(good, day_hours=None)),
            ("day_hours", replace(good, percent=50)),
            ("day_hours", replace(good, day_hours=Decimal(25))),
            ("day_hours", replace(good, day_hours=Decimal("NaN"))),
            ("percent", replace(good, day_hours=None, percent=101)),
        ):
            with pytest.raises(WindowInvalid) as refused:
                declare_windows(world.lin, said=[good, wrong], source=Source.API)
            assert refused.value.field == field
        assert list_windows(world.lin) == []
        assert len(declare_windows(world.lin, said=[good, good], source=Source.API)) == 2

    def test_what_was_said_is_kept_as_it_was_said(self, world: World) -> None:
        declare(world.lin)
        for change in ({"day_hours": 24}, {"declared_at": database_now() + timedelta(days=1)}):
            with (
                pytest.raises(IntegrityError),
                acting(org=world.chunhui.id),
                transaction.atomic(),
            ):
                WindowStatement.objects.update(**change)


class TestConfirming:
    def test_a_window_goes_stale_after_ten_days_and_one_confirmation_brings_all_back(
        self, world: World
    ) -> None:
        lift(world, world.lin)
        centre = declare(world.lin)
        assert plan(world, days=9).centres[0].hours[1] == 48
        late = plan(world, days=11, buckets=4)
        assert weeks(late) == [0, 0, 0, 0]
        stale = [each for each in late.left_out if each.reason is LeftOutReason.STALE]
        assert {each.centre for each in stale} == {centre}
        assert sum(each.hours for each in stale) > 48
        with acting(org=world.chunhui.id):
            backdate(11)
        assert weeks(plan(world)) == [0, 0, 0]
        assert my_capacity(world.lin).stale == 1
        assert confirm_windows(world.zhou).windows == 1
        assert weeks(plan(world)) == [48, 48, 48]
        assert my_capacity(world.lin).stale == 0

    def test_nothing_declared_is_nothing_to_confirm(self, world: World) -> None:
        keep_centre(world.lin, said=looms())
        with pytest.raises(NothingToConfirm):
            confirm_windows(world.lin)


def backdate(days: int) -> None:
    """As if all windows of the acting firm had been declared so many days ago: rows of their own, since those there can't change."""
    rows = list(WindowStatement.objects.filter(withdrawn_at=None))
    WindowStatement.objects.update(withdrawn_at=database_now())
    for row in rows:
        WindowStatement.objects.create(
            org_id=row.org_id,
            centre_id=row.centre_id,
            number=row.number + 100,
            first_date=row.first_date,
            last_date=row.last_date,
            day_hours=row.day_hours,
            percent=row.percent,
            source=row.source,
            declared_at=row.declared_at - timedelta(days=days),
        )


class TestDispatchable:
    def test_a_new_firm_gets_forty_hours_a_week_over_all_its_work_centres_until_the_operator_lifts_it(
        self, world: World
    ) -> None:
        declare(world.lin, 8)
        declare(world.lin, 4, name="剑杆织机")
        found = plan(world)
        assert [sum(column) for column in zip(*(each.hours for each in found.centres), strict=True)] == [
            pytest.approx(Decimal(40), abs=Decimal("0.02"))
        ] * 3
        above = [each for each in found.left_out if each.reason is LeftOutReason.TRIAL]
        assert sum(each.hours for each in above) == pytest.approx(Decimal(96), abs=Decimal("0.1"))
        assert my_capacity(world.lin).standing.on_trial
        lift(world, world.lin)
        assert plan(world).left_out == ()
        assert not my_capacity(world.lin).standing.on_trial
        lift_limit(world.gao, firm_id=world.chunhui.id, lifted=False, reason="交期没守住")
        assert my_capacity(world.lin).standing.on_trial

    def test_a_certificate_counts_in_the_weeks_that_it_outlasts(self, world: World) -> None:
        until = next_monday() + timedelta(days=8)
        declare(
            world.lin,
            certificates=(CertificateSaid("gots", "CU 1", until), CertificateSaid("iso-9001", "Q 7")),
        )
        assert [sorted(each) for each in plan(world).centres[0].certificates] == [
            ["gots", "iso-9001"],
            ["iso-9001"],
            ["iso-9001"],
        ]

    def test_closed_work_centres_and_days_that_are_over_are_no_capacity(self, world: World) -> None:
        lift(world, world.lin)
        centre = keep_centre(world.lin, said=looms(weekday_hours=(Decimal(20),) * 7))
        today = database_today()
        said = WindowSaid(centre, today - timedelta(days=3), today + timedelta(days=3), Decimal(10))
        declare_windows(world.lin, said=[said], source=Source.PAGE)
        found = dispatchable_capacity(
            world.gao, from_day=today - timedelta(days=3), buckets=1, now=database_now()
        )
        assert weeks(found) == [40]
        close_centre(world.lin, centre_id=centre)
        assert plan(world).centres == ()

    def test_names_the_rules_that_decided_and_the_look_that_was_logged(self, world: World) -> None:
        declare(world.lin)
        found = plan(world)
        assert found.rules == ("dispatch.freshness/1", "dispatch.trial/1")
        with acting(org=world.operator.id):
            event = Event.objects.get(type="capacity.read")
            assert (event.subject_id, event.data["firms"], event.data["scope"]) == (
                found.reading,
                1,
                "dispatch",
            )
        (look,) = my_capacity(world.lin).looks
        assert look.prices
        assert look.by.zh == world.operator.name


class TestPrivacy:
    """Another firm, the operator outside of a look, a city's operator: none of them sees prices."""

    def test_only_the_platforms_dispatcher_has_the_right(self, world: World) -> None:
        declare(world.lin)
        city = join(make_person("何一川"), make_firm("柯桥服务公司", Kind.CITY, city=KEQIAO), Role.OWNER)
        for actor in (world.lin, world.wu, world.shen, city):
            with pytest.raises(RightMissing):
                dispatchable_capacity(actor, from_day=next_monday(), buckets=1, now=database_now())
        assert plan(world).centres

    def test_rows_are_dark_outside_of_a_logged_look(self, world: World) -> None:
        declare(world.lin)
        for org in (world.yuanda.id, world.operator.id):
            with acting(org=org):
                assert [model.objects.count() for model in (WorkCentre, Capability, WindowStatement)] == [
                    0
                ] * 3
        with acting(org=world.chunhui.id):
            assert [model.objects.count() for model in (WorkCentre, Capability, WindowStatement)] == [1] * 3

    def test_a_citys_operator_sees_hours_of_its_place_and_no_price(self, world: World) -> None:
        declare(world.lin)
        here = join(make_person("何一川"), make_firm("柯桥服务公司", Kind.CITY, city=KEQIAO), Role.OWNER)
        there = join(make_person("陆一舟"), make_firm("吴江服务公司", Kind.CITY, city="320509"), Role.OWNER)
        for actor, seen in ((here, 1), (there, 0)):
            with reading_capacity(actor, scope="heat") as log:
                found = [model.objects.count() for model in (WorkCentre, WindowStatement, Capability)]
                log.aggregated(1)
            assert found == [seen, seen, 0]

    def test_a_look_that_says_nothing_of_whom_it_saw_fails(self, world: World) -> None:
        with pytest.raises(NotSaid), reading_capacity(world.gao, scope="dispatch"):
            pass

    def test_the_database_refuses_looks_and_decisions_of_who_is_no_operator(self, world: World) -> None:
        for org, row in (
            (world.yuanda.id, CapacityReading(org_id=world.yuanda.id, scope="dispatch")),
            (world.yuanda.id, CapacityReading(org_id=world.yuanda.id, scope="heat")),
            (
                world.yuanda.id,
                LimitLifted(
                    org_id=world.yuanda.id, operator_org_id=world.yuanda.id, lifted=True, reason="我说行"
                ),
            ),
        ):
            with pytest.raises(ProgrammingError), acting(org=org), transaction.atomic():
                row.save(force_insert=True)
        with acting(org=world.operator.id):
            LimitLifted(
                org_id=world.yuanda.id, operator_org_id=world.operator.id, lifted=True, reason="看过"
            ).save(force_insert=True)


def test_a_window_of_another_firms_work_centre_cannot_be_written(world: World) -> None:
    centre = declare(world.lin)
    row = WindowStatement(
        org_id=world.yuanda.id,
        centre_id=centre,
        number=9,
        first_date=next_monday(),
        last_date=next_monday(),
        day_hours=1,
        source="page",
    )

    def write(org: UUID) -> None:
        with transaction.atomic():
            with acting(org=org):
                row.save(force_insert=True)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError):
        write(world.yuanda.id)

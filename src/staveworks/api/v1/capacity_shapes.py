"""Shapes of capacity: work centres, windows, what may be dispatched, heat."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from staveworks.api.shapes import In, Out, Words
from staveworks.mechanisms.dispatch.types.centres import (
    CapabilitySaid,
    Centre,
    CentreSaid,
    CertificateSaid,
    Per,
)
from staveworks.mechanisms.dispatch.types.dispatchable import DispatchableCapacity
from staveworks.mechanisms.dispatch.types.heat import Heat
from staveworks.mechanisms.dispatch.types.windows import WindowSaid

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
DayHours = Annotated[Decimal, Field(ge=0, le=24, decimal_places=2)]
Counted = Annotated[Literal["day", "hour"], BeforeValidator(str)]
Typed = Annotated[str, Field(min_length=1, max_length=20)]


class CapabilityIn(In):
    """``price``: yuan for a unit of the operation, as it is to be shown back (`"0.385"`); ``speed``: its units a day or an hour."""

    family: Code
    price: Typed
    speed: Typed
    per: Literal["day", "hour"] = "day"


class CertificateIn(In):
    """``expires_date``: the last day on which it holds; without it, no end."""

    code: Code
    number: Annotated[str, Field(min_length=1, max_length=80)]
    expires_date: date | None = None


class CentreIn(In):
    """``weekday_hours``: from Monday on. ``city``: a code of `/cities`; without it, where the firm is."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    operation: Code
    grade: Annotated[int, Field(ge=1, le=99)]
    weekday_hours: Annotated[list[DayHours], Field(min_length=7, max_length=7)]
    capabilities: Annotated[list[CapabilityIn], Field(min_length=1, max_length=100)]
    holidays: bool = True
    setup_hours: Annotated[Decimal, Field(ge=0, le=200, decimal_places=2)] = Decimal(0)
    certificates: Annotated[list[CertificateIn], Field(max_length=50)] = []
    city: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None

    def said(self) -> CentreSaid:
        return CentreSaid(
            name=self.name,
            operation=self.operation,
            grade=self.grade,
            weekday_hours=tuple(self.weekday_hours),
            capabilities=tuple(
                CapabilitySaid(each.family, each.price, each.speed, Per(each.per))
                for each in self.capabilities
            ),
            holidays=self.holidays,
            setup_hours=self.setup_hours,
            certificates=tuple(
                CertificateSaid(each.code, each.number, each.expires_date) for each in self.certificates
            ),
            city=self.city,
        )


class WindowIn(In):
    """From ``first_date`` to ``last_date``, both inside: either ``day_hours`` a day or ``percent`` of the working hours are free."""

    centre: UUID
    first_date: date
    last_date: date
    day_hours: DayHours | None = None
    percent: Annotated[int, Field(ge=0, le=100)] | None = None

    def said(self) -> WindowSaid:
        return WindowSaid(self.centre, self.first_date, self.last_date, self.day_hours, self.percent)


class WindowsIn(In):
    """All of them or none. Of several about a day the last one counts."""

    windows: Annotated[list[WindowIn], Field(min_length=1, max_length=500)]


class WorkCapabilityOut(Out):
    """``price`` and ``speed`` as typed; ``price_fen`` and ``unit_hours`` for one unit of the family."""

    family: str
    price: str
    speed: str
    per: Counted
    price_fen: float
    unit_hours: float


class WorkCertificateOut(Out):
    code: str
    number: str
    expires_date: date | None


class WeekFreeOut(Out):
    """``fresh``: free and confirmed; ``stale``: free, but not confirmed for too long. Hours."""

    monday: date
    worked: float
    fresh: float
    stale: float


class CentreOut(Out):
    """A work centre with the weeks from this one on."""

    id: UUID
    name: str
    operation: str
    city: str
    grade: int
    weekday_hours: list[float]
    holidays: bool
    setup_hours: float
    capabilities: list[WorkCapabilityOut]
    certificates: list[WorkCertificateOut]
    weeks: list[WeekFreeOut]
    closed_at: datetime | None

    @classmethod
    def of(cls, centre: Centre) -> "CentreOut":
        return cls(
            id=centre.id,
            name=centre.name,
            operation=centre.operation,
            city=centre.city,
            grade=centre.grade,
            weekday_hours=[float(each) for each in centre.calendar.weekday_hours],
            holidays=centre.calendar.holidays,
            setup_hours=float(centre.setup_hours),
            capabilities=[WorkCapabilityOut.model_validate(each) for each in centre.capabilities],
            certificates=[WorkCertificateOut.model_validate(each) for each in centre.certificates],
            weeks=[WeekFreeOut.model_validate(each) for each in centre.weeks],
            closed_at=centre.closed_at,
        )


class CentreDone(Out):
    centre: UUID


class WindowOut(Out):
    """``stale``: not confirmed for so long that it gets no work."""

    id: UUID
    centre_id: UUID
    first_date: date
    last_date: date
    day_hours: float | None
    percent: int | None
    declared_at: datetime
    confirmed_at: datetime
    stale: bool


class WindowsDone(Out):
    windows: list[UUID]


class CapacityConfirmedOut(Out):
    """How many windows are said to be right."""

    windows: int
    at: datetime


class LimitIn(In):
    """``lifted`` false holds the firm to the limit again."""

    lifted: bool
    reason: Annotated[str, Field(min_length=1, max_length=400)]


class DispatchCapabilityOut(Out):
    family: str
    price_fen: float
    unit_hours: float
    setup_hours: float


class DispatchCentreOut(Out):
    """``certificates`` and ``hours``: one entry for each week."""

    id: UUID
    firm: UUID
    name: str
    city: str
    operation: str
    grade: int
    certificates: list[list[str]]
    capabilities: list[DispatchCapabilityOut]
    hours: list[float]


class LeftOutOut(Out):
    """Declared hours that are not dispatched, and why."""

    centre: UUID
    firm: UUID
    bucket: int
    hours: float
    reason: Annotated[Literal["stale", "trial", "unpriced", "taken"], BeforeValidator(str)]


class DispatchableOut(Out):
    """``rules``: the versions by which it was decided. ``reading``: the look that the firms see."""

    from_day: date
    buckets: int
    centres: list[DispatchCentreOut]
    left_out: list[LeftOutOut]
    rules: list[str]
    reading: UUID

    @classmethod
    def of(cls, found: DispatchableCapacity) -> "DispatchableOut":
        return cls(
            from_day=found.from_day,
            buckets=found.buckets,
            centres=[
                DispatchCentreOut(
                    id=each.id,
                    firm=each.firm,
                    name=each.name,
                    city=each.city,
                    operation=each.operation,
                    grade=each.grade,
                    certificates=[sorted(held) for held in each.certificates],
                    capabilities=[DispatchCapabilityOut.model_validate(one) for one in each.capabilities],
                    hours=[float(hours) for hours in each.hours],
                )
                for each in found.centres
            ],
            left_out=[LeftOutOut.model_validate(each) for each in found.left_out],
            rules=list(found.rules),
            reading=found.reading,
        )


class HeatValueOut(Out):
    """Both null where fewer firms stand behind it than may be published."""

    firms: int | None
    hours: float | None


class HeatRowOut(Out):
    operation: str
    city: str
    city_name: Words
    values: list[HeatValueOut]


class HeatOut(Out):
    """A value for each week. ``on_date``: when it was published; null for an operator's own view."""

    mondays: list[date]
    rows: list[HeatRowOut]
    fewest: int
    on_date: date | None

    @classmethod
    def of(cls, heat: Heat) -> "HeatOut":
        rows = [
            HeatRowOut(
                operation=row.operation,
                city=row.city,
                city_name=Words.of(row.city_name),
                values=[HeatValueOut.model_validate(each) for each in row.values],
            )
            for row in heat.rows
        ]
        return cls(mondays=list(heat.mondays), rows=rows, fewest=heat.fewest, on_date=heat.on_date)

"""产能: work centres of a firm and their free windows; confirming them; what the dispatcher sees; where free hours are."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Nothing
from staveworks.api.v1.capacity_shapes import (
    CapacityConfirmedOut,
    CentreDone,
    CentreIn,
    CentreOut,
    DispatchableOut,
    HeatOut,
    LimitIn,
    WindowOut,
    WindowsDone,
    WindowsIn,
)
from staveworks.db.clock import database_now
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.queries import (
    access_centre,
    dispatchable_capacity,
    free_heat,
    list_windows,
    my_capacity,
    published_heat,
)
from staveworks.mechanisms.dispatch.types.windows import Source
from staveworks.mechanisms.dispatch.usecases.confirm_windows import confirm_windows
from staveworks.mechanisms.dispatch.usecases.declare_windows import declare_windows, withdraw_window
from staveworks.mechanisms.dispatch.usecases.keep_centre import (
    change_centre,
    close_centre,
    keep_centre,
    reopen_centre,
)
from staveworks.mechanisms.dispatch.usecases.lift_limit import lift_limit

router = Resource("capacity")
dispatch_router = Resource("capacity")
heat_router = Resource("capacity")
READ, DECLARE = right("capacity.read"), right("capacity.declare")
CONFIRM, DISPATCH, HEAT = right("capacity.confirm"), right("capacity.dispatch"), right("capacity.heat")


class Weeks(In):
    """``from_day``: the first day of the first week."""

    from_day: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 1, 1))]
    buckets: Annotated[int, Field(ge=1, le=104)] = 12


@router.read(
    "/centres", says=Text(zh="列出工作中心", en="List work centres"), door=READ, answer=Page[CentreOut]
)
def list_centres(request: Call, paging: Query[Paging]) -> Page[CentreOut]:
    """The firm's, with the weeks from this one on."""
    found = my_capacity(request.auth)
    return page_of_all(
        [*found.centres, *found.closed],
        paging=paging,
        listing="centres",
        key=lambda centre: (str(centre.id),),
        show=CentreOut.of,
    )


@router.effect(
    "POST",
    "/centres",
    says=Text(zh="登记工作中心", en="Keep a work centre"),
    door=DECLARE,
    answer=CentreDone,
    status=201,
)
def keep_one_centre(request: Call, body: CentreIn) -> CentreDone:
    """Operations, families, grades and certificates are codes of the cluster's industry packs."""
    return CentreDone(centre=keep_centre(request.auth, said=body.said()))


@router.read(
    "/centres/{uuid:centre}", says=Text(zh="看工作中心", en="Read a work centre"), door=READ, answer=CentreOut
)
def read_one_centre(request: Call, centre: UUID) -> CentreOut:
    """Prices and speeds as they were typed."""
    return CentreOut.of(access_centre(request.auth, centre_id=centre))


@router.effect(
    "PUT",
    "/centres/{uuid:centre}",
    says=Text(zh="修改工作中心", en="Change a work centre"),
    door=DECLARE,
    answer=Nothing,
)
def change_one_centre(request: Call, centre: UUID, body: CentreIn) -> Nothing:
    """All of it as it is said now; its windows stay."""
    change_centre(request.auth, centre_id=centre, said=body.said())
    return Nothing()


@router.effect(
    "POST",
    "/centres/{uuid:centre}/closing",
    says=Text(zh="停用工作中心", en="Close a work centre"),
    door=DECLARE,
    answer=Nothing,
    takes=None,
)
def close_one_centre(request: Call, centre: UUID) -> Nothing:
    """It gets no more work."""
    close_centre(request.auth, centre_id=centre)
    return Nothing()


@router.effect(
    "POST",
    "/centres/{uuid:centre}/reopening",
    says=Text(zh="重新启用工作中心", en="Open a work centre again"),
    door=DECLARE,
    answer=Nothing,
    takes=None,
)
def reopen_one_centre(request: Call, centre: UUID) -> Nothing:
    """The undo of closing it."""
    reopen_centre(request.auth, centre_id=centre)
    return Nothing()


@router.read(
    "/windows", says=Text(zh="列出空闲时间", en="List free windows"), door=READ, answer=Page[WindowOut]
)
def list_free_windows(request: Call, paging: Query[Paging]) -> Page[WindowOut]:
    """What stands from today on."""
    return page_of_all(
        list_windows(request.auth),
        paging=paging,
        listing="windows",
        key=lambda window: (str(window.id),),
        show=WindowOut.model_validate,
    )


@router.effect(
    "POST",
    "/windows",
    says=Text(zh="申报空闲时间", en="Declare free windows"),
    door=DECLARE,
    answer=WindowsDone,
    status=201,
)
def declare_free_windows(request: Call, body: WindowsIn) -> WindowsDone:
    """They count at once, and are confirmed by being said."""
    said = [each.said() for each in body.windows]
    return WindowsDone(windows=declare_windows(request.auth, said=said, source=Source.API))


@router.effect(
    "DELETE",
    "/windows/{uuid:window}",
    says=Text(zh="撤回空闲时间", en="Withdraw a free window"),
    door=DECLARE,
    answer=Nothing,
    takes=None,
)
def withdraw_one_window(request: Call, window: UUID) -> Nothing:
    """As if it had not been said; what it lay over counts again."""
    withdraw_window(request.auth, window_id=window)
    return Nothing()


@router.effect(
    "POST",
    "/confirmations",
    says=Text(zh="确认产能", en="Confirm capacity"),
    door=CONFIRM,
    answer=CapacityConfirmedOut,
    status=201,
    takes=None,
)
def confirm_capacity(request: Call) -> CapacityConfirmedOut:
    """All windows from today on are still right. Without it they go stale after the days of the rule `dispatch.freshness`."""
    return CapacityConfirmedOut.model_validate(confirm_windows(request.auth))


@dispatch_router.read(
    "/capacity",
    says=Text(zh="看可派的产能", en="Read dispatchable capacity"),
    door=DISPATCH,
    answer=DispatchableOut,
)
def read_dispatchable(request: Call, weeks: Query[Weeks]) -> DispatchableOut:
    """Every firm's work centres with prices and free hours, and what was left out. Logged: the firms see who looked."""
    return DispatchableOut.of(
        dispatchable_capacity(
            request.auth, from_day=weeks.from_day, buckets=weeks.buckets, now=database_now()
        )
    )


@dispatch_router.effect(
    "POST",
    "/limits/{uuid:trial_firm}",
    says=Text(zh="放开或恢复试单限额", en="Lift or restore a firm's limit"),
    door=DISPATCH,
    answer=Nothing,
    status=201,
)
def decide_limit(request: Call, trial_firm: UUID, body: LimitIn) -> Nothing:
    """New firms get at most the hours of the rule `dispatch.trial` until their jobs are accepted, or this."""
    lift_limit(request.auth, firm_id=trial_firm, lifted=body.lifted, reason=body.reason)
    return Nothing()


@dispatch_router.read(
    "/heat", says=Text(zh="看空闲产能分布", en="Read where free hours are"), door=HEAT, answer=HeatOut
)
def read_heat(request: Call) -> HeatOut:
    """By operation, city and week, less what published plans have taken, exactly: the platform's operator everywhere, a city's in
    its place."""
    return HeatOut.of(free_heat(request.auth))


@heat_router.read(
    "/capacity",
    says=Text(zh="看公布的空闲产能", en="Read published free hours"),
    door=right("figures.read"),
    answer=HeatOut,
)
def read_published_heat(request: Call) -> HeatOut:
    """As published this week; nothing over fewer than five firms."""
    return HeatOut.of(published_heat(request.auth))

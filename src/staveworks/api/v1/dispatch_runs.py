"""排产: demand, runs with their plans, what-ifs; what a firm was told of them."""

from uuid import UUID

from ninja import Query

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import Nothing
from staveworks.api.v1.dispatch_faults import faulty, refuse_strange
from staveworks.api.v1.dispatch_shapes import (
    AllocationOut,
    DemandIn,
    DemandOut,
    LateLine,
    PlanOut,
    PublishedOut,
    RunDone,
    RunIn,
    RunOut,
    ShareOut,
    StaveOut,
    WhatIfIn,
    WithdrawIn,
)
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.plan import Plan
from staveworks.mechanisms.dispatch.run_queries import (
    access_demand,
    access_plan,
    access_report,
    access_run,
    access_share,
    list_demands,
    list_runs,
    list_shares,
)
from staveworks.mechanisms.dispatch.types.runs import ProblemFaulty
from staveworks.mechanisms.dispatch.usecases.ask_what_if import accept_what_if, ask_what_if, discard_what_if
from staveworks.mechanisms.dispatch.usecases.publish_run import publish_run
from staveworks.mechanisms.dispatch.usecases.replay_run import ask_replay
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand
from staveworks.mechanisms.dispatch.usecases.start_run import start_run
from staveworks.mechanisms.dispatch.usecases.stop_run import stop_run
from staveworks.mechanisms.dispatch.usecases.withdraw_run import withdraw_run

demand_router = Resource("dispatch")
router = Resource("dispatch")
work_router = Resource("dispatch")
READ, RUN, WORK = right("dispatch.read"), right("dispatch.run"), right("work.read")


@demand_router.read("", says=Text(zh="列出待排订单", en="List demand"), door=READ, answer=Page[DemandOut])
def list_all_demand(request: Call, paging: Query[Paging]) -> Page[DemandOut]:
    """The newest first."""
    return page_of_all(
        list_demands(request.auth),
        paging=paging,
        listing="demand",
        key=lambda card: (card.made_at.isoformat(), str(card.id)),
        show=DemandOut.of,
        newest_first=True,
    )


@demand_router.effect(
    "POST", "", says=Text(zh="保存待排订单", en="Save demand"), door=RUN, answer=DemandOut, status=201
)
def save_one_demand(request: Call, body: DemandIn) -> DemandOut:
    """Rows that can't be read are kept too, and told by pointers into the body: nothing is lost, and nothing runs before they are mended.
    Columns and tables that nobody knows are refused."""
    refuse_strange(body)
    tables = {**body.tables, "lines": body.lines, **({"problem": body.problem} if body.problem else {})}
    return DemandOut.of(save_demand(request.auth, name=body.name, tables=tables), sent=body.lines)


@demand_router.read(
    "/{uuid:demand}", says=Text(zh="看一批待排订单", en="Read demand"), door=READ, answer=DemandOut
)
def read_one_demand(request: Call, demand: UUID) -> DemandOut:
    """As it is kept: pointers name columns by their codes."""
    return DemandOut.of(access_demand(request.auth, demand).card)


@router.read("", says=Text(zh="列出排产", en="List dispatch runs"), door=READ, answer=Page[RunOut])
def list_all_runs(request: Call, paging: Query[Paging]) -> Page[RunOut]:
    """The newest first; what-ifs once they were accepted."""
    return page_of_all(
        list_runs(request.auth),
        paging=paging,
        listing="dispatch runs",
        key=lambda card: (card.made_at.isoformat(), str(card.id)),
        show=RunOut.of,
        newest_first=True,
    )


@router.effect(
    "POST", "", says=Text(zh="发起排产", en="Start a dispatch run"), door=RUN, answer=RunDone, status=201
)
def start_one_run(request: Call, body: RunIn) -> RunDone:
    """Its inputs are frozen; a job does the work. Look at `GET …/{run}` for bound and gap. What nobody knows of the demand's names is
    refused: `faults` of the problem are like those of the demand."""
    try:
        return RunDone(run=start_run(request.auth, **body.model_dump()))
    except ProblemFaulty as error:
        raise faulty(error) from None


@router.read("/{uuid:run}", says=Text(zh="看一次排产", en="Read a dispatch run"), door=READ, answer=RunOut)
def read_one_run(request: Call, run: UUID) -> RunOut:
    return RunOut.of(access_run(request.auth, run))


@router.read("/{uuid:run}/plan", says=Text(zh="看方案的要点", en="Read a plan"), door=READ, answer=PlanOut)
def read_plan(request: Call, run: UUID) -> PlanOut:
    """Late and rejected lines with why, the shortest staves, demand against capacity."""
    report, _ = access_report(request.auth, run)
    return PlanOut(
        late=[LateLine.model_validate(row) for row in report["late"]],
        staves=[StaveOut.model_validate(row) for row in report["staves"]],
        load=report["load"],
        difference=report.get("difference"),
    )


@router.read(
    "/{uuid:run}/allocations",
    says=Text(zh="列出方案的各道工序", en="List a plan's allocations"),
    door=READ,
    answer=Page[AllocationOut],
)
def list_allocations(request: Call, run: UUID, paging: Query[Paging]) -> Page[AllocationOut]:
    plan, _ = access_plan(request.auth, run)
    return page_of_all(
        list(range(len(plan.result.allocations))),
        paging=paging,
        listing=f"allocations {run}",
        key=lambda at: (f"{at:09}", ""),
        show=lambda at: _allocation(plan, at),
    )


def _allocation(plan: Plan, at: int) -> AllocationOut:
    problem, made = plan.problem, plan.result.allocations
    return AllocationOut(
        line=problem.lines.ids[made.line[at]],
        lot=int(made.lot[at]),
        step=int(made.step[at]),
        work_centre=problem.work_centres.ids[made.work_centre[at]],
        firm=problem.firms[plan.firm[at]],
        bucket=int(made.bucket[at]),
        quantity=float(made.quantity[at]),
        hours=float(plan.hours[at]),
        weeks_late=int(plan.lateness[at]),
    )


@router.effect(
    "POST",
    "/{uuid:run}/stop",
    says=Text(zh="停下排产", en="Stop a dispatch run"),
    door=RUN,
    answer=Nothing,
    takes=None,
)
def stop_one_run(request: Call, run: UUID) -> Nothing:
    """The best plan so far is kept."""
    stop_run(request.auth, run=run)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:run}/replay",
    says=Text(zh="复算核对排产", en="Replay a dispatch run"),
    door=RUN,
    answer=Nothing,
    takes=None,
)
def replay_one_run(request: Call, run: UUID) -> Nothing:
    """A job works it out again from the same inputs, and says whether the same plan came out."""
    ask_replay(request.auth, run=run)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:run}/publish",
    says=Text(zh="公布方案", en="Publish a plan"),
    door=RUN,
    answer=PublishedOut,
    takes=None,
)
def publish_one_run(request: Call, run: UUID) -> PublishedOut:
    """Every firm in it learns its own part, and nothing of the others'."""
    return PublishedOut(firms=publish_run(request.auth, run=run))


@router.effect(
    "POST",
    "/{uuid:run}/withdraw",
    says=Text(zh="撤回方案", en="Withdraw a plan"),
    door=RUN,
    answer=PublishedOut,
)
def withdraw_one_run(request: Call, run: UUID, body: WithdrawIn) -> PublishedOut:
    """Its hours are free again, its firms are told why. Only before the first week with work begins."""
    return PublishedOut(firms=withdraw_run(request.auth, run=run, reason=body.reason))


@router.effect(
    "POST",
    "/{uuid:run}/what-ifs",
    says=Text(zh="问“如果”", en="Ask what if"),
    door=RUN,
    answer=RunDone,
    status=201,
)
def ask_one_what_if(request: Call, run: UUID, body: WhatIfIn) -> RunDone:
    """A run of its own upon this plan; nothing moves until it is accepted."""
    return RunDone(run=ask_what_if(request.auth, run=run, changes=body.changes))


@router.effect(
    "POST",
    "/{uuid:run}/accept",
    says=Text(zh="采用假设", en="Accept a what-if"),
    door=RUN,
    answer=Nothing,
    takes=None,
)
def accept_one_what_if(request: Call, run: UUID) -> Nothing:
    accept_what_if(request.auth, run=run)
    return Nothing()


@router.effect(
    "POST",
    "/{uuid:run}/discard",
    says=Text(zh="放弃假设", en="Discard a what-if"),
    door=RUN,
    answer=Nothing,
    takes=None,
)
def discard_one_what_if(request: Call, run: UUID) -> Nothing:
    discard_what_if(request.auth, run=run)
    return Nothing()


@work_router.read(
    "",
    says=Text(zh="列出派给本企业的活", en="List work planned for the firm"),
    door=WORK,
    answer=Page[ShareOut],
)
def list_own_work(request: Call, paging: Query[Paging]) -> Page[ShareOut]:
    """Of every published plan, the newest first."""
    return page_of_all(
        list_shares(request.auth),
        paging=paging,
        listing="work",
        key=lambda card: (card.published_at.isoformat(), str(card.id)),
        show=ShareOut.of,
        newest_first=True,
    )


@work_router.read(
    "/{uuid:share}",
    says=Text(zh="看一份派工方案", en="Read work planned for the firm"),
    door=WORK,
    answer=ShareOut,
)
def read_own_work(request: Call, share: UUID) -> ShareOut:
    return ShareOut.of(access_share(request.auth, share))

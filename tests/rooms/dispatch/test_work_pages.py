"""What a firm reads of its work: week by week, what it had free; who got nothing is told so, with nothing to do."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.notices.inbox import InboxEntry, list_inbox
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor, Role
from staveworks.jobs.reactions import REACTIONS
from staveworks.jobs.tasks import reaction_at
from staveworks.mechanisms.dispatch.run_queries import list_shares
from staveworks.mechanisms.dispatch.types.centres import CapabilitySaid, Per
from staveworks.mechanisms.dispatch.types.runs import RunState
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from staveworks.mechanisms.dispatch.usecases.publish_run import publish_run
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand
from staveworks.mechanisms.dispatch.usecases.start_run import start_run
from staveworks.mechanisms.dispatch.usecases.tell_no_work import tell_no_work
from staveworks.mechanisms.dispatch.usecases.withdraw_run import withdraw_run
from staveworks.mechanisms.dispatch.waiting import work_to_see
from staveworks.web.allocate.names import Names
from staveworks.web.allocate.work_rows import work_said
from tests.capacity import WUJIANG, declare, next_monday
from tests.rooms.dispatch.test_capacity_pages import browser, text_of
from tests.seasons import share_of
from tests.world import World, join, make_firm, make_person

CLOTH = "polyester-filament"


@pytest.fixture
def dear(world: World) -> Actor:
    """A weaver whose price nobody pays, beside one, and a dyer."""
    declare(world.lin)
    dyeing = (CapabilitySaid(CLOTH, "1.2", "9,000", Per.DAY),)
    declare(world.wu, name="溢流机", operation="dyeing", capabilities=dyeing, city=WUJIANG)
    owner = join(make_person("贺一鸣"), make_firm("贵织造"), Role.OWNER)
    declare(owner, capabilities=(CapabilitySaid(CLOTH, "90", "4,000", Per.DAY),))
    return owner


def published(world: World) -> UUID:
    due = str(next_monday() + timedelta(days=18))
    line = {"id": "L-1", "family": CLOTH, "quantity": 2000, "due": due, "city": "柯桥区"}
    demand = save_demand(world.gao, name="季", tables={"lines": [line]})
    run = start_run(world.gao, demand=demand.id, first=next_monday(), weeks=4)
    assert carry_out_run(world.gao, subject=run) is RunState.FINISHED
    publish_run(world.gao, run=run)
    return run


def to_see(firm: Actor) -> int:
    with acting(org=firm.org, person=firm.person_id):
        return len(work_to_see(org=firm.org))


def test_who_got_nothing_has_nothing_to_do_and_still_reads_why(world: World, dear: Actor) -> None:
    published(world)
    assert (to_see(world.lin), to_see(dear)) == (1, 0)
    (share,) = list_shares(dear)
    page = text_of(browser(dear, "zh-hans"), f"/work/{share.id}/")
    assert "这次没有排到活，原因见下。" in page
    assert "可排，小时" in page, "what earlier plans took isn't declared any less"


def told(firm: Actor) -> list[InboxEntry]:
    tell = reaction_at(next(path for path in REACTIONS["dispatch.shared"] if "tell_no_work" in path))
    for share in list_shares(firm):
        for _ in ("at first", "again after a crash"):
            tell(operator_service_for(firm.org), subject=share.id)
    return list_inbox(firm, language="en", limit=9)


def test_who_offered_hours_and_got_nothing_is_told_once_with_the_way_to_why(
    world: World, dear: Actor
) -> None:
    published(world)
    (entry,) = told(dear)
    (share,) = list_shares(dear)
    assert (entry.template, entry.link) == ("work.none", f"/work/{share.id}/")
    assert "with no work for “贵织造” this time" in entry.subject
    assert not told(world.lin), "who has work has a to-do"
    assert browser(dear, "en").get(entry.link).status_code == 200


def test_a_plan_that_was_replaced_meanwhile_or_for_which_no_hours_were_offered_is_no_news(
    world: World, dear: Actor
) -> None:
    run = published(world)
    (share,) = list_shares(dear)
    operator = operator_service_for(dear.org)
    withdraw_run(world.gao, run=run, reason="面料没到")
    tell_no_work(operator, subject=share.id)
    assert not list_inbox(dear, language="zh", limit=9)
    idle = join(make_person("秦无申"), make_firm("没申报"), Role.OWNER)
    tell_no_work(operator_service_for(idle.org), subject=share_of(world.gao, run, idle.org))
    assert not list_inbox(idle, language="zh", limit=9)


def test_a_plan_withdrawn_calls_off_no_work_where_there_was_none(world: World, dear: Actor) -> None:
    withdraw_run(world.gao, run=published(world), reason="面料没到")
    told = {}
    for firm in (world.lin, dear):
        (share,) = list_shares(firm)
        told[firm.org] = text_of(browser(firm, "zh-hans"), f"/work/{share.id}/")
    assert "撤回了，下面的活不做了。理由：" in told[world.lin.org]
    assert "撤回了。理由：" in told[dear.org]
    assert "下面的活" not in told[dear.org]


def lot(bucket: int, line: str, quantity: float, centre: str = "M1") -> dict[str, Any]:
    return {
        "bucket": bucket,
        "line": line,
        "family": CLOTH,
        "operation": "dyeing",
        "work_centre": centre,
        "quantity": quantity,
        "hours": quantity / 1000,
        "pay": quantity / 100,
    }


def test_lots_of_a_line_on_one_machine_are_one_row_and_each_week_says_what_it_comes_to() -> None:
    work = [lot(0, "D-1", 3000), lot(1, "D-1", 500), lot(0, "D-2", 1000), lot(0, "D-1", 2000)]
    first, second = work_said([*work, lot(0, "D-1", 700, "M2")], Names({}, date(2026, 12, 7)))
    assert [(row["line"], row["centre"], row["quantity"], row["lots"]) for row in first["rows"]] == [
        ("D-1", "M1", 5000, 2),
        ("D-2", "M1", 1000, 1),
        ("D-1", "M2", 700, 1),
    ]
    assert (first["week"], first["lots"], first["hours"], first["pay_fen"]) == ("W50", 4, 6.7, 6700)
    assert (second["week"], second["lots"], second["pay_fen"]) == ("W51", 1, 500)

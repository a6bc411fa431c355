"""What a line names that no register knows is told when it is loaded, by row and column, with what may be said; a run refuses the rest."""

from typing import Any

import pytest
from django.urls import reverse

from staveworks.db.transaction import acting
from staveworks.demo.season import draw_lines
from staveworks.mechanisms.dispatch.documents import pack, unpack
from staveworks.mechanisms.dispatch.models import Demand, Run
from staveworks.mechanisms.dispatch.run_queries import list_runs
from staveworks.mechanisms.dispatch.types.runs import DemandCard, ProblemFaulty, place_of
from staveworks.mechanisms.dispatch.usecases.save_demand import save_demand
from staveworks.mechanisms.dispatch.usecases.start_run import NoOwnCapacity, start_run
from tests.capacity import declare, next_monday
from tests.rooms.dispatch.browsing import browse
from tests.seasons import season
from tests.world import World


def line(number: int = 1, **other: Any) -> dict[str, Any]:
    return {"id": f"L-{number}", "family": "涤纶长丝面料", "quantity": 10, "due": 2, "city": "柯桥区"} | other


def loaded(world: World, *lines: dict[str, Any]) -> DemandCard:
    return save_demand(world.gao, name="季", tables={"lines": list(lines)})


def test_unknown_names_are_told_with_what_may_be_said(world: World) -> None:
    wrong = line(2, family="Unobtainium", city="Atlantis", certificates="OEKO-TEX STANDARD 100;xyzcert")
    faults = loaded(world, line(), wrong).faults
    assert {(each.row, each.column) for each in faults} == {(3, "family"), (3, "city"), (3, "certificates")}
    (family,) = [each.text for each in faults if each.column == "family"]
    assert "涤纶长丝面料" in family.zh
    assert "xyzcert" in next(each.text.en for each in faults if each.column == "certificates")


@pytest.mark.parametrize("known", [{"family": "polyester-filament"}, {"city": 330603}, {"certificates": ""}])
def test_codes_are_read_as_well_as_names(world: World, known: dict[str, Any]) -> None:
    assert not loaded(world, line(**known)).faults


def test_the_season_of_the_demo_is_read_whole(world: World) -> None:
    """Lines that are released after they are due among it: that is told by the plan, as why they are late."""
    assert not loaded(world, *draw_lines(1, next_monday())).faults


def test_a_run_says_row_column_and_where_to_mend(world: World) -> None:
    """A demand from before what it names was looked at."""
    declare(world.lin)
    demand = loaded(world, line(), line(2))
    with acting(org=world.gao.org, person=world.gao.person_id):
        tables = {"lines": [line(), line(2, family="Unobtainium")]}
        Demand.objects.filter(id=demand.id).update(tables=pack(tables))
    with pytest.raises(ProblemFaulty) as refused:
        start_run(world.gao, demand=demand.id, first=next_monday())
    assert [place_of(each) for each in refused.value.faults] == ["lines.3.family"]
    shown = _start(world, demand, "registry")
    assert "第 3 行 · 产品" in shown
    assert "?row=1&amp;page=1#line" in shown
    assert "涤纶长丝面料" in shown


def test_firms_are_named_as_people_name_them_and_meant_by_their_ids(world: World) -> None:
    declare(world.lin)
    wrong = loaded(world, line(), line(2, allowed_firms="春晖织造；没有这家"))
    assert [(each.row, each.column) for each in wrong.faults] == [(3, "allowed_firms")]
    demand = loaded(
        world, line(), line(2, blocked_firms="春晖织造; 远达印染"), line(3, allowed_firms="春晖织造")
    )
    assert not demand.faults
    run = start_run(world.gao, demand=demand.id, first=next_monday())
    with acting(org=world.gao.org, person=world.gao.person_id):
        _, two, three = unpack(Run.objects.get(id=run).inputs.tables)["lines"]
    chunhui = str(world.lin.org)
    assert (two["blocked_firms"], two["allowed_firms"]) == (chunhui, ""), (
        "who offers no hours isn't there to be blocked"
    )
    assert three["allowed_firms"] == chunhui


def test_a_line_only_for_firms_without_hours_is_refused_and_goes_to_nobody_else(world: World) -> None:
    declare(world.lin)
    demand = loaded(world, line(), line(2, allowed_firms="远达印染"))
    assert not demand.faults
    with pytest.raises(ProblemFaulty) as refused:
        start_run(world.gao, demand=demand.id, first=next_monday())
    assert [place_of(each) for each in refused.value.faults] == ["lines.3.allowed_firms"]


def test_of_places_of_one_name_the_code_is_asked_for(world: World) -> None:
    declare(world.lin)
    demand = loaded(world, line(city="鼓楼区"))
    with pytest.raises(ProblemFaulty) as refused:
        start_run(world.gao, demand=demand.id, first=next_monday())
    assert "320106" in refused.value.text.zh


def test_capacity_that_a_sheet_does_not_bring_is_refused_at_its_field(world: World) -> None:
    declare(world.lin)
    demand = loaded(world, line())
    with pytest.raises(NoOwnCapacity):
        start_run(world.gao, demand=demand.id, first=next_monday(), own_capacity=True)
    assert NoOwnCapacity.text.zh in _start(world, demand, "own")
    assert not list_runs(world.gao)
    brings = save_demand(world.gao, name="带产能", tables=season(lines=4))
    _start(world, brings, "own")
    _start(world, demand, "registry")
    assert len(list_runs(world.gao)) == 2


def _start(world: World, demand: DemandCard, capacity: str) -> str:
    said = {
        "demand": demand.id,
        "capacity": capacity,
        "weeks": 4,
        "seed": 1,
        "name": "",
        "first": next_monday().isoformat(),
    }
    return browse(world.gao).post(reverse("dispatch_new"), said).content.decode()

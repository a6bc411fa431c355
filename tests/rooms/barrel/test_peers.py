"""Peers: only in groups of five firms or more, only as quantiles, computed by a job that sees all."""

from pathlib import Path

import pytest

from staveworks.cluster.barrel.models import PeerGroup
from staveworks.cluster.barrel.queries import find_barrel, list_diagnoses
from staveworks.cluster.barrel.usecases import refresh_peers as peering
from staveworks.cluster.barrel.usecases.refresh_peers import refresh_peers
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor, Role
from tests.database import Clone
from tests.rooms.barrel.rubrics import RUBRIC
from tests.rooms.barrel.test_answering import everything
from tests.world import World, join, make_firm, make_known, make_person, make_world


@pytest.fixture
def open_world(committed: Clone, small_rubric: Path) -> World:
    return make_world()


def assess(name: str, step: int) -> Actor:
    owner = join(make_person(f"{name}厂长"), make_known(name), Role.OWNER)
    assessment = start_assessment(owner, profile="even")
    save_answers(owner, assessment_id=assessment, answers=everything(step) | {"rnd.b": 0})
    return owner


def test_invented_firms_are_nobodys_peers(open_world: World) -> None:
    owners = [assess(f"第{n}厂", n) for n in range(4)]
    stranger = join(make_person("虚构厂长"), make_firm("虚构厂"), Role.OWNER)
    assessment = start_assessment(stranger, profile="even")
    save_answers(stranger, assessment_id=assessment, answers=everything(4))
    assert refresh_peers(open_world.gao, rubric=RUBRIC) == 0
    second = join(Person.objects.get(id=owners[0].person_id), make_known("又一厂"), Role.OWNER)
    assessment = start_assessment(second, profile="even")
    save_answers(second, assessment_id=assessment, answers=everything(4))
    assert refresh_peers(open_world.gao, rubric=RUBRIC) == 0, "one firm of each owner"
    assess("第五厂", 4)
    assert refresh_peers(open_world.gao, rubric=RUBRIC) == 1
    assert PeerGroup.objects.get().firms == 5


def test_four_firms_are_not_shown_and_five_are(open_world: World) -> None:
    owners = [assess(f"第{n}厂", n) for n in range(4)]
    assert refresh_peers(open_world.gao, rubric=RUBRIC) == 0
    assert not PeerGroup.objects.exists()
    owners.append(assess("第五厂", 4))
    assert refresh_peers(open_world.gao, rubric=RUBRIC) == 1
    group = PeerGroup.objects.get()
    assert group.water == [12.5, 25.0, 37.5]
    assert (len(group.scores["rnd.a"]), group.size) == (21, "")


def test_what_peers_answered_is_the_likely_value_of_what_is_unanswered(open_world: World) -> None:
    for n in range(5):
        assess(f"第{n}厂", 1)
    refresh_peers(open_world.gao, rubric=RUBRIC)
    assessment = start_assessment(open_world.lin, profile="even")
    save_answers(open_world.lin, assessment_id=assessment, answers={"ip.a": 1})
    barrel = find_barrel(open_world.lin)
    assert barrel is not None
    card = barrel.card.diagnosis
    assert card is not None
    rnd = card.planks["rnd"].height
    assert (rnd.low, rnd.likely, rnd.high) == (0, 12.5, 100)


def test_one_more_firm_moves_no_group_and_five_more_do(
    open_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who knows the quantiles of yesterday and of today must not learn the answers of the one who came in between."""

    def shown() -> tuple[int, list[float]]:
        group = PeerGroup.objects.get()
        return group.firms, group.water

    for n in range(5):
        assess(f"第{n}厂", n)
    refresh_peers(open_world.gao, rubric=RUBRIC)
    before = shown()
    assess("第六厂", 4)
    refresh_peers(open_world.gao, rubric=RUBRIC)
    assert shown() == before
    for n in range(4):
        assess(f"又来{n}厂", 4)
    refresh_peers(open_world.gao, rubric=RUBRIC)
    assert shown()[0] == 10
    before = shown()
    with monkeypatch.context() as control:
        control.setattr(peering, "may_be_shown", lambda tags, kept, fewest: len(tags) >= fewest)
        assess("最后一厂", 0)
        refresh_peers(open_world.gao, rubric=RUBRIC)
    assert shown() != before, "control: without the guard the difference is one firm"


def test_the_operator_lists_the_barrels_it_may_see_and_no_others(open_world: World) -> None:
    assess("别家", 3)
    steward = open_world.gao_for(open_world.qinghe)
    save_answers(steward, assessment_id=start_assessment(steward), answers=everything(2))
    cards = list_diagnoses(open_world.gao)
    assert [card.org_id for card in cards] == [open_world.qinghe.id]
    assert cards[0].water.likely == 75

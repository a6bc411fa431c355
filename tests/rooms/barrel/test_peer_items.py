"""Questions that are compared with the peers, and those that the platform will measure: from the peers' answers, through the
group's median, to the height of a plank, and never a number where there is none."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from staveworks.cluster.barrel.models import PeerGroup
from staveworks.cluster.barrel.queries import access_assessment
from staveworks.cluster.barrel.usecases.attest_answer import attest_answer
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.publish_figures import publish_figures
from staveworks.cluster.barrel.usecases.refresh_peers import refresh_peers
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.foundation.facts.types import Field, Grantee, Purpose
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.parties.models import Profile
from staveworks.foundation.parties.types import Actor, Role
from staveworks.kit.data import SHIPPED
from staveworks.kit.intervals import Interval
from tests.database import Clone
from tests.rooms.barrel.rubrics import RUBRIC, both, rubric
from tests.world import World, join, make_known, make_person, make_world

ENERGY: dict[str, Any] = {
    "leaf": "rnd.energy",
    "kind": "peer",
    "name": both("单位能耗", "Energy per metre"),
    "question": both("每百米布用电多少度？", "How much power does a hundred metres take?"),
    "evidence": both("电费单", "Power bills"),
    "attest": "document",
    "unit": both("度", "kWh"),
    "least": 0,
    "bands": [{"to": -20, "points": 100}, {"to": 0, "points": 60}, {"to": 20, "points": 30}, {"points": 0}],
}
"""A fifth less than the median or better gives 100, up to the median 60, up to a fifth more 30."""

ON_TIME: dict[str, Any] = ENERGY | {
    "leaf": "logistics.on_time",
    "kind": "measured",
    "measure": "orders.on_time_rate_12m",
    "from": both("平台上的订单", "orders on the platform"),
    "bands": [{"from": 95, "points": 100}, {"points": 0}],
}


@pytest.fixture
def world(committed: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The small rubric, its stave ``rnd`` made of one compared question and ``logistics`` of one measured."""
    planks = yaml.safe_load((SHIPPED / "planks.yaml").read_text(encoding="utf-8"))
    text = rubric(planks, "peers")
    for plank in text["planks"]:
        if plank["plank"] in ("rnd", "logistics"):
            plank["children"] = [ENERGY if plank["plank"] == "rnd" else ON_TIME]
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "planks.yaml").write_text(yaml.safe_dump(planks, allow_unicode=True), encoding="utf-8")
    (tmp_path / "rubrics" / f"{RUBRIC}.yaml").write_text(
        yaml.safe_dump(text, allow_unicode=True), encoding="utf-8"
    )
    monkeypatch.setenv("STAVEWORKS_DATA", str(tmp_path))
    return make_world()


def uses(name: str, energy: float) -> Actor:
    owner = join(make_person(f"{name}厂长"), make_known(name), Role.OWNER)
    assessment = start_assessment(owner, profile="even")
    save_answers(owner, assessment_id=assessment, answers={"rnd.energy": energy})
    return owner


def height(actor: Actor, plank: str = "rnd") -> Interval:
    view = access_assessment(actor, assessment_id=start_assessment(actor, profile="even"))
    assert view.card.diagnosis is not None
    assert view.result.barrel is not None
    assert view.result.barrel.planks[plank].height == view.card.diagnosis.planks[plank].height
    return view.card.diagnosis.planks[plank].height


def test_four_peers_make_no_median_and_the_answer_stays_an_open_interval(world: World) -> None:
    for n in range(4):
        uses(f"第{n}厂", 100)
    refresh_peers(world.gao, rubric=RUBRIC)
    owner = uses("新厂", 60)
    assert height(owner) == Interval(0, 50, 100)
    view = access_assessment(owner, assessment_id=start_assessment(owner))
    assert view.result.leaves["rnd.energy"].answered, "it is answered all the same, and not asked again"
    assert "rnd.energy" not in [question.code for question in view.questions]


@pytest.mark.parametrize(
    ("energy", "points"), [(80, 100), (81, 60), (100, 60), (101, 30), (120, 30), (121, 0), (0, 100)]
)
def test_the_gap_to_the_median_of_five_peers_gives_the_points(
    world: World, energy: float, points: float
) -> None:
    """The peers use 60, 80, 100, 120 and 200: the median is 100, so a gap in percent is read off directly."""
    for n, used in enumerate((60, 80, 100, 120, 200)):
        uses(f"第{n}厂", used)
    assert refresh_peers(world.gao, rubric=RUBRIC) == 1
    assert PeerGroup.objects.get().medians == {"rnd.energy": 100}
    assert height(uses("新厂", energy)) == Interval.point(points)


def test_a_finished_assessment_keeps_the_median_of_its_day(world: World) -> None:
    for n in range(5):
        uses(f"第{n}厂", 100)
    refresh_peers(world.gao, rubric=RUBRIC)
    owner = uses("老厂", 100)
    finished = start_assessment(owner)
    finish_assessment(owner, assessment_id=finished)
    for n in range(20):
        uses(f"省电{n}厂", 50)
    refresh_peers(world.gao, rubric=RUBRIC)
    assert PeerGroup.objects.get().medians == {"rnd.energy": 50}
    view = access_assessment(owner, assessment_id=finished)
    assert view.card.diagnosis is not None
    assert view.result.barrel is not None
    assert view.card.diagnosis.planks["rnd"].height == Interval.point(60)
    assert view.result.barrel.planks["rnd"].height == Interval.point(60), "scored again, it is what it was"
    assert height(owner) == Interval.point(0), "the next one is compared with the peers of today"


def test_a_finished_record_may_be_attested_though_the_peers_have_moved_on(world: World) -> None:
    """The likely values of open questions move with the peers; what is recorded must not, and the attestation must go through."""
    owner = uses("老厂", 100)
    finished = start_assessment(owner)
    save_answer(owner, assessment_id=finished, leaf="ip.a", value=4)
    finish_assessment(owner, assessment_id=finished)
    before = access_assessment(owner, assessment_id=finished).card.diagnosis
    for n in range(5):
        other = uses(f"第{n}厂", 100)
        save_answer(other, assessment_id=start_assessment(other), leaf="marketing.a", value=4)
    refresh_peers(world.gao, rubric=RUBRIC)
    give_grant(owner, to=Grantee(world.operator.id), purpose=Purpose.ATTESTATION, fields=[Field.ASSESSMENT])
    attest_answer(world.gao, assessment_id=finished, leaf="ip.a")
    after = access_assessment(owner, assessment_id=finished).card.diagnosis
    assert before is not None
    assert after is not None
    assert (after.water, after.mean, after.binding) == (before.water, before.mean, before.binding)
    assert {code: plank.height for code, plank in after.planks.items()} == {
        code: plank.height for code, plank in before.planks.items()
    }
    assert (before.planks["ip"].verified.low, after.planks["ip"].verified.low) == (0, 50)


def test_what_the_platform_cannot_measure_yet_is_an_open_interval_until_the_firm_states_it(
    world: World,
) -> None:
    owner = uses("新厂", 100)
    assert height(owner, "logistics") == Interval(0, 50, 100)
    assessment = start_assessment(owner)
    save_answer(owner, assessment_id=assessment, leaf="logistics.on_time", value=96)
    assert height(owner, "logistics") == Interval.point(100)


def test_the_band_of_a_rubric_without_planks_is_published_as_its_score(world: World) -> None:
    digital = "miit-sme-digital-2024"
    owners = []
    for n in range(5):
        owner = join(make_person(f"{n}厂长"), make_known(f"第{n}厂", city="330603"), Role.OWNER)
        with acting(org=owner.org):
            Profile.objects.filter(org_id=owner.org).update(business_type="textile.weaving")
        assessment = start_assessment(owner, rubric=digital, profile="even")
        save_answers(owner, assessment_id=assessment, answers={"base.sys.cov": n})
        owners.append((owner, assessment))
    owner, assessment = owners[0]
    assert publish_figures(world.gao, period="2026-06") == 0, (
        "a score is read out of answers, which nobody shows yet"
    )
    for each, _ in owners:
        give_grant(each, to=Grantee(world.operator.id), purpose=Purpose.OPERATION, fields=[Field.BARREL])
    assert publish_figures(world.gao, period="2026-07") == 0, "the barrel is not the answers"
    for each, _ in owners:
        give_grant(each, to=Grantee(world.operator.id), purpose=Purpose.OPERATION, fields=[Field.ASSESSMENT])
    assert access_assessment(owner, assessment_id=assessment).peers is None
    assert publish_figures(world.gao, period="2026-08") == 1
    view = access_assessment(owner, assessment_id=assessment)
    assert view.peers is not None
    assert (view.peers.firms, view.peers.low, view.peers.median, view.peers.high) == (5, 48, 50, 53)
    assert view.peers.planks == {}

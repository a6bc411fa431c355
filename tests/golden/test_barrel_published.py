"""Every published number of the two national rubrics, held against the facts as published."""

import json
from pathlib import Path

import pytest

from staveworks.engine.barrel import Rubric, load_rubric, score
from staveworks.engine.barrel.rubric import Branch, Group, Leaf

FACTS = Path(__file__).parent / "rubrics"
DIGITAL = json.loads((FACTS / "miit-sme-digital-2024.json").read_text(encoding="utf-8"))
SRDI = json.loads((FACTS / "miit-srdi-2022.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def digital() -> Rubric:
    return load_rubric("miit-sme-digital-2024")


@pytest.fixture(scope="module")
def srdi() -> Rubric:
    return load_rubric("miit-srdi-2022")


def code_of(branch: Branch) -> str:
    return branch.node.code


def same_tree(group: Group, facts: list[dict]) -> None:
    assert [code_of(branch) for branch in group.children] == [fact["code"] for fact in facts]
    for branch, fact in zip(group.children, facts, strict=True):
        assert branch.weight * 100 == pytest.approx(fact["weight"])
        if isinstance(branch.node, Group):
            same_tree(branch.node, fact["children"])
        else:
            same_leaf(branch.node, fact)


def same_leaf(leaf: Leaf, fact: dict) -> None:
    assert leaf.kind == fact["type"]
    assert [option.points for option in leaf.options] == [option["weight"] for option in fact["options"]]
    if leaf.kind == "multi":
        assert leaf.cap == fact["cap"]
        assert [option.exclusive for option in leaf.options] == [True] + [False] * (len(leaf.options) - 1)


def test_the_digital_tree_has_the_published_weights_and_points(digital):
    assert digital.root
    same_tree(digital.root, DIGITAL["tree"])


def test_the_sixteen_scenes_are_all_there_in_order(digital):
    names = [scene["name"] for chain in DIGITAL["scenes"] for scene in chain["scenes"]]
    assert [leaf.code for leaf in digital.inputs] == names
    assert all(len(leaf.options) == 5 for leaf in digital.inputs)


def test_the_digital_levels_ask_for_the_published_scores_and_scenes(digital):
    flagged = {scene["name"] for chain in DIGITAL["scenes"] for scene in chain["scenes"] if scene["flagged"]}
    for rule in DIGITAL["level_rule"]["levels"]:
        level = digital.levels[rule["level"] - 1]
        every, constraint = level.counts
        assert level.name.zh == rule["name"]
        assert level.min_score == rule["min_score"]
        assert (len(every.codes), every.at, every.count) == (16, rule["level"], rule["min_scenes_at_level"])
        assert set(constraint.codes) == flagged
        assert (constraint.at, constraint.count) == (rule["level"], rule["min_constrained_scenes_at_level"])


@pytest.mark.parametrize("rule", DIGITAL["level_rule"]["levels"], ids=lambda rule: rule["name"])
@pytest.mark.parametrize("short_of", ["nothing", "a scene", "a constraint scene"])
def test_a_digital_level_holds_at_its_bounds_and_not_below(digital, rule, short_of):
    """Full points, and exactly the scenes that the level asks for; one fewer of either kind loses the level."""
    flagged = [s["name"] for chain in DIGITAL["scenes"] for s in chain["scenes"] if s["flagged"]]
    others = [s["name"] for chain in DIGITAL["scenes"] for s in chain["scenes"] if not s["flagged"]]
    need, constraint = rule["min_scenes_at_level"], rule["min_constrained_scenes_at_level"]
    if short_of == "a constraint scene":
        chosen = flagged[: constraint - 1] + others
        enough = False
    else:
        chosen = (flagged[:constraint] + others + flagged[constraint:])[: need - (short_of == "a scene")]
        enough = short_of == "nothing"
    answers = full_points() | dict.fromkeys(flagged + others, 0) | dict.fromkeys(chosen, rule["level"])
    result = score(digital, answers)
    assert result.score.low == 100
    assert (result.level.low >= rule["level"]) is enough


def full_points() -> dict:
    """The best answer to each scored question of the digital rubric."""

    def below(nodes):
        for node in nodes:
            if node["type"] == "group":
                yield from below(node["children"])
            elif node["type"] == "multi":
                yield node["code"], list(range(1, len(node["options"])))
            else:
                yield (
                    node["code"],
                    max(range(len(node["options"])), key=lambda i: node["options"][i]["weight"]),
                )

    return dict(below(DIGITAL["tree"]))


def test_a_digital_score_computed_by_hand(digital):
    """base: equip 0.4·(0.4·50 + 0.3·75 + 0.3·25) = 20; data 0.2·21 = 4.2; sys 0.2·50 = 10; sec 0.2·(0.5·25 + 0.5·0) = 2.5
    → 36.7 of 100, halved 18.35; mgmt: plan 0.5·(0.5·60 + 0.5·25) = 21.25; res 0.5·(0.5·40 + 0) = 10 → 31.25, times 0.3
    = 9.375; effect: 0.35·100 + 0.35·50 + 0.3·(0.5·0 + 0.5·50) = 60, times 0.2 = 12. Sum 39.725."""
    answers = {
        "base.equip.net": [1, 3],
        "base.equip.digi": 3,
        "base.equip.conn": 1,
        "base.data.auto": [1, 2, 3],
        "base.sys.cov": 2,
        "base.sec.net": [2],
        "base.sec.data": [],
        "mgmt.plan.exec": 3,
        "mgmt.plan.inst": [4],
        "mgmt.res.talent": [1, 5],
        "mgmt.res.fund": 0,
        "effect.green.energy": 2,
        "effect.quality.pass": 1,
        "effect.market.rev": 0,
        "effect.market.cost": 1,
    }
    result = score(digital, answers)
    assert result.score.low == result.score.high == pytest.approx(39.725)
    assert (result.level.low, result.level.high) == (
        0,
        1,
    )  # no scene is judged yet; 40 points would be level 2


# ------------------------------------------------------------------------------------------------- 专精特新


def items() -> dict[str, dict]:
    return {item["code"]: item for group in SRDI["tree"] for item in group["items"]}


def points(srdi: Rubric, code: str, answer) -> float:
    return score(srdi, {code: answer}).leaves[code].score.low * items()[code]["points"] / 100


def test_the_srdi_groups_have_25_25_15_and_35_points(srdi):
    assert [branch.weight * 100 for branch in srdi.root.children] == pytest.approx([25, 25, 15, 35])
    assert [code_of(branch) for branch in srdi.root.children] == [group["code"] for group in SRDI["tree"]]


def test_the_13_srdi_items_have_their_published_points(srdi):
    weights = {code: leaf.weight * 100 for code, leaf in score(srdi, {}).leaves.items() if leaf.weight}
    assert weights == pytest.approx({code: item["points"] for code, item in items().items()})
    assert len(weights) == 13


SRDI_POINTS = {
    "spec.main_share": [(80, 5), (79.9, 3), (70, 3), (60, 1), (59.9, 0), (100, 5)],
    "spec.growth": [(10, 10), (9.9, 8), (8, 8), (6, 6), (4, 4), (0, 2), (3.9, 2), (-0.1, 0)],
    "spec.years": [(1.9, 0), (2, 1), (3.9, 1), (4, 2), (9.9, 4), (10, 5), (40, 5)],
    "refine.digital": [(0, 0), (1, 0), (2, 3), (3, 5), (4, 5)],
    "refine.quality": [([], 0), ([2], 3), ([0, 1], 5), ([0, 1, 2, 3], 5)],
    "refine.net_margin": [(10, 10), (8, 8), (6, 6), (4, 4), (2, 2), (1.9, 0), (-5, 0)],
    "refine.debt_ratio": [(0, 5), (50, 5), (50.1, 3), (60, 3), (60.1, 1), (70, 1), (70.1, 0), (120, 0)],
    "feature.local": [(0, 0), (7.5, 7.5), (15, 15)],
    "innov.rd_staff": [(20, 5), (10, 3), (19.9, 3), (5, 1), (4.9, 0)],
}


@pytest.mark.parametrize("code", SRDI_POINTS)
def test_srdi_bands_and_formulas_give_the_published_points(srdi, code):
    """Bands include their lower end, those of the debt ratio their upper one."""
    for answer, expected in SRDI_POINTS[code]:
        assert points(srdi, code, answer) == pytest.approx(expected), answer


@pytest.mark.parametrize(
    "code", [code for code, item in items().items() if "options" in item and "formula" not in item]
)
def test_srdi_options_give_the_published_points(srdi, code):
    assert [points(srdi, code, i) for i in range(len(items()[code]["options"]))] == pytest.approx(
        [mark for _, mark in items()[code]["options"]]
    )


PASSING = {
    "spec.main_share": 75, "spec.growth": 7, "spec.years": 2, "spec.field": 1, "refine.digital": 2,
    "refine.quality": [1, 2], "refine.net_margin": 8, "refine.debt_ratio": 55, "feature.local": 9,
    "innov.ip": 1, "innov.rd_spend": 3, "innov.rd_staff": 10, "innov.rd_org": 2,
    "g2.spend": 100, "g2.share": 3, "g3.revenue": 1000, "g3.equity": 0,
}  # fmt: skip


def test_an_srdi_score_computed_by_hand(srdi):
    """3 + 6 + 1 + 3 | 3 + 5 + 8 + 3 | 9 | 8 + 4 + 3 + 4 = 13 + 19 + 9 + 19 = 60: exactly the pass mark."""
    result = score(srdi, PASSING)
    assert result.score.low == result.score.high == 60
    assert (result.level.low, result.level.high) == (1, 1)


@pytest.mark.parametrize(
    ("gate", "change"),
    [
        ("g1", {"spec.years": 1.9, "feature.local": 15}),
        ("g2", {"g2.spend": 99.9}),
        ("g2", {"g2.share": 2.9}),
        ("g3", {"g3.revenue": 999.9}),
        ("g4", {"feature.local": 8.9}),
    ],
)
def test_each_gate_alone_keeps_the_level_back(srdi, gate, change):
    result = score(srdi, PASSING | change)
    assert [each.code for each in result.gates if not each.possible] == [gate]
    assert (result.level.low, result.level.high) == (0, 0)


def test_new_equity_stands_in_for_revenue(srdi):
    assert score(srdi, PASSING | {"g3.revenue": 500, "g3.equity": 2000}).level.low == 1


def test_an_open_gate_leaves_the_level_open(srdi):
    answers = {code: value for code, value in PASSING.items() if code != "g2.share"}
    assert (score(srdi, answers).level.low, score(srdi, answers).level.high) == (0, 1)


def test_the_digital_item_is_computed_from_the_digital_answers_unless_it_is_stated(srdi):
    """Level 4 of the digital rubric gives 5 points; a stated level 2 gives 3."""
    scenes = [scene["name"] for chain in DIGITAL["scenes"] for scene in chain["scenes"]]
    answers = full_points() | dict.fromkeys(scenes, 4)
    assert score(srdi, answers).leaves["refine.digital"].score.low == 100
    assert score(srdi, answers).leaves["refine.digital"].answered
    assert score(srdi, answers | {"refine.digital": 2}).leaves["refine.digital"].score.high == 60
    part = score(srdi, full_points()).leaves["refine.digital"]
    assert (part.score.low, part.score.high, part.answered) == (0, 100, False)

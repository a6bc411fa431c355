"""The owner's report: what it says is what was computed, its PDF holds it all, and only who may see the barrel gets it."""

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from staveworks.cluster.barrel.queries import find_barrel
from staveworks.cluster.barrel.report import ReportNotFound, find_report, print_report
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.engine.barrel import score
from staveworks.foundation.facts.models import Read
from staveworks.foundation.parties.types import Actor, RightMissing
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement, withdraw_agreement
from staveworks.kit.text import Text
from tests.papers import Pdf
from tests.rooms.barrel.rubrics import RUBRIC
from tests.world import World, make_world

PLANKS = (
    "rnd",
    "procurement",
    "production",
    "logistics",
    "marketing",
    "consulting",
    "finance",
    "talent",
    "ip",
    "inspection",
)
ALL_THREE = {f"{plank}.a": 3 for plank in PLANKS} | {f"{plank}.b": 1 for plank in PLANKS}
"""Every plank at (75 + 100) / 2 = 87.5."""

SHORT = ALL_THREE | {"procurement.a": 1, "procurement.b": 0, "marketing.a": 2}
"""procurement at 12.5, marketing at 75."""


def assess(actor: Actor, answers: Mapping[str, Any], *, rubric: str = RUBRIC, finish: bool = True) -> None:
    assessment = start_assessment(actor, rubric=rubric)
    save_answers(actor, assessment_id=assessment, answers=dict(answers))
    if finish:
        finish_assessment(actor, assessment_id=assessment)


def test_what_binds_comes_first_with_the_next_step_of_each_of_its_items(world: World) -> None:
    """procurement.b from no to yes: +50 of the plank, the water rises with it from 12.5 to 62.5."""
    assess(world.lin, SHORT)
    report = find_report(world.lin)
    assert report.barrel
    assert report.advice
    assert (report.barrel.binding, report.barrel.water.likely) == ("procurement", 12.5)
    steps = [(each.leaf.code, each.step.plank_gain, each.step.gain) for each in report.advice.steps]
    assert steps == [("procurement.b", 50, 50), ("procurement.a", 12.5, 12.5)]
    assert report.advice.questions == ()


def test_the_gain_that_is_promised_is_what_the_next_assessment_shows(world: World) -> None:
    assess(world.lin, SHORT)
    before = find_report(world.lin)
    assert before.advice
    best = before.advice.steps[0].step
    assess(world.lin, SHORT | {best.code: best.better})
    after = find_report(world.lin)
    assert after.change
    assert after.change.level.difference == pytest.approx(best.gain)
    moved = {each.code: each.difference for each in after.change.planks}
    assert moved["procurement"] == pytest.approx(best.plank_gain)
    assert {difference for code, difference in moved.items() if code != "procurement"} == {0}


def test_the_questions_are_the_ones_that_narrow_most(world: World) -> None:
    answers = {code: value for code, value in SHORT.items() if code not in ("procurement.a", "ip.a")}
    assess(world.lin, answers, finish=False)
    view, report = find_barrel(world.lin), find_report(world.lin)
    assert view
    assert report.advice
    asked = [(each.leaf.code, each.narrowing) for each in report.advice.questions]
    assert asked == [(each.code, each.narrowing) for each in view.questions[:3]]
    assert asked[0][0] == "procurement.a"


def test_nobody_without_the_right_and_no_other_firm_gets_it(world: World) -> None:
    assess(world.lin, SHORT)
    assert find_report(world.zhou).firm.name.zh == "春晖织造"
    with pytest.raises(ReportNotFound):
        find_report(world.wu)
    with pytest.raises(RightMissing):
        find_report(world.wu, firm=world.chunhui.id)
    with pytest.raises(ReportNotFound):
        find_report(world.gao, firm=world.chunhui.id)
    mine = find_barrel(world.lin)
    assert mine
    assess(world.wu, SHORT)
    with pytest.raises(ReportNotFound):
        find_report(world.wu, assessment_id=mine.card.id)


def test_the_operator_gets_heights_by_grant_without_answers_and_nothing_once_it_is_withdrawn(
    world: World,
) -> None:
    assess(world.lin, SHORT)
    accept_agreement(world.lin, shows=["barrel"])
    lent = find_report(world.gao, firm=world.chunhui.id)
    assert lent.barrel
    assert (lent.barrel.water.likely, lent.advice) == (12.5, None)
    text = Pdf(print_report(lent, "zh").content).text
    assert "企业没有授权查看答案" in text
    assert "先做什么" not in text.replace("不写“先做什么”", "")
    assert "procurement 之 a" not in text
    withdraw_agreement(world.lin)
    with pytest.raises(ReportNotFound):
        find_report(world.gao, firm=world.chunhui.id)


def test_the_report_names_whom_the_firm_shows_it_and_the_operator_is_not_told_whom_else(world: World) -> None:
    assess(world.lin, SHORT)
    accept_agreement(world.lin, shows=["barrel"])
    mine, lent = find_report(world.lin), find_report(world.gao, firm=world.chunhui.id)
    assert [(each.name.zh, each.fields[0].zh) for each in mine.sight.grants] == [("集群服务公司", "整个木桶")]
    assert (
        "集群服务公司：按企业的授权，用于集群运营，看得到整个木桶。"
        in Pdf(print_report(mine, "zh").content).text
    )
    assert (lent.sight.grants, lent.sight.agents) == ((), ())


def test_the_operators_look_is_in_the_owners_log_as_a_report(world: World) -> None:
    assess(world.lin, SHORT)
    accept_agreement(world.lin, shows=["barrel"])
    with acting(org=world.chunhui.id):
        assert not Read.objects.filter(org_id=world.chunhui.id).exists()
    find_report(world.gao, firm=world.chunhui.id)
    with acting(org=world.chunhui.id):
        (look,) = Read.objects.filter(org_id=world.chunhui.id)
        assert (look.door, look.fields, look.reader_org_id) == ("report", ["barrel"], world.operator.id)


def test_whoever_may_see_heights_but_no_answers_at_home_gets_no_advice_either(world: World) -> None:
    assess(world.lin, SHORT)
    narrowed = world.lin.narrowed_to(frozenset({"barrel.read"}))
    assert find_report(narrowed).advice is None
    assert find_report(world.lin).advice is not None


def test_the_steward_of_an_unclaimed_firm_gets_all_of_it(world: World) -> None:
    assess(world.gao_for(world.qinghe), SHORT)
    report = find_report(world.gao, firm=world.qinghe.id)
    assert report.advice
    assert report.sight.steward
    assert report.sight.steward == report.sight.reader


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh",
            [
                "水位 13，被原料采购卡住。",
                "卡住水位的次序",
                "每块板有多高",
                "先做什么",
                "与上次相比",
                "怎么算的",
                "谁看得到",
                "同业还不够多",
            ],
        ),
        (
            "en",
            [
                "Water level 13, held down by Procurement.",
                "What holds the water down",
                "How high each plank stands",
                "What to do first",
                "Change since last time",
                "How it was computed",
                "Who may see this",
                "Too few peers",
            ],
        ),
    ],
)
def test_the_pdf_says_it_in_each_language_with_its_fonts_inside_and_the_barrel_as_a_drawing(
    world: World, language: Any, said: list[str]
) -> None:
    assess(world.lin, ALL_THREE)
    assess(world.lin, SHORT)
    report = find_report(world.lin)
    paper = print_report(report, language)
    pdf = Pdf(paper.content)
    assert [each for each in said if each not in pdf.text] == []
    assert paper.number in pdf.text
    assert report.method.sha256 in pdf.text, "the rubric's digest"
    assert pdf.fonts == dict.fromkeys(pdf.fonts, True), "all of them embedded"
    assert {"IBMPlexSans-Regular", "IBMPlexSans-SemiBold", "NotoSansSC-Regular"} <= set(pdf.fonts)
    if language == "zh":
        assert "NotoSansSC-SemiBold" in pdf.fonts, "headings in Chinese"
    assert pdf.pictures() == 0
    assert pdf.strokes(0) > 70, "the barrel: staves, hoops, water"
    assert pdf.reader.trailer["/Root"]["/Lang"] == ("zh-CN" if language == "zh" else "en-GB")
    assert 2 <= pdf.pages <= 4


def test_a_pdf_without_the_barrel_would_be_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with an empty drawing there are far fewer paths on the first page."""
    from staveworks.cluster.barrel.report import values_barrel

    assess(world.lin, SHORT)
    report = find_report(world.lin)
    whole = Pdf(print_report(report, "zh").content).strokes(0)
    nothing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>'
    monkeypatch.setattr(values_barrel, "for_print", lambda _: nothing)
    assert Pdf(print_report(report, "zh").content).strokes(0) < whole / 2


def test_every_step_and_question_of_the_report_stands_in_its_pdf(world: World) -> None:
    answers = {code: value for code, value in SHORT.items() if code != "procurement.a"}
    assess(world.lin, answers, finish=False)
    report = find_report(world.lin)
    assert report.advice
    assert [each.leaf.code for each in report.advice.questions] == ["procurement.a"]
    text = Pdf(print_report(report, "en").content).text
    assert report.advice
    for step in report.advice.steps:
        assert step.leaf.name.en in text
        assert f"+{step.step.gain:.1f}" in text
    for question in report.advice.questions:
        assert question.leaf.question.en in text
    assert "under way, results may still change" in text


@pytest.mark.parametrize(
    ("language", "settled", "narrows"),
    [
        ("zh", "都不会再改变水位", "答了范围会变窄"),
        ("en", "can't move the level any more", "narrows the range"),
    ],
)
def test_no_question_is_urged_that_cannot_move_the_level(
    world: World, language: str, settled: str, narrows: str
) -> None:
    answers = {code: value for code, value in SHORT.items() if code != "marketing.b"}
    assess(world.lin, answers)
    report = find_report(world.lin)
    assert report.barrel
    assert report.advice
    assert (report.barrel.settled, report.advice.questions) == (True, ())
    text = Pdf(print_report(report, language).content).text  # type: ignore[arg-type]
    assert settled in text
    assert narrows not in text


def test_the_same_content_gives_the_same_bytes_in_another_process_too(world: World) -> None:
    assess(world.lin, SHORT)
    report = find_report(world.lin)
    paper = print_report(report, "zh")
    assert print_report(report, "zh") == paper
    assert print_report(report, "en").sha256 != paper.sha256
    code = (
        "import pickle, sys, django; django.setup(); report = pickle.loads(sys.stdin.buffer.read()); "
        "from staveworks.cluster.barrel.report import print_report; print(print_report(report, 'zh').sha256)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps(report),
        capture_output=True,
        env=environment,
        check=False,
    )
    assert ran.stdout.decode().strip() == paper.sha256, ran.stderr.decode()[-800:]


def test_another_answer_gives_another_number(world: World) -> None:
    assess(world.lin, SHORT)
    first = print_report(find_report(world.lin), "zh")
    assess(world.lin, SHORT | {"procurement.a": 2})
    assert print_report(find_report(world.lin), "zh").number != first.number


@pytest.fixture
def shipped(db: None) -> World:
    """The world with the rubrics as they ship."""
    return make_world()


LONG = Text(
    zh="绍兴市柯桥区超长名称" * 20, en="Shaoxing Very Long Name of a Weaving and Trading Company " * 3 + "Ltd"
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("share", ["none but one", "lowest", "highest"])
def test_long_names_and_extreme_barrels_take_two_to_four_pages(
    shipped: World, language: Any, share: str
) -> None:
    from dataclasses import replace

    from staveworks.engine.barrel import load_rubric

    rubric = load_rubric(RUBRIC)
    answers = {
        leaf.code: 0
        if share == "lowest"
        else max(range(len(leaf.options)), key=lambda n, leaf=leaf: leaf.options[n].points)
        for leaf in rubric.leaves
        if leaf.by_option
    }
    if share == "none but one":
        answers = dict(list(answers.items())[:1])
    assess(shipped.lin, answers, finish=False)
    report = find_report(shipped.lin)
    for name in (report.firm.name, LONG):
        pdf = Pdf(print_report(replace(report, firm=replace(report.firm, name=name)), language).content)
        assert 2 <= pdf.pages <= 4
        assert name.in_language(language)[:20] in pdf.text


@pytest.mark.parametrize(
    ("rubric", "said"),
    [
        ("miit-sme-digital-2024", ["离“初始级”还差什么", "各部分得分", "数字化基础", "规范级 40"]),
        ("miit-srdi-2022", ["门槛条件", "从事细分市场满 2 年", "还没有答清", "专业化"]),
    ],
)
def test_a_national_standard_has_its_score_level_and_what_is_missing(
    shipped: World, rubric: str, said: list[str]
) -> None:
    from staveworks.cluster.barrel.editions import rubric_of
    from staveworks.cluster.barrel.models import Assessment
    from staveworks.engine.barrel import load_rubric

    answers = {leaf.code: 1 for leaf in load_rubric(rubric).leaves if leaf.by_option}
    assess(shipped.lin, answers, rubric=rubric)
    with acting(org=shipped.chunhui.id):
        kept = Assessment.objects.select_related("edition").get(rubric=rubric)
        result = score(rubric_of(kept.edition), answers)
    report = find_report(shipped.lin, assessment_id=kept.id)
    assert report.standard
    assert (report.standard.score, report.standard.level) == (result.score, result.level)
    weighted = sum(part.weight * part.score.low for part in report.standard.parts if part.depth == 1)
    assert weighted == pytest.approx(result.score.low)
    for language in ("zh", "en"):
        pdf = Pdf(print_report(report, language).content)  # type: ignore[arg-type]
        assert 2 <= pdf.pages <= 4
        if language == "zh":
            assert [each for each in said if each not in pdf.text] == []
    with pytest.raises(ReportNotFound):
        find_report(shipped.lin), "a standard alone gives no barrel"

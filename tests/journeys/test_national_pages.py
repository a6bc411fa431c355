"""The pages of the rubrics without planks by HTTP: choosing, what the result says, what it refuses, who sees the rubric's name."""

import io
import re
from collections.abc import Callable
from uuid import UUID

import openpyxl
import pytest
from django.test import Client

from staveworks.api.v1.assessment_shapes import show_assessment, show_row
from staveworks.cluster.barrel.queries import access_assessment, list_assessments
from staveworks.cluster.barrel.types import State
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.engine.barrel import load_rubric
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor, Role
from tests.journeys.test_diagnose_pages import answer_to, queries
from tests.world import World, join, make_person, make_world

DIGITAL, SRDI, PLANKS = "miit-sme-digital-2024", "miit-srdi-2022", "staveworks-planks-2026"
SCENES = [leaf.code for leaf in load_rubric(DIGITAL).inputs]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def browse(client: Client) -> Callable[..., Client]:
    def sign_in(actor: Actor, language: str = "zh-hans") -> Client:
        client.force_login(Person.objects.get(id=actor.person_id))
        client.cookies["django_language"] = language
        return client

    return sign_in


def words(client: Client, url: str) -> str:
    """What a page says, without its markup."""
    page = client.get(url)
    assert page.status_code == 200, url
    main = page.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", main))


def begun(actor: Actor, rubric: str, answers: dict[str, object]) -> UUID:
    assessment = start_assessment(actor, rubric=rubric)
    save_answers(actor, assessment_id=assessment, answers=answers)  # type: ignore[arg-type]
    return assessment


def worst(rubric: str) -> dict[str, object]:
    """Every scored question of the digital rubric at its worst."""
    found = load_rubric(rubric)
    return {
        leaf.code: [0] if leaf.kind == "multi" else 0 for leaf in found.leaves if leaf not in found.inputs
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-hans", ["31 题", "约 20 分钟", "2024 版", "17 题", "约 15 分钟", "85 题", "您会得到"]),
        (
            "en",
            ["31 questions", "about 20 minutes", "edition 2024", "17 questions", "85 questions", "You get"],
        ),
    ],
)
def test_the_firm_chooses_among_all_rubrics_and_sees_what_each_takes_and_gives(
    world: World, browse: Callable[..., Client], language: str, expected: list[str]
) -> None:
    page = words(browse(world.lin, language), "/diagnose/")
    for phrase in expected:
        assert phrase in page


@pytest.mark.parametrize("rubric", [DIGITAL, SRDI])
def test_a_rubric_is_begun_gone_on_with_and_finished_to_its_result(
    world: World, browse: Callable[..., Client], rubric: str
) -> None:
    client = browse(world.lin)
    begin = client.post("/diagnose/start/", {"rubric": rubric})
    [card] = list_assessments(world.lin)
    assert card.rubric == rubric
    assert begin["Location"].startswith(f"/diagnose/{card.id}/")
    assert client.get(begin["Location"]).status_code == 200
    for leaf in load_rubric(rubric).leaves:
        value = answer_to(leaf, 0.5)
        sent = {"leaf": leaf.code, "value": value if isinstance(value, list) else str(value)}
        assert client.post(f"/diagnose/{card.id}/answer/", sent).status_code == 302, leaf.code
    assert client.post("/diagnose/start/", {"rubric": rubric}).status_code == 302
    assert [each.id for each in list_assessments(world.lin)] == [card.id]
    finished = client.post(f"/diagnose/{card.id}/finish/")
    assert finished["Location"] == f"/diagnose/{card.id}/result/"
    assert list_assessments(world.lin)[0].state == State.FINISHED
    assert "得分是确定的" in words(client, finished["Location"])
    assert client.get(f"/diagnose/{card.id}/")["Location"] == finished["Location"]


def test_a_rubric_that_nobody_knows_is_not_found(world: World, browse: Callable[..., Client]) -> None:
    assert browse(world.lin).post("/diagnose/start/", {"rubric": "nothing"}).status_code == 404


BINDS = {
    "scenes": (
        {"base.sys.cov": 4, "base.equip.digi": 4, "mgmt.res.fund": 4},
        0,
        "卡在场景：得分已经够了",
        "The scenes hold it back; the points are there",
    ),
    "points": ({}, 1, "卡在得分：别的条件已经够了", "The points hold it back; everything else is there"),
}


@pytest.mark.parametrize("case", BINDS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_digital_level_says_which_condition_binds_and_how_far(
    world: World, browse: Callable[..., Client], case: str, language: str
) -> None:
    """23.5 points (10 + 6 + 7.5) and no scene: the scenes bind, by six. No point and every scene: the points, by 20."""
    better, step, chinese, english = BINDS[case]
    answers = worst(DIGITAL) | better | dict.fromkeys(SCENES, step)
    assessment = begun(world.lin, DIGITAL, answers)
    page = words(browse(world.lin, language), f"/diagnose/{assessment}/result/")
    assert (chinese if language == "zh-hans" else english) in page
    if language == "zh-hans":
        assert ("到初始级还差 6 个场景、3 个约束性场景" if case == "scenes" else "到初始级还差 20 分") in page
    else:
        gap = "6 scenes and 3 constraint scenes" if case == "scenes" else "20 points"
        assert f"Short of Initial by {gap}" in page


def test_an_open_score_is_an_interval_and_what_is_hatched_says_so(
    world: World, browse: Callable[..., Client]
) -> None:
    assessment = begun(world.lin, DIGITAL, {"base.sys.cov": 4} | dict.fromkeys(SCENES, 4))
    client = browse(world.lin)
    page = client.get(f"/diagnose/{assessment}/result/").content.decode()
    assert "得分至少 10，至多 100" in page
    assert 'class="bar-unk"' in page
    said = words(client, f"/diagnose/{assessment}/result/")
    assert "现在算 未达一级，最高可能是协同级" in said
    assert "最多 10" in said, "short by ten at most: open questions may bring them"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_gate_of_the_specialised_firm_is_passed_failed_or_open(
    world: World, browse: Callable[..., Client], language: str
) -> None:
    assessment = begun(
        world.lin, SRDI, {"spec.years": 2, "g2.spend": 300, "g2.share": 2.5, "feature.local": 15}
    )
    client = browse(world.lin, language)
    page = words(client, f"/diagnose/{assessment}/result/")
    if language == "zh-hans":
        assert "4 道门槛过了 1 道，1 道没过，2 道还不清楚" in page
        assert page.count("过了") >= 2
        assert "研发费用占比 2.5，要 3 %" in page
    else:
        assert "1 of 4 gates passed, 1 failed, 2 open" in page
        assert "R&amp;D share of revenue 2.5, wanted 3 %" in page
    gates = client.get(f"/diagnose/{assessment}/result/").context["page"].gates
    assert [gate.verdict for gate in gates] == ["met", "short", "open", "open"]
    branches = client.get(f"/diagnose/{assessment}/result/").context["page"].branches
    points = {branch.group.code: branch.points for branch in branches if branch.points}
    assert {code: group.cap for code, group in points.items()} == {
        "spec": 25,
        "refine": 25,
        "feature": 15,
        "innov": 35,
    }
    assert (points["feature"].points.low, points["feature"].points.high) == (15, 15)


def test_the_best_question_is_answered_on_the_result_page_and_a_bad_answer_is_refused_there(
    world: World, browse: Callable[..., Client]
) -> None:
    assessment = begun(world.lin, SRDI, {"spec.years": 2})
    client, url = browse(world.lin), f"/diagnose/{assessment}/next/"
    refused = client.post(url, {"leaf": "feature.local", "value": "16"})
    assert refused.status_code == 422
    assert "应不大于 15" in refused.content.decode()
    assert client.post(url, {"leaf": "nothing", "value": "1"}).status_code == 404
    assert (
        client.post(url, {"leaf": "feature.local", "value": "12"})["Location"]
        == f"/diagnose/{assessment}/result/"
    )
    finish_assessment(world.lin, assessment_id=assessment)
    assert client.post(url, {"leaf": "innov.ip", "value": "9"}).status_code == 422
    assert len(list_assessments(world.lin)) == 1, "a refused answer begins nothing"
    went_on = client.post(url, {"leaf": "innov.ip", "value": "0"})["Location"]
    newest = list_assessments(world.lin)[0]
    assert went_on == f"/diagnose/{newest.id}/result/"
    assert newest.id != assessment
    assert access_assessment(world.lin, assessment_id=newest.id).values == {
        "spec.years": 2,
        "feature.local": 12,
        "innov.ip": 0,
    }


def test_the_digital_level_answers_a_question_of_the_specialised_firm(
    world: World, browse: Callable[..., Client]
) -> None:
    srdi = begun(world.lin, SRDI, {"spec.years": 2})
    client, url = browse(world.lin), f"/diagnose/{srdi}/refine/"
    assert "做过中小企业数字化水平（2024 年版），这里自动得出" in words(client, url)
    begun(world.lin, DIGITAL, worst(DIGITAL) | dict.fromkeys(SCENES, 0))
    assert "有 31 题答得更新" in words(client, url)
    client.post("/diagnose/start/", {"rubric": SRDI})
    page = words(client, url)
    assert "的答案算出：未达一级" in page
    assert "由别的诊断得出" in page
    client.post(f"/diagnose/{srdi}/answer/", {"leaf": "refine.digital", "value": "3"})
    assert "用的是您填的" in words(client, url)


def test_the_barrel_links_to_the_rubrics_that_share_its_questions(
    world: World, browse: Callable[..., Client]
) -> None:
    begun(world.lin, PLANKS, {"rnd.samples": 3})
    client = browse(world.lin)
    page = client.get("/barrel/").content.decode()
    assert f"/diagnose/#{DIGITAL}" in page
    assert "共用 21 题" in words(client, "/barrel/")
    assessment = begun(world.lin, DIGITAL, {"base.sys.cov": 4})
    assert f"/diagnose/{assessment}/result/" in client.get("/barrel/").content.decode()
    assert "共用题" in words(client, "/barrel/rnd/")


def test_a_measured_question_says_where_it_will_come_from(
    world: World, browse: Callable[..., Client]
) -> None:
    assessment = begun(world.lin, PLANKS, {"rnd.samples": 3})
    for url in (f"/diagnose/{assessment}/production/", "/barrel/production/"):
        for language, phrase in (
            ("zh-hans", "以后由平台算出，依据是您在平台上接的订单"),
            ("en", "The platform will compute this from the orders you take on the platform"),
        ):
            assert phrase in words(browse(world.lin, language), url)
    view = access_assessment(world.lin, assessment_id=assessment)
    score = view.result.leaves["production.on_time"].score
    assert score is not None
    assert (score.low, score.high) == (0, 100)


def test_history_and_comparison_are_kept_by_rubric(world: World, browse: Callable[..., Client]) -> None:
    first = begun(world.lin, DIGITAL, {"base.sys.cov": 2})
    finish_assessment(world.lin, assessment_id=first)
    second = begun(world.lin, DIGITAL, {"base.sys.cov": 4})
    other = begun(world.lin, SRDI, {"spec.years": 2})
    client = browse(world.lin)
    page = words(client, f"/diagnose/compare/?with={first}&with={second}")
    assert "得分 5–95 → 10–100" in page
    assert "数字化基础" in page
    assert page == words(client, "/diagnose/compare/"), "the last two by the rubric that was used twice"
    mixed = client.get(f"/diagnose/compare/?with={first}&with={other}")
    assert mixed.status_code == 422
    assert "不是同一套评价标准" in mixed.content.decode()


def test_the_workbook_holds_every_question(world: World, browse: Callable[..., Client]) -> None:
    assessment = begun(world.lin, SRDI, {"spec.years": 6, "refine.debt_ratio": 66.7})
    sent = browse(world.lin, "en").get(f"/diagnose/{assessment}/export.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(sent.content)).active.values)  # type: ignore[union-attr]
    assert len(rows) == 1 + len(load_rubric(SRDI).leaves)
    by_question = {row[1]: row for row in rows}
    years = by_question["How many years have you worked in your present niche?"]
    assert years[:1] + years[2:6] == ("Specialisation", "6 years", 3, 3, 5)


def test_the_result_of_a_barrel_is_the_barrel(world: World, browse: Callable[..., Client]) -> None:
    first = begun(world.lin, PLANKS, {"rnd.samples": 3})
    client = browse(world.lin)
    assert client.get(f"/diagnose/{first}/result/")["Location"] == "/barrel/"
    assert client.get(f"/diagnose/{first}/export.xlsx")["Location"] == "/barrel/export.xlsx"
    finish_assessment(world.lin, assessment_id=first)
    begun(world.lin, PLANKS, {"rnd.samples": 2})
    assert client.get(f"/diagnose/{first}/result/")["Location"] == f"/diagnose/{first}/"


def test_who_may_only_read_is_offered_nothing_to_answer(world: World, browse: Callable[..., Client]) -> None:
    assessment = begun(world.lin, DIGITAL, {"base.sys.cov": 2})
    client = browse(join(make_person("看客"), world.chunhui, Role.VIEWER))
    for url in ("/diagnose/", f"/diagnose/{assessment}/result/"):
        assert '<form method="post" action="/diagnose/' not in client.get(url).content.decode(), url
    assert (
        client.post(f"/diagnose/{assessment}/next/", {"leaf": "base.sys.cov", "value": "1"}).status_code
        == 403
    )


def test_another_firm_finds_nothing(world: World, browse: Callable[..., Client]) -> None:
    assessment = begun(world.lin, DIGITAL, {"base.sys.cov": 2})
    client = browse(world.wu)
    for path in ("result/", "export.xlsx"):
        assert client.get(f"/diagnose/{assessment}/{path}").status_code == 404
    sent = {"leaf": "base.sys.cov", "value": "1"}
    assert client.post(f"/diagnose/{assessment}/next/", sent).status_code == 404


def test_the_operator_sees_by_which_rubric_a_firm_was_assessed(
    world: World, browse: Callable[..., Client]
) -> None:
    steward = world.gao_for(world.qinghe)
    begun(steward, DIGITAL, {"base.sys.cov": 4})
    page = words(browse(world.gao), f"/cluster/firms/{world.qinghe.id}/")
    assert "中小企业数字化水平（2024 年版）" in page
    assert "未达一级 – 协同级 · 10–100 分" in page


@pytest.mark.parametrize("rubric", [DIGITAL, SRDI])
def test_the_pages_ask_the_database_a_fixed_number_of_times(
    world: World, browse: Callable[..., Client], rubric: str
) -> None:
    for share in (0.2, 0.5, 0.8):
        answers = {leaf.code: answer_to(leaf, share) for leaf in load_rubric(rubric).leaves}
        finish_assessment(world.lin, assessment_id=begun(world.lin, rubric, answers))
    newest = list_assessments(world.lin)[0].id
    client = browse(world.lin)
    counted = {
        url: queries(client, url)
        for url in ("/diagnose/", f"/diagnose/{newest}/result/", f"/diagnose/{newest}/inputs/")
    }
    assert max(counted.values()) <= 20, counted


def test_the_api_says_level_gates_points_and_what_the_next_level_asks_for(
    world: World, browse: Callable[..., Client]
) -> None:
    assessment = begun(
        world.lin, SRDI, {"spec.years": 2, "g2.spend": 300, "g2.share": 2.5, "feature.local": 15}
    )
    shown = show_assessment(access_assessment(world.lin, assessment_id=assessment)).model_dump()
    assert (shown["level"]["low"], shown["level"]["high"]) == (0, 0)
    assert shown["level"]["low_name"] == {"zh": "未达标", "en": "Not met"}
    assert [(gate["gate"], gate["sure"], gate["possible"]) for gate in shown["gates"]] == [
        ("g1", True, True),
        ("g2", False, False),
        ("g3", False, True),
        ("g4", False, True),
    ]
    assert [group["cap"] for group in shown["groups"]] == [25, 25, 15, 35]
    needs = shown["next_level"]["requirements"]
    assert [need["gate"] for need in needs if need["low"] < need["need"]] == ["g2", "g3", "g4"]
    row = show_row(list_assessments(world.lin)[0]).model_dump()
    assert (row["score"]["low"], row["answered"], row["asked"]) == (16, 4, 17)

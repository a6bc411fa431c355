"""Diagnosis in a browser: eight questions on a phone, a whole assessment on a desktop, the barrel everywhere."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from staveworks.cluster.barrel.queries import find_barrel
from staveworks.cluster.barrel.types import State
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.engine.barrel import load_rubric
from tests.journeys.site import DESKTOP, PHONE, SMALL, Site, accessible, sideways, sound, turning
from tests.journeys.test_diagnose_pages import PDF, RUBRIC, everything

pytestmark = pytest.mark.browser


def test_eight_questions_on_a_phone_end_with_the_probable_shortest_stave(site: Site) -> None:
    page = site.open("/barrel/", site.world.lin, size=PHONE)
    expect(page.get_by_text("还没有诊断。八题，三分钟。")).to_be_visible()
    page.get_by_role("button", name="开始，三分钟").click()
    for step in range(1, 9):
        expect(page.get_by_text(f"第 {step} 题，共 8 题")).to_be_visible()
        assert sideways(page) == 0
        answer_by_tap(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("现在看，卡在|还分不清"))
    assert accessible(page) == []
    barrel = find_barrel(site.world.lin)
    assert barrel is not None
    assert len(barrel.values) == 8


def answer_by_tap(page: Page) -> None:
    choices = page.locator(".tap-choice")
    if choices.count():
        choices.nth(1).click()
    else:
        page.locator(".number-line input").fill("40")
        page.get_by_role("button", name="保存").click()


def test_a_whole_assessment_in_english_is_saved_at_every_answer_and_finished(
    site: Site, tmp_path: Path
) -> None:
    page = site.open("/diagnose/", site.world.lin, language="en")
    start_assessment(site.world.lin)
    page.reload()
    with turning(page):
        page.get_by_role("button", name="Go on answering").first.click()
    first = (
        page.locator(".question", has=page.locator("input[type=radio]"))
        .filter(has=page.locator("details"))
        .first
    )
    with page.expect_response(re.compile("/answer/$")):
        first.locator("input[type=radio]").nth(2).check()
    expect(first).to_contain_text("saved")
    expect(page.locator("#assessment-progress")).to_contain_text("1 of 85 answered")
    assert accessible(page) == []
    upload(page, first, tmp_path)
    barrel = find_barrel(site.world.lin)
    assert barrel is not None
    held = dict(barrel.values)
    rest = {code: value for code, value in everything(0.8).items() if code not in held}
    save_answers(site.world.zhou, assessment_id=barrel.card.id, answers=rest)  # another device goes on
    page.goto(site.url + f"/diagnose/{barrel.card.id}/inspection/")
    expect(page.locator("#assessment-progress")).to_contain_text("85 of 85 answered")
    page.get_by_role("button", name="Finish and keep the result").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My barrel")
    finished = find_barrel(site.world.lin)
    assert finished is not None
    assert finished.card.state == State.FINISHED
    page.goto(site.url + f"/diagnose/{barrel.card.id}/inspection/")
    expect(page.locator(".question input:not([type=hidden])").first).to_be_disabled()


def upload(page: Page, question: Locator, folder: Path) -> None:
    """A paper behind an answered question."""
    paper = folder / "proof.pdf"
    paper.write_bytes(PDF)
    question.locator("summary").click()
    question.locator("input[type=file]").set_input_files(paper)
    with page.expect_response(re.compile("/evidence/$")):
        question.get_by_role("button", name="Upload").click()
    expect(question).to_contain_text("1 paper")


def test_the_best_question_is_answered_in_place_by_keyboard(site: Site) -> None:
    save_answers(
        site.world.lin, assessment_id=start_assessment(site.world.lin), answers={"procurement.stops": 1}
    )
    page = site.open("/barrel/", site.world.lin)
    asked = page.locator(".tap legend").inner_text()
    page.locator(".tap-choice").first.focus()
    with page.expect_response(re.compile("/barrel/$")):
        page.keyboard.press("Enter")
    expect(page.locator(".tap legend")).not_to_have_text(asked)
    expect(page.locator("#announcer")).to_contain_text("已保存")
    barrel = find_barrel(site.world.lin)
    assert barrel is not None
    assert len(barrel.values) == 2


@pytest.mark.parametrize(("language", "size"), [("zh-hans", SMALL), ("en", DESKTOP)])
def test_the_barrel_page_fits_every_screen_and_breaks_no_rule_of_access(
    site: Site, language: str, size: tuple[int, int]
) -> None:
    world = site.world
    save_answers(world.lin, assessment_id=start_assessment(world.lin), answers=everything(0.5))
    page = site.open("/barrel/", world.lin, size=size, language=language, dark=size == SMALL)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "我的木桶" if language == "zh-hans" else "My barrel"
    )
    assert page.locator("svg.barrel:visible").count() == 1
    sound(page)


def test_the_rubric_has_eight_quick_questions() -> None:
    assert len(load_rubric(RUBRIC).quick_start) == 8

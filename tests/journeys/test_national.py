"""The national rubrics in a browser: chosen, answered, read, in both languages and down to the smallest phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from staveworks.cluster.barrel.queries import list_assessments
from staveworks.cluster.barrel.types import State
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.engine.barrel import load_rubric
from tests.journeys.site import DESKTOP, PHONE, SMALL, Site, fits, sideways, sound, turning
from tests.journeys.test_diagnose_pages import answer_to

pytestmark = pytest.mark.browser
DIGITAL, SRDI = "miit-sme-digital-2024", "miit-srdi-2022"
START = {"zh-hans": "开始", "en": "Start"}
ANSWER = re.compile("/answer/$")
NUMBER = "input[inputmode]"
KINDS = ("input[type=radio]", "input[type=checkbox]", NUMBER)


def half(rubric: str, share: float, every: int) -> dict[str, object]:
    """Answers to all but each ``every``-th question."""
    leaves = load_rubric(rubric).leaves
    return {leaf.code: answer_to(leaf, share) for n, leaf in enumerate(leaves) if n % every}


@pytest.mark.parametrize(("rubric", "language"), [(DIGITAL, "zh-hans"), (SRDI, "en")])
def test_a_firm_chooses_a_rubric_answers_its_questions_and_finishes(
    site: Site, rubric: str, language: str
) -> None:
    size = PHONE if language == "zh-hans" else DESKTOP
    page = site.open("/diagnose/", site.world.lin, size=size, language=language)
    page.locator(f"#{rubric}").get_by_role("button", name=START[language], exact=True).click()
    expect(page.locator("#planks-nav a[aria-current]")).to_be_visible()
    assert sideways(page) == 0
    for section in page.locator("#planks-nav a").all_text_contents():
        with turning(page):
            page.locator("#planks-nav a", has_text=section.split("\n")[0].strip()).first.click()
        answer_each_kind(page)
    [card] = list_assessments(site.world.lin)
    assert card.scored is not None
    assert card.scored.answered >= len(KINDS), "by hand"
    answers = {leaf.code: answer_to(leaf) for leaf in load_rubric(rubric).leaves}
    save_answers(site.world.zhou, assessment_id=card.id, answers=answers)  # type: ignore[arg-type]
    page.reload()
    [card] = list_assessments(site.world.lin)
    asked = len(answers)
    assert card.scored is not None
    assert (card.scored.answered, card.scored.asked) == (asked, asked)
    page.get_by_role(
        "button", name="完成诊断，存档" if language == "zh-hans" else "Finish and keep"
    ).first.click()
    expect(page).to_have_url(re.compile(f"/diagnose/{card.id}/result/$"))
    assert list_assessments(site.world.lin)[0].state == State.FINISHED
    name = load_rubric(rubric).name
    expect(page.get_by_role("heading", level=1)).to_have_text(name.zh if language == "zh-hans" else name.en)


def answer_each_kind(page: Page) -> None:
    """The page's first question of each kind, by tap or key; each is saved for itself."""
    for kind in KINDS:
        question = page.locator(".question", has=page.locator(kind)).first
        if not question.count():
            continue
        with page.expect_response(ANSWER) as saved:
            if kind == NUMBER:
                question.locator(kind).fill("3")
                page.keyboard.press("Enter")
            else:
                question.locator(kind).nth(1).check()
        assert saved.value.status == 200
        expect(question.locator(".saved")).to_be_visible()


@pytest.mark.parametrize(
    ("rubric", "language", "size", "look"),
    [
        (DIGITAL, "zh-hans", DESKTOP, fits),
        (DIGITAL, "en", SMALL, fits),
        (SRDI, "zh-hans", SMALL, sound),
        (SRDI, "en", DESKTOP, sound),
    ],
)
def test_the_pages_fit_every_screen_and_break_no_rule_of_access(
    site: Site, rubric: str, language: str, size: tuple[int, int], look: Callable[[Page], None]
) -> None:
    world = site.world
    assessment = start_assessment(world.lin, rubric=rubric)
    save_answers(world.lin, assessment_id=assessment, answers=half(rubric, 0.5, 4))  # type: ignore[arg-type]
    page = site.open(
        f"/diagnose/{assessment}/result/", world.lin, size=size, language=language, dark=size == SMALL
    )
    assert page.locator("svg.barrel:visible").count() == 1
    opened(page)
    look(page)
    for url in (f"/diagnose/{assessment}/inputs/", "/diagnose/"):
        page.goto(site.url + url)
        opened(page)
        look(page)


def opened(page: Page) -> None:
    """Everything that can be unfolded."""
    page.evaluate('document.querySelectorAll("main details").forEach(each => { each.open = true })')


def test_the_best_question_is_answered_on_the_result_page_and_narrows_the_score(site: Site) -> None:
    assessment = start_assessment(site.world.lin, rubric=DIGITAL)
    save_answers(site.world.lin, assessment_id=assessment, answers=half(DIGITAL, 0.5, 3))  # type: ignore[arg-type]
    page = site.open(f"/diagnose/{assessment}/result/", site.world.lin)
    before, asked = page.locator(".score-line .big").inner_text(), page.locator(".tap legend").inner_text()
    if page.locator(".tap-choice").count():
        page.locator(".tap-choice").last.click()
    else:
        page.locator(".tap input").last.check()
        page.locator(".tap-save").click()
    expect(page.locator(".tap legend")).not_to_have_text(asked)
    expect(page.locator("#announcer")).to_contain_text("已保存")
    assert page.locator(".score-line .big").inner_text() != before


def test_two_dates_are_ticked_and_compared(site: Site) -> None:
    lin = site.world.lin
    for share in (0.3, 0.9):
        assessment = start_assessment(lin, rubric=SRDI)
        save_answers(lin, assessment_id=assessment, answers=half(SRDI, share, 5))  # type: ignore[arg-type]
        page = site.open(f"/diagnose/{assessment}/spec/", lin, size=PHONE, language="en")
        page.get_by_role("button", name="Finish and keep the result").first.click()
        expect(page).to_have_url(re.compile("/result/$"))
        page.context.close()
    page = site.open("/diagnose/", lin, size=PHONE, language="en")
    card = page.locator(f"#{SRDI}")
    expect(card.locator("input[type=checkbox]:checked")).to_have_count(2)
    card.get_by_role("button", name="Compare the two ticked").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two assessments")
    expect(page.locator("main")).to_contain_text("Innovation")
    sound(page)

"""The pages of diagnosis by HTTP: what each shows, refuses and asks of the database."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staveworks.cluster.barrel.queries import find_barrel, find_open_assessment
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.engine.barrel import Leaf, load_rubric
from staveworks.foundation.facts.types import Field, Grantee, Purpose
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor, Role
from staveworks.kit.data import SHIPPED
from tests.rooms.barrel.conftest import GREEN
from tests.rooms.barrel.rubrics import write_data
from tests.world import World, join, make_person, make_world

RUBRIC = "staveworks-planks-2026"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def browse(client: Client) -> Callable[[Actor], Client]:
    def sign_in(actor: Actor, language: str = "zh-hans") -> Client:
        client.force_login(Person.objects.get(id=actor.person_id))
        client.cookies["django_language"] = language
        return client

    return sign_in


def answer_to(leaf: Leaf, share: float = 1.0) -> object:
    """A valid answer, the further towards the last option the greater ``share``."""
    if leaf.kind == "multi":
        return [0]
    if leaf.options:
        return round(share * (len(leaf.options) - 1))
    least, most = leaf.least or 0, leaf.most if leaf.most is not None else 100
    return round(least + share * (most - least))


def everything(share: float = 0.6) -> dict[str, object]:
    return {leaf.code: answer_to(leaf, share) for leaf in load_rubric(RUBRIC).leaves}


def queries(client: Client, url: str) -> int:
    client.get(url)  # caches of the process: rubric, register, templates
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return sum(
        not re.match("SAVEPOINT|RELEASE|SELECT set_config", each["sql"]) for each in captured.captured_queries
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_empty_barrel_says_what_comes_and_the_one_step(
    world: World, browse: Callable[..., Client], language: str
) -> None:
    page = browse(world.lin, language).get("/barrel/").content.decode()
    assert (
        "还没有诊断。八题，三分钟。"
        if language == "zh-hans"
        else "No assessment yet. Eight questions, 3 minutes."
    ) in page
    assert 'action="/quick/"' in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_barrel_shows_its_state_first_and_everything_a_second_time_as_a_table(
    world: World, browse: Callable[..., Client], language: str
) -> None:
    save_answers(
        world.lin, assessment_id=start_assessment(world.lin), answers=everything() | {"procurement.stops": 0}
    )
    client = browse(world.lin, language)
    page = client.get("/barrel/").content.decode()
    assert page.count('class="barrel barrel-') == 2
    assert ("水位" if language == "zh-hans" else "Water level") in page
    for url in ("/barrel/procurement/", "/diagnose/", "/diagnose/compare/"):
        assert client.get(url).status_code in (200, 404), url
    assert client.get("/barrel/export.xlsx")["Content-Type"].endswith("spreadsheetml.sheet")
    assert client.get("/barrel/nothing/").status_code == 404


def test_the_best_question_is_answered_in_place_and_a_bad_answer_is_refused_at_its_field(
    world: World, browse: Callable[..., Client]
) -> None:
    assessment = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=assessment, answers={"procurement.stops": 2})
    client = browse(world.lin)
    refused = client.post("/barrel/answer/", {"rubric": RUBRIC, "leaf": "marketing.biggest", "value": "很多"})
    assert refused.status_code == 422
    assert "请填一个数字" in refused.content.decode()
    assert (
        client.post(
            "/barrel/answer/", {"rubric": RUBRIC, "leaf": "marketing.biggest", "value": "３5 %"}
        ).status_code
        == 302
    )
    barrel = find_barrel(world.lin)
    assert barrel is not None
    assert barrel.values == {"procurement.stops": 2, "marketing.biggest": 35}


def test_answering_after_the_end_begins_a_new_assessment(world: World, browse: Callable[..., Client]) -> None:
    first = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=first, answers={"procurement.stops": 2})
    finish_assessment(world.lin, assessment_id=first)
    browse(world.lin).post("/barrel/answer/", {"rubric": RUBRIC, "leaf": "rnd.samples", "value": "3"})
    barrel = find_barrel(world.lin)
    assert barrel is not None
    assert barrel.card.id != first
    assert barrel.values == {"procurement.stops": 2, "rnd.samples": 3}


def test_htmx_gets_the_question_and_the_progress_and_a_plain_browser_its_page(
    world: World, browse: Callable[..., Client]
) -> None:
    assessment = start_assessment(world.lin)
    client = browse(world.lin)
    url = f"/diagnose/{assessment}/answer/"
    swapped = client.post(url, {"leaf": "rnd.samples", "value": "2"}, headers={"HX-Request": "true"})
    text = swapped.content.decode()
    assert "已保存" in text
    assert 'hx-swap-oob="true"' in text
    assert "<html" not in text
    chips = text[text.index('id="planks-nav"') :]
    asked = len(load_rubric(RUBRIC).leaves_of("rnd"))
    assert f"1/{asked}" in chips
    assert re.search(f'aria-current="page">.*?1/{asked}', chips, re.DOTALL)
    plain = client.post(url, {"leaf": "rnd.new", "value": "1"})
    assert plain.status_code == 302
    assert plain["Location"].startswith(f"/diagnose/{assessment}/rnd/#q")
    client.post(url, {"leaf": "rnd.new", "clear": "1"})
    assert client.get(f"/diagnose/{assessment}/rnd/").status_code == 200
    assert client.post(url, {"leaf": "nothing", "value": "1"}).status_code == 404


def test_a_paper_is_taken_by_its_content_and_opened_only_by_right(
    world: World, browse: Callable[..., Client]
) -> None:
    assessment = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=assessment, answers={"rnd.samples": 3})
    client = browse(world.lin)
    url = f"/diagnose/{assessment}/evidence/"
    fake = client.post(url, {"leaf": "rnd.samples", "file": SimpleUploadedFile("a.pdf", b"<script>")})
    assert fake.status_code == 422
    assert "只收 PDF" in fake.content.decode()
    sent = SimpleUploadedFile("打样记录.pdf", PDF)
    assert client.post(url, {"leaf": "rnd.samples", "file": sent}).status_code == 302
    barrel = find_barrel(world.lin)
    assert barrel is not None
    paper = barrel.answers["rnd.samples"].evidence[0]
    opened = client.get(f"/diagnose/{assessment}/files/{paper.file_id}/")
    assert opened.content == PDF
    assert opened["Content-Disposition"].startswith("attachment")
    assert opened["Cache-Control"] == "private, no-store"
    assert opened["Content-Security-Policy"] == "default-src 'none'; sandbox"
    other = browse(world.wu)
    assert other.get(f"/diagnose/{assessment}/files/{paper.file_id}/").status_code == 404
    assert other.get(f"/diagnose/{assessment}/rnd/").status_code == 404


def test_the_visitors_answers_stay_in_her_session_until_she_keeps_them(world: World, client: Client) -> None:
    assert client.get("/start/").status_code == 200
    assert client.post("/start/", {"profile": "textile.weaving"}).status_code == 302
    for step, leaf in enumerate(load_rubric(RUBRIC).quick_start, 1):
        assert client.get(f"/start/{step}/").status_code == 200
        sent = client.post(f"/start/{step}/", {"value": str(answer_to(leaf, 0.5))})
        assert sent.status_code == 302
    result = client.get(sent["Location"]).content.decode()
    assert "现在看，卡在" in result or "还分不清" in result
    assert client.get("/start/keep/").status_code == 302  # to sign in
    client.force_login(Person.objects.get(id=world.lin.person_id))
    assert client.get("/start/keep/")["Location"] == "/barrel/"
    barrel = find_barrel(world.lin)
    assert barrel is not None
    assert barrel.card.profile == "textile.weaving"
    assert len(barrel.values) == 8


def test_two_assessments_of_one_day_are_told_apart_by_their_time(
    world: World, browse: Callable[..., Client]
) -> None:
    first = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=first, answers={"procurement.stops": 2})
    finish_assessment(world.lin, assessment_id=first)
    save_answers(world.lin, assessment_id=start_assessment(world.lin), answers={"rnd.samples": 3})
    client = browse(world.lin)
    for url in ("/diagnose/", "/diagnose/compare/"):
        assert len(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", client.get(url).content.decode())) >= 2, url


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_the_quick_result_names_the_barrels_plank_where_it_is_clearly_the_likeliest_and_else_all_that_may_be(
    world: World, browse: Callable[..., Client], share: float
) -> None:
    leaves = load_rubric(RUBRIC).quick_start[:4]
    assessment = start_assessment(world.lin)
    save_answers(
        world.lin, assessment_id=assessment, answers={leaf.code: answer_to(leaf, share) for leaf in leaves}
    )
    barrel = find_barrel(world.lin)
    assert barrel is not None
    assert barrel.card.diagnosis is not None
    page = browse(world.lin).get("/quick/result/")
    shown, likely = page.content.decode(), page.context["likely"]
    chances = [chance for _, chance in likely]
    assert chances == sorted(chances, reverse=True)
    binding = barrel.card.diagnosis.binding
    assert page.context["picture"].binding == binding
    assert binding in [plank.code for plank, _ in likely]
    clear = likely[0][0].code == binding and all(chance < chances[0] - 0.10 for chance in chances[1:])
    assert (f"现在看，卡在{likely[0][0].name.zh}" in shown) is clear
    undecided = "、".join(plank.name.zh for plank in page.context["undecided"])
    assert (f"还分不清：{undecided}都可能" in shown) is not clear


def test_a_plank_says_what_100_means_and_an_unanswered_question_is_no_report(
    world: World, browse: Callable[..., Client]
) -> None:
    assessment = start_assessment(world.lin, profile="textile.dyeing")
    save_answers(world.lin, assessment_id=assessment, answers={"rnd.samples": 3})
    barrel = find_barrel(world.lin)
    assert barrel is not None
    assert barrel.card.diagnosis is not None
    state = barrel.card.diagnosis.planks["rnd"]
    page = browse(world.lin).get("/barrel/rnd/").content.decode()
    assert f"目标 {state.target:.0f}" in page
    assert "到 100 就达到目标" in page
    assert page.count("自报") == 1  # the one answer; the others are 未答
    questions = browse(world.lin).get(f"/diagnose/{assessment}/rnd/").content.decode()
    assert questions.count("自报") == 1


def test_targets_are_chosen_with_a_reason(world: World, browse: Callable[..., Client]) -> None:
    assessment = start_assessment(world.lin)
    client, url = browse(world.lin), f"/diagnose/{assessment}/profile/"
    assert client.get(url + "?profile=textile.dyeing").status_code == 200
    sent = {"profile": "textile.dyeing", "target-rnd": "77"}
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "改了目标，请写一句理由" in refused.content.decode()
    assert client.post(url, {**sent, "target-rnd": "高"}).status_code == 422
    assert client.post(url, {**sent, "reason": "自有花型多"}).status_code == 302


def test_who_may_only_read_sees_no_buttons_to_answer(world: World, browse: Callable[..., Client]) -> None:
    save_answers(world.lin, assessment_id=start_assessment(world.lin), answers={"procurement.stops": 2})
    client = browse(join(make_person("看客"), world.chunhui, Role.VIEWER))
    page = client.get("/barrel/").content.decode()
    assert "最值得回答的一题" not in page
    assert (
        client.post("/barrel/answer/", {"rubric": RUBRIC, "leaf": "rnd.samples", "value": "3"}).status_code
        == 403
    )


def test_pages_ask_the_database_a_fixed_number_of_times(world: World, browse: Callable[..., Client]) -> None:
    first = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=first, answers=everything(0.3))
    finish_assessment(world.lin, assessment_id=first)
    second = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=second, answers=everything(0.6))
    client = browse(world.lin)
    assert find_open_assessment(world.lin) == second
    counted = {
        url: queries(client, url)
        for url in (
            "/barrel/",
            "/barrel/procurement/",
            "/diagnose/",
            "/diagnose/compare/",
            f"/diagnose/{second}/rnd/",
            f"/diagnose/{second}/profile/",
        )
    }
    assert max(counted.values()) <= 19, counted


def test_an_eleventh_plank_that_is_data_alone_is_drawn_and_asked(
    world: World, browse: Callable[..., Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planks = yaml.safe_load((SHIPPED / "planks.yaml").read_text(encoding="utf-8"))
    write_data(tmp_path, [*planks, GREEN], "2026")
    monkeypatch.setenv("STAVEWORKS_DATA", str(tmp_path))
    assessment = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=assessment, answers={"green.a": 1, "green.b": 0, "rnd.a": 4})
    client = browse(world.lin, "en")
    page = client.get("/barrel/").content.decode()
    assert page.count('data-plank="green"') == 2  # the sixth stave, wide and narrow
    assert "held down by" in page
    assert "How is a of green?" in client.get(f"/diagnose/{assessment}/green/").content.decode()
    assert "How is b of green?" in client.get("/barrel/green/").content.decode()


def test_an_inspector_finds_papers_and_attests(world: World, browse: Callable[..., Client]) -> None:
    assessment = start_assessment(world.lin)
    save_answers(world.lin, assessment_id=assessment, answers={"rnd.samples": 3})
    sent = {"leaf": "rnd.samples", "file": SimpleUploadedFile("打样记录.pdf", PDF)}
    browse(world.lin).post(f"/diagnose/{assessment}/evidence/", sent)
    give_grant(
        world.lin,
        to=Grantee(world.operator.id),
        purpose=Purpose.ATTESTATION,
        fields=[Field.ASSESSMENT, Field.DOCUMENTS],
    )
    inspector = join(make_person("钱核验"), world.operator, Role.INSPECTOR)
    client = browse(inspector)
    assert "春晖织造" in client.get("/diagnose/attest/").content.decode()
    page = client.get(f"/diagnose/attest/{assessment}/").content.decode()
    file = re.search(r"/files/([0-9a-f-]{36})/", page)
    assert file
    assert client.get(f"/diagnose/attest/{assessment}/files/{file[1]}/").content == PDF
    assert "交了材料，待核" in page
    url = f"/diagnose/attest/{assessment}/answer/"
    assert client.post(url, {"leaf": "rnd.samples", "grade": "self"}).status_code == 422
    assert client.post(url, {"leaf": "rnd.samples", "grade": "document", "note": "看过"}).status_code == 302
    assert "材料已核" in client.get(f"/diagnose/attest/{assessment}/").content.decode()
    assert client.post(url, {"leaf": "rnd.samples", "grade": "inspector"}).status_code == 302
    assert "已现场核验" in client.get(f"/diagnose/attest/{assessment}/").content.decode()
    assert client.get("/diagnose/attest/").content.decode().count("春晖织造") == 0
    assert browse(world.lin).get("/diagnose/attest/").status_code == 403


def test_papers_that_nobody_may_see_say_so_until_somebody_may(
    world: World, browse: Callable[..., Client]
) -> None:
    client, assessment = browse(world.lin), start_assessment(world.lin)
    save_answers(world.lin, assessment_id=assessment, answers={"rnd.samples": 3})
    sent = {"leaf": "rnd.samples", "file": SimpleUploadedFile("打样记录.pdf", PDF)}
    swapped = client.post(f"/diagnose/{assessment}/evidence/", sent, headers={"HX-Request": "true"})
    assert "没有人看得到这些材料" in swapped.content.decode()
    path = reverse("assessment_plank", args=[assessment, "rnd"])
    page = client.get(path).content.decode()
    assert page.count("没有人看得到这些材料") == 1
    (way,) = re.findall(r'href="(/sharing/give/[^"]*)"', page)
    ticked = re.findall(r'value="(\w+)"[^>]* checked', client.get(way).content.decode())
    assert ticked == ["one", "attestation", "assessment", "documents"]
    for purpose in (Purpose.FINANCE, Purpose.ATTESTATION):
        assert "没有人看得到这些材料" in client.get(path).content.decode()
        fields = [Field.ASSESSMENT, Field.DOCUMENTS]
        give_grant(world.lin, to=Grantee(world.operator.id), purpose=purpose, fields=fields)
    assert "没有人看得到这些材料" not in client.get(path).content.decode()

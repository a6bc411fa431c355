"""Reports by the browser: offered on the barrel page in both languages, with the digest of exactly the file one gets."""

from hashlib import sha256

import pytest

from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement, withdraw_agreement
from staveworks.kit.printing import repr_digest
from tests.papers import Pdf
from tests.rooms.measure.test_cluster_pages import assess, client_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_the_page_shows_the_digest_of_exactly_the_file_that_is_downloaded(world: World) -> None:
    assess(world.lin)
    client = client_of(world.lin)
    page = client.get("/barrel/report/").content.decode()
    for language, word in (("zh", "木桶诊断报告"), ("en", "Barrel report")):
        answer = client.get(f"/barrel/report.pdf?language={language}")
        assert answer["Content-Type"] == "application/pdf"
        assert sha256(answer.content).hexdigest() in page
        assert answer["Repr-Digest"] == repr_digest(answer.content)
        assert answer["Cache-Control"] == "no-store"
        assert word in Pdf(answer.content).text
    assert "/barrel/report/" in client.get("/barrel/").content.decode()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "木桶诊断报告"), ("en", "Barrel report")])
def test_without_asking_the_paper_speaks_the_readers_language(world: World, language: str, word: str) -> None:
    assess(world.lin)
    answer = client_of(world.lin, language).get("/barrel/report.pdf?language=fr")
    assert word in Pdf(answer.content).text
    assert "attachment" in answer["Content-Disposition"]


def test_before_the_first_answer_there_is_a_page_but_no_paper(world: World) -> None:
    client = client_of(world.lin)
    assert client.get("/barrel/report/").status_code == 200
    assert client.get("/barrel/report.pdf").status_code == 404


def test_the_operator_downloads_it_until_the_grant_is_withdrawn(world: World) -> None:
    assess(world.lin)
    address = f"/cluster/firms/{world.chunhui.id}/report.pdf"
    accept_agreement(world.lin, shows=["barrel"])
    assert client_of(world.gao).get(address).status_code == 200
    withdraw_agreement(world.lin)
    assert client_of(world.gao).get(address).status_code == 404


def test_the_api_gives_the_same_bytes(world: World) -> None:
    assess(world.lin)
    client = client_of(world.lin)
    page = client.get("/barrel/report.pdf?language=en")
    assert client.get("/api/v1/barrel/report.pdf?language=en").content == page.content
    assert client.get("/api/v1/barrel/report.pdf?language=fr").status_code == 422
    assert client.get("/api/v1/barrel/report.pdf", headers={"accept": "text/html"}).status_code == 406


def test_a_report_takes_a_bounded_number_of_queries(
    world: World, django_assert_max_num_queries: object
) -> None:
    assess(world.lin)
    client = client_of(world.lin)
    client.get("/barrel/report.pdf")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        client.get("/barrel/report.pdf")

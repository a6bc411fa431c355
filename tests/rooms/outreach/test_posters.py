"""Posters: a page a firm, its name, a code that leads to its own claim link, in fonts of our own."""

from datetime import datetime
from io import BytesIO
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from staveworks.db.transaction import acting
from staveworks.foundation.outreach.types import Segment
from staveworks.foundation.outreach.usecases.run_campaign import run_campaign
from staveworks.foundation.outreach.usecases.start_campaign import start_campaign
from staveworks.foundation.parties.models import ClaimLink, Person
from staveworks.foundation.parties.queries import firm_of_claim_link
from staveworks.kit.text import Text
from staveworks.web.join.growth.posters import FirmPoster, print_posters, qr_svg
from tests.world import World, make_unclaimed, make_world

AT = datetime(2026, 11, 25, tzinfo=timezone.get_current_timezone())


def poster(name: str) -> FirmPoster:
    return FirmPoster(Text(zh=name, en="Qinghe Weaving"), "https://cluster.example/join/link/abc/", AT)


@pytest.mark.parametrize(("language", "words"), [("zh", "手机扫码"), ("en", "Scan it")], ids=["zh", "en"])
def test_a_sheet_has_the_firms_name_a_code_and_embedded_fonts(language: str, words: str) -> None:
    pdf = print_posters(
        [poster("清河喷织厂"), poster("长" * 60)],
        operator=Text(zh="集群服务公司", en="Cluster Services"),
        language=language,  # type: ignore[arg-type]
        at=AT,
    )
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) == 2
    text = pages[0].extract_text()
    assert words in text
    assert ("清河喷织厂" if language == "zh" else "Qinghe Weaving") in text
    fonts = {str(font.get_object()["/BaseFont"]) for font in pages[0]["/Resources"]["/Font"].values()}
    assert any("NotoSansSC" in font for font in fonts) or language == "en"
    assert all("+" in font for font in fonts), "embedded as subsets"


def test_two_addresses_give_two_codes() -> None:
    assert qr_svg("https://a.example/1") != qr_svg("https://a.example/2")
    assert "<svg" in qr_svg("https://a.example/1")


@pytest.mark.django_db
def test_firms_that_no_message_reaches_get_sheets_whose_links_work() -> None:
    world = make_world()
    landline = make_unclaimed("柯桥织造", world.operator, phones=["+8657588888888"], city="330603")
    campaign = start_campaign(world.gao, name="首批", segment=Segment(city="330603"))
    run_campaign(world.gao, subject=campaign)
    client = desk(world)
    answer = client.post(f"/growth/campaigns/{campaign}/posters.pdf")
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert "柯桥织造" in text
    token = "".join(text.split()).partition("/join/link/")[2].partition("/")[0]
    assert firm_of_claim_link(token).id == landline.id
    with acting(org=world.operator.id):
        assert ClaimLink.objects.filter(org_id=landline.id).count() == 1


@pytest.mark.django_db
def test_a_poster_for_all_leads_to_the_search_and_a_claimed_firm_gets_none() -> None:
    world = make_world()
    client = desk(world)
    assert client.get("/growth/poster.pdf").content.startswith(b"%PDF")
    assert client.post(f"/growth/posters/{world.qinghe.id}.pdf").content.startswith(b"%PDF")
    assert client.post(f"/growth/posters/{world.chunhui.id}.pdf").status_code == 404
    assert client.post(f"/growth/campaigns/{UUID(int=7)}/posters.pdf").status_code == 404


def desk(world: World) -> Client:
    client = Client()
    client.force_login(
        Person.objects.get(id=world.gao.person_id),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client

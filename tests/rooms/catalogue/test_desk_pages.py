"""The provider's desk: what keeps a new offer from being published stands at its field, on the page of its draft."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Kind, Role
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.mechanisms.booking.windows import said_of, windows_of
from staveworks.trade.catalogue.queries import list_own_offers
from tests.booking import LOOM
from tests.world import join, make_firm, make_person

WINDOW = {"days": "周八", "from": "25:00", "to": "abc", "ratio": "两倍"}
MENDED = {"days": "MO-FR", "from": "18:00", "to": "24:00", "ratio": "1.5"}


@pytest.fixture
def desk(db: None, client: Client) -> Client:
    """方敏's, who has a loom to lend."""
    fang = join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER, city="330603"), Role.OWNER)
    register_bookable(fang, details=LOOM, units=1)
    client.force_login(Person.objects.get(id=fang.person_id))
    client.cookies["django_language"] = "zh-hans"
    client.fang = fang  # type: ignore[attr-defined]
    return client


def test_a_new_offer_that_cannot_be_published_is_kept_and_says_at_its_field_why(desk: Client) -> None:
    form = desk.get(reverse("new_offer")).context["form"]
    given = {name: value for name in form.fields if (value := form[name].value()) not in (None, "", [])}
    (resource,) = (
        code
        for code, _ in form.fields["terms-booking-resource"].choices
        if re.fullmatch("[0-9a-f-]{36}", code)
    )
    given |= {"title_zh": "样机机时", "mechanism": "booking", "terms-booking-resource": resource}
    given |= {"kind": "time", "each": "80", "step_minutes": "60", "publish": "1"}
    given |= windows(WINDOW)
    kept = desk.post(reverse("new_offer"), given)
    (row,) = list_own_offers(desk.fang)  # type: ignore[attr-defined]
    assert kept["Location"] == reverse("own_offer", args=[row.id]) + "?check=1"
    assert marked(desk.get(kept["Location"])) == {"effect_rnd": "请至少选一块木板。"}
    again = desk.post(kept["Location"], given | {"effect_rnd": "about"})
    assert marked(again) == {"terms-booking-windows-0-days": "写成 MO-FR 或 SA,SU。"}
    done = desk.post(kept["Location"], given | {"effect_rnd": "about"} | windows(MENDED))
    assert done["Location"] == reverse("own_offers")
    assert len(list_own_offers(desk.fang)) == 1  # type: ignore[attr-defined]
    page = re.sub(r"(<[^>]+>|\s)+", " ", desk.get(reverse("offer", args=[row.id])).content.decode())
    assert "¥80.00 / 小时" in page
    assert "周一至周五 18:00–24:00 ¥120.00 / 小时" in page, (
        "buyers read the dearer hours before they choose one"
    )


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        ("MO-FR", "周一至周五", "Mon–Fri"),
        ("SA,SU", "周六至周日", "Sat–Sun"),
        ("MO,WE-TH,SU", "周一、周三至周四、周日", "Mon, Wed–Thu, Sun"),
    ],
)
def test_hours_at_another_price_are_said_in_words(days: str, zh: str, en: str) -> None:
    (window,) = windows_of({"windows": [MENDED | {"days": days}]})
    assert said_of(window) == Text(zh=f"{zh} 18:00–24:00", en=f"{en} 18:00–24:00")


def windows(row: dict[str, str]) -> dict[str, str]:
    return {f"terms-booking-windows-0-{key}": value for key, value in row.items()}


def marked(answer: Any) -> dict[str, str]:
    """Each field with what is wrong with it, as the form says it; the page takes the reader to it."""
    html = answer.content.decode()
    found = {name: errors[0] for name, errors in answer.context["form"].errors.items()}
    assert all(f'id="id_{name}_error"' in html for name in found)
    assert "data-focus" in html
    return found

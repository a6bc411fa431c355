"""The provider's calendar in the browser: add a resource, see its week, close it, print the day, give the feed away."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import vobject
from django.test import Client
from pypdf import PdfReader

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.booking.queries import access_bookable, list_bookables
from staveworks.mechanisms.booking.types import Hours
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import LineState
from tests.booking import Lab, monday
from tests.world import World

pytestmark = pytest.mark.django_db
FORM = {
    "name_zh": "染色小样机", "name_en": "Dyeing machine", "kind": "machine", "units": "3", "place": "二楼",
    "opening": "MO-FR 8:30-12:00\nMO,WE 13:00-17:30\nFREQ=MONTHLY;BYDAY=1SA 09:00-12:00 @2026-11-24", "holidays": "on",
    "specials": "2026-12-31 停用\n2027-01-04 09:00-11:00\n2027-01-04 13:00-15:00",
    "grid": "30", "shortest": "60", "longest": "240", "before": "0", "after": "30",
    "notice_minutes": "120", "horizon_days": "60", "grace": "30", "keep_minutes": "120",
}  # fmt: skip


def signed_in(actor: Actor, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(Person.objects.get(id=actor.person))
    return client


def test_a_resource_is_added_and_shown_as_it_was_typed(lab: Lab) -> None:
    page = signed_in(lab.fang)
    made = page.post("/desk/calendar/new/", FORM)
    assert made.status_code == 302
    resource = next(each for each in list_bookables(lab.fang) if each.name.en == "Dyeing machine")
    assert made["Location"] == f"/desk/calendar/{resource.id}/"
    assert [rule.rrule for rule in resource.opening.rules] == [
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYDAY=1SA",
    ]  # fmt: skip
    assert resource.opening.specials[1].hours == (Hours(540, 660), Hours(780, 900))
    form = page.get(f"/desk/calendar/{resource.id}/edit/").context["form"]
    assert form.initial["opening"].splitlines()[:2] == ["MO-FR 08:30-12:00", "MO,WE 13:00-17:30"]
    again = {name: value for name, value in form.initial.items() if value != "" and value is not False}
    answer = page.post(f"/desk/calendar/{resource.id}/edit/", again | {"units": "4"})
    assert answer.status_code == 302, answer.context["form"].errors
    changed = access_bookable(lab.fang, resource_id=resource.id)
    assert (changed.units, changed.opening) == (4, resource.opening), "what isn't touched stays the same"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"opening": "weekdays nine to five"}, "opening"),
        ({"opening": "MO-XX 09:00-17:00"}, "opening"),
        ({"opening": "MO 17:00-09:00"}, "opening"),
        ({"specials": "tomorrow closed"}, "specials"),
        ({"specials": "2026-12-31 morning"}, "specials"),
        ({"shortest": "45"}, "shortest"),
        ({"name_en": ""}, "name_en"),
        ({"units": "0"}, "units"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    lab: Lab, wrong: dict[str, str], field: str
) -> None:
    answer = signed_in(lab.fang).post("/desk/calendar/new/", FORM | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"].data["name_zh"] == "染色小样机"
    assert len(list_bookables(lab.fang)) == 1


def test_the_week_names_who_comes_and_closing_tells_them(world: World, lab: Lab) -> None:
    day = monday()
    line = lab.book(world.lin, day, "09:00", minutes=120)
    page = signed_in(lab.fang)
    text = page.get(f"/desk/calendar/{lab.looms}/?from={day}").content.decode()
    assert "1 booking this week." in text
    assert text.count("春晖") >= 2, "in the drawing and in the table behind it"
    assert "09:00–11:00" in text
    assert text.count('class="w-open"') == 5
    wrong = page.post(
        f"/desk/calendar/{lab.looms}/",
        {"starts_at": f"{day}T12:00", "ends_at": f"{day}T08:00", "reason": "x"},
    )
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["ends_at"])
    asked = {"starts_at": f"{day}T08:00", "ends_at": f"{day}T18:00", "reason": "换轴承"}
    done = page.post(f"/desk/calendar/{lab.looms}/", asked, follow=True)
    assert "1 booking made way" in done.content.decode()
    assert access_line(world.lin, line_id=line.id).state is LineState.DISPLACED
    (closing,) = re.findall(rf"/desk/calendar/{lab.looms}/open/([0-9a-f-]+)/", done.content.decode())
    assert page.post(f"/desk/calendar/{lab.looms}/open/{closing}/").status_code == 302
    after = page.get(f"/desk/calendar/{lab.looms}/?from={day}").content.decode()
    assert "/open/" not in after
    assert page.get(f"/desk/calendar/{lab.looms}/?from=soon").status_code == 404
    assert page.get(f"/desk/calendar/{lab.looms}/?from={day + timedelta(days=400)}").status_code == 200
    assert signed_in(world.lin).get(f"/desk/calendar/{lab.looms}/").status_code == 404


def test_the_day_is_printed_with_a_code_at_each_booking(world: World, lab: Lab) -> None:
    day = monday()
    lab.book(world.lin, day, "09:00", minutes=120)
    answer = signed_in(lab.fang, "zh-hans").get(f"/desk/calendar/day.pdf?day={day}")
    assert answer["Content-Type"] == "application/pdf"
    (sheet,) = PdfReader(BytesIO(answer.content)).pages
    text = sheet.extract_text()
    assert "小样织机" in text
    assert "春晖" in text
    assert "09:00–11:00" in text
    empty = signed_in(lab.fang).get(f"/desk/calendar/day.pdf?day={day + timedelta(days=1)}")
    assert "Nothing booked." in PdfReader(BytesIO(empty.content)).pages[0].extract_text()


def test_whoever_has_the_address_reads_the_feed_until_it_ends(world: World, lab: Lab) -> None:
    lab.book(world.lin, monday(), "09:00")
    page = signed_in(lab.fang)
    told = page.post(f"/desk/calendar/{lab.looms}/feed/").content.decode()
    (address,) = re.findall(r'<code id="feed-address">http://[^/]+([^<]+)</code>', told)
    sent = Client().get(address)
    assert sent["Content-Type"].startswith("text/calendar")
    assert sent["Cache-Control"] == "private, no-store"
    assert len(vobject.readOne(sent.content.decode()).vevent_list) == 1
    assert 'name="end"' in page.get(f"/desk/calendar/{lab.looms}/").content.decode()
    assert page.post(f"/desk/calendar/{lab.looms}/feed/", {"end": "1"}).status_code == 302
    assert 'name="end"' not in page.get(f"/desk/calendar/{lab.looms}/").content.decode(), "nothing to end"
    assert Client().get(address).status_code == 404


def test_a_buyer_chooses_a_free_time_by_a_click_and_orders_it(world: World, lab: Lab) -> None:
    day = monday()
    lab.book(world.wu, day, "09:00", minutes=240, quantity=2)
    page, address = signed_in(world.lin), f"/offers/{lab.offer.offer_id}/"
    assert page.get(address).context["free"].times, "the first day with a free time"
    text = page.get(f"{address}?day={day}").content.decode()
    assert f"starts_at={day}T13:00" in text
    assert f"starts_at={day}T10:00" not in text
    chosen = page.get(f"{address}?ask=1&day={day}&starts_at={day}T13:00").content.decode()
    assert "180.00" in chosen, "it is priced at once"
    assert "1 × 180.00 / hour" in re.sub(r"<[^>]+>", "", chosen)
    longer = page.get(f"{address}?day={day}&minutes=120").content.decode()
    assert f"starts_at={day}T13:00&amp;minutes=120#price" in longer, "another time is no other length"
    done = page.post(address, {"starts_at": f"{day}T13:00", "minutes": "60", "quantity": "1"})
    assert done.status_code == 302, done.context["form"].errors
    saturday = page.get(f"{address}?day={day + timedelta(days=5)}").content.decode()
    assert "Nothing is free on that day." in saturday
    assert page.get(f"{address}?day=soon").status_code == 200


def test_offer_order_and_line_say_where_to_come_and_until_when(world: World, lab: Lab) -> None:
    day, page = monday(), signed_in(world.lin)
    line = lab.book(world.lin, day, "09:00", minutes=60)
    assert "实验楼 201" in page.get(f"/offers/{lab.offer.offer_id}/").content.decode()
    shown = page.get(f"/lines/{line.id}/").content.decode()
    assert "实验楼 201" in shown
    assert shown.count(f"{day} 09:00") == 1, "when it begins stands once"
    assert f"{day} 09:00–10:00" in shown
    assert f"{day} 09:00–10:00" in page.get(f"/orders/{line.order_id}/").content.decode()


def test_the_desk_lists_what_is_lent_and_an_empty_one_says_what_to_do(world: World, lab: Lab) -> None:
    assert "1 resource to book." in signed_in(lab.fang).get("/desk/calendar/").content.decode()
    empty = signed_in(world.lin, "zh-hans").get("/desk/calendar/").content.decode()
    assert "这里会看到每项资源的日历" in empty

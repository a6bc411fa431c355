"""The pages of capacity: declare on one, confirm by one button or one tap, load a sheet, look as an operator."""

import re
from contextlib import nullcontext
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from staveworks.db.clock import database_now
from staveworks.db.transaction import acting
from staveworks.foundation.files.types import FileNotFound
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.models import Todo
from staveworks.foundation.notices.usecases.issue_link import issue_link
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor, Role
from staveworks.jobs.todos.settling import settle, settle_everywhere
from staveworks.mechanisms.dispatch.models import CapacityLook, Confirmation, HeatCell
from staveworks.mechanisms.dispatch.queries import list_windows, my_capacity, published_heat
from staveworks.mechanisms.dispatch.types.centres import CertificateSaid
from staveworks.mechanisms.dispatch.usecases.keep_centre import keep_centre
from staveworks.mechanisms.dispatch.usecases.publish_heat import publish_heat
from staveworks.mechanisms.dispatch.waiting import capacity_to_confirm
from tests.addresses import PNG
from tests.capacity import KEQIAO, declare, looms, next_monday, settle_in
from tests.database import Clone
from tests.rooms.dispatch.test_registry import backdate
from tests.world import World, join, make_firm, make_person, make_world

WEAVE = {
    "name": "喷水织机",
    "grade": "2",
    "per": "day",
    "price_polyester-filament": "0.385",
    "speed_polyester-filament": "4,000",
    "day_hours": "20",
    "weekdays": ["0", "1", "2", "3", "4", "5"],
    "setup_hours": "1.5",
}


def browser(actor: Actor, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(
        Person.objects.get(id=actor.person), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    session = client.session
    session["organisation"] = str(actor.org)
    session.save()
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


class TestDeclaring:
    def test_an_owner_goes_from_nothing_to_confirmed_free_time(self, world: World) -> None:
        settle_in(world.lin, KEQIAO)
        client = browser(world.lin)
        assert "No work centre yet." in text_of(client, "/capacity/")
        assert "/capacity/new/weaving/" in text_of(client, "/capacity/new/")
        answer = client.post("/capacity/new/weaving/", WEAVE)
        assert answer.status_code == 302, re.findall(r'class="error"[^>]*>.*?</', answer.content.decode())
        page = text_of(client, answer["Location"])
        assert "4,000" in page
        assert "0.385" in page
        monday = next_monday()
        said = {"first_date": monday, "last_date": monday + timedelta(days=13), "day_hours": "8"}
        assert client.post(answer["Location"], said).status_code == 302
        assert client.post("/capacity/confirm/").status_code == 302
        page = text_of(client, "/capacity/")
        assert "confirmed today" in page
        assert "At most" in page or "at most 40 hours" in page
        assert Decimal(48) in [week.fresh for week in my_capacity(world.lin).centres[0].weeks]

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("price_polyester-filament", {"price_polyester-filament": "cheap"}),
            ("speed_polyester-filament", {"speed_polyester-filament": ""}),
            ("day_hours", {"day_hours": "25"}),
            ("expires_gots", {"number_gots": "1", "expires_gots": "soon"}),
            ("number_gots", {"expires_gots": "2027-01-01"}),
        ],
    )
    def test_an_error_stands_at_its_field_with_all_that_was_typed(
        self, world: World, field: str, wrong: dict[str, str]
    ) -> None:
        settle_in(world.lin, KEQIAO)
        answer = browser(world.lin).post("/capacity/new/weaving/", WEAVE | wrong)
        assert answer.status_code == 422
        assert f'id="id_{field}_error"' in answer.content.decode()
        assert "喷水织机" in answer.content.decode()

    def test_editing_shows_everything_as_it_was_typed_and_keeps_what_is_not_touched(
        self, world: World
    ) -> None:
        uneven = (Decimal(20),) * 5 + (Decimal("7.5"), Decimal(0))
        centre = declare(world.lin, weekday_hours=uneven)
        client = browser(world.lin)
        page = text_of(client, f"/capacity/centres/{centre}/edit/")
        for typed in ('value="0.385"', 'value="4,000"', 'value="1.5"', 'value="20"'):
            assert typed in page, typed
        assert client.post(f"/capacity/centres/{centre}/edit/", WEAVE | {"grade": "3"}).status_code == 302
        row = my_capacity(world.lin).centres[0]
        assert (row.grade, row.calendar.weekday_hours) == (3, uneven)

    def test_a_certificate_keeps_its_file_when_the_work_centre_is_changed(self, world: World) -> None:
        settle_in(world.lin, KEQIAO)
        client = browser(world.lin)
        scan = SimpleUploadedFile("gots.png", PNG)
        made = client.post("/capacity/new/weaving/", WEAVE | {"number_gots": "CU 1", "file_gots": scan})
        assert made.status_code == 302
        (held,) = my_capacity(world.lin).centres[0].certificates
        assert held.file_id
        assert f"/files/{held.file_id}/" in text_of(client, made["Location"])
        client.post(f"{made['Location']}edit/", WEAVE | {"number_gots": "CU 2"})
        (after,) = my_capacity(world.lin).centres[0].certificates
        assert (after.number, after.file_id) == ("CU 2", held.file_id)
        bad = client.post(
            "/capacity/new/weaving/",
            WEAVE | {"name": "x", "number_gots": "1", "file_gots": SimpleUploadedFile("a.exe", b"MZ")},
        )
        assert bad.status_code == 422
        assert 'id="id_file_gots_error"' in bad.content.decode()

    def test_a_certificate_of_another_firms_file_is_refused(self, world: World) -> None:
        file = store_file(world.wu, name="theirs.png", content=PNG)
        for actor, refused in ((world.lin, True), (world.wu, False)):
            said = looms(certificates=(CertificateSaid("gots", "CU 1", None, file.id),))
            with pytest.raises(FileNotFound) if refused else nullcontext():
                keep_centre(actor, said=said)

    def test_many_work_centres_cost_no_more_statements(self, world: World) -> None:
        counts = []
        for number in (1, 9):
            for more in range(number):
                declare(world.lin, name=f"织机 {number}-{more}")
            with CaptureQueriesContext(connection) as asked:
                my_capacity(world.lin)
            counts.append(len(asked))
        assert counts[0] == counts[1] < 25

    def test_the_form_holds_what_is_declared_for_next_week(self, world: World) -> None:
        settle_in(world.lin, KEQIAO)
        client = browser(world.lin)
        address = client.post("/capacity/new/weaving/", WEAVE)["Location"]
        assert client.get(address).context["form"]["day_hours"].value() == "8"
        monday = next_monday()
        said = {"first_date": monday, "last_date": monday + timedelta(days=6), "day_hours": "12.5"}
        client.post(address, said)
        assert client.get(address).context["form"]["day_hours"].value() == "12.5"
        client.post(address, {**said, "last_date": monday, "day_hours": "3"})
        page = client.get(address)
        assert sorted((days, left) for _, days, left in page.context["windows"]) == [(1, 1), (7, 6)]
        assert "counts on 6 of 7 days" in page.content.decode()

    def test_closing_offers_an_undo_and_withdrawing_takes_back(self, world: World) -> None:
        centre = declare(world.lin)
        client = browser(world.lin)
        (window,) = list_windows(world.lin)
        assert client.post(f"/capacity/windows/{window.id}/withdraw/").status_code == 302
        assert list_windows(world.lin) == []
        assert client.post(f"/capacity/windows/{window.id}/withdraw/").status_code == 404
        client.post(f"/capacity/centres/{centre}/close/")
        assert f"/capacity/centres/{centre}/reopen/" in text_of(client, "/capacity/")
        client.post(f"/capacity/centres/{centre}/reopen/")
        assert my_capacity(world.lin).closed == ()


class TestConfirming:
    def test_a_to_do_asks_after_seven_days_and_one_tap_confirms_without_signing_in(
        self, world: World
    ) -> None:
        declare(world.lin)
        settle(world.lin, "capacity.confirm", world.chunhui.id)
        with acting(org=world.chunhui.id):
            assert not Todo.objects.filter(kind="capacity.confirm").exists()
            backdate(8)
        settle(world.lin, "capacity.confirm", world.chunhui.id)
        with acting(org=world.chunhui.id):
            todo = Todo.objects.get(kind="capacity.confirm", state="open")
            assert todo.due_at is not None
            assert timedelta(days=1) < todo.due_at - database_now() < timedelta(days=3)
        assert world.zhou.person_id
        token = issue_link(world.lin, todo_id=todo.id, person_id=world.zhou.person_id)
        stranger = Client(headers={"accept-language": "en"})
        page = text_of(stranger, f"/t/{token}/")
        assert "Confirm: all still right" in page
        with acting(org=world.chunhui.id):
            assert not Confirmation.objects.exists(), "looking changes nothing"
        assert stranger.post(f"/t/{token}/").status_code in (200, 302)
        with acting(org=world.chunhui.id):
            assert Confirmation.objects.get().by_link
        assert stranger.post(f"/t/{token}/").status_code == 404, "used up"
        settle(world.lin, "capacity.confirm", world.chunhui.id)
        with acting(org=world.chunhui.id):
            assert Todo.objects.get(id=todo.id).state == "done"

    def test_the_link_can_only_confirm(self, world: World) -> None:
        """Its actor lacks the right to declare, whatever is sent."""
        kind = KINDS["capacity.confirm"]
        assert {kind.right, *kind.link_rights} == {"capacity.confirm", "capacity.read"}


class TestOperator:
    def test_sees_a_table_of_heat_and_of_work_centres_and_is_logged_for_it(self, world: World) -> None:
        declare(world.lin)
        client = browser(world.gao)
        assert "Shaoxing" in text_of(client, "/dispatch/heat/")
        with acting(org=world.chunhui.id):
            assert not CapacityLook.objects.exists(), "a sum shows nobody"
        assert client.get("/dispatch/heat.xlsx").status_code == 200
        page = text_of(client, "/dispatch/capacity/")
        assert "喷水织机" in page
        assert "On trial" in page
        assert "喷水织机" in text_of(client, "/dispatch/capacity/?q=水织&state=trial")
        nothing = text_of(client, "/dispatch/capacity/?q=nowhere")
        assert "Nothing found for “nowhere”." in nothing
        assert "喷水织机" not in nothing
        with acting(org=world.chunhui.id):
            assert CapacityLook.objects.values("reading_id").distinct().count() == 3
        assert client.post(f"/dispatch/capacity/{world.chunhui.id}/limit/", {"reason": ""}).status_code == 422
        client.post(f"/dispatch/capacity/{world.chunhui.id}/limit/", {"reason": "现场看过"})
        assert not my_capacity(world.lin).standing.on_trial
        client.post(
            f"/dispatch/capacity/{world.chunhui.id}/limit/", {"reason": "交期没守住", "act": "restore"}
        )
        assert my_capacity(world.lin).standing.on_trial

    def test_publishes_once_a_week_what_five_firms_stand_behind(self, world: World) -> None:
        for number in range(5):
            owner = join(make_person(f"厂长{number}"), make_firm(f"织厂{number}"), Role.OWNER)
            declare(owner, 8)
        declare(world.lin, operation="dyeing", capabilities=looms().capabilities)
        assert publish_heat(world.gao) > 0
        assert publish_heat(world.gao) == 0
        heat = published_heat(world.wu)
        found = {row.operation: row.values[1] for row in heat.rows}
        assert found["weaving"].firms == 5
        assert found["weaving"].hours == 240
        assert found["dyeing"].hours is None
        page = text_of(browser(world.wu), "/capacity/published/")
        assert "240" in page
        assert "fewer than 5" in page
        assert HeatCell.objects.filter(firms__lt=5).count() == 0


def test_the_job_that_looks_everywhere_finds_who_has_to_confirm(committed: Clone) -> None:
    world = make_world()
    declare(world.lin)
    declare(world.wu)
    with acting(org=world.chunhui.id):
        backdate(8)
    assert [each.org_id for each in capacity_to_confirm(org=None)] == [world.chunhui.id]
    assert settle_everywhere() > 0
    with acting(org=world.chunhui.id):
        assert Todo.objects.filter(kind="capacity.confirm", state="open").count() == 1

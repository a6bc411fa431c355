"""Training certificates: who comes is trained, refused where she is chosen, guarded where it is held, told when one ends."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.notices.todo_queries import list_open_subjects
from staveworks.foundation.parties.types import Role
from staveworks.foundation.personal.held import held_about
from staveworks.foundation.personal.usecases.erase_person import erase_person
from staveworks.foundation.reservation.types import NotFree, Obstacle
from staveworks.foundation.reservation.usecases.hold import hold
from staveworks.jobs.todos.reactions import settle_trained
from staveworks.mechanisms.booking.arrivals import NoLongerTrained
from staveworks.mechanisms.booking.models import TrainingCertificate
from staveworks.mechanisms.booking.queries import list_certificates
from staveworks.mechanisms.booking.repeating import preview_series
from staveworks.mechanisms.booking.training import untrained_bookings
from staveworks.mechanisms.booking.types import CertificateOver, TrainingOfferUnknown, Untrained
from staveworks.mechanisms.booking.usecases.certify import Trained, certify_person, end_certificate
from staveworks.mechanisms.booking.usecases.check_in import check_in_line
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.mechanisms.booking.usecases.make_wish import make_wish
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.end_line import cancel_line
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from tests.booking import LOOM, Lab, at, make_lab, monday
from tests.contract.caller import Caller, make_token
from tests.database import Clone
from tests.rooms.booking.test_calendar_pages import signed_in
from tests.skew import its_clock_says
from tests.world import CHUNHUI_USCC, World, join, make_person, make_world

NO_GUARD = "DROP TRIGGER booking_trained_comes ON reservation_reservation"
FAR = timedelta(days=400)


@pytest.fixture
def lab(world: World) -> Lab:
    return make_lab(world, needs_training=True)


def certify(lab: Lab, *, until: date | None = None, since: date | None = None, **more: Any) -> UUID:
    today = timezone.localdate()
    said = {"uscc": CHUNHUI_USCC, "name": "王芳", "contact": "13900000077", **more}
    trained = Trained(**said, valid_from=since or today, valid_until=until or today + FAR)
    return certify_person(lab.fang, resource_id=lab.looms, trained=trained)


def asked(lab: Lab, buyer: Any, comes: UUID | str | None) -> Any:
    request = {"starts_at": f"{monday()}T09:00"} | ({"comes": str(comes)} if comes else {})
    return add_line(buyer, version_id=lab.offer.id, request=request)


@pytest.mark.django_db
def test_without_a_certificate_good_on_the_day_it_is_refused_where_she_is_chosen(
    world: World, lab: Lab
) -> None:
    with pytest.raises(Untrained, match="请联系中纺检测") as nobody:
        asked(lab, world.lin, None)
    assert (nobody.value.field, "Ask 中纺检测" in nobody.value.text.en) == ("comes", True)
    before, after = (
        certify(lab, until=monday() - timedelta(days=1)),
        certify(lab, since=monday() + timedelta(days=1)),
    )
    for comes in (before, after):
        with pytest.raises(Untrained, match="还没有人"):
            asked(lab, world.lin, comes)
    good = certify(lab, since=monday(), until=monday())
    with pytest.raises(Untrained, match="可以选：王芳"):
        asked(lab, world.lin, before)
    with pytest.raises(Untrained, match="还没有人"):
        asked(lab, world.wu, good)  # another firm's person
    line = lab.book(world.lin, monday(), "09:00", comes=str(good))
    assert line.request["comes"] == str(good)
    assert {each.id for each in list_certificates(world.lin, resource_id=lab.looms)} == {before, after, good}
    assert list_certificates(world.wu, resource_id=lab.looms) == []


@pytest.mark.django_db
def test_dates_beyond_it_are_skipped_and_a_wish_waits_only_within_it(world: World, lab: Lab) -> None:
    comes = certify(lab, until=monday())
    request = {"starts_at": f"{monday()}T09:00", "comes": str(comes)}
    dates = preview_series(world.lin, version_id=lab.offer.id, request=request, rrule="FREQ=DAILY;COUNT=2")
    assert [each.why is None for each in dates] == [True, False]
    wish = {"minutes": 60, "comes": str(comes)}
    window = {"offer_id": lab.offer.offer_id, "request": wish, "earliest_at": at(monday(), "09:00")}
    with pytest.raises(Untrained):
        make_wish(world.lin, **window, latest_at=at(monday() + timedelta(days=1), "09:00"))
    for clock in ("09:00", "13:00"):
        lab.book(world.lin, monday(), clock, minutes=240, quantity=2, comes=str(comes))
    assert make_wish(world.lin, **window, latest_at=at(monday(), "17:00"))


def test_one_that_was_ended_a_moment_ago_holds_nothing_and_an_erased_person_is_in_none(
    committed: Clone, tmp_path: Path
) -> None:
    """Past the check of the price, as if somebody ended it in between; with the guard away it is held (control)."""
    world = make_world()
    lab = make_lab(world, needs_training=True)
    wang = join(make_person("王芳", phone="+8613900000077"), world.chunhui, Role.CLERK)
    assert wang.person_id
    comes, other = certify(lab), certify(lab, name="李敏", contact="13900000078")
    booked = lab.book(world.lin, monday(2), "09:00", comes=str(comes))
    lines = [access_line(world.lin, line_id=asked(lab, world.lin, each).line_id) for each in (comes, other)]
    end_certificate(lab.fang, resource_id=lab.looms, certificate_id=comes, reason="换了设备")
    assert [each.subject for each in untrained_bookings(org=None)] == [booked.id]

    def held(line: Any) -> Any:
        return hold(world.lin, {line.id: line.quote.asks}, ttl=timedelta(minutes=5))

    with pytest.raises(NotFree) as refused:
        held(lines[0])
    assert [each.obstacle for each in refused.value.findings] == [Obstacle.NOT_ADMITTED]
    assert held(lines[1])
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute(NO_GUARD)
    assert held(lines[0])

    sections = {section.code: section.total for section in held_about(wang.person_id).sections}
    assert sections["booking_training_certificate_by_address"] == 1
    erase_person(wang, person_id=wang.person_id, home=tmp_path)
    left = {each.id: each.name + each.contact for each in list_certificates(lab.fang, resource_id=lab.looms)}
    assert left == {comes: "", other: "李敏+8613900000078"}


@pytest.mark.django_db
def test_what_was_recorded_stays_and_is_ended_once_by_its_provider(world: World, lab: Lab) -> None:
    id_ = certify(lab)
    ended = {"ended_on": timezone.localdate(), "ended_reason": "离职"}
    for who, change, may in (
        (lab.fang, {"valid_until": timezone.localdate()}, False),
        (lab.fang, {"name": "别人"}, False),
        (world.lin, ended, None),  # the firm sees it and can't write it
        (lab.fang, ended, True),
        (lab.fang, {"ended_on": None, "ended_reason": ""}, False),
    ):
        with acting(org=who.org):
            rows = TrainingCertificate.objects.filter(id=id_)
            if may is False:
                with pytest.raises(IntegrityError), transaction.atomic():
                    rows.update(**change)
            else:
                assert rows.update(**change) == (1 if may else 0)
    with pytest.raises(CertificateOver):
        end_certificate(lab.fang, resource_id=lab.looms, certificate_id=id_, reason="离职")


@pytest.mark.django_db
def test_who_booked_with_one_that_was_ended_has_a_todo_until_there_is_another(world: World, lab: Lab) -> None:
    comes = certify(lab)
    line = lab.book(world.lin, monday(), "09:00", comes=str(comes))
    shown = f"/lines/{line.id}/"

    def waiting(certificate: UUID) -> set[UUID]:
        settle_trained(lab.fang, subject=certificate)
        return list_open_subjects(world.lin, kind="training.renew")

    assert waiting(comes) == set()
    end_certificate(lab.fang, resource_id=lab.looms, certificate_id=comes, reason="换了设备")
    assert waiting(comes) == {line.id}
    for reader in (world.lin, lab.fang):
        assert (
            f"王芳, ended {timezone.localdate()} (换了设备)" in signed_in(reader).get(shown).content.decode()
        )
    assert waiting(certify(lab, contact="13900000078")) == {line.id}
    again = certify(lab)
    assert waiting(again) == set()
    end_certificate(lab.fang, resource_id=lab.looms, certificate_id=again, reason="换了设备")
    assert waiting(again) == {line.id}
    cancel_line(world.lin, line_id=line.id, reason="换人", agreed_fee_fen=None)
    assert waiting(again) == set()


@pytest.mark.django_db
def test_it_is_recorded_and_ended_on_its_page_and_chosen_on_the_offers(world: World, lab: Lab) -> None:
    page, address = signed_in(lab.fang), f"/desk/calendar/{lab.looms}/trained/"
    assert page.get(address).status_code == 200
    sent = {
        "uscc": "0", "name": "王芳", "contact": "13900000077",
        "valid_from": timezone.localdate(), "valid_until": monday(),
    }  # fmt: skip
    for wrong, field in (
        ({}, "uscc"),
        ({"uscc": CHUNHUI_USCC, "contact": "王芳"}, "contact"),
        ({"uscc": CHUNHUI_USCC, "contact": "12"}, "contact"),
        ({"uscc": CHUNHUI_USCC, "valid_until": "2020-01-01"}, "valid_until"),
    ):
        answer = page.post(address, sent | wrong)
        assert list(answer.context["form"].errors) == [field]
        assert answer.context["form"]["name"].value() == "王芳"
    assert page.post(address, sent | {"uscc": CHUNHUI_USCC}).status_code == 302
    (one,) = list_certificates(lab.fang, resource_id=lab.looms)
    buyer, offer = signed_in(world.lin), f"/offers/{lab.offer.offer_id}/"
    wanted = {"ask": "1", "starts_at": f"{monday()}T09:00", "minutes": "60", "quantity": "1"}
    refused = buyer.get(offer, wanted)
    assert list(refused.context["form"].errors) == ["comes"]
    assert f"王芳, until {monday()}" in refused.content.decode()
    assert buyer.get(offer, wanted | {"comes": str(one.id)}).context["quote"]
    assert "中纺检测" in signed_in(world.wu).get(offer).context["form"].fields["comes"].help_text
    end = f"{address}{one.id}/end/"
    assert list(page.post(end, {"reason": ""}).context["form"].errors) == ["reason"]
    assert page.post(end, {"reason": "离职"}).status_code == 302
    assert page.post(end, {"reason": "离职"}).status_code == 409


@pytest.mark.django_db
def test_by_program_it_is_asked_for_recorded_listed_and_ended(world: World, lab: Lab) -> None:
    owner, buyer = Caller(make_token(lab.fang)), Caller(make_token(world.lin))
    (shown,) = owner.get("/api/v1/bookables").json()["items"]
    assert (shown["needs_training"], shown["training_offer"]) == (True, None)
    address = f"/api/v1/bookables/{lab.looms}"
    drop = ("id", "zone", "withdrawn", "city")
    body = {name: value for name, value in shown.items() if name not in drop}
    mine = str(lab.offer.offer_id)
    named = owner.put(address, body | {"training_offer": mine}, content_type="application/json")
    assert named.json()["training_offer"] == mine
    assert "See the training" in signed_in(world.wu).get(f"/offers/{mine}/").content.decode()
    edit = signed_in(lab.fang).get(f"/desk/calendar/{lab.looms}/edit/").context["form"]
    assert (edit["needs_training"].value(), edit["training_offer"].value()) == (True, mine)
    assert edit.fields["training_offer"].choices[1] == (mine, "Fabric abrasion test")
    foreign = owner.put(address, body | {"training_offer": str(UUID(int=7))}, content_type="application/json")
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (422, "/training_offer")
    sent = {
        "uscc": CHUNHUI_USCC, "name": "王芳", "contact": "wang@example.com",
        "valid_from": "2026-01-01", "valid_until": str(monday()),
    }  # fmt: skip
    certificates = f"{address}/certificates"
    made = owner.post(certificates, sent, content_type="application/json")
    assert made.status_code == 201, made.content
    (row,) = buyer.get(certificates).json()["certificates"]
    assert (row["id"], row["contact"]) == (made.json()["certificate"], "wang@example.com")
    ending = f"{certificates}/{row['id']}/ending"
    assert buyer.post(ending, {"reason": "x"}, content_type="application/json").status_code == 404
    assert owner.post(ending, {"reason": "离职"}, content_type="application/json").status_code == 200
    assert buyer.get(certificates).json()["certificates"][0]["ended_reason"] == "离职"


@pytest.mark.django_db
def test_a_training_is_only_named_where_it_is_asked_for(world: World) -> None:
    lab = make_lab(world)
    with pytest.raises(TrainingOfferUnknown, match="先勾选"):
        register_bookable(lab.fang, details=replace(LOOM, training_offer=lab.offer.offer_id))
    assert asked(lab, world.lin, "any")  # nobody asks who comes


@pytest.mark.django_db
def test_at_the_counter_the_certificate_is_looked_at_once_more(
    world: World, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = certify(lab)
    line = asked(lab, world.lin, named)
    hold_order(world.lin, order_id=line.order_id)
    place_order(world.lin, order_id=line.order_id)
    confirm_line(lab.fang, line_id=line.line_id)
    end_certificate(lab.fang, resource_id=lab.looms, certificate_id=named, reason="换了新机")
    its_clock_says(monkeypatch, at(monday(), "08:45"))
    with pytest.raises(NoLongerTrained, match="登记新证明"):
        check_in_line(lab.fang, line_id=line.line_id)
    certify(lab, since=monday())
    assert check_in_line(lab.fang, line_id=line.line_id).line.id == line.line_id

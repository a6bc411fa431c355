"""Somebody arrives: her code checks her in once, at its provider, in time; otherwise it says what to do."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from staveworks.foundation.parties.types import RightMissing, Role
from staveworks.mechanisms.booking import codes
from staveworks.mechanisms.booking.arrivals import (
    AlreadyHere,
    BookedElsewhere,
    NoCodeYet,
    NoLongerBooked,
    NotConfirmedYet,
    OtherResource,
    TimeIsOver,
)
from staveworks.mechanisms.booking.codes import CodeUnknown, code_of, line_of_code
from staveworks.mechanisms.booking.short_codes import TRIES, TooManyWrong, in_groups, short_of
from staveworks.mechanisms.booking.usecases.check_in import access_code, check_in, check_in_line
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import BeforeItsTime, LineState
from staveworks.trade.orders.usecases.end_line import cancel_line
from tests.booking import LOOM, Lab, at, make_lab, monday
from tests.contract.caller import Caller, make_token
from tests.rooms.booking.test_calendar_pages import signed_in
from tests.skew import its_clock_says
from tests.world import Firm, World, join, make_person

pytestmark = pytest.mark.django_db
Clock = Callable[[datetime], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """As if it were then, for what decides by the database's clock."""
    return lambda moment: its_clock_says(monkeypatch, moment)


def test_a_code_is_read_as_scanned_and_nobody_makes_one(
    world: World, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, other = (lab.book(world.lin, monday(), clock) for clock in ("09:00", "10:00"))
    code = access_code(world.lin, line_id=line.id)
    address = f"https://cluster.example/arrive/{code}/\r"
    for typed in (code, f" {code.lower()}\n", address, address.upper()):
        assert line_of_code(typed) == line.id
    swapped = code_of(other.id)[:26] + code[26:]
    with monkeypatch.context() as patched:
        patched.setattr(codes, "SALT", "something else that is signed")
        misused = code_of(line.id)
    for wrong in (
        *("", "x", code[:-1], code + "A", swapped, misused),
        *(code.replace(code[-1], "0"), str(line.id), "码"),
    ):
        with pytest.raises(CodeUnknown):
            line_of_code(wrong)


def test_where_nothing_scans_eight_letters_are_typed(world: World, lab: Lab, later: Clock) -> None:
    day = monday()
    line, elsewhere = (
        lab.book(world.lin, day, "09:00"),
        make_lab(world).book(world.lin, day, "09:00"),
    )
    short = short_of(line.id)
    assert len(short) == 8
    assert not set(short) & set("I1LO0S5")
    later(at(day, "08:45"))
    for wrong in (short[:-1] + ("A" if short[-1] != "A" else "B"), short_of(elsewhere.id), "ABCD-EFGH"):
        with pytest.raises(CodeUnknown) as refused:
            check_in(lab.fang, code=wrong)
        assert refused.value.text == CodeUnknown.text, "whatever is wrong with it"
    typed = f" {full_width(in_groups(short).lower())} "
    assert check_in(lab.fang, code=typed).line.id == line.id, "as a Chinese keyboard types it"
    with pytest.raises(AlreadyHere):
        check_in(lab.fang, code=short)


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def test_whoever_types_too_many_wrong_ones_waits_even_with_a_right_one(
    world: World, lab: Lab, later: Clock
) -> None:
    day = monday()
    line = lab.book(world.lin, day, "09:00")
    later(at(day, "08:45"))
    for _ in range(TRIES):
        with pytest.raises(CodeUnknown):
            check_in(lab.fang, code="ABCD-EFGH")
    with pytest.raises(TooManyWrong):
        check_in(lab.fang, code=short_of(line.id))
    assert check_in(lab.fang, code=access_code(world.lin, line_id=line.id)).line.id == line.id, "scanned"


def test_it_checks_in_once_from_half_an_hour_before_until_the_time_is_over(
    world: World, lab: Lab, later: Clock
) -> None:
    day = monday()
    line = lab.book(world.lin, day, "09:00", minutes=60)
    code = access_code(world.lin, line_id=line.id)
    for moment, error in (("08:29", BeforeItsTime), ("10:00", TimeIsOver)):
        later(at(day, moment))
        with pytest.raises(error):
            check_in(lab.fang, code=code)
    later(at(day, "08:30"))
    done = check_in(lab.fang, code=code, at=lab.looms)
    assert (done.line.id, done.line.state, done.resource.id) == (line.id, LineState.IN_DELIVERY, lab.looms)
    for again in (lambda: check_in(lab.fang, code=code), lambda: check_in_line(lab.fang, line_id=line.id)):
        with pytest.raises(AlreadyHere):
            again()
    with pytest.raises(NoCodeYet):
        access_code(world.lin, line_id=line.id)


def test_a_code_that_isnt_good_here_or_now_says_what_to_do(world: World, lab: Lab, later: Clock) -> None:
    day = monday()
    line = lab.book(world.lin, day, "09:00")
    waiting = lab.book(world.wu, day, "09:00", confirmed=False)
    other = register_bookable(lab.fang, details=LOOM)
    code = access_code(world.lin, line_id=line.id)
    with pytest.raises(NoCodeYet):
        access_code(world.wu, line_id=waiting.id)
    with pytest.raises(NoCodeYet):
        access_code(lab.fang, line_id=line.id)
    with pytest.raises(BookedElsewhere):
        check_in(world.wu, code=code)
    with pytest.raises(BookedElsewhere):
        check_in(world.lin, code=code)
    with pytest.raises(RightMissing):
        check_in(join(make_person("看门"), Firm(lab.fang.org, ""), Role.VIEWER), code=code)
    later(at(day, "08:45"))
    with pytest.raises(OtherResource, match="小样织机"):
        check_in(lab.fang, code=code, at=other)
    with pytest.raises(NotConfirmedYet):
        check_in(lab.fang, code=code_of(waiting.id))
    cancel_line(world.lin, line_id=line.id, reason="改期", agreed_fee_fen=None)
    with pytest.raises(NoLongerBooked, match="已取消"):
        check_in(lab.fang, code=code)


def test_the_buyer_shows_it_and_a_phone_or_the_counter_reads_it(world: World, lab: Lab, later: Clock) -> None:
    day = monday()
    scanned, named = lab.book(world.lin, day, "09:00"), lab.book(world.wu, day, "09:00")
    text = signed_in(world.lin).get(f"/lines/{scanned.id}/").content.decode()
    assert re.search(r'class="ticket-code".*<svg ', text)
    assert 'class="ticket-code"' not in signed_in(lab.fang).get(f"/lines/{scanned.id}/").content.decode()
    code, desk = access_code(world.lin, line_id=scanned.id), signed_in(lab.fang)
    assert "Early: it is booked for" in desk.get(f"/arrive/{code}/").content.decode()
    assert signed_in(world.wu).get(f"/arrive/{code}/").status_code == 404
    later(at(day, "08:55"))
    assert "2 to come, 0 here." in desk.get("/desk/counter/").content.decode()
    wrong = desk.post("/desk/counter/", {"code": "6901234567892"})
    assert (wrong.status_code, "This is no check-in code." in wrong.content.decode()) == (422, True)
    done = desk.post("/desk/counter/", {"code": f"http://testserver/arrive/{code}/", "at": lab.looms})
    assert (done.status_code, done.context["arrival"].line.id) == (200, scanned.id)
    assert "1 to come, 1 here." in done.content.decode()
    assert desk.post("/desk/counter/", {"code": code}).status_code == 409
    assert desk.post("/desk/counter/", {"line": str(named.id)}).status_code == 200
    assert access_line(lab.fang, line_id=named.id).state is LineState.IN_DELIVERY
    assert desk.get("/desk/counter/?at=nowhere").status_code == 404
    third = lab.book(world.lin, day, "10:00")
    answer = desk.post(f"/arrive/{code_of(third.id)}/")
    assert answer.status_code == 409, "an hour early"
    later(at(day, "09:45"))
    assert desk.post(f"/arrive/{code_of(third.id)}/")["Location"] == f"/lines/{third.id}/"


def test_by_the_api(world: World, lab: Lab, later: Clock) -> None:
    day = monday()
    line = lab.book(world.lin, day, "09:00")
    buyer, provider = Caller(make_token(world.lin)), Caller(make_token(lab.fang))
    code = buyer.get(f"/api/v1/lines/{line.id}/check-in-code").json()["code"]
    early = provider.post("/api/v1/bookables/check-ins", {"code": code}, content_type="application/json")
    assert (early.status_code, "08:30" in early.content.decode()) == (409, True)
    later(at(day, "09:00"))
    body = {"code": code, "bookable": str(lab.looms)}
    done = provider.post("/api/v1/bookables/check-ins", body, content_type="application/json")
    assert (done.status_code, done.json()["line"]) == (201, str(line.id)), done.content

"""The first page of capacity: what is left of this week, and when the next word is due."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import get_current_timezone

from staveworks.db.clock import database_today
from staveworks.db.transaction import acting
from staveworks.mechanisms.dispatch.domain.windows import monday_of
from staveworks.mechanisms.dispatch.queries import my_capacity
from staveworks.mechanisms.dispatch.types.windows import Source, WindowSaid
from staveworks.mechanisms.dispatch.usecases.declare_windows import declare_windows
from staveworks.mechanisms.dispatch.usecases.keep_centre import keep_centre
from tests.capacity import declare, looms
from tests.rooms.dispatch.test_capacity_pages import browser, text_of
from tests.rooms.dispatch.test_registry import backdate
from tests.world import World

BUTTON, PRIMARY = "都还对，确认", 'class="btn btn-primary"'


def test_what_is_free_this_week_counts_from_today_on(world: World) -> None:
    centre = keep_centre(world.lin, said=looms(weekday_hours=(Decimal(20),) * 7))
    today = database_today()
    monday = monday_of(today)
    said = WindowSaid(centre, monday, monday + timedelta(days=13), Decimal(5))
    declare_windows(world.lin, said=[said], source=Source.PAGE)
    left = 5 * (7 - today.weekday())
    found = my_capacity(world.lin)
    assert found.week_hours == left
    this, following = found.centres[0].weeks[:2]
    assert (this.fresh, this.ahead, following.ahead) == (35, left, 35)
    client = browser(world.lin, "zh-hans")
    assert f'本周还有 <b class="water">{left}</b> 小时空闲' in text_of(client, "/capacity/")
    assert f"本周还有 {left} 小时空闲" in text_of(client, f"/capacity/centres/{centre}/")
    assert f"<b>{left}</b>" in text_of(client, "/capacity/").split('class="strip"')[1].split("</li>")[0]
    assert (this.left, this.over, following.left, following.over) == (left, today.weekday(), 35, 0)


def test_days_that_are_over_count_neither_in_the_week_nor_in_what_was_declared(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a Thursday, five hours a day from Monday on, of which the coming Monday is said anew."""
    monday = monday_of(database_today()) + timedelta(days=7)
    centre = keep_centre(world.lin, said=looms(weekday_hours=(Decimal(20),) * 7))
    whole = WindowSaid(centre, monday, monday + timedelta(days=13), Decimal(5))
    anew = WindowSaid(centre, monday + timedelta(days=7), monday + timedelta(days=7), Decimal(3))
    for said in (whole, anew):
        declare_windows(world.lin, said=[said], source=Source.PAGE)
    client = browser(world.lin, "zh-hans")
    assert "14 天里只算 13 天" in text_of(client, f"/capacity/centres/{centre}/")
    thursday = datetime.combine(monday + timedelta(days=3), time(9), get_current_timezone())
    monkeypatch.setattr("staveworks.mechanisms.dispatch.registry_queries.database_now", lambda: thursday)
    monkeypatch.setattr("django.utils.timezone.now", lambda: thursday)
    page = text_of(client, f"/capacity/centres/{centre}/")
    assert "起的一周：今天起还空 20 小时" in page
    assert page.split('class="strip"')[1].split("</ol>")[0].count("is-over") == 3
    assert "今天起的 11 天里只算 10 天" in page


def test_the_button_asks_for_a_word_only_once_it_is_due_and_says_when_it_was_given(world: World) -> None:
    declare(world.lin)
    client = browser(world.lin, "zh-hans")
    page = text_of(client, "/capacity/")
    assert "今天确认过，有效到" in page
    assert BUTTON not in page, "declaring is confirming"

    with acting(org=world.chunhui.id):
        backdate(8)
    page = text_of(client, "/capacity/")
    assert PRIMARY in page.split(BUTTON)[0][-200:]

    client.post("/capacity/confirm/")
    page = text_of(client, "/capacity/")
    assert "今天确认过，有效到" in page
    assert BUTTON not in page
    english = text_of(browser(world.lin), "/capacity/")
    assert "; confirmed today, good until" in english


def test_before_a_word_is_due_it_may_be_given_without_being_asked_for(world: World) -> None:
    declare(world.lin)
    with acting(org=world.chunhui.id):
        backdate(2)
    page = text_of(browser(world.lin, "zh-hans"), "/capacity/")
    assert "确认一次，逾期不派活。" in page
    assert BUTTON in page
    assert PRIMARY not in page


def test_a_work_centre_of_which_nothing_is_said_comes_first_while_no_word_is_due(world: World) -> None:
    declare(world.lin)
    keep_centre(world.lin, said=looms(name="新机"))
    page = text_of(browser(world.lin, "zh-hans"), "/capacity/")
    assert "申报空闲时间" in page.split(PRIMARY)[1][:200]

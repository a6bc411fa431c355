"""What would help a late line is asked with one press, all that goes together at once, and the page says how to read it."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from staveworks.foundation.parties.types import Role
from staveworks.mechanisms.dispatch.run_queries import access_plan, access_report, access_run, list_what_ifs
from tests.rooms.dispatch.browsing import browse
from tests.rooms.dispatch.weaving import carried_out, furnish, wove
from tests.seasons import dispatched
from tests.world import World, join, make_person, make_world

MUCH = 20_000
"""Metres: the weaver works hours for them in a week, and lends fewer."""


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    furnish(made)
    return made


def questions(client: Client, run: UUID, line: str = "L-1") -> list[dict[str, Any]]:
    """What the forms of the ways that would help the line would send."""
    page = client.get(reverse("dispatch_line", args=[run]), {"line": line})
    (why,) = html.fromstring(page.content).xpath("//section[@aria-labelledby='why-title']")
    return [_sent(form) for form in why.xpath(".//form")]


def _sent(form: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    return fields


def test_all_hours_of_the_smallest_change_are_asked_together_and_make_the_line(world: World) -> None:
    run, client = wove(world, MUCH, weeks=1), browse(world.gao)
    assert access_plan(world.gao, run)[0].is_rejected.all()
    (smallest,) = questions(client, run)
    assert len(smallest["work_centre"]) == 2, "the weaver's hours and the dyer's"
    assert client.post(reverse("dispatch_ask", args=[run]), smallest).status_code == 302
    (asked,) = list_what_ifs(world.gao, run)
    assert [change["work_centre"] for change in asked.changes] == smallest["work_centre"]
    after, _ = access_plan(world.gao, carried_out(world, asked.id))
    assert not after.is_rejected.any()
    assert not after.is_late.any()


def test_a_later_due_week_is_asked_where_the_run_has_it(world: World) -> None:
    """Where there are about as many hours as lines need, some lines are late and none has to be given up for them."""
    run, client = dispatched(world.gao, load=1.0), browse(world.gao)
    late = [row for row in access_report(world.gao, run)[0]["late"] if row["late"]]
    for row in late:
        dues = [each["due"] for each in questions(client, run, row["line"]) if each["kind"] == ["due"]]
        week = row["due"] + row["late"]
        assert dues == ([[str(week)]] if week < access_run(world.gao, run).buckets else [])
    client.post(
        reverse("dispatch_ask", args=[run]), {"kind": "due", "line": late[0]["line"], "due": 5, "at": "line"}
    )
    (asked,) = list_what_ifs(world.gao, run)
    assert asked.changes == [{"kind": "due", "line": late[0]["line"], "due": 5}]


def test_hours_that_a_week_does_not_have_are_refused_where_they_were_asked(world: World) -> None:
    run, client = wove(world, MUCH, weeks=1), browse(world.gao)
    (smallest,) = questions(client, run)
    page = client.post(reverse("dispatch_ask", args=[run]), smallest | {"hours": ["1", "9999"]})
    (said,) = html.fromstring(page.content).xpath("//*[@id='hours-refused']")
    assert "一台机器一周只有 168 小时" in said.text_content()
    assert page.status_code == 422
    assert not list_what_ifs(world.gao, run)


def test_who_may_only_read_is_asked_nothing(world: World) -> None:
    auditor = join(make_person("审计"), world.operator, Role.AUDITOR)
    assert not questions(browse(auditor), wove(world, MUCH, weeks=1))


@pytest.mark.parametrize(("language", "known", "unknown"), [
    ("zh-hans", "没写的不用加班。", "或者排产不知道那家的开工时间"),
    ("en", "there is none.", "or the dispatch doesn’t know how long the firm works"),
])  # fmt: skip
def test_the_page_says_whether_no_word_of_overtime_means_that_there_is_none(
    world: World, language: str, known: str, unknown: str
) -> None:
    """The registry knows how long firms work; a workbook without the column doesn't."""
    client = browse(world.gao, language)
    by_registry, by_workbook = wove(world, MUCH, weeks=1), dispatched(world.gao, lines=12, load=1.4)
    for run, said, other in ((by_registry, known, unknown), (by_workbook, unknown, known)):
        page = client.get(reverse("dispatch_late", args=[run])).content.decode()
        assert said in page
        assert other not in page

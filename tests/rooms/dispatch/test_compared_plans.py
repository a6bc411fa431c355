"""What the studio tells of a plan beside another one: a what-if, a re-dispatch; and of a run beside the one before it."""

import re
from typing import Any

import numpy as np
import pytest
from django.urls import reverse

from staveworks.mechanisms.dispatch.run_queries import access_plan, access_report
from staveworks.mechanisms.dispatch.usecases.ask_what_if import ask_what_if
from staveworks.mechanisms.dispatch.usecases.redispatch import redispatch
from tests.rooms.dispatch.browsing import browse
from tests.seasons import carried_out, dispatched, queued
from tests.world import World


def test_what_is_newly_late_and_not_made_ties_with_the_counts(world: World) -> None:
    run = dispatched(world.gao, load=1.0)
    before, _ = access_plan(world.gao, run)
    asked = ask_what_if(world.gao, run=run, changes=[{"kind": "close", "firm": "锦澜", "from": 1}])
    carried_out(world.gao, asked)
    after, _ = access_plan(world.gao, asked)
    difference = access_report(world.gao, asked)[0]["difference"]
    ids = before.problem.lines.ids
    for count, more, fewer, was, now in (
        ("late_lines", "become_late", "become_punctual", before.is_late, after.is_late),
        ("rejected_lines", "become_short", "become_whole", before.is_rejected, after.is_rejected),
    ):
        assert difference[count] == len(difference[more]) - len(difference[fewer])
        assert difference[more] == [ids[at] for at in (now & ~was).nonzero()[0]]
    assert difference["become_late"] or difference["become_short"]
    shown = browse(world.gao, "en").get(reverse("dispatch_run", args=[run])).content.decode()
    assert all(line in shown for line in [*difference["become_late"], *difference["become_short"]][:5])


def test_what_was_dispatched_anew_is_compared_with_the_plan_before(world: World) -> None:
    run = dispatched(world.gao, load=0.6)
    anew = redispatch(world.gao, run=run, events=[{"kind": "close", "firm": "锦澜", "from": 2}])
    carried_out(world.gao, anew)
    page = browse(world.gao).get(reverse("dispatch_run", args=[anew]))
    assert "和原方案比" in page.content.decode()
    assert page.context["difference"]["moved"]


def test_an_open_what_if_takes_over_the_next_step(world: World) -> None:
    """pages.md: one primary button; with a question answered it is to accept, whether or not it is proven to save."""
    run = dispatched(world.gao, load=0.6)
    client = browse(world.gao)
    primary = '<button class="btn btn-primary">采用改动</button>'
    assert primary not in client.get(reverse("dispatch_run", args=[run])).content.decode()
    asked = ask_what_if(world.gao, run=run, changes=[{"kind": "close", "firm": "锦澜", "from": 2}])
    carried_out(world.gao, asked)
    assert client.get(reverse("dispatch_run", args=[run])).content.decode().count(primary) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"kind": "hours", "operation": "dyeing", "city": "柯桥", "bucket": 1, "hours": -99999},
            "那一周只有",
        ),
        ({"kind": "hours", "operation": "dyeing", "city": "柯桥", "bucket": 1, "hours": "x"}, "数字"),
    ],
)
def test_more_hours_than_there_are_can_not_be_taken(world: World, change: dict[str, Any], said: str) -> None:
    run = dispatched(world.gao, lines=12)
    refused = browse(world.gao).post(reverse("dispatch_ask", args=[run]), change)
    assert refused.status_code == 422
    assert said in refused.content.decode()


def test_a_week_has_no_more_hours_than_its_machines(world: World) -> None:
    """Refused beyond, with what fits; and what fits is shared out so that no work centre gets more than a week has."""
    run = dispatched(world.gao, lines=12)
    change = {"kind": "hours", "operation": "dyeing", "city": "柯桥", "bucket": 1, "hours": 99_999}
    refused = browse(world.gao).post(reverse("dispatch_ask", args=[run]), change)
    assert refused.status_code == 422
    found = re.search(r"那里那一周最多还能加 ([\d,.]+) 小时", refused.content.decode())
    assert found
    room = float(found[1].replace(",", ""))
    asked = ask_what_if(world.gao, run=run, changes=[{**change, "hours": int(room)}])
    carried_out(world.gao, asked)
    before, after = (access_plan(world.gao, each)[0].problem.work_centres for each in (run, asked))
    most = 168 * np.maximum(1, np.ceil(before.hours.max(axis=1) / 168))
    assert (after.hours.max(axis=1) <= most + 1e-6).all()
    assert float((after.hours - before.hours).sum()) == pytest.approx(int(room))


def test_a_run_under_way_says_how_long_the_last_one_took_and_its_heading_no_state_that_passes(
    world: World,
) -> None:
    client = browse(world.gao, "en")
    first = queued(world.gao, lines=12)
    assert (
        "The last one of about this size"
        not in client.get(reverse("dispatch_state", args=[first])).content.decode()
    )
    carried_out(world.gao, first)
    page = client.get(reverse("dispatch_run", args=[queued(world.gao, lines=12)])).content.decode()
    assert "The last one of about this size took" in page
    assert "queued" not in page

"""The demo is made through use cases, the same each time, marked, and goes without a trace but its events."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import uscc

from staveworks import demo
from staveworks.db.transaction import acting
from staveworks.demo.firms import draw_firms
from staveworks.foundation.eventlog.usecases.seal_events import seal_events
from staveworks.foundation.eventlog.usecases.verify_chain import verify_chain
from staveworks.foundation.parties.models import Organisation, Person
from staveworks.foundation.parties.usecases.found_operator import found_operator
from staveworks.foundation.parties.usecases.make_operator_link import make_operator_link
from staveworks.foundation.rosters.models import Roster

make_module = importlib.import_module("staveworks.demo.make")


@pytest.fixture
def small(committed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo of nine firms and four organisations, so that the test takes seconds."""
    world = demo.world()
    for city in world["cities"]:
        city["firms"] = 3
    world["organisations"] = world["organisations"][:4]
    monkeypatch.setattr(make_module, "world", lambda: world)
    monkeypatch.setattr("staveworks.demo.lists.KNOWN", 3)
    monkeypatch.setattr("staveworks.demo.joining.CLAIMED", 2)
    found_operator()


def test_the_same_seed_draws_the_same_firms_with_valid_codes_and_no_name_twice() -> None:
    firms = draw_firms(demo.world(), 2026)
    assert firms == draw_firms(demo.world(), 2026)
    assert firms != draw_firms(demo.world(), 2027)
    assert all(uscc.is_valid(firm.uscc) for firm in firms)
    assert len({firm.name for firm in firms}) == len({firm.uscc for firm in firms}) == len(firms)


def test_the_demo_is_made_once_and_removed_to_the_last_row(small: None, tmp_path: Path) -> None:
    anchor = tmp_path / "cloud.json"
    real = Organisation.objects.count()
    demo.make()
    made = Organisation.objects.filter(demo=True).count()
    assert made >= 13
    demo.make()
    assert Organisation.objects.filter(demo=True).count() == made, "a second time does nothing"
    assert make_operator_link() is not None, "the demo's people don't count as the operator's first person"
    assert demo.remove() > made
    assert not demo.is_made()
    assert Organisation.objects.count() == real
    assert not Person.objects.filter(demo=True).exists()
    with acting(org=found_operator()):
        assert not Roster.objects.exists()
    seal_events(node="cloud", anchor_path=anchor)
    assert verify_chain(node="cloud", anchor_path=anchor).ok, "the events stay, and the chain with them"


def test_real_firms_survive_the_removal_and_stay_guarded(small: None) -> None:
    demo.make()
    from tests.world import make_firm

    real = make_firm("真织造厂")
    demo.remove()
    assert Organisation.objects.filter(id=real.id).exists()
    from staveworks.foundation.parties.models import Profile

    assert not Profile.objects.exists(), "the policies are back in force"


def test_a_demo_that_was_cut_short_is_made_anew(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(make_module, "import_newcomers", killed)
    with pytest.raises(KeyboardInterrupt):
        demo.make()
    assert not demo.is_made()
    monkeypatch.undo()
    monkeypatch.setattr("staveworks.demo.lists.KNOWN", 3)
    world = demo.world()
    world["cities"], world["organisations"] = world["cities"][:2], world["organisations"][:1]
    for city in world["cities"]:
        city["firms"] = 3
    monkeypatch.setattr(make_module, "world", lambda: world)
    demo.make()
    assert demo.is_made()

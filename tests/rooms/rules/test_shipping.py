"""A release ships versions of rules: first ones where there is none, new ones where the shipped one still stands."""

from dataclasses import replace

import pytest
from django.db import connections
from django.utils import timezone

from staveworks.foundation.rules import shipping
from staveworks.foundation.rules.catalogue import rule_kinds
from staveworks.foundation.rules.queries import list_versions
from staveworks.foundation.rules.shipping import Renew, Ship
from staveworks.foundation.rules.types import RuleVersion
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule
from staveworks.kit.text import Text
from tests.world import make_world

QUOTA = "files.quota"
NEW = replace(rule_kinds()[QUOTA], text=Text(zh="新的说法", en="New words"), first={"organisation_mb": 7})
pytestmark = pytest.mark.usefixtures("committed")


def migrate(operation: Ship) -> None:
    with connections["owner"].schema_editor() as editor:
        operation.database_forwards("rules", editor, None, None)


def versions() -> list[RuleVersion]:
    return sorted(list_versions(QUOTA)[1], key=lambda version: version.number)


def numbers() -> list[int]:
    return [version.number for version in versions()]


def test_what_ships_unchanged_adds_nothing() -> None:
    migrate(Ship())
    migrate(Renew(*rule_kinds()))
    assert numbers() == [1]


def test_a_new_wording_and_value_are_a_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipping, "rule_kinds", lambda: {QUOTA: NEW})
    migrate(Ship())
    assert numbers() == [1], "it has its first one already"
    migrate(Renew("retention"))
    assert numbers() == [1], "another rule is meant"
    migrate(Renew(QUOTA))
    newest = versions()[-1]
    assert (newest.number, newest.text, newest.value) == (2, NEW.text, NEW.first)
    migrate(Renew(QUOTA))
    assert len(numbers()) == 2, "once is enough"


def test_what_the_cluster_adopted_itself_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Text(zh="三千兆", en="Three thousand megabytes")
    adopt_rule(
        make_world().gao,
        code=QUOTA,
        value={"organisation_mb": 3000},
        text=words,
        from_date=timezone.localdate(),
    )
    monkeypatch.setattr(shipping, "rule_kinds", lambda: {QUOTA: NEW})
    migrate(Renew(QUOTA))
    assert numbers() == [1, 2]

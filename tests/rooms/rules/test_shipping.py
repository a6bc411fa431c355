"""A release ships versions of rules: first ones where there is none, new ones where the shipped one still stands."""

from dataclasses import replace

import pytest
from django.db import connections
from django.utils import timezone

from staveworks.foundation.rules import shipping
from staveworks.foundation.rules.catalogue import rule_kinds
from staveworks.foundation.rules.models import Version
from staveworks.foundation.rules.queries import list_versions
from staveworks.foundation.rules.shipping import Renew, Ship
from staveworks.foundation.rules.types import RuleKind, RuleUnknown, RuleVersion
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule
from staveworks.kit.text import Text
from tests.world import make_world

QUOTA = "files.quota"
NEW = replace(rule_kinds()[QUOTA], text=Text(zh="新的说法", en="New words"), first={"organisation_mb": 7})
pytestmark = pytest.mark.usefixtures("committed")


def shipped(monkeypatch: pytest.MonkeyPatch, kind: RuleKind = NEW) -> None:
    """A release with this rule, beside the others."""
    kinds = {**rule_kinds(), kind.code: kind}
    monkeypatch.setattr(shipping, "rule_kinds", lambda: kinds)
    monkeypatch.setattr(shipping, "rule_kind", kinds.__getitem__)


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
    shipped(monkeypatch)
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
    shipped(monkeypatch)
    migrate(Renew(QUOTA))
    assert numbers() == [1, 2]


def test_a_rule_that_is_new_gets_its_first_version_from_the_beginning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shipped(monkeypatch, replace(NEW, code="files.new"))
    migrate(Ship())
    newest = Version.objects.get(code="files.new")
    assert (newest.number, newest.value, newest.basis) == (1, NEW.first, "shipped")
    assert (newest.during.lower, newest.during.upper) == (None, None)


def test_a_code_that_no_rule_has_is_told() -> None:
    with pytest.raises(RuleUnknown):
        migrate(Renew("files.quta"))

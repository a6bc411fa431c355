"""Rules are dated: the version that held at an event's time, what comes, what never may be."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from staveworks.foundation import rules
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor, RightMissing
from staveworks.foundation.rules.catalogue import rule_kinds
from staveworks.foundation.rules.domain import check_value
from staveworks.foundation.rules.models import Version
from staveworks.foundation.rules.queries import list_rules, list_versions, rule_in_force
from staveworks.foundation.rules.types import (
    NothingChanged,
    RuleDateInvalid,
    RuleTextMissing,
    RuleUnknown,
    RuleValueInvalid,
    RuleVersion,
)
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule, preview_rule
from staveworks.kit.text import Text
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import World, make_world

QUOTA, WORDS = "files.quota", Text(zh="三千兆", en="Three thousand megabytes")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def adopt(world: World, megabytes: int, days: int = 0) -> None:
    day = timezone.localdate() + timedelta(days=days)
    adopt_rule(world.gao, code=QUOTA, value={"organisation_mb": megabytes}, text=WORDS, from_date=day)


def test_every_shipped_rule_fits_its_own_schema_and_has_a_first_version(db: None) -> None:
    for kind in rule_kinds().values():
        Draft202012Validator.check_schema(kind.schema)
        check_value(kind, kind.first)
        assert rule_in_force(kind.code).number == 1
        assert all(entry.name.zh and entry.name.en for entry in kind.entries)
    assert len(list_rules()) == len(rule_kinds()) >= 5


def test_the_version_at_the_events_time_is_read_not_the_newest(world: World) -> None:
    before = timezone.now()
    adopt(world, 3000)
    adopt(world, 4000, days=9)
    assert rule_in_force(QUOTA).value == {"organisation_mb": 3000}
    assert rule_in_force(QUOTA).label == "files.quota/2"
    assert rule_in_force(QUOTA, before).value == {"organisation_mb": 2000}
    assert rule_in_force(QUOTA, before + timedelta(days=10)).value == {"organisation_mb": 4000}
    [(held, coming)] = [(held, coming) for kind, held, coming in list_rules() if kind.code == QUOTA]
    assert (held.number, coming.number if coming else None) == (2, 3)


def test_a_version_that_was_to_come_is_replaced_and_its_number_stays_used(world: World) -> None:
    adopt(world, 4000, days=9)
    adopt(world, 5000, days=3)
    assert [version.superseded for version in list_versions(QUOTA)[1]] == [False, True, False]
    assert rule_in_force(QUOTA, timezone.now() + timedelta(days=30)).value == {"organisation_mb": 5000}
    assert rule_in_force(QUOTA).number == 1


def test_what_may_not_be_adopted(world: World) -> None:
    today, value = timezone.localdate(), {"organisation_mb": 3000}
    with pytest.raises(RightMissing):
        adopt_rule(world.shen, code=QUOTA, value=value, text=WORDS, from_date=today)
    with pytest.raises(RightMissing):
        adopt_rule(world.lin, code=QUOTA, value=value, text=WORDS, from_date=today)
    for bad in ({}, {"organisation_mb": 1}, {"organisation_mb": "3000"}, value | {"more": 1}):
        with pytest.raises(RuleValueInvalid):
            adopt_rule(world.gao, code=QUOTA, value=bad, text=WORDS, from_date=today)
    with pytest.raises(RuleDateInvalid):
        adopt_rule(world.gao, code=QUOTA, value=value, text=WORDS, from_date=today - timedelta(days=1))
    with pytest.raises(RuleTextMissing):
        adopt_rule(world.gao, code=QUOTA, value=value, text=Text(zh="三千", en=" "), from_date=today)
    with pytest.raises(RuleUnknown):
        adopt_rule(world.gao, code="no.such", value=value, text=WORDS, from_date=today)
    held = rule_in_force(QUOTA)
    with pytest.raises(NothingChanged):
        adopt_rule(world.gao, code=QUOTA, value=held.value, text=held.text, from_date=today)
    assert held.number == 1
    adopt_rule(world.gao, code=QUOTA, value=value, text=WORDS, from_date=today)
    assert rule_in_force(QUOTA).number == 2


def test_a_preview_names_what_differs_and_writes_nothing(world: World) -> None:
    changes = preview_rule(
        world.gao,
        code="retention",
        value=rule_in_force("retention").value | {"messages": 100},
        text=WORDS,
        from_date=timezone.localdate(),
    )
    assert [(change.entry.code, change.before, change.after) for change in changes] == [
        ("messages", 365, 100)
    ]
    assert rule_in_force("retention").number == 1


def test_the_database_keeps_versions_as_they_are(world: World) -> None:
    adopt(world, 3000)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Version.objects.filter(code=QUOTA).update(value={})
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Version.objects.filter(code=QUOTA).delete()
    early = timezone.now() - timedelta(days=1)
    with pytest.raises(IntegrityError, match="never reaches back"), transaction.atomic():
        Version.objects.create(code=QUOTA, text_zh="x", text_en="x", value={}, during=(early, None))


def test_not_even_the_owner_of_the_tables_rewrites_or_overlaps_a_version(committed: Clone) -> None:
    adopt(make_world(), 3000)
    with psycopg.connect(committed.urls.owner, autocommit=True) as owner:
        for statement in (
            "UPDATE rules_version SET value = '{}'",
            "UPDATE rules_version SET during = tstzrange(NULL, NULL)",
            "DELETE FROM rules_version",
            "TRUNCATE rules_version",
        ):
            with pytest.raises(psycopg.errors.CheckViolation, match="append-only"):
                owner.execute(statement)
    with psycopg.connect(committed.urls.superuser) as superuser:
        superuser.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.ExclusionViolation):
            superuser.execute(
                "UPDATE rules_version SET during = tstzrange(NULL, NULL) WHERE code = 'files.quota'"
            )


def overtaken(clone: Clone, world: World) -> list[RuleVersion]:
    """The quota's versions, newest first: 3000 was adopted while 4000, whose statement had begun before, waited for its turn."""
    waiting = Thread(target=lambda: at_once(lambda: adopt(world, 4000)))
    with (
        psycopg.connect(clone.urls.app) as first,
        psycopg.connect(clone.urls.superuser, autocommit=True) as eye,
    ):
        first.execute(f"SELECT pg_advisory_xact_lock(hashtextextended('rules:{QUOTA}', 0))")
        waiting.start()
        while not eye.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        ).fetchone():
            assert waiting.is_alive()
        first.execute(
            "INSERT INTO rules_version (id, code, text_zh, text_en, value, during, basis)"
            " VALUES (gen_random_uuid(), %s, 'x', 'x', '{\"organisation_mb\": 3000}', tstzrange(NULL, NULL), 'operator')",
            [QUOTA],
        )
        first.commit()
    waiting.join()
    return list_versions(QUOTA)[1]


def test_whoever_waited_for_her_turn_follows_the_one_before(committed: Clone) -> None:
    versions = overtaken(committed, make_world())
    assert [version.value["organisation_mb"] for version in versions] == [4000, 3000, 2000]
    assert not any(version.superseded for version in versions)
    assert all(later.since == earlier.until for later, earlier in pairwise(versions))
    assert versions[0].until is None


def test_control_by_the_time_of_her_statement_she_would_wipe_out_the_one_before(committed: Clone) -> None:
    former = (Path(rules.__file__).parent / "sql" / "guards.sql").read_text(encoding="utf-8")
    function = former[former.index("FUNCTION rules_version_adopted") : former.index("CREATE TRIGGER")]
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute(f"CREATE OR REPLACE {function}")
    assert [version.superseded for version in overtaken(committed, make_world())] == [False, True, False]


def test_a_version_begins_after_the_latest_though_the_clock_was_set_back(committed: Clone) -> None:
    world = make_world()
    adopt(world, 3000)
    with psycopg.connect(committed.urls.superuser) as superuser:
        superuser.execute("SET session_replication_role = replica")
        for number in (2, 1):
            superuser.execute(
                "UPDATE rules_version SET adopted_at = adopted_at + interval '1 hour',"
                " during = tstzrange(lower(during) + interval '1 hour', upper(during) + interval '1 hour')"
                " WHERE code = %s AND number = %s",
                [QUOTA, number],
            )
    adopt(world, 4000)
    newest, before, _ = list_versions(QUOTA)[1]
    assert not before.superseded
    assert newest.since == before.until > before.since


def test_four_adopted_at_once_follow_each_other(committed: Clone) -> None:
    world = make_world()
    results = at_once(*(lambda mb=mb: adopt(world, mb) for mb in (3000, 4000, 5000, 6000)))
    assert results == [None] * 4
    _, versions = list_versions(QUOTA)
    assert [version.number for version in versions] == [5, 4, 3, 2, 1]
    assert [version.until is None for version in versions] == [True, False, False, False, False]
    assert all(later.since == earlier.until for later, earlier in pairwise(versions))


def test_the_operator_previews_and_adopts_on_a_page_and_everybody_reads_it(world: World) -> None:
    def page_of(actor: Actor) -> Client:
        client = Client()
        client.force_login(
            Person.objects.get(id=actor.person_id),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        return client

    gao, lin = page_of(world.gao), page_of(world.lin)
    form = {
        "value_organisation_mb": "3000",
        "from_date": timezone.localdate().isoformat(),
        "text_zh": "三千",
        "text_en": "Three",
    }
    shown = gao.post(f"/rules/{QUOTA}/adopt/", form)
    assert shown.status_code == 200
    assert "3,000 MB" in shown.content.decode()
    assert rule_in_force(QUOTA).number == 1
    assert gao.post(f"/rules/{QUOTA}/adopt/", form | {"adopt": "1"})["Location"] == f"/rules/{QUOTA}/"
    assert "3,000 MB" in lin.get(f"/rules/{QUOTA}/").content.decode()
    assert "3,000 MB" in lin.get("/rules/").content.decode()
    assert f"/rules/{QUOTA}/adopt/" not in lin.get(f"/rules/{QUOTA}/").content.decode()
    assert lin.get(f"/rules/{QUOTA}/adopt/").status_code == 403
    refused = gao.post(f"/rules/{QUOTA}/adopt/", form | {"value_organisation_mb": "1"})
    assert refused.status_code == 422

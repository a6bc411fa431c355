"""Invariant 31, retention: what is due goes and nothing else, again nothing more; the chain verifies and the operator reads how much."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.usersessions.models import UserSession
from django.utils import timezone

from staveworks.foundation.eventlog.models import Event, IdempotencyKey
from staveworks.foundation.eventlog.usecases.answer_once import Answer, Asked, answer_once
from staveworks.foundation.facts.models import Read, Reading
from staveworks.foundation.files.models import StoredFile
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.notices.models import Message
from staveworks.foundation.notices.usecases.send_message import send_message
from staveworks.foundation.outreach.models import Call
from staveworks.foundation.outreach.types import CallOutcome
from staveworks.foundation.outreach.usecases.note_call import note_call
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import Claim, Invitation, Person, Profile
from staveworks.foundation.parties.types import Actor, Role
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.foundation.rosters.models import Roster
from staveworks.foundation.rosters.storage import stored_path
from staveworks.foundation.rosters.usecases.discard_roster import discard_roster
from staveworks.foundation.rosters.usecases.forget_files import forget_files_of
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule
from staveworks.jobs.retention import apply_retention
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.models import TrainingCertificate
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.mechanisms.dispatch.models import CapacityLook, CapacityReading
from tests.booking import LOOM
from tests.database import Clone
from tests.invariants.test_31_erasure import verified
from tests.ordering import certified
from tests.world import World, join, make_firm, make_person, make_world

DAYS = {
    "booking_training_certificate": ("valid_until", 730),
    "dispatch_reading": ("at", 730),
    "eventlog_idempotency_key": ("at", 90),
    "facts_reading": ("at", 730),
    "files_stored_file": ("uploaded_at", 180),
    "notices_message": ("created_at", 365),
    "outreach_call": ("at", 365),
    "parties_claim": ("decided_at", 365),
    "parties_invitation": ("expires_at", 90),
    "parties_organisation": ("created_at", 1095),
    "rosters_roster": ("uploaded_at", 90),
    "usersessions_usersession": ("last_seen_at", 30),
}
"""Table → its date, and the days of the rule as it ships."""


def one_of_each(world: World, url: str, mark: str, folder: Path) -> None:
    """One row of every kind that the rule names."""
    person = make_person(f"何{mark}", email=f"{mark}@he.example")
    asked = Asked(world.chunhui.id, None, "POST /x", mark, b"x" * 32)
    answer_once(asked, lambda: Answer(201, "{}"))
    reading, look = new_id(), new_id()
    with psycopg.connect(url) as server:
        server.execute("SET session_replication_role = replica")
        server.execute(
            "INSERT INTO facts_reading (id, org_id, purpose, fields, door, aggregate, firms, at) "
            "VALUES (%s, %s, 'supply', '{level}', 'web', false, 1, now())",
            [reading, world.operator.id],
        )
        server.execute(
            "INSERT INTO facts_read (reading_id, org_id, reader_org_id, purpose, fields, door, at) "
            "VALUES (%s, %s, %s, 'supply', '{level}', 'web', now())",
            [reading, world.chunhui.id, world.operator.id],
        )
        server.execute(
            "INSERT INTO dispatch_reading (id, org_id, scope, place, firms, at) VALUES (%s, %s, 'dispatch', '', 1, now())",
            [look, world.operator.id],
        )
        server.execute(
            "INSERT INTO dispatch_look (reading_id, org_id, reader_org_id, scope, at) VALUES (%s, %s, %s, 'dispatch', now())",
            [look, world.chunhui.id, world.operator.id],
        )
    (folder / "a.csv").write_text(f"企业名称\n{mark}厂\n", encoding="utf-8")
    upload_roster(world.gao, path=folder / "a.csv", name="a.csv")
    store_file(world.lin, name="a.pdf", content=b"%PDF-1.7 " + mark.encode())
    send_message(world.lin, to=world.lin.person, template="account.test", key=mark, params={"channel": "x"})
    note_call(world.gao, firm=world.qinghe.id, outcome=CallOutcome.REACHED, note=f"备注 {mark}")
    start_claim(Actor(person.id, None), org_id=world.qinghe.id, method="letter")
    invite_person(world.lin, role=Role.VIEWER, contact=Contact("email", f"{mark}@new.example"))
    provider = join(make_person(f"培训员{mark}"), make_firm(f"培训中心{mark}"), Role.OWNER)
    bookable = register_bookable(provider, details=LOOM)
    certified(provider, world.lin, str(bookable))
    UserSession.objects.create(
        user_id=person.id, ip="192.0.2.7", user_agent="x", session_key=mark.ljust(32, "x")
    )


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


def age(url: str, *, over: bool) -> None:
    """Every row there is becomes a day older than the rule allows, or stays a day younger."""
    with psycopg.connect(url) as server:
        server.execute("SET session_replication_role = replica")
        server.execute(
            "UPDATE parties_claim SET state = 'withdrawn', decided_at = now() WHERE state = 'open'"
        )
        server.execute("UPDATE booking_training_certificate SET valid_from = '2020-01-01'")
        for table, (column, days) in DAYS.items():
            shift = days + 1 if over else days - 1
            server.execute(f"UPDATE {table} SET {column} = now() - interval '{shift} days'")
        for seen, reading in (("facts_read", "facts_reading"), ("dispatch_look", "dispatch_reading")):
            server.execute(f"UPDATE {seen} r SET at = g.at FROM {reading} g WHERE g.id = r.reading_id")


def left() -> dict[str, int]:
    cross: Any = "cross"
    return {
        "messages": Message.objects.using(cross).filter(forgotten_at=None).count(),
        "uploads": StoredFile.objects.using(cross).count(),
        "readings": Reading.objects.using(cross).count() + Read.objects.using(cross).count(),
        "looks": CapacityReading.objects.using(cross).count() + CapacityLook.objects.using(cross).count(),
        "invitations": Invitation.objects.using(cross).count(),
        "claims": Claim.objects.using(cross).count(),
        "sessions": UserSession.objects.count(),
        "answers": IdempotencyKey.objects.using(cross).exclude(answer={}).count(),
        "calls": Call.objects.using(cross).exclude(note="").count(),
        "lists": Roster.objects.using(cross).filter(forgotten_at=None).count(),
        "certificates": TrainingCertificate.objects.using(cross).exclude(name="", contact="").count(),
        "contacts": Profile.objects.using(cross).exclude(phones=[]).count(),
    }


def test_what_is_due_goes_once_and_the_chain_verifies(committed: Clone, world: World, tmp_path: Path) -> None:
    one_of_each(world, committed.urls.superuser, "old", tmp_path)
    before = left()
    assert all(before.values()), before
    age(committed.urls.superuser, over=False)
    assert apply_retention() == {}, "nothing is due a day before"
    assert left() == before
    assert verified(tmp_path)
    age(committed.urls.superuser, over=True)
    counts = apply_retention()
    assert set(counts) == set(before) - {"looks"}, "they are readings"
    assert left() == dict.fromkeys(before, 0)
    assert apply_retention() == {}
    assert verified(tmp_path)
    [event] = Event.objects.using("cross").filter(type="retention.applied")
    assert (event.org_id, event.data["total"]) == (world.operator.id, sum(counts.values()))
    assert event.data["rule"].startswith("retention/")
    assert Person.objects.filter(id=world.lin.person, phone__isnull=False).exists(), "people stay"


def test_what_is_not_old_stays(committed: Clone, world: World, tmp_path: Path) -> None:
    one_of_each(world, committed.urls.superuser, "old", tmp_path)
    age(committed.urls.superuser, over=True)
    one_of_each(world, committed.urls.superuser, "new", tmp_path)
    apply_retention()
    assert all(count >= 1 for kind, count in left().items() if kind != "contacts"), left()


def test_a_newer_version_of_the_rule_decides(committed: Clone, world: World, tmp_path: Path) -> None:
    one_of_each(world, committed.urls.superuser, "old", tmp_path)
    age(committed.urls.superuser, over=True)
    value = {
        "messages": 3650, "uploads": 3650, "readings": 3650, "invitations": 3650, "claims": 3650,
        "sessions": 365, "answers": 3650, "calls": 30, "contacts": 3650, "lists": 3650, "certificates": 3650,
    }  # fmt: skip
    adopt_rule(
        world.gao,
        code="retention",
        value=value,
        text=Text(zh="长", en="Long"),
        from_date=timezone.localdate(),
    )
    assert apply_retention() == {"calls": 1}


def test_the_log_of_readings_keeps_its_floor(committed: Clone, world: World, tmp_path: Path) -> None:
    one_of_each(world, committed.urls.superuser, "old", tmp_path)
    for table in ("facts_read", "facts_reading", "dispatch_look", "dispatch_reading"):
        with psycopg.connect(committed.urls.cross) as cross, pytest.raises(psycopg.errors.CheckViolation):
            cross.execute(f"DELETE FROM {table}")


def test_bytes_stay_while_another_list_names_them_and_come_back_with_the_same_list(
    committed: Clone, world: World, tmp_path: Path
) -> None:
    (tmp_path / "名册.csv").write_text("企业名称\n钱记布行\n", encoding="utf-8")
    first, second = (upload_roster(world.gao, path=tmp_path / "名册.csv", name="名册.csv") for _ in range(2))
    digest = Roster.objects.using("cross").values_list("digest", flat=True).get(id=first.id)
    path = stored_path(world.operator.id, digest)
    with psycopg.connect(committed.urls.superuser) as server:
        server.execute(
            "UPDATE rosters_roster SET uploaded_at = now() - interval '91 days' WHERE id = %s", [first.id]
        )
    assert apply_retention() == {"lists": 1}
    assert path.exists(), "the second list still names them"
    assert not forget_files_of(world.operator.id, digest), "it is yet to be imported"
    discard_roster(world.gao, roster=second.id)
    assert forget_files_of(world.operator.id, digest)
    assert not path.exists()
    upload_roster(world.gao, path=tmp_path / "名册.csv", name="名册.csv")
    assert path.exists()

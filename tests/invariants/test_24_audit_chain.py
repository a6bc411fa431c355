"""Invariant 24: the event chain names the first row that was changed, and a deleted tail can't hide."""

from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.types import ChainBroken
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.eventlog.usecases.seal_events import seal_events
from staveworks.foundation.eventlog.usecases.verify_chain import anchor_anew, verify_chain
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id

LOOM, DYER = Actor(new_id(), new_id()), Actor(new_id(), new_id())
AS_SUPERUSER = "SET session_replication_role = replica"


@pytest.fixture
def anchor(tmp_path: Path) -> Path:
    return tmp_path / "seals" / "cloud.json"


def append(actor: Actor, type: str = "thing.done") -> UUID:
    with acting(org=actor.org_id, person=actor.person_id):
        return append_event(actor, type, subject=new_id(), count=1)


def tamper(committed: Any, statement: str, *values: object) -> None:
    with psycopg.connect(committed.urls.superuser) as connection:
        connection.execute(AS_SUPERUSER)
        connection.execute(statement, values)


@pytest.fixture
def chain(committed: Any, anchor: Path) -> list[UUID]:
    """Six events of two organisations that take turns, sealed."""
    events = [append(actor) for actor in (LOOM, DYER) * 3]
    assert seal_events(node="cloud", anchor_path=anchor) == 6
    return events


def test_an_untouched_chain_of_interleaved_organisations_verifies(chain: list[UUID], anchor: Path) -> None:
    found = verify_chain(node="cloud", anchor_path=anchor)
    assert (found.ok, found.sealed, found.unsealed) == (True, 6, 0)


def test_the_unsealed_rest_is_counted_with_its_age(chain: list[UUID], anchor: Path) -> None:
    append(LOOM)
    found = verify_chain(node="cloud", anchor_path=anchor)
    assert found.ok
    assert found.unsealed == 1
    assert found.oldest_unsealed_s is not None
    assert found.oldest_unsealed_s >= 0


def test_a_flipped_byte_is_found_and_the_row_named(committed: Any, chain: list[UUID], anchor: Path) -> None:
    tamper(committed, "UPDATE eventlog_event SET type = 'thing.dome' WHERE id = %s", chain[2])
    fault = verify_chain(node="cloud", anchor_path=anchor).fault
    assert fault is not None
    assert (fault.number, fault.event_id) == (3, chain[2])


def test_a_deleted_event_is_found(committed: Any, chain: list[UUID], anchor: Path) -> None:
    tamper(committed, "DELETE FROM eventlog_event WHERE id = %s", chain[3])
    fault = verify_chain(node="cloud", anchor_path=anchor).fault
    assert fault is not None
    assert fault.event_id == chain[3]


def test_a_deleted_tail_is_found_by_the_anchor_outside(
    committed: Any, chain: list[UUID], anchor: Path
) -> None:
    tamper(committed, "DELETE FROM eventlog_seal WHERE number > 4")
    tamper(committed, "DELETE FROM eventlog_event WHERE id = ANY(%s)", chain[4:])
    fault = verify_chain(node="cloud", anchor_path=anchor).fault
    assert fault is not None
    assert fault.number == 6
    anchor_anew(node="cloud", anchor_path=anchor)
    assert verify_chain(node="cloud", anchor_path=anchor).ok, (
        "the control: with a forged anchor the deleted tail hides"
    )


def test_sealing_on_does_not_cover_a_deleted_tail(committed: Any, chain: list[UUID], anchor: Path) -> None:
    tamper(committed, "DELETE FROM eventlog_seal WHERE number > 4")
    tamper(committed, "DELETE FROM eventlog_event WHERE id = ANY(%s)", chain[4:])
    append(LOOM)
    with pytest.raises(ChainBroken):
        seal_events(node="cloud", anchor_path=anchor)
    assert not verify_chain(node="cloud", anchor_path=anchor).ok


def test_a_lost_anchor_is_a_fault_until_somebody_keeps_a_new_one(chain: list[UUID], anchor: Path) -> None:
    anchor.unlink()
    assert not verify_chain(node="cloud", anchor_path=anchor).ok
    append(LOOM)
    with pytest.raises(ChainBroken):
        seal_events(node="cloud", anchor_path=anchor)
    anchor_anew(node="cloud", anchor_path=anchor)
    assert seal_events(node="cloud", anchor_path=anchor) == 1
    assert verify_chain(node="cloud", anchor_path=anchor).ok


def test_a_crash_between_sealing_and_the_anchor_is_no_fault(chain: list[UUID], anchor: Path) -> None:
    before = anchor.read_text()
    append(LOOM)
    seal_events(node="cloud", anchor_path=anchor)
    anchor.write_text(before)
    assert verify_chain(node="cloud", anchor_path=anchor).ok
    append(DYER)
    assert seal_events(node="cloud", anchor_path=anchor) == 1


def test_a_chain_resealed_by_a_forger_differs_from_the_anchor(
    committed: Any, chain: list[UUID], anchor: Path, tmp_path: Path
) -> None:
    tamper(committed, "UPDATE eventlog_event SET type = 'thing.dome' WHERE id = %s", chain[1])
    tamper(committed, "DELETE FROM eventlog_seal")
    seal_events(node="cloud", anchor_path=tmp_path / "forged.json")
    fault = verify_chain(node="cloud", anchor_path=anchor).fault
    assert fault is not None
    assert fault.number == 6


def plant(committed: Any, xid: int) -> UUID:
    """An event written by hand into a place of the log."""
    planted = new_id()
    tamper(
        committed,
        "INSERT INTO eventlog_event (id, org_id, type, subject_id, data, at, xid) "
        "VALUES (%s, %s, 'thing.done', %s, '{}', now() - interval '30 days', %s::text::xid8)",
        planted,
        LOOM.org_id,
        new_id(),
        str(xid),
    )
    return planted


@pytest.mark.parametrize("xid", [3, 10**12])
def test_an_event_planted_where_the_sealer_never_comes_is_found(
    committed: Any, chain: list[UUID], anchor: Path, xid: int
) -> None:
    """Before what is sealed, or under the number of a transaction that has not begun: it would stay unsealed for ever."""
    planted = plant(committed, xid)
    assert seal_events(node="cloud", anchor_path=anchor) == 0
    found = verify_chain(node="cloud", anchor_path=anchor)
    assert found.unsealed == 1
    assert found.fault is not None
    assert found.fault.event_id == planted


def test_what_waits_for_a_long_transaction_is_no_fault(
    committed: Any, chain: list[UUID], anchor: Path
) -> None:
    with psycopg.connect(committed.urls.app) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        append(DYER)
        assert seal_events(node="cloud", anchor_path=anchor) == 0
        found = verify_chain(node="cloud", anchor_path=anchor)
        assert (found.ok, found.unsealed) == (True, 1)


def test_a_gap_is_found(committed: Any, chain: list[UUID], anchor: Path) -> None:
    tamper(committed, "DELETE FROM eventlog_seal WHERE number = 2")
    fault = verify_chain(node="cloud", anchor_path=anchor).fault
    assert fault is not None
    assert fault.number == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE eventlog_event SET type = 'x'",
        "DELETE FROM eventlog_event",
        "TRUNCATE eventlog_event",
        "DELETE FROM eventlog_seal",
    ],
)
def test_the_application_can_append_but_never_change(
    committed: Any, chain: list[UUID], statement: str
) -> None:
    with (
        psycopg.connect(committed.urls.app) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_even_the_owner_is_stopped_by_the_trigger(committed: Any, chain: list[UUID]) -> None:
    with psycopg.connect(committed.urls.owner) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("TRUNCATE eventlog_event")


def test_an_event_of_a_transaction_still_open_is_sealed_later_not_lost(committed: Any, anchor: Path) -> None:
    """The trap of polling by ``seq > last``: a slow writer's lower number would be passed over."""
    with psycopg.connect(committed.urls.app) as slow:
        slow.execute("SELECT set_config('app.org', %s, false)", [str(LOOM.org_id)])
        slow.execute(
            "INSERT INTO eventlog_event (id, org_id, type, subject_id, data) VALUES (%s, %s, 'slow.done', %s, '{}')",
            [new_id(), LOOM.org_id, new_id()],
        )
        append(DYER)
        assert seal_events(node="cloud", anchor_path=anchor) == 0, (
            "nothing younger than an open transaction is sealed"
        )
        slow.commit()
    assert seal_events(node="cloud", anchor_path=anchor) == 2
    assert verify_chain(node="cloud", anchor_path=anchor).ok


def test_an_event_outside_of_a_transaction_is_refused(committed: Any) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        append_event(LOOM, "thing.done", subject=new_id())


def test_effect_and_event_vanish_together_when_the_use_case_fails(committed: Any, anchor: Path) -> None:
    """Invariant 25: a crash between effect and commit leaves neither."""

    class Crashed(Exception):
        pass

    def crash_after_the_event() -> None:
        with acting(org=LOOM.org_id):
            append_event(LOOM, "thing.done", subject=new_id())
            raise Crashed

    with pytest.raises(Crashed):
        crash_after_the_event()
    assert verify_chain(node="cloud", anchor_path=anchor).unsealed == 0

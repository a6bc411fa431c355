"""The arithmetic of the chain: a digest per event, a hash per link. Pure."""

import hashlib
import json

from staveworks.foundation.eventlog.types import EventRecord

GENESIS = bytes(32)


def digest_of(event: EventRecord) -> bytes:
    """SHA-256 of the event in canonical JSON (keys sorted, no blanks, moments in UTC with microseconds)."""
    body = {
        "id": str(event.id),
        "org": str(event.org_id),
        "type": event.type,
        "subject": str(event.subject_id),
        "person": str(event.person_id) if event.person_id else None,
        "via_org": str(event.via_org_id) if event.via_org_id else None,
        "data": event.data,
        "at": event.at.isoformat(timespec="microseconds"),
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).digest()


def link(previous: bytes, number: int, digest: bytes) -> bytes:
    """The hash of link ``number``: SHA-256(previous hash ‖ number as 8 bytes ‖ digest of the event)."""
    return hashlib.sha256(previous + number.to_bytes(8, "big") + digest).digest()

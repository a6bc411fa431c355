"""Ids are UUIDv7, made by us: sortable by time, never trusted from outside as a key."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh UUIDv7 (Python's own ``uuid7`` needs 3.14)."""
    return UUID(bytes=uuid_utils.uuid7().bytes)

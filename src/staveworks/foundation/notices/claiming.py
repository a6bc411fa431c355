"""Deliveries claimed for sending, each by one sender at a time, as fast as the way and the address allow.

A claim is a lease: state *sending* until a moment. Whoever claimed may send until then; afterwards the outcome counts as unknown.
Rows are picked with SKIP LOCKED, so that two senders never meet at one; tokens are taken in the transaction of the claim, so that a
killed sender has spent them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from staveworks.foundation.notices.messages.types import Channel

ADDRESS_LIMITS = {
    Channel.EMAIL: (30 / 3600, 15),
    Channel.SMS: (1 / 600, 5),
}
"""Tokens a second and at once for one address: fifteen e-mails at once, thirty an hour; five SMS at once, six an hour."""

PICK = """
SELECT id, batch, bundle, person_id, address_digest FROM notices_delivery
WHERE org_id = %(org)s AND channel = %(channel)s AND gateway_id IS NOT DISTINCT FROM %(gateway)s
  AND state = 'queued' AND due_at <= statement_timestamp() AND (batch IS NULL OR batch = id)
ORDER BY urgent DESC, due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""
FOLLOW = """
SELECT d.id, l.leader FROM notices_delivery d
JOIN unnest(%(leaders)s::uuid[], %(people)s::uuid[], %(bundles)s::text[], %(again)s::boolean[])
     AS l(leader, person, bundle, again)
  ON CASE WHEN l.again THEN d.batch = l.leader
          ELSE d.batch IS NULL AND d.person_id = l.person AND d.bundle = l.bundle AND l.bundle <> '' END
WHERE d.org_id = %(org)s AND d.channel = %(channel)s AND d.state = 'queued' AND d.id <> l.leader
  AND (l.bundle <> 'digest' OR l.again OR d.due_at <= statement_timestamp())
FOR UPDATE OF d SKIP LOCKED
"""
LEASE = """
UPDATE notices_delivery d SET state = 'sending', batch = c.leader, attempts = attempts + 1, changed_at = statement_timestamp(),
       lease_until = statement_timestamp() + make_interval(secs => %(lease)s)
FROM unnest(%(ids)s::uuid[], %(leaders)s::uuid[]) AS c(id, leader)
WHERE d.id = c.id RETURNING d.batch, d.id, d.attempts, d.lease_until
"""
PUT_OFF = """
UPDATE notices_delivery SET due_at = statement_timestamp() + make_interval(secs => %s), changed_at = statement_timestamp() WHERE id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """The bucket of a way."""

    bucket: str
    a_minute: int
    at_once: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One message to send: the delivery that leads (its id is the token) and those that go out with it."""

    leader: UUID
    members: tuple[UUID, ...]
    attempt: int
    until: datetime


@dataclass(frozen=True, slots=True)
class _Picked:
    id: UUID
    batch: UUID | None
    bundle: str
    person: UUID | None
    address: str


def claim(org: UUID, channel: Channel, gateway: UUID | None, limit: Limit, *, most: int) -> list[Claim]:
    """Claim up to ``most`` messages that are due now, in the caller's transaction as ``org``."""
    picked = _pick(org, channel, gateway, most)
    allowed = picked[: take(limit.bucket, limit.a_minute / 60, limit.at_once, len(picked))] if picked else []
    allowed = _below_address_limit(channel, allowed)
    if not allowed:
        return []
    members = {one.id: [one.id] for one in allowed}
    for follower, leader in _followers(org, channel, allowed):
        members[leader].append(follower)
    return _lease(members)


def _pick(org: UUID, channel: Channel, gateway: UUID | None, most: int) -> list[_Picked]:
    """Leaders: of several of one bundle only the first, the others go out with it."""
    with connection.cursor() as cursor:
        cursor.execute(PICK, {"org": org, "channel": channel, "gateway": gateway, "limit": most})
        rows = [_Picked(*row) for row in cursor.fetchall()]
    leaders: dict[object, _Picked] = {}
    for row in rows:
        together = (row.person, row.bundle) if row.bundle and row.batch is None else row.id
        leaders.setdefault(together, row)
    return list(leaders.values())


def take(bucket: str, a_second: float, at_once: int, wanted: int) -> int:
    """How many of ``wanted`` tokens the bucket gave. Its row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notices_take(%s, %s, %s, %s)", [bucket, a_second, at_once, wanted])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _below_address_limit(channel: Channel, picked: Sequence[_Picked]) -> list[_Picked]:
    """Those whose address may be written to now; the others wait for their address's next token."""
    if channel not in ADDRESS_LIMITS:
        return list(picked)
    a_second, at_once = ADDRESS_LIMITS[channel]
    allowed: list[_Picked] = []
    waiting: list[_Picked] = []
    for one in sorted(picked, key=lambda one: one.address):  # one order for all senders: no deadlock
        key = f"address:{one.address}"
        (allowed if not one.address or take(key, a_second, at_once, 1) else waiting).append(one)
    if waiting:
        with connection.cursor() as cursor:
            cursor.execute(PUT_OFF, [1 / a_second, [one.id for one in waiting]])
    return allowed


def _followers(org: UUID, channel: Channel, leaders: Sequence[_Picked]) -> list[tuple[UUID, UUID]]:
    """(follower, leader). A batch that was tried before keeps its members, so that its token stands for the same words."""
    together = [one for one in leaders if one.bundle or one.batch]
    if not together:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            FOLLOW,
            {
                "org": org,
                "channel": channel,
                "leaders": [one.id for one in together],
                "people": [one.person for one in together],
                "bundles": [one.bundle for one in together],
                "again": [one.batch is not None for one in together],
            },
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]


def _lease(members: dict[UUID, list[UUID]]) -> list[Claim]:
    pairs = [(member, leader) for leader, all_ in members.items() for member in all_]
    with connection.cursor() as cursor:
        cursor.execute(
            LEASE,
            {
                "ids": [m for m, _ in pairs],
                "leaders": [leader for _, leader in pairs],
                "lease": settings.MESSAGE_LEASE_S,
            },
        )
        rows = cursor.fetchall()
    led = {row[1]: (row[2], row[3]) for row in rows}
    return [
        Claim(leader, tuple(sorted(all_)), led[leader][0], led[leader][1]) for leader, all_ in members.items()
    ]

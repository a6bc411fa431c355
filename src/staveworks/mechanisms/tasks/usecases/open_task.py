"""A confirmed line becomes a test order: its samples with labels, their tests."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from staveworks.db.clock import database_now
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.tasks.domain import ALPHABET, WORKABLE
from staveworks.mechanisms.tasks.models import Sample, Task, Test
from staveworks.mechanisms.tasks.terms import TestTerms, read_terms
from staveworks.mechanisms.tasks.types.samples import Rest
from staveworks.trade.catalogue.queries import access_version
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import Line


@use_case
def open_task(actor: Actor, *, subject: UUID) -> UUID | None:
    """The test order of the line ``subject``; again: the same one. None: the line is no test order, or not being delivered.

    Follows ``line.confirmed``, as the provider. Raises ``RightMissing``, ``LineNotFound``.
    """
    actor.require("line.serve")
    line = access_line(actor, line_id=subject)
    if line.provider_org != actor.org or line.mechanism != "task" or line.state not in WORKABLE:
        return None
    terms = read_terms(access_version(actor, version_id=line.version_id).content.terms or {})
    if not isinstance(terms, TestTerms):
        return None
    task, opened = Task.objects.get_or_create(line_id=line.id, defaults=_values(line, terms))
    if opened:
        _add_samples(task, line.request, terms)
        append_event(actor, "task.opened", subject=line.id, buyer=line.buyer_org, provider=line.provider_org)
    return task.line_id


def _values(line: Line, terms: TestTerms) -> dict[str, Any]:
    return {
        "buyer_org_id": line.buyer_org,
        "provider_org_id": line.provider_org,
        "code": label_code(),
        "rest": line.request.get("rest") or Rest.DESTROY,
        "retention_days": terms.retention_days,
        "rush": bool(terms.rush and line.request.get("rush")),
        "due_at": line.quote.due_at or _due(line),
    }


def _due(line: Line) -> datetime | None:
    days = line.quote.lead_time_days
    return database_now() + timedelta(days=days) if days else None


def _add_samples(task: Task, request: Mapping[str, Any], terms: TestTerms) -> None:
    parties = {"buyer_org_id": task.buyer_org_id, "provider_org_id": task.provider_org_id}
    samples = [
        Sample(id=new_id(), task=task, number=number, name=name, code=label_code(), **parties)
        for number, name in enumerate(request["samples"], start=1)
    ]
    asked = [each for each in terms.methods if each.code in request["tests"]]
    Sample.objects.bulk_create(samples)
    Test.objects.bulk_create(
        Test(
            id=new_id(),
            sample=sample,
            place=place,
            item=each.item.zh,
            item_en=each.item.en,
            method=each.method,
            **parties,
        )
        for sample in samples
        for place, each in enumerate(asked, start=1)
    )


def label_code() -> str:
    """Ten characters that can be read aloud: 30¹⁰ of them, so that none is guessed and none comes twice."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))

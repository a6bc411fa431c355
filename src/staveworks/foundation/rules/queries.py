"""Reads. Rules are nobody's secret: they need no actor, and nothing but the moment decides which version holds."""

import json
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from staveworks.db.clock import database_now
from staveworks.foundation.rules.catalogue import rule_kind, rule_kinds
from staveworks.foundation.rules.models import Version
from staveworks.foundation.rules.types import RuleKind, RuleUnknown, RuleVersion
from staveworks.kit.text import Text

IN_FORCE = """
SELECT v.id, v.code, number, text_zh, text_en, value, lower(during), upper(during), isempty(during), adopted_at, o.name, basis
FROM rules_version v LEFT JOIN parties_organisation o ON o.id = adopted_by_org_id
WHERE code = %s AND during @> coalesce(%s, clock_timestamp())
"""
"""Written out: pages ask for several rules, and putting the query together took five times what asking does."""


def rule_in_force(code: str, at: datetime | None = None) -> RuleVersion:
    """The version that holds at ``at`` (default: now), the time of the event that it decides. Raises ``RuleUnknown``."""
    with connection.cursor() as cursor:
        cursor.execute(IN_FORCE, [code, at])
        row = cursor.fetchone()
    if row is None:
        raise RuleUnknown
    id_, code, number, zh, en, value, since, until, superseded, adopted_at, name, basis = row
    return RuleVersion(
        id=id_,
        code=code,
        number=number,
        text=Text(zh=zh, en=en),
        value=json.loads(value),
        since=since,
        until=until,
        superseded=superseded,
        adopted_at=adopted_at,
        adopted_by=name or "",
        basis=basis,
    )


def entry_in_force(code: str, entry: str, at: datetime | None = None) -> Any:
    """One entry of a rule's value. A version adopted before the entry existed says nothing of it: then as it ships."""
    value = rule_in_force(code, at).value
    return value.get(entry, rule_kind(code).first[entry])


def list_rules() -> list[tuple[RuleKind, RuleVersion, RuleVersion | None]]:
    """Each rule with the version in force and the one to come, if there is one."""
    now, kinds = database_now(), rule_kinds()
    rows = Version.objects.filter(Q(during__upper_inf=True) | Q(during__contains=now), during__isempty=False)
    held: dict[str, RuleVersion] = {}
    coming: dict[str, RuleVersion] = {}
    for row in rows.select_related("adopted_by_org"):
        version = version_of(row)
        (coming if version.since and version.since > now else held)[version.code] = version
    return [(kind, held[code], coming.get(code)) for code, kind in kinds.items() if code in held]


def list_versions(code: str) -> tuple[RuleKind, list[RuleVersion]]:
    """All versions of a rule, the newest first. Raises ``RuleUnknown``."""
    kind = rule_kind(code)
    rows = Version.objects.filter(code=code).select_related("adopted_by_org").order_by("-number")
    return kind, [version_of(row) for row in rows]


def version_of(row: Version) -> RuleVersion:
    return RuleVersion(
        id=row.id,
        code=row.code,
        number=row.number,
        text=Text(zh=row.text_zh, en=row.text_en),
        value=row.value,
        since=row.during.lower,
        until=row.during.upper,
        superseded=row.during.isempty,
        adopted_at=row.adopted_at,
        adopted_by=row.adopted_by_org.name if row.adopted_by_org else "",
        basis=row.basis,
    )

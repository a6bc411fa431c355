"""The versions that ship, for migrations: a release that brings a new rule has one that calls ``ship``, one that words a rule
anew or gives it more entries calls ``renew``."""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from staveworks.foundation.rules.catalogue import rule_kinds
from staveworks.kit.ids import new_id


def ship(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Rules that have no version yet get their first, in force from the beginning."""
    versions = apps.get_model("rules", "Version").objects.using(schema_editor.connection.alias)
    known = set(versions.values_list("code", flat=True))
    for kind in rule_kinds().values():
        if kind.code not in known:
            versions.create(
                id=new_id(),
                code=kind.code,
                text_zh=kind.text.zh,
                text_en=kind.text.en,
                value=kind.first,
                during=(None, None),
                basis="shipped",
            )


def renew(*codes: str) -> Callable[[Any, BaseDatabaseSchemaEditor], None]:
    """A new version of rules that still stand as they shipped. What a cluster has adopted itself stays as it is."""

    def run(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        versions = apps.get_model("rules", "Version").objects.using(schema_editor.connection.alias)
        for code in codes:
            kind, last = rule_kinds()[code], versions.filter(code=code).order_by("-number").first()
            same = last and (last.text_zh, last.text_en, last.value) == (
                kind.text.zh,
                kind.text.en,
                kind.first,
            )
            if last and last.basis == "shipped" and not same:
                versions.create(
                    id=new_id(),
                    code=code,
                    text_zh=kind.text.zh,
                    text_en=kind.text.en,
                    value=kind.first,
                    during=(None, None),
                    basis="shipped",
                )

    return run

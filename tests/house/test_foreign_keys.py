"""String foreign keys escape import-linter: the foreign-key graph is held against the storeys here."""

import pytest
from django.apps import apps
from django.db import models

STOREYS = [
    {"eventlog"},
    {"parties"},
    {"files", "rules"},
    {"rosters", "facts", "notices", "reservation", "ledger"},
    {"outreach", "support"},
    {"catalogue"},
    {"orders"},
    {"settlement", "traceability"},
    {"booking", "projects", "tasks", "pools", "dispatch", "financing"},
    {"barrel", "programmes", "governance"},
    {"prescription"},
    {"federation"},
]
HEIGHT = {label: height for height, labels in enumerate(STOREYS) for label in labels}
BESIDE: set[tuple[str, str]] = set()
"""Pairs of rooms of one storey that house.md lets point at each other."""


def upward(references: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those (from, to) that point up or sideways."""
    return [
        (source, target)
        for source, target in references
        if source != target and HEIGHT[source] <= HEIGHT[target] and (source, target) not in BESIDE
    ]


def our_references() -> list[tuple[str, str]]:
    return [
        (model._meta.app_label, field.related_model._meta.app_label)
        for model in apps.get_models()
        if model._meta.app_label in HEIGHT
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
    ]


def test_foreign_keys_point_down_only() -> None:
    references = our_references()
    assert references, "the graph is not empty"
    assert upward(references) == []


@pytest.mark.parametrize("planted", [("parties", "rosters"), ("rosters", "facts"), ("eventlog", "parties")])
def test_a_planted_upward_key_is_found(planted: tuple[str, str]) -> None:
    assert upward([*our_references(), planted]) == [planted]


def test_the_event_log_has_no_foreign_keys() -> None:
    assert [reference for reference in our_references() if reference[0] == "eventlog"] == []


def test_every_room_with_tables_stands_on_a_storey() -> None:
    ours = {
        app.label
        for app in apps.get_app_configs()
        if app.name.startswith("staveworks.") and list(app.get_models())
    }
    assert ours <= set(HEIGHT)

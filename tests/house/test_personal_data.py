"""Every table with a person in it says what it holds about her and what becomes of it when she is erased."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from staveworks.foundation.parties.models import Person
from staveworks.foundation.personal.held import declared, holding_addresses
from staveworks.foundation.personal.outside import OUTSIDE

HANGING_ON_THEM = {"account_emailconfirmation", "socialaccount_socialtoken"}
"""Tables of allauth whose rows go with those of a listed one."""


def naming(model: type[models.Model]) -> set[str]:
    """The columns of a table that name a person."""
    return {
        field.attname
        for field in model._meta.concrete_fields
        if (isinstance(field, models.ForeignKey) and field.related_model is Person)
        or (isinstance(field, models.UUIDField) and field.attname == "person_id")
    }


def faults() -> Iterator[str]:
    for model in apps.get_models():
        columns, said = naming(model), getattr(model, "personal", None) or OUTSIDE.get(model)
        if columns and said is None:
            yield f"{model._meta.db_table}: undeclared"
        elif columns - set(said.people if said else ()):
            yield f"{model._meta.db_table}: {columns} not all declared"


def test_every_table_with_a_person_in_it_declares_her() -> None:
    assert list(faults()) == []


def test_planted_an_undeclared_column_is_found(monkeypatch: Any) -> None:
    membership: Any = apps.get_model("parties", "Membership")
    monkeypatch.delattr(membership, "personal")
    assert list(faults()) == ["parties_membership: undeclared"]


def test_what_is_declared_exists() -> None:
    shown = [*declared(), *((model, said) for model, _, said in holding_addresses())]
    for model, said in shown:
        columns = {field.attname for field in model._meta.concrete_fields}
        assert set(said.shows) <= columns, model
    assert len(shown) > 40


def test_every_table_of_allauth_that_knows_her_is_listed() -> None:
    theirs = [model for model in apps.get_models() if not hasattr(model, "tenancy")]
    hers = {model._meta.db_table for model in theirs if naming(model)}
    assert hers == {model._meta.db_table for model in OUTSIDE}
    hanging = {
        model._meta.db_table
        for model in theirs
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model in OUTSIDE
    }
    assert hanging == HANGING_ON_THEM

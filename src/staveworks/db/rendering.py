"""While migrations run, Django renders historical models anew after each operation: here only those that the operation reaches.

Django renders whatever hangs together in any direction with the model that changed. As most tables point to an organisation
or a person that is nearly all of them, and took five sixths of making the schema (19 of 23 processor seconds). A model that is
rendered anew needs those anew that point to it, and what these are pointed to by; those that it points to can stay.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState
from django.db.models import Model

Key = tuple[str, str]


@contextmanager
def rendering_little() -> Iterator[None]:
    """Inside, historical models are rendered anew only where they must be."""
    whole = ProjectState._find_reload_model  # type: ignore[attr-defined]
    ProjectState._find_reload_model = _to_render  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = whole  # type: ignore[attr-defined]


def _to_render(state: Any, app_label: str, model_name: str, delay: bool = False) -> set[Key]:
    """In place of Django's: the model and whatever points to it, at one remove if ``delay``, else at any."""
    state.is_delayed = state.is_delayed or delay
    found = {(app_label, model_name)}
    try:
        waiting = [state.apps.get_model(app_label, model_name)]
    except LookupError:
        return found
    while waiting:
        pointing = [model for model in _pointing_to(waiting.pop()) if _key(model) not in found]
        found |= {_key(model) for model in pointing}
        if not delay:
            waiting += pointing
    return found


def _pointing_to(model: type[Model]) -> set[type[Model]]:
    """Models with a relation to this one, and those that inherit from it."""
    relations = (field for field in model._meta.get_fields(include_hidden=True) if field.auto_created)
    related = {field.related_model for field in relations if field.is_relation and not field.concrete}
    inheriting = {each for each in model.__subclasses__() if not each._meta.abstract}
    return {each for each in related | inheriting if isinstance(each, type)}


def _key(model: type[Model]) -> Key:
    return (model._meta.app_label, str(model._meta.model_name))

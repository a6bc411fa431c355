"""The schema comes out the same whether Django renders all that hangs together or only what an operation reaches."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from pytest_django import DjangoDbBlocker

from staveworks.db import schema
from staveworks.db.embedded.places import wheel_binaries
from staveworks.db.rendering import rendering_little
from staveworks.db.roles import prepare_database
from tests.database import Databases, django_on, urls_of

APP = "orders"
"""It stands on six other apps, with relations across them."""


@contextmanager
def _empty(databases: Databases, name: str) -> Iterator[str]:
    urls = urls_of(databases.urls, name)
    databases._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    prepare_database(databases.urls.superuser, urls.superuser, name)
    with django_on(urls):
        yield urls.superuser
    databases._run("DROP DATABASE {} WITH (FORCE)", name)


def _made(
    databases: Databases, name: str, rendering: Callable[[], AbstractContextManager[None]]
) -> list[str]:
    with _empty(databases, name) as url:
        with rendering():
            call_command("migrate", APP, database="owner", interactive=False, verbosity=0)
        dump = subprocess.run(
            [wheel_binaries() / "pg_dump", "--schema-only", url], capture_output=True, text=True, check=True
        )
    return [line for line in dump.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def test_rendering_little_makes_the_same_schema(
    databases: Databases, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        whole = _made(databases, "schema_whole", nullcontext)
        little = _made(databases, "schema_little", rendering_little)
    assert any("CREATE TABLE public.orders_line" in line for line in whole)
    assert little == whole


def test_what_is_shipped_is_found_by_its_files_as_django_finds_it_by_loading() -> None:
    assert schema.shipped() == set(MigrationLoader(None).disk_migrations)


def test_what_points_to_a_changed_model_points_to_what_it_became() -> None:
    def made(name: str, **fields: Any) -> migrations.CreateModel:
        return migrations.CreateModel(name, [("id", models.AutoField(primary_key=True)), *fields.items()])

    far = models.ForeignKey("t.Near", models.CASCADE)
    operations = [
        made("Hub"),
        made("Near", hub=models.ForeignKey("t.Hub", models.CASCADE)),
        made("Far", near=far),
        migrations.AlterField("Hub", "id", models.BigAutoField(primary_key=True)),
    ]
    state = ProjectState()
    assert state.apps.get_models() == []
    with rendering_little():
        for operation in operations:
            operation.state_forwards("t", state)
    hub, near, last = (state.apps.get_model("t", name) for name in ("Hub", "Near", "Far"))
    assert isinstance(hub._meta.pk, models.BigAutoField)
    assert near._meta.get_field("hub").related_model is hub
    assert last._meta.get_field("near").related_model is near

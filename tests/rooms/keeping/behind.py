"""A home that lacks the migrations of two apps on which no other stands: what an upgrade does is seen by six as by a hundred."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command

from staveworks.db.rendering import rendering_little
from tests.database import django_on
from tests.places import made_once
from tests.rooms.keeping.homes import Home, a_home, copy_home, furnished

APPS = ("support", "outreach")


@contextmanager
def a_home_behind() -> Iterator[Home]:
    """With data and a running database. Making the first one takes Django to it: not while a test holds a connection."""
    with a_home() as home:
        copy_home(made_once("behind", _take_back), home.folder)
        home.urls()
        yield home


def _take_back(folder: Path) -> None:
    copy_home(furnished(), folder)
    home = Home(folder)
    with django_on(home.urls()), rendering_little():
        for app in APPS:
            call_command("migrate", app, "zero", database="owner", interactive=False, verbosity=0)
    home.server.stop()

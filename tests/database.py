"""Databases for tests: a server per worker, kept between runs, with one migrated template and a clone per `committed` test.

Not one server for all workers: readers of the event log stop before the oldest open transaction of the whole server, so that
a test of another worker would hold up the sealing.

Tests connect as the role app. As superuser they would pass without any row-level security.
"""

import fcntl
import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections
from psycopg import sql

from staveworks.db.embedded.cluster import major_version
from staveworks.db.embedded.places import wheel_binaries
from staveworks.db.embedded.secrets import Urls
from staveworks.db.embedded.server import EmbeddedServer
from staveworks.db.roles import check_app_role, check_cross_role, prepare_database
from staveworks.db.schema import migrate
from tests.places import quick_folder

SOURCE = Path(__file__).parent.parent / "src" / "staveworks"
SHAPES_SCHEMA = (
    "**/migrations/*.py",
    "**/models.py",
    "**/sql/*.sql",
    "db/*.py",
    "data/**/*",
    "config/settings/*.py",
)
OTHERS = ("django", "django-allauth", "procrastinate")
KEPT_TEMPLATES = 6
ALIASES = ("default", "owner", "cross")


@dataclass(frozen=True)
class Clone:
    """A database of a test's own."""

    name: str
    urls: Urls


class Databases:
    """A test server with its template; several sessions may share it."""

    def __init__(self) -> None:
        chosen = os.environ.get("STAVEWORKS_TEST_BINARIES")
        binaries = Path(chosen) if chosen else None
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        self.home = cache_folder() / f"pg{major_version(binaries or wheel_binaries())}-{worker}"
        self.server = EmbeddedServer(self.home, binaries=binaries, durable=False)
        self.urls = self.server.start()
        with self._template_lock():
            self._drop_abandoned()
            self.template = self._template()

    def clone(self) -> Clone:
        name = f"test_{os.getpid()}_{uuid.uuid4().hex[:8]}"
        self._run(
            "CREATE DATABASE {} TEMPLATE {} OWNER staveworks_owner STRATEGY file_copy", name, self.template
        )
        return Clone(name, urls_of(self.urls, name))

    def drop(self, clone: Clone) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", clone.name)

    def close(self) -> None:
        self.server.stop()

    def _template(self) -> str:
        """The name of the migrated template for the source as it is now, made if missing."""
        name = f"template_{schema_digest()}"
        if not self._names(name):
            building = f"{name}_building"
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", building)
            urls = urls_of(self.urls, building)
            prepare_database(self.urls.superuser, urls.superuser, building)
            with django_on(urls):
                migrate()
            self._run("ALTER DATABASE {} RENAME TO {}", building, name)
            self._run("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
            self._drop_old_templates()
        return name

    def _drop_old_templates(self) -> None:
        """By age of creation: object ids of databases only grow."""
        for name in self._names("template_%")[:-KEPT_TEMPLATES]:
            self._run("DROP DATABASE IF EXISTS {}", name)

    def _drop_abandoned(self) -> None:
        """Clones of sessions that were killed."""
        for name in self._names("test_%"):
            if not Path(f"/proc/{name.split('_')[1]}").exists():
                self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _names(self, pattern: str) -> list[str]:
        query = "SELECT datname FROM pg_database WHERE datname LIKE %s AND datname NOT IN ('template0', 'template1')"
        with psycopg.connect(self.urls.superuser) as connection:
            return [
                row[0] for row in connection.execute(query + " ORDER BY oid", [pattern.replace("_", r"\_")])
            ]

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.urls.superuser, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @contextmanager
    def _template_lock(self) -> Iterator[None]:
        with (self.home / "template.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def cache_folder() -> Path:
    """Kept between runs, outside the repository, where the server's own user can enter."""
    folder = quick_folder() / f"staveworks-tests-{os.getuid()}"
    folder.mkdir(mode=0o711, exist_ok=True)
    assert folder.stat().st_uid == os.getuid(), f"{folder} belongs to somebody else"
    return folder


def schema_digest() -> str:
    """Changes whenever the migrated schema could."""
    digest = hashlib.sha256(" ".join(map(version, OTHERS)).encode())
    for path in sorted({path for shape in SHAPES_SCHEMA for path in SOURCE.glob(shape) if path.is_file()}):
        digest.update(str(path.relative_to(SOURCE)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def urls_of(urls: Urls, database: str) -> Urls:
    def at(url: str) -> str:
        return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))

    return replace(
        urls, app=at(urls.app), owner=at(urls.owner), cross=at(urls.cross), superuser=at(urls.superuser)
    )


@contextmanager
def django_on(urls: Urls) -> Iterator[None]:
    """Every alias of Django connects by these URLs inside the block, in all threads."""
    before = {alias: dict(connections.settings[alias]) for alias in ALIASES}
    connections.close_all()
    try:
        for alias, url in zip(ALIASES, (urls.app, urls.owner, urls.cross), strict=True):
            parts = urlsplit(url)
            connections.settings[alias].update(
                HOST=parts.hostname,
                PORT=str(parts.port),
                USER=parts.username,
                PASSWORD=parts.password,
                NAME=parts.path[1:],
            )
        yield
    finally:
        connections.close_all()
        for alias in ALIASES:
            connections.settings[alias].update(before[alias])


def check_roles(urls: Urls) -> None:
    """The tests' own premise: who connects is held by the policies."""
    check_app_role(urls.app)
    check_cross_role(urls.cross)

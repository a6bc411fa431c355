"""The whole site on a socket, and browsers of two sizes. Fixtures: ``site``, ``open_page``."""

import os
import shutil
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from django.urls import get_resolver
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from tests.database import Clone
from tests.world import World, make_operator, make_world

CHROMIUM = os.environ.get("STAVEWORKS_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), "/usr/bin/chromium"
)
"""The shell first: the same engine without tabs and toolbars, which took two thirds of the processor time of a short visit."""
SERVING = ("default", "cross")
"""The connections that pages ask."""
DESKTOP, PHONE, SMALL = (1366, 900), (390, 844), (320, 640)
AXE = "/axe.js"
"""Where a page fetches axe: a browser keeps it compiled, as it would not keep what is typed into it."""
VIOLATIONS = """() => {
  const away = [...document.querySelectorAll("table")]
    .flatMap(table => [...table.querySelectorAll("tbody tr")].slice(12)).reverse()
    .map(row => ({row, parent: row.parentNode, next: row.nextSibling}));
  away.forEach(({row}) => row.remove());
  return axe.run({resultTypes: ["violations"], preload: false}).then(
    found => found.violations.map(each => `${each.id}: ${each.nodes[0].html.slice(0, 160)}`)
  ).finally(() => away.forEach(({row, parent, next}) => parent.insertBefore(row, next)));
}"""


class Quiet(WSGIRequestHandler):
    """Says nothing, and gives its connections back after each request."""

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        finally:
            connections.close_all()


@dataclass(frozen=True, slots=True)
class Device:
    """What can't be changed in a browser that is open."""

    touch: bool
    language: str
    dark: bool


@dataclass
class Browsers:
    """One Chromium, and the windows that the tests before left in it.

    A page in a new window takes three times the processor time of one in a window that has shown pages of the site.
    """

    chromium: Browser
    idle: dict[Device, list[Page]] = field(default_factory=lambda: defaultdict(list))
    used: list[tuple[Device, Page]] = field(default_factory=list)

    def take(self, device: Device) -> Page:
        """A window that nobody uses and that knows nobody."""
        kept = self.idle[device]
        page = kept.pop() if kept else self._new(device)
        self.used.append((device, page))
        return page

    def clear(self, at: str) -> None:
        """After a test: what it opened is left at ``at``, without cookies and without what else the test changed."""
        for device, page in self.used:
            if page.is_closed():
                continue
            context = page.context
            for other in context.pages:
                if other != page:
                    other.close()
            page.unroute_all(behavior="ignoreErrors")
            context.clear_cookies()
            page.goto(at)
            self.idle[device].append(page)
        self.used.clear()

    def _new(self, device: Device) -> Page:
        context = self.chromium.new_context(
            has_touch=device.touch,
            locale="en" if device.language == "en" else "zh-CN",
            color_scheme="dark" if device.dark else "light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        page.set_default_timeout(15_000)
        return page


@dataclass
class Site:
    """``url`` is where the site listens; ``world`` who lives there (of a fresh site nobody)."""

    url: str
    browsers: Browsers
    people: World | None = None

    @property
    def world(self) -> World:
        assert self.people, "nobody lives in a fresh site"
        return self.people

    def open(
        self,
        path: str,
        actor: Actor | None = None,
        *,
        size: tuple[int, int] = DESKTOP,
        language: str = "zh-hans",
        dark: bool = False,
    ) -> Page:
        """A page in a browser of its own, signed in as ``actor``. Errors of its scripts end the test."""
        width, height = size
        page = self.browsers.take(Device(width < 800, language, dark))
        page.set_viewport_size({"width": width, "height": height})
        cookie = {"url": self.url, "name": "django_language", "value": language}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        if actor:
            self._sign_in(page.context, actor)
        page.goto(self.url + path)
        return page

    def become(self, page: Page, actor: Actor, path: str) -> None:
        """The same window, and somebody else in front of it: it takes a third of what a window of her own does."""
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        self._sign_in(page.context, actor)
        page.goto(self.url + path)

    def _sign_in(self, context: BrowserContext, actor: Actor) -> None:
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"url": self.url, "name": name, "value": session_of(actor)}])


def session_of(actor: Actor) -> str:
    """The key of a new session of somebody who signed in."""
    person = Person.objects.get(id=actor.person_id)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    if actor.via_org_id:
        session["organisation"], session["via"] = str(actor.org_id), str(actor.via_org_id)
    session.create()
    return str(session.session_key)


@pytest.fixture(scope="session")
def browsers() -> Iterator[Browsers]:
    # Playwright keeps an event loop in the tests' thread, where Django would refuse to talk to the database.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield Browsers(chromium)
        chromium.close()


class WithAxe(StaticFilesHandler):
    """The site, and beside it what looks at its pages."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] != AXE:
            return super().__call__(environ, start_response)
        script = AXE_SCRIPT.encode()
        kept = [("Cache-Control", "max-age=86400"), ("Content-Length", str(len(script)))]
        start_response("200 OK", [("Content-Type", "text/javascript; charset=utf-8"), *kept])
        return [script]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the site listens, the same in each test, so that a browser fetches style sheets and scripts once."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, connections_override={})
    server.set_app(WithAxe(WSGIHandler()))
    assert get_resolver().url_patterns  # loaded here, where no browser waits for it
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def fresh_site(
    committed: Clone, browsers: Browsers, address: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """The site of a fresh installation: an operator organisation, and nobody in it yet."""
    monkeypatch.setenv(
        "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
    )  # Playwright keeps an event loop in the test's thread
    make_operator()
    with pooled():
        yield Site(address, browsers)
        browsers.clear(f"{address}/static/css/tokens.css")


@contextmanager
def pooled() -> Iterator[None]:
    """Requests, each in a thread of its own, share connections: one that is new takes longer than many a page."""
    settings_of = [connections.settings[alias] for alias in SERVING]
    before = [dict(each) for each in settings_of]
    for each in settings_of:
        pool = {"min_size": 0, "max_size": 20, "num_workers": 1}
        each |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "OPTIONS": {**each["OPTIONS"], "pool": pool}}
    try:
        yield
    finally:
        for alias, each, was in zip(SERVING, settings_of, before, strict=True):
            connections[alias].close_pool()
            each |= was


@pytest.fixture
def site(fresh_site: Site) -> Site:
    """The site with people and firms."""
    fresh_site.people = make_world()
    return fresh_site


@contextmanager
def turning(page: Page) -> Iterator[None]:
    """What is done inside leads to another page, which is there when this ends: a click alone does not wait for it."""
    with page.expect_navigation():
        yield


def accessible(page: Page) -> list[str]:
    """What axe finds: the rule and the first element of each violation. The rows of a table are alike: it looks at twelve.

    Without ``preload`` it reads no style sheets, of which it would know only whether one turns the page by its orientation.
    """
    page.add_script_tag(url=AXE)
    return list(page.evaluate(VIOLATIONS))


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def fits(page: Page) -> None:
    assert sideways(page) <= 0, f"{page.url} is wider than its window"


def sound(page: Page, *, axe: tuple[int, int] | None = None) -> None:
    """Nothing to scroll sideways for and nothing that axe finds; with ``axe`` it looks in windows of that size only.

    It takes longer to look than the page to come. Once at each kind of page is enough: of a walk in two languages at two
    sizes one is looked at, and which of them differs from walk to walk.
    """
    fits(page)
    size = page.viewport_size
    if size and axe in (None, (size["width"], size["height"])):
        assert accessible(page) == [], page.url

"""What browsers are told with every answer, and how much may be sent."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from tests.environment import plain_environment

pytestmark = pytest.mark.django_db
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BEHIND_TLS = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client, override_settings
settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
browser = Client(headers={"host": "localhost"})
plain = browser.get("/figures/")
probe = browser.get("/healthz")
safe = browser.get("/healthz", secure=True)
page = browser.post("/language/", {"language": "en"}, secure=True)
cookies = {name: [c["secure"], c["httponly"], c["samesite"], c["path"], c["domain"]] for name, c in page.cookies.items()}
print(json.dumps({
    "plain": [plain.status_code, plain.headers.get("Location")],
    "probe": probe.status_code,
    "hsts": safe["Strict-Transport-Security"],
    "cookies": cookies,
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME],
    "flags": [settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE,
              settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_HTTPONLY],
}))
"""


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/healthz", "/no-such-page/", "/api/v1/planks", "/api/none"]
)
def test_every_answer_tells_browsers_what_they_may_do(address: str) -> None:
    answer = Client().get(address)
    assert {name: answer[name] for name in ALWAYS} == ALWAYS
    assert "microphone=()" in answer["Permissions-Policy"]
    assert "camera=(self)" in answer["Permissions-Policy"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_no_answer_names_the_program_or_its_version() -> None:
    assert not {"Server", "X-Powered-By"} & set(Client().get("/healthz").headers)


def test_nobody_else_is_let_read_our_answers() -> None:
    for address in ("/accounts/login/", "/api/v1/planks"):
        answer = Client().get(address, headers={"origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in answer


@pytest.fixture(scope="module")
def behind_tls() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BEHIND_TLS],
        env=plain_environment(STAVEWORKS_HTTPS="1", DJANGO_SETTINGS_MODULE="staveworks.config.settings"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_behind_tls_there_is_no_plain_way_in(behind_tls: dict[str, Any]) -> None:
    assert behind_tls["plain"] == [301, "https://localhost/figures/"]
    assert behind_tls["hsts"] == "max-age=31536000; includeSubDomains"


def test_behind_tls_a_probe_from_inside_is_answered_plainly(behind_tls: dict[str, Any]) -> None:
    assert behind_tls["probe"] == 200


def test_behind_tls_cookies_belong_to_this_host_and_to_no_script(behind_tls: dict[str, Any]) -> None:
    assert behind_tls["names"] == ["__Host-session", "__Host-csrf", "__Host-language"]
    assert behind_tls["flags"] == [True, True, "Lax", True, True]
    secure, _, samesite, path, domain = behind_tls["cookies"]["__Host-language"]
    assert (secure, samesite, path, domain) == (True, "Lax", "/", "")


def test_more_than_may_be_sent_is_refused_before_it_is_read(settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1_000_000
    for language, words in (
        ("zh-hans", "一次最多上传 1 MB"),
        ("en", "No more than 1 MB can be sent at once"),
    ):
        page = Client().post(
            "/accounts/login/",
            b"x" * 1_000_001,
            content_type="application/octet-stream",
            headers={"accept-language": language},
        )
        assert page.status_code == 413
        assert words in page.content.decode()
        assert f"<code>{page['X-Request-ID']}</code>" in page.content.decode()
    problem = Client().post("/api/v1/rosters", b"x" * 1_000_001, content_type="application/octet-stream")
    assert (problem.status_code, problem["Content-Type"]) == (413, "application/problem+json")
    small = Client().post("/accounts/login/", b"x" * 1000, content_type="application/octet-stream")
    assert small.status_code == 200


@pytest.mark.parametrize("length", ["-1", "x", "9" * 30, "１２"])
def test_a_made_up_length_is_no_way_round(length: str) -> None:
    answer = Client().generic("POST", "/accounts/login/", b"", CONTENT_LENGTH=length)
    assert answer.status_code in (200, 400, 403, 413)

"""The scans of `make check` bite: a planted secret and a planted weakness fail; no network fails nothing."""

import json
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEAKNESS = {"id": "TEST-2026-1", "modified": "2026-01-01T00:00:00Z", "summary": "planted", "affected": []}


def run(tool: str, *given: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "tools" / tool), *given],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "line",
    [
        'TOKEN = "ghp_' + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8" + '"',
        "-----BEGIN " + "PRIVATE KEY-----",
        "AWS = 'AKIA" + "Q3EGWZKXN5V7PLTD'",
        "database_pass" + "word = '" + secrets.token_hex(12) + "'",
        "URL = 'postgresql://staveworks_app:" + secrets.token_hex(8) + "@db.example/staveworks'",
    ],
    ids=["token", "key", "cloud key", "password", "address"],  # the same in every process
)
def test_a_planted_secret_is_found(line: str, tmp_path: Path) -> None:
    planted = tmp_path / "settings.py"
    planted.write_text(line + "\n", "utf-8")
    found = run("secrets", str(planted))
    assert found.returncode == 1
    assert "settings.py:1" in found.stdout + found.stderr


def test_what_only_looks_like_one_passes(tmp_path: Path) -> None:
    harmless = tmp_path / "settings.py"
    harmless.write_text("# postgresql://role:password@host/database\npassword = read('PASSWORD')\n", "utf-8")
    assert run("secrets", str(harmless)).returncode == 0


@contextmanager
def advisories(weak: str = "") -> Iterator[str]:
    """A database of advisories (OSV's protocol) that knows one weakness in the package ``weak``."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            known = {"vulns": [{"id": WEAKNESS["id"], "modified": WEAKNESS["modified"]}]}
            self.answer({"results": [known if each["package"]["name"] == weak else {} for each in asked]})

        def do_GET(self) -> None:
            self.answer(WEAKNESS)

        def answer(self, said: object) -> None:
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_known_weakness_fails_and_is_named() -> None:
    with advisories(weak="django") as service:
        found = run("audit", STAVEWORKS_ADVISORIES=service)
    assert found.returncode == 1
    assert "django" in found.stdout
    assert "TEST-2026-1" in found.stdout


def test_no_known_weakness_passes() -> None:
    with advisories() as service:
        found = run("audit", STAVEWORKS_ADVISORIES=service)
    assert found.returncode == 0
    assert "not audited" not in found.stdout


def test_without_the_database_of_advisories_it_says_not_audited_and_does_not_fail() -> None:
    with socket.socket() as taken:  # bound, not listening: refused
        taken.bind(("127.0.0.1", 0))
        found = run("audit", STAVEWORKS_ADVISORIES=f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert found.returncode == 0
    assert "not audited" in found.stdout

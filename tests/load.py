"""Clients that ask without a pause and forgive nothing: each request must be answered in full, at the first try."""

import http.client
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

LOGIN, API, LANGUAGE = "/accounts/login/", "/api/v1/planks", "/language/"


@dataclass
class Load:
    """``kept`` clients keep their connection as long as the server lets them, ``fresh`` ones make one for each request."""

    port: int
    kept: int = 3
    fresh: int = 3
    pause_s: float = 0.0
    answers: Counter[int] = field(default_factory=Counter)
    connections: int = 0
    failures: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Load":
        for number in range(self.kept + self.fresh):
            thread = threading.Thread(target=self._ask, args=(number < self.kept,), daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def _ask(self, keep: bool) -> None:
        connection: http.client.HTTPConnection | None = None
        cookie, proof = "", ""
        while not self._stop.is_set():
            for method, path in (("GET", LOGIN), ("GET", API), ("POST", LANGUAGE)):
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                    with self._lock:
                        self.connections += 1
                body = f"language=en&csrfmiddlewaretoken={proof}" if method == "POST" else None
                headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
                try:
                    connection.request(method, path, body, headers)
                    answer = connection.getresponse()
                    text = answer.read()
                except (OSError, http.client.HTTPException) as error:
                    self._note(f"{'kept' if keep else 'fresh'} {method} {path}: {error!r}")
                    connection.close()
                    connection = None
                    continue
                self._count(answer.status, f"{method} {path}")
                if path == LOGIN:
                    cookie = (answer.getheader("Set-Cookie") or cookie).split(";")[0]
                    proof = re.findall(rb'name="csrfmiddlewaretoken" value="(\w+)"', text)[0].decode()
                if not keep or answer.will_close:
                    connection.close()
                    connection = None
                time.sleep(self.pause_s)

    def _count(self, status: int, what: str) -> None:
        with self._lock:
            self.answers[status] += 1
            if status not in (200, 302):
                self.failures.append(f"{what}: {status}")

    def _note(self, what: str) -> None:
        with self._lock:
            self.failures.append(what)

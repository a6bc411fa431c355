"""Prometheus reads the numbers of all processes, with the token only, and they name no organisation."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from staveworks.cli.counting import share_metrics
from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.queries import waiting_for_seal
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.eventlog.usecases.seal_events import seal_events
from staveworks.foundation.parties.types import Actor, Role
from staveworks.kit.ids import new_id
from staveworks.web import metrics
from tests.database import Clone
from tests.environment import plain_environment
from tests.world import join, make_firm, make_operator, make_person, worker_lives

TOKEN = "t0ken-for-prometheus"
COUNT = """
from staveworks.cli.counting import share_metrics
from pathlib import Path
import sys
share_metrics(Path(sys.argv[1]), sys.argv[2])
from staveworks.kit.metrics import JOBS
JOBS.labels("roster.started", "done").inc()
"""
TELL = """
from pathlib import Path
import sys
from staveworks.cli.counting import share_metrics
share_metrics(Path(sys.argv[1]), "web")
from prometheus_client import generate_latest
from staveworks.kit.metrics import all_processes
print(generate_latest(all_processes()).decode())
"""


def note(actor: Actor) -> None:
    with acting(org=actor.org_id, person=actor.person_id):
        append_event(actor, "organisation.edited", subject=new_id())


def scrape(token: str = TOKEN) -> dict[str, dict[tuple[str, ...], float]]:
    """Values by name and labels, as a Prometheus would read them."""
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_there_is_no_such_address_without_a_token_and_none_enters_with_a_wrong_one(
    committed: Clone, settings: Any
) -> None:
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Bearer {TOKEN}x"}):
        answer = Client().get("/metrics", headers=headers)
        assert (answer.status_code, answer.content) == (401, b"")
    assert Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_requests_are_counted_by_route_and_the_standing_is_told(committed: Clone, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    operator = make_operator()
    firm = make_firm("锦澜织造有限公司")
    actor = join(make_person("沈玉兰"), firm, Role.OWNER)
    worker_lives()
    key = ("GET", "join/invitation/<str:token>/", "404")
    before = scrape()["staveworks_http_requests_total"].get(key, 0)
    Client().get("/join/invitation/abc/")
    Client().get("/join/invitation/def/")
    note(actor)
    found = scrape()
    assert found["staveworks_http_requests_total"][key] == before + 2
    assert found["staveworks_http_request_seconds_count"][key[:2]] >= before + 2
    assert found["staveworks_workers"] == {(): 1}
    assert found["staveworks_queue_oldest_seconds"] == {(): 0}
    assert found["staveworks_events_unsealed"][()] >= 1
    assert found["staveworks_database_connections"][("active",)] >= 1
    assert found["staveworks_database_connections_max"][()] >= 20
    assert "staveworks_scrape_failed" not in found
    told = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    for private in (firm.name, "沈玉兰", str(firm.id), str(operator.id)):
        assert private not in told


def test_what_waits_for_its_seal_is_counted_from_the_last_seal_on(committed: Clone, tmp_path: Path) -> None:
    make_operator()
    actor = join(make_person("周立"), make_firm("远达印染"), Role.OWNER)
    note(actor)
    seal_events(node="cloud", anchor_path=tmp_path / "seals" / "cloud.json")
    assert waiting_for_seal("cloud") == (0, 0)
    note(actor)
    count, age = waiting_for_seal("cloud")
    assert count == 1
    assert age >= 0


def test_a_part_that_cannot_be_asked_is_named_and_the_rest_is_told(
    committed: Clone, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost() -> Any:
        raise OperationalError("no route to host")

    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setitem(metrics.PARTS, "chain", lost)
    found = scrape()
    assert found["staveworks_scrape_failed"] == {("chain",): 1}
    assert "staveworks_database_connections" in found


def test_the_numbers_of_processes_that_have_ended_and_of_other_roles_are_added_up(tmp_path: Path) -> None:
    def run(program: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            env=plain_environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    run(COUNT, str(tmp_path), "worker")
    run(COUNT, str(tmp_path), "elsewhere")
    assert 'staveworks_jobs_total{event="roster.started",outcome="done"} 2.0' in run(TELL, str(tmp_path))
    run(COUNT, str(tmp_path), "worker")  # forgets the first, whose process is gone
    assert 'staveworks_jobs_total{event="roster.started",outcome="done"} 2.0' in run(TELL, str(tmp_path))


def test_folders_that_nobody_has_used_for_a_day_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    old, fresh = tmp_path / "metrics" / "gone-web", tmp_path / "metrics" / "here-web"
    for folder in (old, fresh):
        folder.mkdir(parents=True)
        (folder / "counter_1.db").touch()
    for path in (old / "counter_1.db", old):
        os.utime(path, (0, 0))
    share_metrics(tmp_path, "web")
    assert not old.exists()
    assert (fresh / "counter_1.db").exists()

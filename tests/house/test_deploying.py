"""What stands under deploy/: that it can be read, pins what it starts, holds no secret, and is the same everywhere. `deploy/try` runs it."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from staveworks.kit.configuration.checking import all_settings

DEPLOY = Path(__file__).parents[2] / "deploy"
PINNED = re.compile(r"docker\.io/library/[a-z]+:\d+\.\d+(\.\d+)?(-[a-z]+)+")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return read


def test_every_image_is_pinned_to_a_version(compose: dict[str, Any]) -> None:
    foreign = {name: each["image"] for name, each in compose["services"].items() if "build" not in each}
    assert foreign.keys() == {"caddy", "database"}
    assert all(PINNED.fullmatch(image) for image in foreign.values()), foreign
    bases = re.findall(r"^FROM (\S+)", (DEPLOY / "Containerfile").read_text("utf-8"), re.MULTILINE)
    assert len(bases) == 2
    assert all(PINNED.fullmatch(image) for image in bases), bases


def test_secrets_come_from_files_and_stand_nowhere_else(compose: dict[str, Any]) -> None:
    assert {each["file"] for each in compose["secrets"].values()} == {
        f"secrets/{name}" for name in compose["secrets"]
    }
    secret = {setting.name for setting in all_settings() if setting.secret}
    for name, service in compose["services"].items():
        assert set(service.get("secrets", [])) <= compose["secrets"].keys(), name
        for variable, value in service.get("environment", {}).items():
            assert variable not in secret, (name, variable)
            assert not re.search(r"://[^/]*:[^/]*@", str(value)), (name, variable)
    owner = [
        name for name, each in compose["services"].items() if "database_owner_url" in each.get("secrets", [])
    ]
    assert owner == ["migrate", "database"], "web and worker must not be able to change the schema"


def test_every_variable_of_the_program_is_a_setting(compose: dict[str, Any]) -> None:
    known = {setting.name for setting in all_settings()} | {
        f"{s.name}_FILE" for s in all_settings() if s.secret
    }
    for name in ("web", "worker", "migrate"):
        assert set(compose["services"][name]["environment"]) <= known


def test_every_file_that_is_mounted_is_there_and_only_caddy_is_reached_from_outside(
    compose: dict[str, Any],
) -> None:
    mounted = [
        v.split(":")[0]
        for each in compose["services"].values()
        for v in each["volumes"]
        if v.startswith("./")
    ]
    assert "./prepare-database" in mounted
    assert all((DEPLOY / each).is_file() for each in mounted)
    assert [name for name, each in compose["services"].items() if "ports" in each] == ["caddy"]


def test_the_image_runs_the_same_steps_as_every_installation_and_not_as_root() -> None:
    image = (DEPLOY / "Containerfile").read_text("utf-8")
    assert "RUN PREFIX=/opt/staveworks /src/deploy/install" in image
    assert re.search(r"^USER staveworks$", image, re.MULTILINE)
    tried = (DEPLOY / "try").read_text("utf-8")
    assert all(f'DEPLOY / "{each}"' in tried for each in ("install", "new-secrets", "prepare-database"))


def test_new_secrets_differ_are_kept_and_are_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    subprocess.run([DEPLOY / "new-secrets", folder], check=True)
    made = {each.name: each.read_text("ascii") for each in folder.iterdir()}
    assert folder.stat().st_mode & 0o077 == 0
    assert made.keys() == {"postgres_password", "database_url", "database_cross_url", "database_owner_url"}
    passwords = {re.sub(r".*:([0-9a-f]{48})@.*", r"\1", each.strip()) for each in made.values()}
    assert len(passwords) == 4
    assert all(re.fullmatch("[0-9a-f]{48}", each) for each in passwords)
    subprocess.run([DEPLOY / "new-secrets", folder], check=True)
    assert {each.name: each.read_text("ascii") for each in folder.iterdir()} == made


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_the_unit_and_finds_nothing_amiss(unit: Path, tmp_path: Path) -> None:
    tried = tmp_path / unit.name
    tried.write_text(unit.read_text("utf-8").replace("/opt/staveworks/bin/staveworks", "/bin/true"), "utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tried],
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    complaints = [line for line in checked.stderr.splitlines() if unit.name in line]
    assert complaints == []
    assert checked.returncode == 0, checked.stderr


def test_the_units_start_what_the_program_has() -> None:
    started = {re.search(r"^ExecStart=(.*)$", each.read_text("utf-8"), re.MULTILINE)[1] for each in UNITS}  # type: ignore[index]
    assert started == {f"/opt/staveworks/bin/staveworks {each}" for each in ("web", "worker")}

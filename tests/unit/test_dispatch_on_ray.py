"""Markets on a Ray cluster: the answer of one process, in a network that is closed. Needs the extra ``staveworks[ray]``."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.dispatching.on_ray import in_a_closed_network
from tests.environment import plain_environment

ROOT = Path(__file__).parents[2]
INSIDE = in_a_closed_network([sys.executable, "-m", "tests.dispatching.on_ray"])
"""But for the folder."""


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray isn't installed: staveworks[ray]")
@pytest.mark.skipif(INSIDE is None, reason="no network of its own may be made here")
def test_a_cluster_gives_the_answer_that_one_process_gives() -> None:
    assert INSIDE is not None
    path = os.pathsep.join(each for each in (str(ROOT), os.environ.get("PYTHONPATH")) if each)
    there = {name: value for name, value in plain_environment(PYTHONPATH=path).items() if name != "TZ"}
    with tempfile.TemporaryDirectory(
        prefix="ray", ignore_cleanup_errors=True
    ) as folder:  # short: sockets have it in their names
        done = subprocess.run(
            [*INSIDE, folder],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=there,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    lost = said.pop("lost")
    assert said == dict.fromkeys(("same", "sound", "stopped", "heard", "signal"), True)
    assert "so there is no plan" in lost

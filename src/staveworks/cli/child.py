"""A process that must not outlive the one that started it."""

import ctypes
import os
import signal
import sys
from collections.abc import Mapping

PARENT = "STAVEWORKS_PARENT"
PR_SET_PDEATHSIG = 1


def environment_of_child(environment: Mapping[str, str]) -> dict[str, str]:
    """``environment`` with our process id in it, by which the child knows whose end is its own."""
    return {**environment, PARENT: str(os.getpid())}


def end_with_parent(environment: Mapping[str, str]) -> None:
    """If a parent of ours started this process: let the kernel end it with that parent, ``kill -9`` included.

    Linux only; elsewhere a killed parent leaves its children, and the next start tells so. A process that people start
    themselves has no parent in its environment and lives on.
    """
    parent = environment.get(PARENT)
    if not parent or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it died before we asked
        sys.exit("The parent process is gone.")

"""The environment as if nothing of ours were set in it."""

import os

import pytest

OURS = ("DATABASE_", "STAVEWORKS_", "DJANGO_")


def without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """For this process, until the test is over."""
    for name in os.environ:
        if name.startswith(OURS):
            monkeypatch.delenv(name)


def plain_environment(**settings: str) -> dict[str, str]:
    """For a process that a test starts: ours without settings, then ``settings``."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | settings

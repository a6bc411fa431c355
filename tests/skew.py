"""Clocks that say something else: the web process's own, or what the database tells it."""

import time
from datetime import datetime, timedelta

import pytest
from django.utils import timezone


def skew_process(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """This process's clock is off by so much; the database's, which is another process, is right."""
    now, seconds = timezone.now, time.time
    monkeypatch.setattr(timezone, "now", lambda: now() + by)
    monkeypatch.setattr(time, "time", lambda: seconds() + by.total_seconds())


def its_clock_says(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """As if it were then, for what Python decides by the database's clock."""
    monkeypatch.setattr("staveworks.db.clock.NOW", f"SELECT timestamptz '{moment.isoformat()}'")

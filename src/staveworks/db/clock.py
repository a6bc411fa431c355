"""The database's clock: the one by which everything is decided, whatever the clocks of web processes and workers say."""

from datetime import date, datetime

from django.db import connections
from django.db.models import DateTimeField, Func
from django.utils import timezone

NOW = "SELECT clock_timestamp()"


class DatabaseClock(Func):
    """Inside statements: the moment at which the statement looks; ``Now()`` is when its transaction began, which waiting for a lock makes old."""

    function = "clock_timestamp"
    arity = 0
    output_field = DateTimeField()


def database_now(using: str = "default") -> datetime:
    """For what is decided in Python: the moment at which the database is asked."""
    with connections[using].cursor() as cursor:
        cursor.execute(NOW)
        (now,) = cursor.fetchone()
    found: datetime = now
    return found


def database_today(using: str = "default") -> date:
    """The local day of that moment."""
    return timezone.localdate(database_now(using))

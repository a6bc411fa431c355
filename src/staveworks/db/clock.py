"""The database's clock, inside statements."""

from django.db.models import DateTimeField, Func


class DatabaseClock(Func):
    """The moment at which the statement looks; ``Now()`` is when its transaction began, which waiting for a lock makes old."""

    function = "clock_timestamp"
    arity = 0
    output_field = DateTimeField()

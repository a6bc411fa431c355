"""Old entries of the log of who looked at capacity, removed when their time is over. As the cross role; the database keeps a floor of
180 days."""

from datetime import datetime

from django.db import connections, transaction


def forget_looks(*, before: datetime, limit: int) -> int:
    """At most ``limit`` looks, with the rows of the firms that were seen; how many rows went."""
    with transaction.atomic(using="cross"), connections["cross"].cursor() as cursor:
        cursor.execute("SELECT id FROM dispatch_reading WHERE at < %s ORDER BY at LIMIT %s", [before, limit])
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("DELETE FROM dispatch_look WHERE reading_id = ANY (%s)", [ids])
        seen = cursor.rowcount
        cursor.execute("DELETE FROM dispatch_reading WHERE id = ANY (%s)", [ids])
        return int(seen + cursor.rowcount)

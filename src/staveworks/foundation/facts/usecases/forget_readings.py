"""Old entries of the log of who looked, removed when their time is over. As the cross role; the database keeps a floor of 180 days."""

from datetime import datetime

from django.db import connections, transaction


def forget_readings(*, before: datetime, limit: int) -> int:
    """At most ``limit`` readings, with the rows of the firms that were read; how many rows went."""
    with transaction.atomic(using="cross"), connections["cross"].cursor() as cursor:
        cursor.execute(
            "SELECT id FROM facts_reading WHERE at < %s ORDER BY at LIMIT %s",
            [before, limit],
        )
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("DELETE FROM facts_read WHERE reading_id = ANY (%s)", [ids])
        reads = cursor.rowcount
        cursor.execute("DELETE FROM facts_reading WHERE id = ANY (%s)", [ids])
        return int(reads + cursor.rowcount)

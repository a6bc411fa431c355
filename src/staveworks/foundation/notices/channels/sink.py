"""The local sink: takes what a provider would, so that an installation without one can be used and read.

Each message in a transaction of its own, like a provider's: a sender that dies afterwards finds it taken already. The same token
twice is one entry whose ``receipts`` tell how often it came.
"""

from uuid import UUID

from django.db import connection

from staveworks.db.transaction import acting
from staveworks.foundation.notices.channels.types import Accepted, Open, Outgoing

TAKE = """
INSERT INTO notices_sink_entry (id, operator_id, channel, address, subject, text, html, receipts)
VALUES (%s, %s, %s, %s, %s, %s, '', 1)
ON CONFLICT (id) DO UPDATE SET receipts = notices_sink_entry.receipts + 1
"""


class Sink(Open):
    """The sink of one operator, for any channel."""

    repeats = True

    def __init__(self, operator: UUID) -> None:
        self.operator = operator

    def send(self, message: Outgoing) -> Accepted:
        text = f"{message.text}\n\n{message.link}" if message.link else message.text
        with acting(org=self.operator), connection.cursor() as cursor:
            cursor.execute(
                TAKE,
                [message.token, self.operator, message.channel, message.address, message.subject[:400], text],
            )
        return Accepted(f"sink:{message.token}")

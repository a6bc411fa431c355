"""Delivery status notifications (RFC 3464) as mail servers send them: which mail of ours came back, for good or for now."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import compat32
from uuid import UUID

DELIVERY_HEADER = "X-Staveworks-Delivery"
MESSAGE_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
LONGEST = 2 * 1024 * 1024
NO_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""RFC 3463 and 7505: no such mailbox, no such domain, mailbox closed, domain takes no mail."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a notification says of one mail: ``action`` is failed, delayed, delivered, relayed or expanded."""

    token: UUID
    action: str
    status: str

    @property
    def address_is_gone(self) -> bool:
        return self.action == "failed" and self.status in NO_MAILBOX


def read_bounces(raw: bytes) -> list[Bounce]:
    """The bounces in a mail that came to the bounce address; none where it is no notification of ours."""
    mail = message_from_bytes(raw[:LONGEST], policy=compat32)
    if mail.get_content_type() != "multipart/report":
        return []
    token = next(_tokens(mail), None)
    if token is None:
        return []
    return [Bounce(token, action, status) for action, status in _statuses(mail)]


def _tokens(mail: Mail) -> Iterator[UUID]:
    """Our token in what was returned of the mail: its own header, else its Message-ID."""
    for part in mail.walk():
        for text in _returned(part):
            ours = re.search(
                rf"^{DELIVERY_HEADER}:\s*([0-9a-f-]{{36}})\s*$", text, re.MULTILINE | re.IGNORECASE
            )
            ours = ours or MESSAGE_ID.search(text)
            if ours:
                try:
                    yield UUID(ours[1])
                except ValueError:
                    continue


def _returned(part: Mail) -> Iterator[str]:
    kind = part.get_content_type()
    if kind == "text/rfc822-headers":
        payload = part.get_payload(decode=True)
        yield payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    elif kind == "message/rfc822":
        for inner in part.get_payload() if isinstance(part.get_payload(), list) else []:
            if isinstance(inner, Mail):
                yield "".join(f"{name}: {value}\n" for name, value in inner.items())


def _statuses(mail: Mail) -> Iterator[tuple[str, str]]:
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload() if isinstance(part.get_payload(), list) else []:
            if isinstance(block, Mail) and block.get("Action"):
                status = STATUS.search(str(block.get("Status", "")))
                yield str(block["Action"]).strip().split()[0].lower(), status[0] if status else ""

"""SMTP: one connection for some messages; what the server's answers mean."""

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.policy import SMTP
from types import TracebackType
from typing import Any, Literal, Self

from staveworks.foundation.notices.channels.mail import make_mail
from staveworks.foundation.notices.channels.reaching import TIMEOUT_S, checked_addresses, connect, is_named
from staveworks.foundation.notices.channels.types import Accepted, Outgoing, Trouble
from staveworks.foundation.notices.messages.bounces import NO_MAILBOX

WIRE = SMTP.clone(cte_type="7bit")
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
GONE = frozenset({550, 551, 553})
"""Without an enhanced code these are said of the mailbox."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where and as whom to send. ``security``: TLS from the start, STARTTLS, or none (in a named network only)."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    sender: Address
    user: str = ""
    password: str = ""
    bounces: str = ""


class _Guarded(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        return connect(host, port, timeout)


class _GuardedTls(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        plain = connect(host, port, timeout)
        return self.context.wrap_socket(plain, server_hostname=host)


class Smtp:
    """An SMTP server. After a lost answer the mail goes again: twice is better than never, and it keeps its Message-ID."""

    repeats = True

    def __init__(self, server: Server) -> None:
        self.server = server
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, message: Outgoing) -> Accepted:
        mail = make_mail(message, sender=self.server.sender)
        link = self._connection()
        try:
            _expect(link.mail(self.server.bounces or self.server.sender.addr_spec), "gateway")
            _expect(link.rcpt(message.address), "recipient")
        except smtplib.SMTPException:
            self._close()
            raise Trouble("gateway", "connection") from None
        except OSError:
            self._close()
            raise Trouble("gateway", "connection") from None
        except Trouble:
            self._reset()
            raise
        return self._data(link, mail.as_bytes(policy=WIRE))

    def _data(self, link: smtplib.SMTP, content: bytes) -> Accepted:
        try:
            code, said = link.data(content)
        except smtplib.SMTPDataError as refused:
            self._reset()
            raise _trouble(refused.smtp_code, refused.smtp_error, "recipient") from None
        except (smtplib.SMTPException, OSError):
            self._close()
            raise Trouble("unknown", "answer") from None
        if code != 250:
            raise _trouble(code, said, "recipient")
        return Accepted(_words(said)[:120])

    def _connection(self) -> smtplib.SMTP:
        if self._open is None:
            try:
                self._open = self._connect()
            except smtplib.SMTPException as error:
                raise Trouble("gateway", type(error).__name__) from None
            except OSError:
                raise Trouble("gateway", "connection") from None
        return self._open

    def _connect(self) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        if server.security == "none" and not all(map(is_named, checked_addresses(server.host, server.port))):
            raise Trouble("gateway", "no TLS")
        link: smtplib.SMTP
        if server.security == "tls":
            link = _GuardedTls(server.host, server.port, timeout=TIMEOUT_S, context=context)
        else:
            link = _Guarded(server.host, server.port, timeout=TIMEOUT_S)
        link.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            link.starttls(context=context)
        if server.user:
            link.login(server.user, server.password)
        return link

    def _reset(self) -> None:
        try:
            if self._open:
                self._open.rset()
        except (smtplib.SMTPException, OSError):
            self._close()

    def _close(self) -> None:
        link, self._open = self._open, None
        if link:
            try:
                link.quit()
            except (smtplib.SMTPException, OSError):
                link.close()


def _expect(answer: tuple[int, bytes], about: Literal["gateway", "recipient"]) -> None:
    code, said = answer
    if code not in (250, 251):
        raise _trouble(code, said, about)


def _trouble(code: int, said: bytes | str, about: Literal["gateway", "recipient"]) -> Trouble:
    """What an answer other than yes means for this message."""
    found = ENHANCED.search(_words(said))
    shown = f"{code} {found[0]}" if found else str(code)
    if about == "gateway":
        return Trouble("gateway", shown)
    if 400 <= code < 500:
        return Trouble("later", shown)
    gone = found[0] in NO_MAILBOX if found else code in GONE
    return Trouble("bounced" if gone else "never", shown)


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said

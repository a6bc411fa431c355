"""Connections to addresses that somebody typed: only to the public Internet, and to the networks that the installation names.

The name is resolved once, every address it has is checked, and the connection goes to the checked one: a name that points
elsewhere a moment later (DNS rebinding) changes nothing. Redirects aren't followed.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from staveworks.foundation.notices.channels.types import Trouble

TIMEOUT_S = 10.0
LONGEST_ANSWER = 64 * 1024
type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider answered."""

    status: int
    body: bytes


def checked_addresses(host: str, port: int) -> list[str]:
    """The addresses of ``host``. Raises ``Trouble`` (gateway) if it has none or one that may not be reached."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Trouble("gateway", "name") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not all(may_reach(address) for address in addresses):
        raise Trouble("gateway", "address")
    return addresses


def may_reach(address: str) -> bool:
    """Whether ``address`` is public, or lies in one of the networks that the installation names."""
    here = _plain(address)
    return is_named(address) or (here.is_global and not here.is_multicast)


def is_named(address: str) -> bool:
    """Whether ``address`` lies in a network of ``STAVEWORKS_PROVIDER_NETWORKS``."""
    here = _plain(address)
    return any(here in network for network in settings.PROVIDER_NETWORKS if network.version == here.version)


def _plain(address: str) -> Address:
    """An IPv4 address written as IPv6 (mapped, 6to4, NAT64) is what it stands for."""
    here = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(here, ipaddress.IPv6Address):
        inner = here.ipv4_mapped or here.sixtofour
        if inner is None and here in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(here) & 0xFFFFFFFF)
        return inner or here
    return here


def connect(host: str, port: int, timeout: float = TIMEOUT_S) -> socket.socket:
    """A connection to a checked address of ``host``. Raises ``Trouble`` (gateway)."""
    for address in checked_addresses(host, port):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError:
            continue
    raise Trouble("gateway", "connection")


class _Guarded(http.client.HTTPSConnection):
    """Connects to checked addresses only; in a named network also without TLS."""

    def __init__(self, host: str, port: int, *, tls: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        self._tls = tls

    def connect(self) -> None:
        plain = connect(self.host, self.port)
        if not self._tls:
            if not is_named(str(plain.getpeername()[0])):
                plain.close()
                raise Trouble("gateway", "http")
            self.sock = plain
            return
        try:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise Trouble("gateway", "tls") from None


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, hosts: Collection[str] = (), method: str = "POST"
) -> Reply:
    """Send ``body`` and read the answer. ``hosts``: only these may be reached (or a named network).

    Raises ``Trouble``: *gateway* if nothing was sent, *unknown* if the answer got lost on the way.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
        raise Trouble("gateway", "url")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if (
        hosts
        and parts.hostname not in hosts
        and not all(map(is_named, checked_addresses(parts.hostname, port)))
    ):
        raise Trouble("gateway", "host")
    connection = _Guarded(parts.hostname, port, tls=parts.scheme == "https")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.connect()
        connection.request(method, target, body=body, headers={"User-Agent": "Staveworks", **headers})
        answer = connection.getresponse()
        return Reply(answer.status, answer.read(LONGEST_ANSWER))
    except (OSError, http.client.HTTPException):
        raise Trouble("unknown", "answer") from None
    finally:
        connection.close()

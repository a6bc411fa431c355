"""What a proxy tells about the client, believed only from proxies that are trusted (``STAVEWORKS_PROXIES``)."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from staveworks.kit.configuration.kinds import Networks
from staveworks.kit.reference import good_reference


@dataclass(frozen=True, slots=True)
class Client:
    """Who really asks, how, and under which reference; ``scheme`` and ``reference`` are None where nobody trusted said."""

    address: str
    scheme: str | None = None
    reference: str | None = None


def client_of(environ: Mapping[str, object], trusted: Networks) -> Client:
    """The client behind the connection's other end, by the headers of trusted proxies.

    ``X-Forwarded-For`` is read from its right end: what stands left of the first address that isn't trusted was written by
    the client itself and may be a lie.
    """
    peer = str(environ.get("REMOTE_ADDR") or "")
    if not _is_trusted(peer, trusted):
        return Client(peer)
    scheme = str(environ.get("HTTP_X_FORWARDED_PROTO") or "").strip().lower()
    reference = str(environ.get("HTTP_X_REQUEST_ID") or "")
    return Client(
        _first_untrusted(peer, str(environ.get("HTTP_X_FORWARDED_FOR") or ""), trusted),
        scheme if scheme in ("http", "https") else None,
        reference if good_reference(reference) else None,
    )


def _first_untrusted(peer: str, forwarded: str, trusted: Networks) -> str:
    address = peer
    for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not _is_address(hop):
            break
        address = hop
        if not _is_trusted(hop, trusted):
            break
    return address


def _is_trusted(address: str, trusted: Networks) -> bool:
    return _is_address(address) and any(ipaddress.ip_address(address) in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True

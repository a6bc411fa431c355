"""Addresses that somebody typed: only public ones, or those of networks that the installation names."""

import socket
from ipaddress import ip_network
from typing import Any

import pytest

from staveworks.foundation.notices.channels import reaching
from staveworks.foundation.notices.channels.reaching import checked_addresses, may_reach, post
from staveworks.foundation.notices.channels.types import Trouble
from tests.contract.vendors import serving


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_inner_addresses_are_not_reached_and_public_ones_are(address: str, settings: Any) -> None:
    settings.PROVIDER_NETWORKS = ()
    assert not may_reach(address)
    assert may_reach("93.184.215.14")
    assert may_reach("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_a_named_network_is_reached(settings: Any) -> None:
    settings.PROVIDER_NETWORKS = (ip_network("10.0.0.0/8"),)
    assert may_reach("10.1.2.3")
    assert not may_reach("192.168.1.1")


def _resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def lookup(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(reaching.socket, "getaddrinfo", lookup)


def test_a_name_with_one_inner_address_is_refused(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.PROVIDER_NETWORKS = ()
    _resolving(monkeypatch, "93.184.215.14", "127.0.0.1")
    with pytest.raises(Trouble):
        checked_addresses("sly.example", 443)
    _resolving(monkeypatch, "93.184.215.14")
    assert checked_addresses("honest.example", 443) == ["93.184.215.14"]


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """A second look-up (DNS rebinding) would find another one: there is none."""
    settings.PROVIDER_NETWORKS = ()
    looked, dialled = [], []

    def lookup(host: str, port: int, **_: Any) -> list[Any]:
        looked.append(host)
        found = "93.184.215.14" if len(looked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]

    def dial(address: tuple[str, int], timeout: float) -> socket.socket:
        dialled.append(address)
        raise OSError

    monkeypatch.setattr(reaching.socket, "getaddrinfo", lookup)
    monkeypatch.setattr(reaching.socket, "create_connection", dial)
    with pytest.raises(Trouble):
        post("https://rebinding.example/hook", b"", {})
    assert dialled == [("93.184.215.14", 443)]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "https://user:pw@a.example/",
        "https://",
        "gopher://a.example:25/",
    ],
)
def test_only_plain_addresses_of_the_web_are_reached(url: str) -> None:
    with pytest.raises(Trouble) as trouble:
        post(url, b"", {})
    assert (trouble.value.kind, trouble.value.code) == ("gateway", "url")


def test_without_tls_only_a_named_network_is_reached(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.PROVIDER_NETWORKS = (ip_network("127.0.0.0/8"),)
    with serving(lambda _: (200, {})) as vendor:
        assert post(f"{vendor.url}/x", b"{}", {}).status == 200
        settings.PROVIDER_NETWORKS = ()
        with pytest.raises(Trouble):
            post(f"{vendor.url}/x", b"{}", {})
        assert len(vendor.asked) == 1


def test_a_server_without_valid_tls_is_not_spoken_to(settings: Any) -> None:
    settings.PROVIDER_NETWORKS = (ip_network("127.0.0.0/8"),)
    with serving(lambda _: (200, {})) as vendor:
        with pytest.raises(Trouble) as trouble:
            post(vendor.url.replace("http:", "https:"), b"", {})
        assert (trouble.value.kind, trouble.value.code) == ("gateway", "tls")
        assert vendor.asked == []


def test_redirects_are_not_followed(settings: Any) -> None:
    settings.PROVIDER_NETWORKS = (ip_network("127.0.0.0/8"),)
    with serving(lambda _: (200, {})) as inner, serving(lambda _: (302, inner.url)) as vendor:
        assert post(vendor.url, b"", {}).status == 302
        assert inner.asked == []


def test_a_long_answer_is_read_no_further_than_needed(settings: Any) -> None:
    settings.PROVIDER_NETWORKS = (ip_network("127.0.0.0/8"),)
    with serving(lambda _: (200, "x" * 200_000)) as vendor:
        assert len(post(vendor.url, b"", {}).body) == reaching.LONGEST_ANSWER

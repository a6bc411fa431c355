"""Invariant 20 at the doors: every address × everybody who may knock, each cell by the table of rights.

The door is asked itself, a page's view or an operation's guard, by somebody with the rights that the table gives: it turns her
away, or it lets her in, and what is behind it never runs. What is behind it is for ``test_authorisation_matrix.py``.
"""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from staveworks.api import operation
from staveworks.api.operation import Guard
from staveworks.api.reading import JSON
from staveworks.foundation.parties.doors import Door
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor, NoOrganisation, RightMissing
from staveworks.kit.ids import new_id
from staveworks.web.doors import door
from tests.addresses import Address, addresses
from tests.matrix import CALLERS, rights_of

NAMES = [name for groups in CALLERS.values() for group in groups for name in group if name != "anonymous"]


class LetIn(Exception):
    """The door has asked for this right, and it was there."""


class Knocking(Actor):
    """Goes no further than the door."""

    def require(self, right: str) -> None:
        super().require(right)
        raise LetIn(right)


@pytest.fixture(autouse=True)
def _called_by_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who calls an operation is told by the request, without a session or a token."""
    monkeypatch.setattr(operation, "caller_of", lambda request: request.actor)


@pytest.mark.parametrize("name", NAMES)
def test_every_door_opens_for_whom_the_table_of_rights_names(name: str) -> None:
    rights = rights_of(name)
    wrong = [
        f"{method} {address.route}: {said}"
        for address in addresses()
        if address.door and address.door.right
        for method in address.tried
        for said in [knock(address, method, rights, acts=name != "nobody's")]
        if said not in expected(address.door, method, rights)
    ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", ["firm's owner", "operator's owner", "steward"])
def test_a_token_with_all_scopes_but_one_finds_the_doors_of_that_one_shut(name: str) -> None:
    """The person has all rights, the scopes leave one out."""
    open_ones = [
        f"{address.methods[0]} {address.route}"
        for address in addresses()
        if address.is_api and address.door and address.door.right
        if knock(address, address.methods[0], rights_of(name) - {address.door.right}) != "refused"
    ]
    assert not open_ones, "\n" + "\n".join(open_ones)


def expected(door: Door, method: str, rights: frozenset[str]) -> set[str]:
    """A page may take one method alone and say so first."""
    right = door.right_for(method)
    return {"405", f"let in by {right}" if right in rights else "refused"}


def knock(address: Address, method: str, rights: frozenset[str], *, acts: bool = True) -> str:
    """What a door says to somebody with ``rights``; ``acts``: for an organisation."""
    request = RequestFactory().generic(method, "/" + address.route)
    request.user = Person()
    request.actor = Knocking(new_id(), new_id() if acts else None, rights)  # type: ignore[attr-defined]
    things = {} if address.is_api else dict.fromkeys(address.params)
    try:
        response = address.enter(request, **things)
    except (RightMissing, NoOrganisation):
        return "refused"
    except LetIn as right:
        return f"let in by {right}"
    return str(response.status_code) if isinstance(response, HttpResponse) else f"not asked: {response}"


def test_nobody_comes_in_by_a_page_without_signing_in() -> None:
    wrong = []
    for address in addresses():
        if address.is_api or address.door is None or address.door.asks == "public":
            continue
        for method in address.tried:
            request = RequestFactory().generic(method, "/" + address.route)
            request.user, request.actor = AnonymousUser(), None  # type: ignore[attr-defined]
            response = address.enter(request, **dict.fromkeys(address.params))
            assert isinstance(response, HttpResponse)
            if response.status_code != 405 and "/accounts/login" not in response.get("Location", ""):
                wrong.append(f"{method} {address.route}: {response.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_door_left_open_would_be_seen() -> None:
    """Planted: a page behind no door, one behind the door of another right, and an operation whose guard asks nothing."""

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    asked = Door("right", "roster.read")
    left_open = Address("rosters/", asked, (), page)
    swapped = replace(left_open, enter=door("audit.read")(page))
    unguarded = Address("api/v1/rosters", asked, (), Guard(Door("public"), (), JSON, tokens=True), ("GET",))
    can = frozenset({"roster.read", "audit.read"})
    for address in (left_open, swapped, unguarded):
        assert knock(address, "GET", can) not in expected(asked, "GET", can)
    assert knock(left_open, "GET", frozenset()) not in expected(asked, "GET", frozenset())
    assert knock(replace(left_open, enter=door("roster.read")(page)), "GET", can) in expected(
        asked, "GET", can
    )

"""Invariant 20 from outside: every address × everybody who may knock × own, mandated and other organisation.

What is expected follows from the address's declared door and the table of rights, both signs: who has the right enters (with
her own things), who hasn't is refused, and nobody enters with things of an organisation that she doesn't act for.

``test_doors.py`` asks every door for everybody. Here whole requests are sent, at the edges: of those who ask for the same
things, who may enter with the fewest rights does so, and at each right's door who has the most others is refused. A right only
ever opens (``Actor`` asks for what is there, never for what is missing), so that nothing else can come out between the edges.
Others' things are asked for once an address by each group: what isn't one's own is so whatever one may do at home.
``STAVEWORKS_WHOLE_MATRIX=1`` sends the others too, which takes several times as long.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from staveworks.api.authentication import caller_of
from staveworks.api.operation import Guard
from staveworks.foundation.parties.rights import RIGHTS, STEWARDED, STEWARDING
from tests.addresses import BODIES, Address, addresses
from tests.contract.caller import Caller as TokenCaller
from tests.contract.caller import make_token
from tests.matrix import CALLERS, Caller, Town

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("bare_refusals"),
    pytest.mark.xdist_group("town"),
]
ONLY = os.environ.get("STAVEWORKS_ADDRESSES", "")
"""While working on a few addresses: a regular expression that narrows the walk to them."""
WHOLE = bool(os.environ.get("STAVEWORKS_WHOLE_MATRIX"))
PERSONS = {"nobody", "firm"}
"""Who tries what is about the person alone: she without an organisation, and one in a firm."""
TENANTS = {
    "assessment",
    "mandate",
    "invitation",
    "member",
    "token",
    "organisation",
    "roster",
    "duplicate",
    "decision",
}
TENANTS |= {
    "firm",
    "claim",
    "file",
    "ticket",
    "campaign",
    "membership_id",
    "invitation_id",
    "mandate_id",
    "token_id",
    "file_id",
    "claim_id",
}
TENANTS |= {"own_offer", "order", "draft_line", "asked_order", "line", "served_line", "disputed_line"}
TENANTS |= {"correction", "delivery", "entry", "fact", "grant", "pair", "robot", "row", "todo"}
TENANTS |= {"own_request", "asked_request", "contract", "change"}
TENANTS |= {"arrival"}
TENANTS |= {"subscription", "served_subscription"}
TENANTS |= {"prescription", "voucher"}
TENANTS |= {"centre", "window", "sheet"}
TENANTS |= {"task", "served_task", "label", "report", "scope", "stock", "stock_lot", "weekly"}


def test_every_address_declares_its_door() -> None:
    found = list(addresses())
    assert len(found) > 100
    assert [address.route for address in found if address.door is None] == []


def test_every_right_guards_an_address_of_the_api() -> None:
    guarded = {address.door.right for address in addresses() if address.is_api and address.door}
    assert set(RIGHTS) - guarded <= {"firm.steward"}


@pytest.mark.parametrize("side", CALLERS)
def test_each_address_lets_in_whom_the_table_of_rights_lets_in(
    side: str, town: Town, subtests: pytest.Subtests
) -> None:
    for group in CALLERS[side]:
        callers = [town.caller(name) for name in group]
        for caller in callers:
            assert caller.session_key or caller.actor is None, "signed in before the first cell is taken back"
        wrong = [
            f"{caller.name}: {method} {address.route} [{whose}]: {said}"
            for caller, address, method, others in at_the_edges(callers)
            if re.search(ONLY, address.route)
            for whose, said in _tries(address, method, caller, others=others)
            if said
        ]
        with subtests.test(group[0]):
            assert not wrong, "\n" + "\n".join(wrong)


def at_the_edges(callers: list[Caller]) -> Iterator[tuple[Caller, Address, str, bool]]:
    """Of all requests of ``callers``, who ask for the same things, those in which something new can come out: each that nobody
    is let in with fewer rights, and the first that meets a right's door in spite of the most. Where no right is asked, whoever
    has the fewest, at open doors only who has none, and where a person alone is asked for, only the groups ``PERSONS``. The last
    of the four: whether others' things are to be asked for too."""
    turned_away = set()
    for address in addresses():
        for method in address.tried:
            assert address.door is not None
            right = address.door.right_for(method)
            let_in = [each for each in callers if right is None or right in each.rights]
            refused = [each for each in callers if each not in let_in]
            edge = [each for each in let_in if not any(other.rights < each.rights for other in let_in)]
            if right is None:
                edge = sorted(edge, key=lambda each: len(each.rights))[:1]
            if address.door.asks == "public":
                edge = [each for each in edge if not each.rights]
            if address.door.asks == "person":
                edge = [each for each in edge if not each.actor or each.name.partition("'s")[0] in PERSONS]
            for number, caller in enumerate(let_in if WHOLE else edge):
                yield caller, address, method, WHOLE or number == 0
            door = (right, method, address.is_api)
            for caller in sorted(refused, key=lambda each: -len(each.rights)):
                if WHOLE or door not in turned_away:
                    yield caller, address, method, False
                turned_away.add(door)


def _tries(address: Address, method: str, caller: Caller, *, others: bool) -> list[tuple[str, str]]:
    """(whose thing, what is wrong or "") of the cells of an address for one caller."""
    cells = [("own", _try(address, caller, method, caller.things, own=True))]
    if (
        others
        and address.door
        and address.door.right_for(method) in caller.rights
        and TENANTS & set(address.params)
    ):
        cells.append(("other", _try(address, caller, method, caller.others, own=False)))
    return cells


def _try(address: Address, caller: Caller, method: str, things: dict[str, str], *, own: bool) -> str:
    """One request, whose effects are taken back."""
    with transaction.atomic():
        response = _send(caller.client, method, address, things)
        transaction.set_rollback(True)
    if response.status_code == 405:
        return ""
    assert address.door is not None
    expected = _expected(address, caller, method, own=own)
    return "" if expected(response) else f"{expected.__name__} expected, got {_said(response)}"


def _send(client: Client, method: str, address: Address, things: dict[str, str]) -> HttpResponse:
    send: Callable[..., HttpResponse] = getattr(client, method.lower())
    path, body = address.path(things), BODIES.get((method, address.route), {})
    if address.is_api and method != "GET" and "file" not in body:
        return send(path, json.dumps(_named(body, things)), content_type="application/json")
    if "file" in body:
        body = {**body, "file": SimpleUploadedFile("list.csv", body["file"])}
    return send(path, {name: things.get(str(value), value) for name, value in body.items()})


def _named(value: Any, things: dict[str, str]) -> Any:
    """``value`` with the ids of the things that it names, at any depth."""
    if isinstance(value, dict):
        return {name: _named(each, things) for name, each in value.items()}
    if isinstance(value, list):
        return [_named(each, things) for each in value]
    return things.get(value, value) if isinstance(value, str) else value


def _expected(address: Address, caller: Caller, method: str, *, own: bool) -> Callable[[HttpResponse], bool]:
    assert address.door is not None
    asks, right = address.door.asks, address.door.right_for(method)
    if asks == "public":
        return served
    if caller.actor is None:
        return sent_to_sign_in
    if asks == "person":
        return served
    if right not in caller.rights:
        return refused
    return entered if own else not_found


def served(response: HttpResponse) -> bool:
    """Whatever the answer is: it isn't about who asks, and nothing broke."""
    return response.status_code < 500 and response.status_code != 401


def sent_to_sign_in(response: HttpResponse) -> bool:
    to_sign_in = response.status_code == 302 and "/accounts/login" in response["Location"]
    return to_sign_in or response.status_code == 401


def refused(response: HttpResponse) -> bool:
    return response.status_code == 403


def entered(response: HttpResponse) -> bool:
    return response.status_code in (200, 201, 204, 301, 302, 303, 400, 409, 415, 422) and not sent_to_sign_in(
        response
    )


def not_found(response: HttpResponse) -> bool:
    return response.status_code in (403, 404)


def _said(response: HttpResponse) -> str:
    where = f" → {response['Location']}" if "Location" in response else ""
    return f"{response.status_code}{where}"


def test_a_token_enters_with_the_one_scope_that_the_door_names(town: Town) -> None:
    """Every operation that asks for a right; with all scopes but that one the doors are shut (``test_doors.py``), seen here once
    for each right."""
    wrong, refused_by = [], set()
    for caller, head in (
        (town.caller("firm's owner"), town.owner),
        (town.caller("operator's owner"), town.head),
    ):
        for address, right in guarded_operations():
            if right not in caller.rights:
                continue
            cells = [([right], entered)]
            if right not in refused_by:
                cells.append((sorted(caller.rights - {right}), refused))
            refused_by.add(right)
            for scopes, expected in cells:
                with transaction.atomic():
                    client = TokenCaller(make_token(head, scopes, secret="t"), raise_request_exception=False)
                    response = _send(client, address.methods[0], address, caller.things)
                    transaction.set_rollback(True)
                if not expected(response):
                    wrong.append(f"{address.methods} {address.route} {len(scopes)}: {_said(response)}")
    assert not wrong, "\n" + "\n".join(wrong)


def guarded_operations() -> Iterator[tuple[Address, str]]:
    """Operations of the API that ask for a right, with it."""
    for address in addresses():
        if address.is_api and address.door and address.door.right:
            yield address, address.door.right


def test_a_stewards_token_enters_for_an_unclaimed_firm_what_its_scopes_and_the_table_allow(
    town: Town,
) -> None:
    """Every operation that stewards may use, as the steward of an unclaimed firm; for each right once without it in the scopes,
    without the scope to act as steward at all, for a firm of another operator, and where the table gives stewards nothing."""
    steward, head = town.caller("steward"), town.head
    wrong, seen = [], set()
    for address, right in guarded_operations():
        own, others = steward.things["organisation"], town.citys["firm"]
        cells = [([right, STEWARDING], own, entered)] if right in STEWARDED else []
        if right not in seen:
            cells += [
                ([*(STEWARDED - {right}), STEWARDING], own, refused),
                ([right], own, refused),
                ([right, STEWARDING], others, not_found),
            ]
            if right not in STEWARDED:
                cells.append(([right, STEWARDING], own, refused))
        seen.add(right)
        for scopes, firm, expected in cells:
            with transaction.atomic():
                token = make_token(head, sorted(set(scopes)), secret="s")
                client = TokenCaller(token, for_org=UUID(firm), raise_request_exception=False)
                response = _send(client, address.methods[0], address, steward.things)
                transaction.set_rollback(True)
            if not expected(response):
                wrong.append(f"{address.methods} {address.route} {scopes} {firm}: {_said(response)}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_matrix_would_see_a_door_left_open(town: Town) -> None:
    """Planted: a page that lets in everybody though it declares a right is found, and so is one that nobody can enter."""
    address = next(
        each for each in addresses() if each.door and each.door.right == "roster.read" and not each.params
    )
    viewer, stranger = town.caller("operator's viewer"), town.caller("firm's owner")
    assert _expected(address, viewer, "GET", own=True) is entered
    assert _expected(address, stranger, "GET", own=True) is refused
    assert not refused(HttpResponse(status=200))
    assert not entered(HttpResponse(status=403))


def test_behind_an_open_door_the_use_cases_still_refuse(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard of the API let everybody signed in pass: whoever lacks the right is refused all the same."""
    monkeypatch.setattr(Guard, "__call__", lambda self, request: caller_of(request))
    wrong = []
    for name in ("firm's viewer", "operator's auditor", "mandated"):
        caller = town.caller(name)
        assert caller.session_key
        for address in addresses():
            right = address.door.right if address.door and address.is_api else None
            if right is None or right in caller.rights:
                continue
            with transaction.atomic():
                response = _send(caller.client, address.methods[0], address, caller.things)
                transaction.set_rollback(True)
            if not refused(response):
                wrong.append(f"{name}: {address.methods[0]} {address.route}: {_said(response)}")
    assert not wrong, "\n" + "\n".join(wrong)

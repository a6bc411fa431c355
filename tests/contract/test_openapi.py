"""The API keeps its description: whatever is sent, no server error, and every answer as declared (Schemathesis)."""

import random
from enum import Enum
from typing import Any, get_args

import pytest
import schemathesis
from django.conf import settings as conf
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from staveworks.api.shapes import In, Out
from staveworks.api.v1 import ROUTERS
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.rights import FIRMS, RIGHTS
from staveworks.foundation.parties.usecases.issue_token import issue_token
from tests.contract.caller import make_token
from tests.contract.seeded import Seeded, make_seeded

CONFORMANCE = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
PER_OPERATION = 2
"""The simplest and one that is drawn, as described and not: what is asked is asked of more than three hundred operations."""

DRAWN = {"generation": {"with-security-parameters": False}, "analysis": {"constants": {"enabled": False}}}
"""Not drawn: who calls, as each request says that by itself; and literals of the program, for which all of it would be read."""


class Api:
    """The described API on a database with something in every list, and who calls which operation."""

    def __init__(self, seeded: Seeded) -> None:
        world = seeded.world
        self.operator, self.firm, self.other = map(make_token, (world.gao, world.lin, world.wu))
        browser = Client()
        browser.force_login(Person.objects.get(id=world.lin.person_id))
        self.browser = {"Cookie": f"{conf.SESSION_COOKIE_NAME}={browser.session.session_key}"}
        spare = issue_token(world.lin, name="spare", scopes=["barrel.read"])
        self.known = {
            "assessment": seeded.assessment,
            "leaf": "产品设计",
            "mandate": seeded.mandate,
            "invitation": seeded.invitation,
            "claim": seeded.claim,
            "roster": seeded.roster,
            "organisation": world.chunhui.id,
            "firm": world.qinghe.id,
            "token": spare.id,
            "rubric": "staveworks-planks-2026",
            "city": "330600",
            "todo": seeded.todo,
            "prescription": seeded.prescription,
            "voucher": seeded.voucher,
        }

    def headers(self, operation: dict[str, Any]) -> dict[str, str]:
        """The caller whose organisation has the operation's right; who changes an organisation changes the other one."""
        right = RIGHTS.get(operation["x-door"])
        if not operation["x-token"] and not operation["x-effect"]:
            return self.browser
        if operation["operationId"] in ("change_organisation", "register_organisation"):
            return bearer(self.other)
        return bearer(self.operator if right and not right.kinds & FIRMS else self.firm)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def api(committed: Any, settings: Any) -> Api:
    settings.API_LIMITS = {"address": 10**9, "token": 10**9}
    return Api(make_seeded())


@pytest.mark.slow
def test_every_answer_is_as_declared(api: Api, subtests: pytest.Subtests) -> None:
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", get_wsgi_application(), config=SchemathesisConfig.from_dict(DRAWN)
    )
    chance = random.Random(5)
    for found in schema.get_all_operations():
        operation = found.ok()
        with subtests.test(operation.label):
            for mode in GenerationMode:
                try_out(operation, mode, api, chance)


def try_out(operation: Any, mode: GenerationMode, api: Api, chance: random.Random) -> None:
    """Some requests of one operation: as described (positive) or not (negative), half of them about things that exist."""
    headers = api.headers(operation.definition.raw)
    checks = [*CONFORMANCE, negative_data_rejection] if mode is GenerationMode.NEGATIVE else [*CONFORMANCE]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=PER_OPERATION,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=checks)
        known = {
            name: str(value) for name, value in api.known.items() if name in (case.path_parameters or {})
        }
        if known and chance.random() < 0.7:
            case.path_parameters = {**case.path_parameters, **known}
            case.call_and_validate(headers=headers, checks=[*CONFORMANCE])

    try:
        send()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "nothing to send that is as described"


def test_no_two_shapes_have_the_same_name() -> None:
    """The description names shapes by their class alone: a second one of the name would silently replace the first."""
    assert ROUTERS, "the shapes are there once their addresses are"
    waiting: list[type] = [Out, In]
    shapes: list[type] = []
    while waiting:
        shape = waiting.pop()
        waiting += shape.__subclasses__()
        shapes.append(shape)
    own = [shape.__name__ for shape in shapes if "[" not in shape.__name__]
    assert "LineOut" in own, "no shapes to compare"
    assert len(own) == len(set(own)), sorted(name for name in own if own.count(name) > 1)
    enums = {
        kind
        for shape in shapes
        for field in getattr(shape, "model_fields", {}).values()
        for kind in (field.annotation, *get_args(field.annotation))
        if isinstance(kind, type) and issubclass(kind, Enum)
    }
    names = [kind.__name__ for kind in enums]
    assert len(names) == len(set(names)), names

"""Every address of the product with its door, and what is sent to each so that its answer is about the thing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from staveworks.api.v1 import api
from staveworks.foundation.parties.doors import Door, door_of

Things = dict[str, str]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
LEAF = "产品设计"
API = "api/v1/"
FIRST_PHONE = "+8613800000001"
"""Of the first person of ``tests.matrix.Town``."""
EVERYBODYS = {
    "leaf": LEAF,
    "rubric": "staveworks-planks-2026",
    "city": "330600",
    "code": "rnd",
    "step": "1",
    "view": str(UUID(int=1)),
    "link": "no-such-link",
    "rest": "nothing",
}
ALIASES = {
    "org_id": "firm",
    "pair": "duplicate",
    "token_id": "token",
    "membership_id": "member",
    "invitation_id": "invitation",
    "mandate_id": "mandate",
    "claim_id": "claim",
    "file_id": "file",
}
SPECIAL = {
    ("join/operator/<str:token>/", "token"): "link",
    ("join/invitation/<str:token>/", "token"): "link",
    ("join/link/<str:token>/", "token"): "link",
    ("claims/<uuid:claim_id>/letter/", "claim_id"): "letter claim",
    ("api/v1/rosters/<uuid:roster>", "roster"): "waiting roster",
    **{
        (f"{before}<uuid:roster>/{verb}", "roster"): "waiting roster"
        for before in ("rosters/", "api/v1/rosters/")
        for verb in ("columns/", "preview/", "discard/", "start/", "columns", "start")
    },
    ("diagnose/attest/<uuid:assessment>/files/<uuid:file>/", "file"): "evidence",
    ("diagnose/<uuid:assessment>/rescore/", "assessment"): "finished assessment",
    ("api/v1/assessments/<uuid:assessment>/rescore", "assessment"): "finished assessment",
    **{
        (f"{before}<uuid:roster>/{verb}", "roster"): "running roster"
        for before in ("rosters/", "api/v1/rosters/")
        for verb in ("stop/", "stop")
    },
}

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("GET", API + "assessments/compare"): {"earlier": "finished assessment", "later": "assessment"},
    ("POST", API + "invitations"): {"role": "viewer", "contact": "new@example.cn"},
    ("POST", API + "mandates"): {
        "agent": FIRST_PHONE,
        "rights": ["organisation.read"],
        "until": (timezone.localdate() + timedelta(days=9)).isoformat(),
    },
    ("PUT", API + "agreement"): {"shows": []},
    ("GET", "diagnose/compare/"): {"earlier": "finished assessment", "later": "assessment"},
    ("POST", "diagnose/<uuid:assessment>/answer/"): {"leaf": "leaf", "value": "1"},
    ("POST", "diagnose/<uuid:assessment>/evidence/"): {"leaf": "leaf"},
    ("POST", "barrel/answer/"): {"leaf": "leaf", "value": "1"},
    ("PUT", API + "assessments/<uuid:assessment>/answers/<leaf>"): {"value": 1},
    ("PATCH", API + "assessments/<uuid:assessment>/answers"): {"answers": {LEAF: 1}},
    ("PUT", API + "assessments/<uuid:assessment>/profile"): {"profile": "even"},
    ("POST", API + "assessments/<uuid:assessment>/answers/<leaf>/evidence"): {"file": PNG},
    ("PATCH", API + "people/<uuid:member>"): {"role": "viewer"},
    ("POST", "members/<uuid:membership_id>/"): {"role": "viewer"},
    ("PUT", API + "rosters/<uuid:roster>/columns"): {"sheets": {"0": {"name": 0}}},
    ("POST", API + "rosters"): {"file": "企业名称\n新风纺织厂\n".encode()},
    ("POST", API + "duplicates/<uuid:duplicate>/decision"): {"verdict": "apart"},
    ("POST", API + "firms/<uuid:firm>/invitation"): {"contact": "owner@example.cn"},
    ("POST", API + "claims/<uuid:claim>/decision"): {"grant": True},
}
"""What is sent so that the answer is about the thing and not about an empty form; a value may name a thing."""


@dataclass(frozen=True)
class Address:
    """One address with what it asks; ``methods`` is empty for pages, which are tried with GET and POST."""

    route: str
    door: Door | None
    params: tuple[str, ...]
    methods: tuple[str, ...] = ()

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    def path(self, things: Things) -> str:
        """The address of ``things``. A parameter without a thing is a ``KeyError``: give it one in ``Town``."""

        def thing(found: re.Match[str]) -> str:
            name = found[1].rpartition(":")[2]
            return things[SPECIAL.get((self.route, name)) or ALIASES.get(name) or name]

        return "/" + re.sub("<([^>]+)>", thing, self.route)


def addresses() -> Iterator[Address]:
    """Every address of the resolver; an operation of the API for each of its methods."""
    operations = {
        f"api/v1/{bound.prefix.strip('/')}{path}": view
        for bound in api._get_bound_routers()
        for path, view in bound.path_operations.items()
    }
    named = {_plain(path): view for path, view in operations.items()}
    for route, pattern in _walk(get_resolver()):
        params = tuple(pattern.pattern.converters)
        view = named.get(_plain(route))
        if view is None:
            yield Address(route, door_of(pattern.callback), params)
            continue
        for operation in view.operations:
            yield Address(
                route.replace("uuidstr:", "uuid:"),
                door_of(operation.view_func),
                params,
                tuple(operation.methods),
            )


def _plain(route: str) -> str:
    return (
        route.replace("<", "{")
        .replace(">", "}")
        .replace("{str:", "{")
        .replace("uuidstr:", "uuid:")
        .strip("/")
    )


def _walk(resolver: Any, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from _walk(found, before + str(found.pattern))
        else:
            yield before + str(found.pattern), found

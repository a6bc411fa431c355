"""Every address of the product with its door, and what is sent to each so that its answer is about the thing."""

import re
from collections.abc import Callable, Iterator
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
    "rule": "aggregates.minimum",
    "city": "330600",
    "code": "rnd",
    "step": "1",
    "view": str(UUID(int=1)),
    "link": "no-such-link",
    "form": "email",
    "template": "account.test",
    "channel": "email",
    "gateway": str(UUID(int=2)),
    "rest": "nothing",
    "purpose": "supply",
    "kind": "bank",
    "provider": "nowhere",
    "organization_slug": "nowhere",
    "account": "1",
    "program": "hledger",
    "session": "1",
    "series": "1",
    "place": "1",
    "act": "start",
    "buying act": "accept",
    "operation": "weaving",
}
ALIASES = {
    "org_id": "firm",
    "org": "institution",
    "pair": "duplicate",
    "token_id": "token",
    "membership_id": "member",
    "invitation_id": "invitation",
    "mandate_id": "mandate",
    "claim_id": "claim",
    "file_id": "file",
    "digest": "suppression",
    "trial_firm": "organisation",
    "todo_id": "todo",
}
SPECIAL = {
    ("join/operator/<str:token>/", "token"): "link",
    ("join/invitation/<str:token>/", "token"): "link",
    ("join/link/<str:token>/", "token"): "link",
    ("growth/counter/<uuid:firm>/<uuid:claim>/", "claim"): "counter claim",
    ("t/<str:token>/", "token"): "link",
    ("calendars/<str:token>.ics", "token"): "link",
    ("lines/<uuid:line>/order/<str:act>/", "act"): "buying act",
    **{
        (f"{before}shown/<uuid:firm>/<{purpose}>{after}", thing): f"showing {thing}"
        for before, purpose, slash in (("", "str:purpose", "/"), ("api/v1/", "purpose", ""))
        for after, thing in ((slash, "firm"), *((f"/files/<uuid:file>{slash}", t) for t in ("firm", "file")))
    },
    ("api/v1/institutions/<uuid:org>/<kind>", "org"): "confirmed institution",
    ("settings/institutions/<uuid:org>/<str:kind>/unconfirm/", "org"): "confirmed institution",
    ("messages/stop/<str:token>/", "token"): "link",
    **{(f"api/v1/accounts/<uuid:account>{after}", "account"): "book" for after in ("", "/statement")},
    **{
        (f"{before}/<{kind}code>/<{kind}form>{after}", "code"): "template"
        for before, kind, afters in (
            ("settings/messages/templates", "str:", ("/", "/preview/", "/reset/")),
            ("api/v1/message-templates", "", ("", "/preview")),
        )
        for after in afters
    },
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
        (f"{before}campaigns/<uuid:campaign>/resume{after}", "campaign"): "stopped campaign"
        for before, after in (("growth/", "/"), ("api/v1/", ""))
    },
    **{
        (f"{before}<uuid:roster>/{verb}", "roster"): "running roster"
        for before in ("rosters/", "api/v1/rosters/")
        for verb in ("stop/", "stop")
    },
}

LENT: dict[str, Any] = {
    "name": {"zh": "织机", "en": "Loom"},
    "kind": "machine",
    "opening": {"rules": [{"rrule": "FREQ=DAILY", "from": "08:00", "to": "18:00"}]},
}
CENTRE: dict[str, Any] = {
    "name": "整经机",
    "operation": "warping",
    "grade": 1,
    "weekday_hours": [8, 8, 8, 8, 8, 0, 0],
    "capabilities": [{"family": "polyester-filament", "price": "0.1", "speed": "9000"}],
    "city": "330603",
}
NEXT_YEAR: dict[str, Any] = {
    "first_date": f"{timezone.now():%Y-%m-%d}",
    "last_date": f"{timezone.now() + timedelta(days=365):%Y-%m-%d}",
    "day_hours": 8,
}
REQUEST: dict[str, Any] = {
    "title": "面料开发",
    "text": "开发一款春夏面料。",
    "closes_at": (timezone.now() + timedelta(days=9)).isoformat(),
    "criteria": [{"name": "价格", "weight": 100, "by_price": True}],
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
    ("POST", API + "prescriptions"): {"budget_fen": 100},
    ("POST", API + "desk/vouchers"): {
        "uscc": "91330621MA2D8R5T6X",
        "programme": "innovation",
        "until": (timezone.localdate() + timedelta(days=9)).isoformat(),
    },
    ("POST", API + "corrections"): {"statement": "fact", "reason": "错了"},
    ("POST", API + "corrections/<uuid:correction>/decision"): {"accept": True},
    ("POST", API + "grants"): {"kind": "bank", "purpose": "finance", "fields": ["level"]},
    ("GET", API + "accounts/trial-balance"): {"month": "2026-11"},
    ("GET", API + "accounts/<uuid:account>/statement"): {"month": "2026-11"},
    ("GET", API + "accounts/export"): {"format": "beancount"},
    ("POST", API + "closings"): {"through": "2026-01-31"},
    ("GET", "diagnose/compare/"): {"earlier": "finished assessment", "later": "assessment"},
    ("GET", "dispatch/runs/<uuid:run>/line/"): {"line": "L-2001"},
    ("POST", "diagnose/<uuid:assessment>/answer/"): {"leaf": "leaf", "value": "1"},
    ("POST", "diagnose/<uuid:assessment>/next/"): {"leaf": "leaf", "value": "1"},
    ("POST", "diagnose/<uuid:assessment>/evidence/"): {"leaf": "leaf"},
    ("POST", "barrel/answer/"): {"leaf": "leaf", "value": "1"},
    ("PUT", API + "assessments/<uuid:assessment>/answers/<leaf>"): {"value": 1},
    ("PATCH", API + "assessments/<uuid:assessment>/answers"): {"answers": {LEAF: 1}},
    ("GET", API + "bookables/<uuid:bookable>/days"): {"first": timezone.localdate().isoformat()},
    ("GET", API + "bookables/<uuid:bookable>/free"): {"day": timezone.localdate().isoformat()},
    ("POST", API + "bookables"): LENT,
    ("PUT", API + "bookables/<uuid:bookable>"): LENT,
    ("POST", API + "bookables/<uuid:bookable>/closings"): {
        "starts_at": (timezone.now() + timedelta(days=30)).isoformat(),
        "ends_at": (timezone.now() + timedelta(days=31)).isoformat(),
        "reason": "检修",
    },
    ("POST", API + "bookables/<uuid:bookable>/certificates"): {
        "uscc": "91330621MA2BX3K478",
        "name": "王芳",
        "contact": "wang@example.com",
        "valid_from": timezone.localdate().isoformat(),
        "valid_until": (timezone.localdate() + timedelta(days=365)).isoformat(),
    },
    ("POST", API + "bookables/<uuid:bookable>/certificates/<uuid:certificate>/ending"): {"reason": "离职"},
    ("POST", API + "bookables/check-ins"): {"code": "arrival"},
    ("POST", API + "lines/<uuid:line>/move"): {"earliest_at": timezone.now().isoformat()},
    ("POST", "orders/<uuid:order>/lines/<uuid:draft_line>/instead/"): {
        "version": "version",
        "starts_at": "2100-01-05T09:00:00+00:00",
    },
    ("POST", API + "wishes"): {
        "offer": "offer",
        "earliest_at": (timezone.now() + timedelta(days=3)).isoformat(),
        "latest_at": (timezone.now() + timedelta(days=9)).isoformat(),
    },
    ("POST", API + "wishes/<uuid:wish>/take"): {},
    ("POST", API + "assessments/given/confirm"): {"changes": ["01a22e25-ad18-75d2-824b-077ff06b6b38"]},
    ("PUT", API + "assessments/<uuid:assessment>/profile"): {"profile": "even"},
    ("POST", API + "assessments/<uuid:assessment>/answers/<leaf>/evidence"): {"file": PNG},
    ("PATCH", API + "people/<uuid:member>"): {"role": "viewer"},
    ("POST", API + "rules/<rule>/versions"): {
        "value": {"firms": 6},
        "text_zh": "六家",
        "text_en": "Six",
        "from_date": timezone.localdate().isoformat(),
    },
    ("POST", "members/<uuid:membership_id>/"): {"role": "viewer"},
    ("PUT", API + "rosters/<uuid:roster>/columns"): {"sheets": {"0": {"name": 0}}},
    ("POST", API + "rosters"): {"file": "企业名称\n新风纺织厂\n".encode()},
    ("POST", API + "duplicates/<uuid:duplicate>/decision"): {"verdict": "apart"},
    ("POST", API + "firms/<uuid:firm>/invitation"): {"contact": "owner@example.cn"},
    **{
        ("POST", API + before + "tickets" + after): {"text": "怎么改？"}
        for before, after in (("", ""), ("", "/<uuid:ticket>/entries"), ("desk/", "/<uuid:ticket>/entries"))
    },
    ("PUT", API + "messages/preferences"): {
        "language": "zh",
        "quiet_from": "21:00",
        "quiet_to": "07:00",
        "digest_at": "08:30",
    },
    **{
        (method, API + "message-templates/<code>/<form>" + after): {
            "subject": {"zh": "甲", "en": "A"},
            "body": {"zh": "乙", "en": "B"},
        }
        for method, after in (("PUT", ""), ("POST", "/preview"))
    },
    ("POST", "settings/messages/suppressed/lift/"): {"digest": "suppression"},
    ("POST", API + "robots"): {
        "channel": "wecom",
        "name": "群",
        "url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "topics": ["todo"],
    },
    ("POST", API + "offers"): {"content": {"title": {"zh": "检测"}}},
    ("PUT", API + "offers/<uuid:own_offer>/draft"): {"content": {"title": {"zh": "检测"}}},
    ("POST", API + "offers/<uuid:own_offer>/price"): {"price": {"kind": "quote"}, "number": 1},
    ("POST", API + "orders/lines"): {"version": "version", "request": {}},
    **{
        ("POST", API + "orders/series" + after): {
            "version": "version",
            "request": {},
            "rrule": "FREQ=WEEKLY;COUNT=2",
        }
        for after in ("", "/preview")
    },
    ("PUT", API + "orders/lines/<uuid:draft_line>"): {"request": {}},
    ("PUT", API + "orders/limit"): {"limit_fen": 1},
    ("PUT", API + "orders/<uuid:order>/note"): {"note": "打样"},
    ("POST", API + "orders/<uuid:asked_order>/refuse"): {"reason": "太贵"},
    ("POST", API + "lines/<uuid:served_line>/decline"): {"reason": "排满了"},
    ("POST", API + "lines/<uuid:served_line>/displace"): {"reason": "机器坏了"},
    ("POST", API + "lines/<uuid:served_line>/parts"): {"text": "报告", "last": True},
    ("POST", API + "lines/<uuid:line>/dispute"): {"reason": "少一项", "stands_fen": 0},
    ("POST", API + "lines/<uuid:served_line>/dispute/answer"): {"text": "好", "agree": True},
    ("POST", API + "lines/<uuid:disputed_line>/dispute/decision"): {"accepted_fen": 1, "reason": "各半"},
    ("POST", API + "desk/tasks/<uuid:served_task>/custody"): {
        "samples": ["sample"],
        "step": "moved",
    },
    ("POST", API + "desk/tasks/<uuid:served_task>/results"): {"results": [{"test": "test", "value": "512"}]},
    ("POST", API + "desk/tasks/<uuid:served_task>/results/file"): {"file": b"sample,item,value\n1,x,1\n"},
    ("POST", API + "desk/tasks/<uuid:served_task>/reports"): {"file": PNG, "tests": "test"},
    ("POST", API + "desk/tasks/<uuid:served_task>/reports/<int:series>/versions"): {
        "file": PNG,
        "tests": "test",
        "reason": "更正",
    },
    **{
        (method, API + "capacity/centres" + after): CENTRE
        for method, after in (("POST", ""), ("PUT", "/<uuid:centre>"))
    },
    ("POST", API + "capacity/windows"): {"windows": [{"centre": "centre"} | NEXT_YEAR]},
    ("POST", "capacity/centres/<uuid:centre>/"): NEXT_YEAR,
    ("POST", API + "dispatch/limits/<uuid:trial_firm>"): {"lifted": True, "reason": "看过"},
    ("GET", API + "dispatch/capacity"): {"from_day": "2026-12-07"},
    ("POST", API + "desk/weekly"): {"name": {"zh": "检测组", "en": "Laboratory"}, "units": 20},
    ("PUT", API + "desk/weekly/<uuid:weekly>"): {"units": 30},
    ("POST", API + "desk/subscriptions/<uuid:served_subscription>/price"): {"price_fen": 32_000},
    ("POST", API + "dispatch/demand"): {"name": "季", "lines": [{"id": "L-1"}]},
    ("POST", API + "dispatch/runs"): {"demand": "demand", "first": "2026-12-07"},
    ("POST", API + "dispatch/runs/<uuid:run>/what-ifs"): {
        "changes": [{"kind": "close", "firm": "锦澜", "from": 0}]
    },
    ("POST", API + "dispatch/runs/<uuid:run>/withdraw"): {"reason": "排错了"},
    ("POST", API + "desk/stock"): {"name": {"zh": "棉纱", "en": "Yarn"}, "unit": {"zh": "公斤", "en": "kg"}},
    ("POST", API + "desk/stock/<uuid:stock>/lots"): {"number": "2612-01", "quantity": 5},
    ("POST", API + "desk/stock/lots/<uuid:stock_lot>/corrections"): {"counted": 400, "reason": "盘点"},
    ("POST", API + "scopes"): {
        "mark": "CMA",
        "certificate": "230011",
        "item": "起球",
        "method": "GB/T 4802.1-2008",
        "from_date": "2026-01-01",
        "until_date": "2028-12-31",
    },
    ("POST", API + "scopes/<uuid:scope>/end"): {"last_date": "2026-11-30"},
    ("POST", "requests/<uuid:own_request>/points/"): {"proposal": "proposal"},
    ("POST", API + "requests"): REQUEST,
    ("PUT", API + "requests/<uuid:own_request>/draft"): REQUEST,
    ("POST", API + "requests/files"): {"file": PNG},
    ("POST", API + "contracts/files"): {"file": PNG},
    ("POST", API + "requests/<uuid:own_request>/close"): {"reason": "不做了"},
    ("POST", API + "requests/<uuid:own_request>/points"): {"proposal": "proposal", "points": {"1": 50}},
    ("POST", API + "requests/<uuid:own_request>/award"): {"proposal": "proposal", "reason": "合适"},
    ("PUT", API + "requests/<uuid:asked_request>/proposal"): {
        "sealed": "c2VhbGVk" * 12,
        "commitment": "0" * 64,
    },
    ("POST", API + "requests/<uuid:asked_request>/proposal/open"): {"code": "22222"},
    ("POST", API + "contracts/<uuid:contract>/milestones/<int:place>/deliver"): {"text": "小样"},
    ("POST", API + "contracts/<uuid:contract>/milestones/<int:place>/return"): {"reason": "色差"},
    ("POST", API + "contracts/<uuid:contract>/set-aside"): {"reason": "没接"},
    ("POST", API + "contracts/<uuid:contract>/changes"): {
        "reason": "改期",
        "edits": [
            {
                "place": 1,
                "terms": {
                    "title": "打样",
                    "deliverable": "样布",
                    "criteria": "合格",
                    "due_date": "2100-01-01",
                    "price_fen": 1,
                },
            }
        ],
    },
    ("POST", "desk/subscriptions/<uuid:served_subscription>/price/"): {"price": "320"},
    ("POST", "tasks/<uuid:served_task>/custody/"): {"samples": "sample", "step": "moved"},
    ("POST", "tasks/<uuid:served_task>/report/"): {"file": PNG, "tests": "test"},
    ("POST", API + "campaigns"): {"name": "首批", "segment": {}},
    ("POST", API + "campaigns/segment"): {},
    ("POST", API + "calls/<uuid:firm>"): {"outcome": "reached"},
    ("POST", "growth/calls/<uuid:firm>/"): {"outcome": "reached"},
    ("POST", API + "claims/<uuid:claim>/decision"): {"grant": True},
    ("POST", API + "claims/<uuid:claim>/revocation"): {"reason": "认错了"},
    ("POST", "claims/<uuid:claim_id>/revoke/"): {"reason": "认错了"},
}
"""What is sent so that the answer is about the thing and not about an empty form; a value may name a thing."""


@dataclass(frozen=True)
class Address:
    """One address with what it asks; ``methods`` is empty for pages, which are tried with GET and POST.

    ``enter`` is what stands at its door: a page's view, the guard of an operation.
    """

    route: str
    door: Door | None
    params: tuple[str, ...]
    enter: Callable[..., object]
    methods: tuple[str, ...] = ()

    @property
    def tried(self) -> tuple[str, ...]:
        return self.methods or ("GET", "POST")

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
            yield Address(route, door_of(pattern.callback), params, pattern.callback)
            continue
        for operation in view.operations:
            yield Address(
                route.replace("uuidstr:", "uuid:"),
                door_of(operation.view_func),
                params,
                operation.auth_callbacks[0],
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

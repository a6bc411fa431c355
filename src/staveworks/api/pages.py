"""The API described: as OpenAPI for programs, as a page for people, and the kinds of problems."""

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from staveworks.api.faults import KINDS, kind_of
from staveworks.api.problems import Problem, respond_with
from staveworks.api.v1 import api
from staveworks.api.words import STATUSES
from staveworks.foundation.parties.doors import PUBLIC, declare
from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The OpenAPI document; it is the same for everybody."""
    described: dict[str, Any] = json.loads(
        json.dumps(api.get_openapi_schema(path_prefix="api/v1/"), default=str)
    )
    return described


def _openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


TAGS = {
    "me": Text(zh="我", en="Me"),
    "organisations": Text(zh="单位", en="Organisations"),
    "people": Text(zh="成员与邀请", en="People and invitations"),
    "mandates": Text(zh="委托", en="Mandates"),
    "campaigns": Text(zh="活动", en="Campaigns"),
    "calls": Text(zh="电话", en="Calls"),
    "offers": Text(zh="服务目录", en="Catalogue"),
    "requests": Text(zh="需求与方案", en="Requests and proposals"),
    "contracts": Text(zh="项目合同", en="Project contracts"),
    "orders": Text(zh="订单", en="Orders"),
    "stock": Text(zh="库存与每周产能", en="Stock and weekly capacity"),
    "dispatch": Text(zh="排产", en="Dispatch"),
    "capacity": Text(zh="产能", en="Capacity"),
    "subscriptions": Text(zh="订阅", en="Subscriptions"),
    "tasks": Text(zh="检测委托", en="Test orders"),
    "bookables": Text(zh="可预约的资源", en="What can be booked"),
    "wishes": Text(zh="候补", en="Waiting lists"),
    "lines": Text(zh="订单项与争议", en="Order lines and disputes"),
    "tickets": Text(zh="求助", en="Help"),
    "messages": Text(zh="消息", en="Messages"),
    "deliveries": Text(zh="消息投递", en="Delivery of messages"),
    "message-templates": Text(zh="消息模板", en="Message templates"),
    "robots": Text(zh="群机器人", en="Group robots"),
    "agreement": Text(zh="入会约定", en="Membership agreement"),
    "grants": Text(zh="授权", en="Grants"),
    "known": Text(zh="已知信息", en="What is known"),
    "claims": Text(zh="认领", en="Claims"),
    "accounts": Text(zh="账目", en="Books"),
    "rules": Text(zh="规则", en="Rules"),
    "todos": Text(zh="待办", en="To-dos"),
    "tokens": Text(zh="令牌", en="Tokens"),
    "events": Text(zh="操作记录", en="Audit trail"),
    "diagnoses": Text(zh="试算", en="Diagnose without storing"),
    "assessments": Text(zh="诊断", en="Assessments"),
    "barrel": Text(zh="木桶", en="Barrel"),
    "prescriptions": Text(zh="处方", en="Prescriptions"),
    "vouchers": Text(zh="补贴券", en="Vouchers"),
    "firms": Text(zh="集群企业", en="Firms of the cluster"),
    "cluster": Text(zh="集群地图", en="Map of the cluster"),
    "figures": Text(zh="公布的数据", en="Published figures"),
    "rosters": Text(zh="名册", en="Rosters"),
    "duplicates": Text(zh="重复企业", en="Duplicates"),
    "rubrics": Text(zh="量表、画像与木板", en="Rubrics, profiles, planks"),
    "places": Text(zh="行政区划", en="Places"),
}


def _docs(request: HttpRequest) -> HttpResponse:
    """A page of our own: the usual explorers need inline script and a CDN."""
    return render(request, "api/docs.html", {"groups": _groups()})


def _groups() -> list[dict[str, Any]]:
    """The operations under their tags, in the order in which one meets them."""
    found: dict[str, list[dict[str, Any]]] = {tag: [] for tag in TAGS}
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(
                {
                    "id": operation["operationId"],
                    "request": f"{method.upper()} {path}",
                    "summary": Text(zh=operation["x-summary-zh"], en=operation["summary"]),
                    "door": operation["x-door"],
                }
            )
    return [{"tag": tag, "name": TAGS[tag], "operations": found[tag]} for tag in TAGS]


def _problems(request: HttpRequest) -> HttpResponse:
    return render(request, "api/problems.html", {"statuses": STATUSES, "kinds": _kinds()})


def _kinds() -> list[tuple[str, int, Any]]:
    """Every refusal that a room knows by name: kind, status, words."""
    waiting: list[type[StaveworksError]] = [StaveworksError]
    found: dict[str, tuple[str, int, Any]] = {}
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        kind = kind_of(error)
        status = next((status for base, status in KINDS.items() if issubclass(error, base)), None)
        if kind and status:
            found[kind] = (kind, status, error.text)
    return [found[kind] for kind in sorted(found)]


@csrf_exempt
def _nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    return respond_with(Problem(404), request)


openapi, docs, problems, nowhere = (declare(view, PUBLIC) for view in (_openapi, _docs, _problems, _nowhere))

"""The cluster's firms: a table to filter, sort, save and export; one firm, to invite or to act for."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST

from staveworks.cluster.barrel.firm_pages import Key, list_firms_after
from staveworks.cluster.barrel.firms import (
    MOST_ROWS,
    FirmFilter,
    FirmRow,
    FirmTable,
    Standing,
    find_firm,
    list_firms,
)
from staveworks.cluster.barrel.queries import list_assessments
from staveworks.cluster.barrel.report import find_report, print_report
from staveworks.engine.barrel import Profile, load_profiles
from staveworks.foundation.facts.reading import through
from staveworks.foundation.parties.queries import actor_for
from staveworks.foundation.parties.queries.revocations import find_granted_claim
from staveworks.foundation.parties.queries.views import list_views
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.issue_claim_link import issue_claim_link
from staveworks.foundation.parties.usecases.save_view import forget_view, save_view
from staveworks.kit.data import data_file
from staveworks.kit.errors import Invalid
from staveworks.kit.planks import Register, load_register
from staveworks.kit.text import Text
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.measure.firm_rows import picture_of_row, printed
from staveworks.web.middleware import activate
from staveworks.web.papers import asked_language, paper_response
from staveworks.web.sheets import Cell
from staveworks.web.streams import stream_response
from staveworks.web.typed import whole_number

PAGE = "firms"
ROWS, CHUNK = 30, 200
DIAGNOSED = {"yes": Text(zh="已诊断", en="diagnosed"), "no": Text(zh="未诊断", en="not diagnosed")}


def _filter(request: HttpRequest) -> FirmFilter:
    known = set(asdict(FirmFilter()))
    names = {"q": "words"}
    given = {names.get(key, key): str(value).strip()[:100] for key, value in request.GET.items()}
    return FirmFilter(**{key: value for key, value in given.items() if key in known and value})


def _page(request: HttpRequest) -> int:
    """The page asked for, from 1; nonsense is the first."""
    asked = whole_number(request.GET.get("page", ""), digits=9)
    return 1 if asked is None else min(asked, MOST_ROWS)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@door("firm.read")
def table(request: HttpRequest) -> HttpResponse:
    narrowed = _filter(request)
    number = _page(request)
    found = list_firms(_actor(request), narrowed=narrowed, offset=max(0, number - 1) * ROWS, limit=ROWS)
    page = Paginator(range(found.total), ROWS).get_page(number)
    return render(
        request,
        "measure/firms.html",
        {
            "rows": printed(found.rows),
            "total": found.total,
            "page": page,
            "narrowed": narrowed,
            "is_narrowed": narrowed != FirmFilter(sort=narrowed.sort),
            "chips": _chips(request, found, narrowed),
            "views": list_views(_actor(request), page=PAGE),
            "query": request.GET.urlencode(),
        },
    )


def _chips(
    request: HttpRequest, found: FirmTable, narrowed: FirmFilter
) -> list[tuple[Text, list[dict[str, Any]]]]:
    register = load_register(data_file("planks.yaml"))
    profiles = load_profiles()
    groups: list[tuple[str, Text, dict[str, Text]]] = [
        ("city", Text(zh="城市", en="City"), found.cities),
        ("binding", Text(zh="卡在", en="Held by"), {code: plank.name for code, plank in register.items()}),
        (
            "business_type",
            Text(zh="业态", en="Trade"),
            {code: profile.name for code, profile in profiles.items()},
        ),
        ("standing", Text(zh="进度", en="Standing"), {str(s): s.text for s in Standing}),
        ("diagnosed", Text(zh="诊断", en="Assessment"), DIAGNOSED),
    ]
    return [
        (
            label,
            [
                _chip(request, field, key, names[key], n, narrowed)
                for key, n in found.counts[field].items()
                if key in names
            ],
        )
        for field, label, names in groups
    ]


def _chip(
    request: HttpRequest, field: str, key: str, label: Text, count: int, narrowed: FirmFilter
) -> dict[str, Any]:
    current = getattr(narrowed, field) == key
    query = {k: v for k, v in request.GET.items() if k not in (field, "page")}
    if not current:
        query[field] = key
    return {"label": label, "url": f"?{urlencode(query)}", "count": count, "current": current}


@door("firm.read")
def export(request: HttpRequest) -> HttpResponseBase:
    """All rows under the filters that are shown, with the table's columns; the range of the level in two.

    Sent while it is read, chunk by chunk: what a firm withdraws meanwhile is not in the chunks that follow.
    """
    actor, narrowed, language = _actor(request), _filter(request), translation.get_language()
    headers = [say(Text(zh=zh, en=en)) for zh, en in COLUMNS]
    name = say(Text(zh="集群企业", en="Firms of the cluster"))
    return stream_response(name, headers, _chunks(actor, narrowed, language))


def _chunks(actor: Actor, narrowed: FirmFilter, language: str | None) -> Iterator[list[list[Cell]]]:
    """Each in a transaction of its own, as an export in the owners' log, in the reader's language."""
    profiles, register = load_profiles(), load_register(data_file("planks.yaml"))
    after: Key | None = None
    sent: set[UUID] = set()  # one that is withdrawn meanwhile loses its level and would come again at the end
    while True:
        with through("export"), translation.override(language):
            found = list_firms_after(actor, narrowed=narrowed, after=after, limit=CHUNK)
            rows = [_sheet_row(each.row, profiles, register) for each in found if each.row.id not in sent]
        if rows:
            yield rows
        sent |= {each.row.id for each in found}
        if len(found) < CHUNK:
            return
        after = found[-1].key


COLUMNS = [
    ("企业", "Firm"),
    ("城市", "City"),
    ("业态", "Trade"),
    ("人数", "Employees"),
    ("水位（低）", "Water level (low)"),
    ("水位（高）", "Water level (high)"),
    ("卡在", "Held by"),
    ("进度", "Standing"),
    ("诊断日期", "Assessed on"),
]


def _sheet_row(row: FirmRow, profiles: Mapping[str, Profile], register: Register) -> list[Cell]:
    barrel, trade = row.diagnosis, profiles.get(row.business_type)
    binding = register.get(barrel.binding or "") if barrel else None
    return [
        say(row.name),
        say(row.city_name) if row.city_name else None,
        say(trade.name) if trade else None,
        row.staff,
        round(barrel.water.low, 1) if barrel else None,
        round(barrel.water.high, 1) if barrel else None,
        say(binding.name) if binding else None,
        say(row.standing.text),
        barrel.at if barrel else None,
    ]


@door("firm.read")
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    query = request.POST.get("query", "")
    try:
        save_view(_actor(request), page=PAGE, name=request.POST.get("name", ""), query=query)
        messages.success(request, say(Text(zh="已保存这个视图。", en="View saved.")))
    except Invalid as error:
        messages.error(request, say(error.text))
    return redirect(f"{reverse('firms')}?{query}")


@door("firm.read")
@require_POST
def drop_view(request: HttpRequest, view: UUID) -> HttpResponse:
    forget_view(_actor(request), view=view)
    messages.success(request, say(Text(zh="视图已删除。", en="View deleted.")))
    return redirect("firms")


@door("firm.read")
def one(request: HttpRequest, firm: UUID) -> HttpResponse:
    actor = _actor(request)
    found = find_firm(actor, firm=firm)
    history = [] if found.row.hidden else list_assessments(actor, firm=firm, right="firm.read")
    claimed = found.row.standing is Standing.CLAIMED and actor.may("claim.decide")
    register = load_register(data_file("planks.yaml"))
    return render(
        request,
        "measure/firm.html",
        {
            "row": found.row,
            "may_grant": actor.may("voucher.grant"),
            "firm": found,
            "picture": picture_of_row(found.row, register),
            "profile": load_profiles().get(found.row.business_type),
            "history": history,
            "link": request.session.pop("claim_link", None),
            "claim": find_granted_claim(actor, firm=firm) if claimed else None,
            "register": register,
        },
    )


@door("firm.read")
def report(request: HttpRequest, firm: UUID) -> HttpResponse:
    """The firm's report as far as it shows its barrel to the operator: without answers, no advice."""
    paper = print_report(find_report(_actor(request), firm=firm), asked_language(request))
    return paper_response(paper.content, paper.name)


@door("firm.invite")
@require_POST
def invite(request: HttpRequest, firm: UUID) -> HttpResponse:
    """A claim link, shown once on the firm's page for whoever calls or writes to the owner."""
    issued = issue_claim_link(_actor(request), org_id=firm, contact=request.POST.get("contact", ""))
    path = reverse("claim_link", args=[issued.token])
    request.session["claim_link"] = request.build_absolute_uri(path)
    return redirect("firm", firm=firm)


@door("firm.steward")
@require_POST
def act(request: HttpRequest, firm: UUID) -> HttpResponse:
    """From now on she acts for this unclaimed firm, until she switches back."""
    actor = _actor(request)
    actor.require("firm.steward")
    assert actor.person_id
    actor_for(actor.person_id, firm, via_org_id=actor.org)
    activate(request, firm, via_org_id=actor.org)
    return redirect("/barrel/")

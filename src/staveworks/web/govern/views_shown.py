"""What firms show to this organisation: who does, for what purpose, and one firm as it shows itself."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.cluster.barrel.picturing import picture_of
from staveworks.cluster.barrel.shown import ShownAssessment, ShownFirm, access_shown, open_shown_document
from staveworks.engine.barrel import load_profiles, say_answer
from staveworks.foundation.facts.queries import list_held
from staveworks.foundation.facts.types import Purpose
from staveworks.kit.text import Text
from staveworks.web.asking import actor_of
from staveworks.web.diagnose.registers import register_in_force
from staveworks.web.diagnose.views_answer import file_response
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.typed import whole_number

ROWS = 50


@door("grant.read")
def shown(request: HttpRequest) -> HttpResponse:
    """The firms, by name; for one purpose if asked."""
    actor = actor_of(request)
    purpose = _purpose(request.GET.get("purpose", ""))
    words = request.GET.get("q", "").strip()[:100]
    number = whole_number(request.GET.get("page", "")) or 1
    rows, total = list_held(actor, purpose=purpose, words=words, offset=(number - 1) * ROWS, limit=ROWS)
    page = Paginator(range(total), ROWS).get_page(number)
    context = {
        "rows": rows,
        "total": total,
        "page": page,
        "purpose": purpose,
        "purposes": list(Purpose),
        "words": words,
    }
    return render(request, "govern/shown.html", context)


@door("grant.read")
def shown_firm(request: HttpRequest, firm: UUID, purpose: str) -> HttpResponse:
    """One firm, as far as it grants for this purpose. The look is logged, and its owner sees it."""
    found = access_shown(actor_of(request), firm=firm, purpose=_asked(purpose))
    register = register_in_force()
    context = {
        "found": found,
        "barrel": picture_of(found.barrel, firm=say(found.name), register=register) if found.barrel else None,
        "rows": _profile(found),
        "answers": _answers(found.assessment) if found.assessment else [],
        "register": register,
    }
    return render(request, "govern/shown_firm.html", context)


@door("grant.read")
def shown_file(request: HttpRequest, firm: UUID, purpose: str, file: UUID) -> HttpResponse:
    """A paper, as a download."""
    opened = open_shown_document(actor_of(request), firm=firm, purpose=_asked(purpose), file_id=file)
    return file_response(opened)


def _purpose(text: str) -> Purpose | None:
    return Purpose(text) if text in set(Purpose) else None


def _asked(text: str) -> Purpose:
    found = _purpose(text)
    if found is None:
        raise Http404
    return found


LABELS = {
    "business_type": Text(zh="业态", en="Trade"),
    "staff": Text(zh="人数", en="Staff"),
    "products": Text(zh="产品", en="Products"),
    "website": Text(zh="网站", en="Website"),
    "contact": Text(zh="联系人", en="Contact person"),
    "phones": Text(zh="电话", en="Phone"),
    "email": Text(zh="邮箱", en="E-mail"),
    "address": Text(zh="地址", en="Address"),
}


def _profile(found: ShownFirm) -> list[tuple[Text, object]]:
    """The rows of whichever part of the profile is shown."""
    held = found.profile or found.outline or {}
    return [(label, _said(name, held[name])) for name, label in LABELS.items() if name in held]


def _said(name: str, value: object) -> object:
    if name == "business_type":
        profile = load_profiles().get(str(value))
        return say(profile.name) if profile else None
    if isinstance(value, list):
        return "、".join(map(str, value))
    return value


def _answers(shown: ShownAssessment) -> list[tuple[Text, Text]]:
    """Each answered question with what was answered, in the order of the rubric."""
    return [
        (leaf.name, say_answer(leaf, shown.answers[leaf.code]))
        for leaf in shown.rubric.leaves
        if leaf.code in shown.answers
    ]

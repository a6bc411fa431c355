"""What the fields of an offer show of its document."""

from collections.abc import Mapping
from typing import Any

from staveworks.trade.catalogue.documents import document_of, read_document
from staveworks.trade.catalogue.types import OfferInvalid
from staveworks.web.deliver.offer_fields import ABOUT
from staveworks.web.deliver.price_fields import list_of, object_of, percent_of, price_initial


def whole(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A complete document with everything that it leaves to be understood said; one that isn't complete as it is."""
    try:
        return document_of(read_document(document))
    except OfferInvalid:
        return document


def shown_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields show of a document, complete or not: of a draft anything may be missing or of another shape."""

    def both(key: str, zh: str, en: str) -> dict[str, Any]:
        said = object_of(document.get(key))
        return {zh: said.get("zh", ""), en: said.get("en", "")}

    delivers = [object_of(each) for each in list_of(document.get("delivers"))]
    cancellation = object_of(document.get("cancellation"))
    shown = {
        **both("title", "title_zh", "title_en"),
        **both("text", "text_zh", "text_en"),
        **both("service_level", "service_zh", "service_en"),
        "delivers_zh": "\n".join(_line(each.get("zh")) for each in delivers),
        "delivers_en": "\n".join(_line(each.get("en")) for each in delivers),
        "mechanism": document.get("mechanism"),
        "city": document.get("city") or "",
        **{f"effect_{code}": ABOUT for code in list_of(document.get("planks"))},
        "effects_from": document.get("effects_from"),
        "lead_time_days": document.get("lead_time_days", 3),
        "acceptance_days": document.get("acceptance_days", 7),
        "programmes": list_of(document.get("programmes")),
        "tax": document.get("tax", "services"),
        "cancel_late": percent_of(cancellation.get("late", "1")),
        "cancel_no_show": percent_of(cancellation.get("no_show", "1")),
        **price_initial(document),
    }
    for effect in map(object_of, list_of(document.get("effects"))):
        plank = effect.get("plank")
        shown |= {f"effect_{plank}": effect.get("kind"), f"amount_{plank}": effect.get("amount")}
    for n, step in enumerate(map(object_of, list_of(cancellation.get("steps")))):
        shown |= {
            f"cancel_hours_{n}": step.get("hours"),
            f"cancel_percent_{n}": percent_of(step.get("ratio")),
        }
    for n, held in enumerate(map(object_of, list_of(document.get("certificates")))):
        name = object_of(held.get("name"))
        shown |= {
            f"certificate_{n}": name.get("zh") or name.get("en"),
            f"certificate_number_{n}": held.get("number"),
            f"certificate_until_{n}": held.get("valid_until"),
        }
    return shown


def _line(text: Any) -> str:
    return " ".join(str(text or "").split())

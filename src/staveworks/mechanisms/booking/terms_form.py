"""The terms of a booking as its provider fills them in. What they mean is read by ``mechanism.py`` and ``windows.py``."""

from collections.abc import Iterable
from typing import Any

from staveworks.mechanisms.booking.types import Resource
from staveworks.mechanisms.booking.windows import MOST

_WINDOWS: dict[str, Any] = {
    "type": "array",
    "maxItems": MOST,
    "x-zh": "时段价",
    "x-en": "Hours at another price",
    "x-help-zh": "只对按时间计价。哪些天写成 MO-FR 或 SA,SU，几点写成 18:00；1.5 就是平时价的一倍半。两行重叠，先写的算。",
    "x-help-en": "For a price by time only. Days are written MO-FR or SA,SU, hours 18:00; 1.5 is one and a half times the usual price. "
    "Of two rows that overlap the first holds.",
    "items": {
        "type": "object",
        "required": ["days", "from", "to", "ratio"],
        "properties": {
            "days": {"type": "string", "maxLength": 40, "x-zh": "哪些天", "x-en": "Days"},
            "from": {"type": "string", "maxLength": 5, "x-zh": "从", "x-en": "From"},
            "to": {"type": "string", "maxLength": 5, "x-zh": "到", "x-en": "To"},
            "ratio": {"type": "string", "maxLength": 10, "x-zh": "几倍", "x-en": "Times the price"},
        },
    },
}


def terms_form(resources: Iterable[Resource]) -> dict[str, Any]:
    """``resources``: what may be chosen."""
    named = {str(each.id): {"zh": each.name.zh, "en": each.name.en} for each in resources}
    resource = {
        "type": "string",
        "enum": list(named),
        "x-names": named,
        "x-zh": "约的是什么",
        "x-en": "What is booked",
        "x-help-zh": "先在“日历”里登记资源和开放时间，再在这里选。",
        "x-help-en": "Register the resource and its opening hours under Calendar first; then choose it here.",
    }
    return {
        "type": "object",
        "required": ["resource"],
        "properties": {"resource": resource, "windows": _WINDOWS},
    }

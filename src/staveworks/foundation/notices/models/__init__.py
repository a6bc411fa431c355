"""Columns and constraints, one file a subject; decisions are in ``domain.py``, writes in ``usecases``."""

from staveworks.foundation.notices.models.deliveries import Attempt, Bucket, Delivery, Suppression
from staveworks.foundation.notices.models.messages import (
    Gateway,
    Message,
    Preference,
    SinkEntry,
    TemplateVersion,
)
from staveworks.foundation.notices.models.todos import Escalation, TapLink, Todo

__all__ = [
    "Attempt",
    "Bucket",
    "Delivery",
    "Escalation",
    "Gateway",
    "Message",
    "Preference",
    "SinkEntry",
    "Suppression",
    "TapLink",
    "TemplateVersion",
    "Todo",
]

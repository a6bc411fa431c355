"""Reads: what a firm has granted and to whom, who has looked, what others grant to us."""

from staveworks.foundation.facts.queries.given import anybody_sees, find_grantee, list_grants
from staveworks.foundation.facts.queries.held import HeldGrant, list_held, outline_of, profile_of
from staveworks.foundation.facts.queries.kinds import StatedKind, is_confirmed, list_stated_kinds
from staveworks.foundation.facts.queries.known import (
    access_statement,
    count_corrections_to_decide,
    list_corrections,
    list_corrections_to_decide,
    list_known,
)
from staveworks.foundation.facts.queries.looks import Look, count_looks, list_looks

__all__ = [
    "HeldGrant",
    "Look",
    "StatedKind",
    "access_statement",
    "anybody_sees",
    "count_corrections_to_decide",
    "count_looks",
    "find_grantee",
    "is_confirmed",
    "list_corrections",
    "list_corrections_to_decide",
    "list_grants",
    "list_held",
    "list_known",
    "list_looks",
    "list_stated_kinds",
    "outline_of",
    "profile_of",
]

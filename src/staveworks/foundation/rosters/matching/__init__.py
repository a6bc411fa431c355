"""Duplicates: which rows are the same firm. How it judges: docs/explanation/duplicates.md."""

from staveworks.foundation.rosters.matching.driver import (
    CROWDED,
    Candidate,
    Index,
    Known,
    MemoryIndex,
    Placement,
    find_candidates,
    place,
)
from staveworks.foundation.rosters.matching.record import Record, keys, record_of
from staveworks.foundation.rosters.matching.score import MERGE_AT, QUEUE_AT, score
from staveworks.foundation.rosters.matching.types import Comparison, Match

__all__ = [
    "CROWDED",
    "MERGE_AT",
    "QUEUE_AT",
    "Candidate",
    "Comparison",
    "Index",
    "Known",
    "Match",
    "MemoryIndex",
    "Placement",
    "Record",
    "find_candidates",
    "keys",
    "place",
    "record_of",
    "score",
]

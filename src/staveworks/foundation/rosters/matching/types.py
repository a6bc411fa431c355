"""What comparing two records gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from staveworks.kit.text import Text

State = Literal["same", "close", "one side", "different", "none"]
Verdict = Literal["merge", "queue", "apart"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field of both records: how alike, what it adds to the score, and why in words."""

    field: str
    state: State
    points: int
    reason: Text
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Match:
    """``score`` 0–100. ``verdict`` decides, not the score: some findings forbid merging whatever else agrees."""

    score: int
    verdict: Verdict
    fields: tuple[Comparison, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "score": self.score,
            "verdict": self.verdict,
            "fields": [
                {
                    "field": c.field,
                    "state": c.state,
                    "points": c.points,
                    "zh": c.reason.zh,
                    "en": c.reason.en,
                    "left": c.left,
                    "right": c.right,
                }
                for c in self.fields
            ],
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "Match":
        """The inverse of ``as_dict``."""
        fields = tuple(
            Comparison(
                c["field"], c["state"], c["points"], Text(zh=c["zh"], en=c["en"]), c["left"], c["right"]
            )
            for c in given["fields"]
        )
        return cls(given["score"], given["verdict"], fields)

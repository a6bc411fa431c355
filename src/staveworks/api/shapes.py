"""What goes in and comes out: base shapes that every resource's shapes inherit."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text

INT4 = 2_147_483_647


class Out(BaseModel):
    """An answer's shape."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class In(BaseModel):
    """A request's shape: a field that isn't in it is refused, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Words(Out):
    """A wording in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: Text) -> "Words":
        return cls(zh=text.zh, en=text.en)

    @classmethod
    def maybe(cls, text: Text | None) -> "Words | None":
        return cls.of(text) if text is not None else None


class Span(Out):
    """What is known of a level, in points 0–100: between ``low`` and ``high``, likely ``likely``."""

    low: float
    likely: float
    high: float

    @classmethod
    def of(cls, interval: Interval) -> "Span":
        return cls(low=interval.low, likely=interval.likely, high=interval.high)


class Nothing(Out):
    """Done; there is nothing to say about it."""

    done: bool = True


Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Line = Annotated[str, StringConstraints(max_length=400)]
Count = Annotated[int, Field(ge=0, le=INT4)]

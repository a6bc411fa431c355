"""The shape of answers, shared by diagnoses and assessments."""

from typing import Annotated, Literal

from pydantic import Field, StrictFloat, StrictInt

MOST = 10**15
Whole = Annotated[StrictInt, Field(ge=-MOST, le=MOST)]
Number = Annotated[StrictFloat, Field(ge=-MOST, le=MOST, allow_inf_nan=False)]
Value = Whole | Number | Annotated[list[Whole], Field(max_length=100)] | Literal["n/a"]
"""Option number from 0, list of them, number, or ``"n/a"`` where the question may not apply."""

LeafCode = Annotated[str, Field(min_length=1, max_length=120)]
Answers = Annotated[
    dict[LeafCode, Value],
    Field(max_length=1000, description="Question's code → answer; what is left out is unanswered."),
]

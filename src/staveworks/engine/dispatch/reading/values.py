"""One column of one stretch of a table, as numbers or places in another table; what can't be is told."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.problem import Floats

if TYPE_CHECKING:
    import pyarrow as pa

type Flags = NDArray[np.bool_]


def as_texts(values: "pa.Array") -> "tuple[pa.Array, Flags]":
    """As strings, a blank for null; flags what is neither text nor number. A whole number loses its ``.0``."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    fine = np.zeros(len(values), bool)
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return values.fill_null("").cast(pa.string()), fine
    if pa.types.is_null(kind):
        return pa.array([""] * len(values), pa.string()), fine
    if pa.types.is_integer(kind):
        return pc.cast(values, pa.string()).fill_null(""), fine
    if pa.types.is_floating(kind):
        return pa.array(["" if v is None else _number_text(v) for v in values.to_pylist()], pa.string()), fine
    return pa.array([str(v) for v in values.to_pylist()], pa.string()), ~fine


def _number_text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def as_numbers(values: "pa.Array") -> tuple[Floats, Flags, Flags]:
    """The numbers (NaN where there is none), what is blank, and what is no number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        blank = values.is_null().to_numpy(zero_copy_only=False)
        found = pc.cast(values, pa.float64(), safe=False).fill_null(np.nan)
        return found.to_numpy(zero_copy_only=False), blank, np.zeros(len(values), bool)
    texts, wrong = as_texts(values)
    if wrong.any():
        return np.full(len(values), np.nan), np.zeros(len(values), bool), wrong
    texts = pc.utf8_trim_whitespace(texts)
    try:
        found = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
        return found, np.zeros(len(found), bool), np.zeros(len(found), bool)
    except pa.ArrowInvalid:
        return _one_by_one(texts.to_pylist())


def _one_by_one(texts: list[str]) -> tuple[Floats, Flags, Flags]:
    found, blank, wrong = np.full(len(texts), np.nan), np.zeros(len(texts), bool), np.zeros(len(texts), bool)
    for place, text in enumerate(texts):
        if not text:
            blank[place] = True
            continue
        try:
            found[place] = float(text if "_" not in text else "-")
        except ValueError:
            wrong[place] = True
    return found, blank, wrong


class Coder:
    """Texts → numbers in the order of their first appearance, over all stretches of a table."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._places: dict[str, int] = {}

    def code(self, texts: "pa.Array") -> NDArray[np.int32]:
        encoded = texts.dictionary_encode()
        own = np.array([self.place(text) for text in encoded.dictionary.to_pylist()], np.int32)
        codes: NDArray[np.int32] = own[encoded.indices.to_numpy(zero_copy_only=False)] if len(own) else own
        return codes

    def place(self, text: str) -> int:
        place = self._places.get(text)
        if place is None:
            place = self._places[text] = len(self.texts)
            self.texts.append(text)
        return place


def find_places(texts: "pa.Array", known: Any) -> NDArray[np.int32]:
    """The place of each text among ``known``, −1 where it isn't there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(known):
        return np.full(len(texts), -1, np.int32)
    found = pc.index_in(texts, value_set=known)
    places: NDArray[np.int32] = found.fill_null(-1).cast(pa.int32()).to_numpy(zero_copy_only=False)
    return places

"""Lines of answers are read fast where they are plain, and exactly as the standard library reads them where they are odd."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staveworks.cli.lines import NOT_JSON, NOT_OBJECT, NOT_UTF8, BadLine, read_firm

ANSWERS = st.dictionaries(
    st.text(max_size=8),
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.lists(st.integers(0, 20), max_size=4),
    max_size=5,
)


def alike(one: object, other: object) -> bool:
    """Equal, NaN included; a whole number beyond 64 bits may have become the nearest decimal."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, float) and isinstance(other, int | float) and not isinstance(other, bool):
        return one == float(other) or (math.isnan(one) and math.isnan(other))
    return type(one) is type(other) and one == other


@given(ANSWERS, st.booleans())
def test_every_object_is_read_as_the_standard_library_reads_it(
    answers: dict[str, object], ascii_only: bool
) -> None:
    """With NaN, infinity, numbers beyond 64 bits, and halves of surrogate pairs, written both ways."""
    line = json.dumps(answers, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    found = read_firm(7, line).answers
    if isinstance(found, BadLine):
        assert found.text == NOT_UTF8
        with pytest.raises(UnicodeDecodeError):
            line.decode("utf-8")
    else:
        assert alike(found, json.loads(line))


@given(st.binary(max_size=30))
def test_no_bytes_at_all_break_the_reading(line: bytes) -> None:
    found = read_firm(1, line).answers
    assert isinstance(found, dict | BadLine)


def test_a_bad_line_says_where_it_stumbles() -> None:
    found = read_firm(3, b'{"a": 1,, "b": 2}').answers
    assert found == BadLine(NOT_JSON.format(column=9))
    assert read_firm(3, b"[1]").answers == BadLine(NOT_OBJECT)
    assert math.isnan(read_firm(3, b'{"a": NaN}').answers["a"])

"""The reference of what is being done: on every line of the log, on the error page, in the problem, so that all three are found together."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from staveworks.kit.ids import new_id

SHAPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{5,63}")
_now: ContextVar[str] = ContextVar("reference", default="")


def new_reference() -> str:
    """Twelve characters, short enough to be read out on the telephone."""
    return new_id().hex[-12:]


def good_reference(given: str) -> bool:
    """Whether a reference made elsewhere can be taken over: nothing that could break a line or a page."""
    return SHAPE.fullmatch(given) is not None


def reference_now() -> str:
    """The reference of what this thread does; empty outside of `referring`."""
    return _now.get()


@contextmanager
def referring(reference: str) -> Iterator[None]:
    """Everything inside is done under ``reference``."""
    mark = _now.set(reference)
    try:
        yield
    finally:
        _now.reset(mark)

"""Lists page by page: an opaque cursor says after which (sort key, id) to go on, so that new rows shift nothing."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any

from django.core import signing
from pydantic import Field

from staveworks.api.problems import Fault, Problem
from staveworks.api.shapes import In, Out
from staveworks.api.words import CURSOR_SHAPE

MOST = 200
USUAL = 50
Key = tuple[Any, ...]


class Paging(In):
    """What every list takes."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="How many at most.")] = USUAL
    cursor: Annotated[
        str | None, Field(max_length=2000, description="`next` of the page before; opaque.")
    ] = None


class Page[T](Out):
    """Some of the list; ``next`` is the cursor of the following page, null on the last."""

    items: list[T]
    next: str | None = None


def position(paging: Paging, listing: str) -> Key | None:
    """The (sort key, id) after which the page starts. Raises ``Problem`` 422 for a cursor of another list."""
    if paging.cursor is None:
        return None
    try:
        return tuple(signing.loads(paging.cursor, salt=_salt(listing)))
    except (signing.BadSignature, ValueError, TypeError):
        raise Problem(422, faults=(Fault(CURSOR_SHAPE, parameter="cursor"),)) from None


def page[T, O](
    found: Sequence[T], *, paging: Paging, listing: str, key: Callable[[T], Key], show: Callable[[T], O]
) -> Page[O]:
    """A page of ``found``, which is in order, starts after the cursor, and holds one more than ``limit`` if there is more."""
    here = found[: paging.limit]
    more = len(found) > paging.limit
    following = signing.dumps(list(key(here[-1])), salt=_salt(listing)) if more else None
    return Page(items=[show(thing) for thing in here], next=following)


def page_of_all[T, O](
    things: Iterable[T],
    *,
    paging: Paging,
    listing: str,
    key: Callable[[T], Key],
    show: Callable[[T], O],
    newest_first: bool = False,
) -> Page[O]:
    """A page of a list short enough to be read whole (members, tokens); ``key`` ends with the id as text."""
    after = position(paging, listing)
    ordered = sorted(things, key=key, reverse=newest_first)
    if after is not None:
        ordered = [thing for thing in ordered if (key(thing) < after if newest_first else key(thing) > after)]
    return page(ordered[: paging.limit + 1], paging=paging, listing=listing, key=key, show=show)


def _salt(listing: str) -> str:
    return f"staveworks.api.cursor:{listing}"

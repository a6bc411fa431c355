"""What there is to say of a kind of to-do."""

from dataclasses import dataclass

from staveworks.foundation.notices.todo_types import LinkPurpose
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class TodoKind:
    """One row. ``right``: who does it in its organisation (None: the one person it is for). ``days``: until when, counted
    from its beginning, where the thing itself has no date. ``done_by``: the events by which somebody does it; if it stops
    waiting without one of them it is dropped.
    """

    code: str
    name: Text
    what: Text
    why: Text
    button: Text
    url: str
    right: str | None
    days: int | None
    done_by: tuple[str, ...]
    about_subject: bool = True
    """Whether those events are about the to-do's subject; else the newest one of the organisation counts."""
    tells: bool = True
    """Whether people are told when it opens, beside finding it on their page; reminders always go out."""
    by_hand: bool = False
    """Whether somebody may say that it is done: the thing itself can't show it."""
    raises: bool = False
    """Whether the operator hears of it once the deadline has passed."""
    link: LinkPurpose = LinkPurpose.OPEN
    """``DECIDE`` never where money, roles or rights of others are given away."""
    link_rights: frozenset[str] = frozenset()
    """All that somebody may do who comes by a link, beside ``right``: what showing the thing needs."""
    once: bool = True
    """Whether a link that decides is used up by it."""

"""Telling people about to-dos: the one place where this half of the room hands over to the other, the messages."""

from collections.abc import Iterable
from uuid import UUID

from staveworks.foundation.notices.kinds import TodoKind
from staveworks.foundation.notices.messages.types import Moment, Param
from staveworks.foundation.notices.models import Todo
from staveworks.foundation.notices.usecases.issue_link import issue_link
from staveworks.foundation.notices.usecases.send_message import send_message
from staveworks.foundation.notices.wording import names_in, worded
from staveworks.foundation.parties.queries import titles_of
from staveworks.foundation.parties.queries.holders import Holder, list_holders
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text

NO_DEADLINE = Text(zh="不限", en="whenever you can")


def people_of(actor: Actor, todo: Todo, kind: TodoKind) -> list[UUID]:
    """Whose turn it is: the one person it is for, else who has taken it, else everybody who has its right."""
    if todo.person_id:
        return [todo.person_id]
    if todo.holder_id:
        return [todo.holder_id]
    return [each.person_id for each in holders_of(actor, kind)]


def leaders_of(actor: Actor) -> list[UUID]:
    """Owners and managers, whatever the to-do is about."""
    everybody = list_holders(actor, right="organisation.read")
    return [each.person_id for each in everybody if each.leads]


def holders_of(actor: Actor, kind: TodoKind) -> list[Holder]:
    return list_holders(actor, right=kind.right) if kind.right else []


def announce(
    actor: Actor, todo: Todo, *, template: str, to: Iterable[UUID], once: str = "", **more: Param
) -> None:
    """Queue a message about ``todo`` for each person, with a link of her own, in the caller's transaction.

    Never twice for one to-do, template and person; ``once`` tells apart what may be said again.
    """
    words = worded(todo, titles_of(names_in(todo)))
    known: dict[str, Param] = {
        "what": words.what,
        "until": Moment(todo.due_at) if todo.due_at else NO_DEADLINE,
        **more,
    }
    if template == "todo.opened":
        known["why"] = words.why
    for person in sorted(set(to)):
        token = issue_link(actor, todo_id=todo.id, person_id=person)
        send_message(
            actor,
            template=template,
            to=person,
            key=f"{template}:{todo.id}:{person}:{once}",
            params=known,
            link=f"/t/{token}/",
            about=todo.id,
            deadline=todo.due_at,
        )

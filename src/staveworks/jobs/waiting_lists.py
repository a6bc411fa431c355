"""Serve waiting lists: at once after whatever may have freed a time, and every so often, since holds expire by nobody's act.

Called ``reaction(actor, subject=…)``; each serves for the provider, who sees the whole list.
"""

from uuid import UUID

from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.jobs.work import actor_of_job, cross_job, do_each
from staveworks.mechanisms.booking.queries import list_of_wish, resources_of_line
from staveworks.mechanisms.booking.types import WishNotFound
from staveworks.mechanisms.booking.usecases.serve_list import serve_list
from staveworks.mechanisms.booking.waiting_list import list_lists
from staveworks.trade.orders.types import LineNotFound


def after_line(actor: Actor, /, *, subject: UUID) -> None:
    """A line fell away, or was over early."""
    try:
        provider, resources = resources_of_line(actor, line_id=subject)
    except LineNotFound:
        return
    for resource in resources:
        serve_list(operator_service_for(provider), resource_id=resource)


def after_wish(actor: Actor, /, *, subject: UUID) -> None:
    """Somebody joined, or didn't take what was kept."""
    try:
        provider, resource = list_of_wish(actor, wish_id=subject)
    except WishNotFound:
        return
    serve_list(operator_service_for(provider), resource_id=resource)


def after_bookable(actor: Actor, /, *, subject: UUID) -> None:
    """It was opened again, has other hours or more units; or a closing took what was kept."""
    serve_list(actor, resource_id=subject)


@cross_job("serves the waiting lists of every provider")
def serve_lists() -> int:
    return do_each(list_lists(), lambda one: serve_list(actor_of_job(one[0]), resource_id=one[1]))

"""Messages on their way: each kind of channel has a clock of its own, so that a slow provider holds up nothing else."""

import threading
import time
from collections.abc import Callable

from staveworks.foundation.notices.due import list_due, list_lost
from staveworks.foundation.notices.messages.types import ROBOTS, Channel
from staveworks.foundation.notices.usecases.send_due import send_due
from staveworks.foundation.notices.usecases.settle_lost import settle_lost
from staveworks.jobs.work import actor_of_job, cross_job, do_each

BUDGET_S = 5.0
STOP = threading.Event()
"""Set when the worker ends: what is claimed and not yet handed over goes back to the queue."""


def _send(*channels: Channel) -> int:
    """Send until nothing is left that may leave now, or the time is up."""
    sent, until = 0, time.monotonic() + BUDGET_S
    while not STOP.is_set() and time.monotonic() < until:
        round_ = 0
        for due in list_due(channels):
            round_ += send_due(
                actor_of_job(due.org),
                operator=due.operator,
                channel=due.channel,
                gateway=due.gateway,
                stopping=STOP.is_set,
            )
        if not round_:
            break
        sent += round_
    return sent


@cross_job("looks in which organisations e-mails are due, then sends as each of them")
def send_email() -> int:
    return _send(Channel.EMAIL)


@cross_job("looks in which organisations SMS are due, then sends as each of them")
def send_sms() -> int:
    return _send(Channel.SMS)


@cross_job("looks in which organisations robots have something to post, then posts as each of them")
def send_to_robots() -> int:
    return _send(*sorted(ROBOTS))


@cross_job("looks in which organisations a sender died midway, then settles it as each of them")
def settle_lost_deliveries() -> int:
    return do_each(list_lost(), lambda org: settle_lost(actor_of_job(org)))


SENDING: list[list[tuple[float, Callable[[], object]]]] = [
    [(0.5, send_email)],
    [(0.5, send_sms)],
    [(0.5, send_to_robots), (5, settle_lost_deliveries)],
]
"""One list a clock."""

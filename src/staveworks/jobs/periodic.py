"""What happens every so often, in two tables: seconds between runs → job."""

from collections.abc import Callable

from staveworks.cluster.barrel.editions import offered_rubrics
from staveworks.cluster.barrel.usecases.publish_figures import is_due, publish_figures
from staveworks.cluster.barrel.usecases.refresh_peers import refresh_peers
from staveworks.foundation.notices.escalating import due_steps
from staveworks.foundation.notices.usecases.escalate_todo import escalate_todo
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import NoOrganisation
from staveworks.foundation.reservation.usecases.expire_holds import expire_holds
from staveworks.jobs.backups import keep_backups
from staveworks.jobs.books import watch_books
from staveworks.jobs.demo import keep_demo_alive
from staveworks.jobs.housekeeping import forget_sessions
from staveworks.jobs.relay import relay_events
from staveworks.jobs.retention import apply_retention
from staveworks.jobs.scanning import scan_waiting_files
from staveworks.jobs.todos.settling import settle_everywhere
from staveworks.jobs.verifying import seal, verify_reservations
from staveworks.jobs.waiting_lists import serve_lists
from staveworks.jobs.work import actor_of_job, cross_job, do_each, log
from staveworks.mechanisms.booking.arriving import give_back, list_expected
from staveworks.mechanisms.dispatch.usecases.publish_heat import publish_heat
from staveworks.mechanisms.projects.usecases.lapse_milestones import lapse_milestone, list_overdue
from staveworks.mechanisms.tasks.usecases.keep_subscription import list_due, renew_subscription
from staveworks.trade.catalogue.usecases.renew_free import list_calendars, renew_free
from staveworks.trade.orders.usecases.lapse_lines import lapse_line, list_lapsed


@cross_job("sums up what firms of one business type and size answered, never fewer than five together")
def sum_up_peers() -> int:
    try:
        actor = operator_service()
    except NoOrganisation:
        return 0
    return sum(refresh_peers(actor, rubric=rubric) for rubric in offered_rubrics())


@cross_job("publishes a month's figures over groups of at least five firms")
def publish_month() -> int:
    try:
        actor = operator_service()
    except NoOrganisation:
        return 0
    return publish_figures(actor) if is_due() else 0


@cross_job("makes the to-dos of every organisation agree with what waits there")
def settle_todos() -> int:
    return settle_everywhere()


@cross_job("finds the to-dos of every organisation whose deadline comes near or has passed")
def escalate_todos() -> int:
    return do_each(
        due_steps(),
        lambda due: escalate_todo(actor_of_job(due.org_id), todo_id=due.todo_id, step=due.step),
    )


def watch_reservations() -> int:
    """Whatever can't be goes to the log, where operations look."""
    found = verify_reservations()
    for fault in found.faults:
        log.error("reservation: %s", fault.text.en)
    return len(found.faults)


@cross_job("ends the overdue holds of every organisation")
def expire_overdue_holds() -> int:
    return expire_holds()


@cross_job("finds the order lines of every organisation whose deadline has passed")
def lapse_lines() -> int:
    return do_each(list_lapsed(), lambda due: lapse_line(actor_of_job(due[0]), line_id=due[1]))


@cross_job("finds bookings of every organisation to which nobody has come")
def give_back_unused() -> int:
    return do_each(list_expected(), lambda due: give_back(actor_of_job(due[0]), line_id=due[1]))


@cross_job("asks the calendars of every provider when its offers are free next")
def renew_next_free() -> int:
    try:
        operator = operator_service()
    except NoOrganisation:
        return 0
    return do_each(list_calendars(operator), lambda one: renew_free(actor_of_job(one[0]), mechanism=one[1]))


@cross_job("finds the delivered milestones of every organisation that nobody judged in time")
def lapse_milestones() -> int:
    return do_each(list_overdue(), lambda due: lapse_milestone(actor_of_job(due[0]), delivery_id=due[1]))


def publish_free_hours() -> int:
    """Once a week, in a look of the operator's that is logged like any other."""
    try:
        actor = operator_service()
    except NoOrganisation:
        return 0
    return publish_heat(actor)


@cross_job("finds the subscriptions of every organisation of which a period has begun")
def renew_subscriptions() -> int:
    return do_each(list_due(), lambda due: renew_subscription(actor_of_job(due[0]), subscription_id=due[1]))


PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (0.5, relay_events),
    (2, seal),
    (600, sum_up_peers),
    (900, publish_month),
    (900, publish_free_hours),
    (300, settle_todos),
    (30, escalate_todos),
    (15, expire_overdue_holds),
    (15, serve_lists),
    (30, lapse_lines),
    (60, lapse_milestones),
    (60, renew_subscriptions),
    (60, give_back_unused),
    (20, keep_backups),
    (3600, forget_sessions),
    (3600, apply_retention),
    (60, scan_waiting_files),
]


@cross_job("asks when the firms of the demo last confirmed their capacity")
def keep_demo() -> int:
    return keep_demo_alive()


SLOW: list[tuple[float, Callable[[], object]]] = [
    (120, renew_next_free),
    (86_400, watch_books),
    (86_400, watch_reservations),
]
"""What may take minutes: on a clock of its own, so that events aren't kept waiting."""
DEMO: list[tuple[float, Callable[[], object]]] = [(3600, keep_demo)]
"""It waits for runs of its season: on a clock of its own, so that nothing else does."""

"""Where each kind of to-do looks: kind → the function of its room that finds what waits.

It is asked for one organisation (after an event) or for all of them (by the job that looks everywhere). A kind without a row
here would never open; a test compares the two tables.
"""

from typing import Protocol
from uuid import UUID

from staveworks.cluster.barrel.waiting import answers_to_check, assessments_to_finish, papers_to_attest
from staveworks.foundation.facts.waiting import corrections_to_decide
from staveworks.foundation.notices.lapsed import lapsed_todos
from staveworks.foundation.parties.queries.waiting import (
    claims_to_decide,
    invitations_to_accept,
    letters_to_post,
    mandates_about_to_end,
)
from staveworks.foundation.rosters.waiting import (
    duplicates_to_decide,
    imports_to_resume,
    lists_to_correct,
    lists_to_import,
)
from staveworks.foundation.rules.waiting import rules_about_to_hold
from staveworks.foundation.support.waiting import answers_to_read, tickets_to_answer
from staveworks.jobs.todos.agreements import agreements_of_an_earlier_edition
from staveworks.jobs.todos.backups import backups_that_failed
from staveworks.kit.waiting import Waiting
from staveworks.mechanisms.booking.training import untrained_bookings
from staveworks.mechanisms.booking.waiting_list import times_to_take
from staveworks.mechanisms.dispatch.waiting import capacity_to_confirm, work_to_see, work_withdrawn
from staveworks.mechanisms.projects.waiting import (
    changes_to_sign,
    contracts_to_order,
    milestones_to_accept,
    milestones_to_redo,
    proposals_to_open,
    requests_to_answer,
    requests_to_award,
)
from staveworks.mechanisms.tasks.subscription_queries import prices_to_see
from staveworks.mechanisms.tasks.waiting import samples_to_clear, samples_to_send, samples_to_test
from staveworks.trade.orders.waiting import (
    approvals_to_give,
    disputes_to_answer,
    disputes_to_decide,
    lines_to_accept,
    lines_to_confirm,
    lines_to_deliver,
    lines_to_replace,
)


class Find(Protocol):
    """What waits in ``org`` (inside ``acting`` for it), of which only ``subject`` if given; ``org`` None: everywhere."""

    def __call__(self, *, org: UUID | None, subject: UUID | None = None) -> list[Waiting]: ...


SOURCES: dict[str, Find] = {
    "claim.decide": claims_to_decide,
    "claim.letter": letters_to_post,
    "duplicate.decide": duplicates_to_decide,
    "roster.start": lists_to_import,
    "roster.resume": imports_to_resume,
    "roster.correct": lists_to_correct,
    "assessment.finish": assessments_to_finish,
    "answers.check": answers_to_check,
    "answer.attest": papers_to_attest,
    "invitation.accept": invitations_to_accept,
    "mandate.ending": mandates_about_to_end,
    "agreement.accept": agreements_of_an_earlier_edition,
    "correction.decide": corrections_to_decide,
    "ticket.answer": tickets_to_answer,
    "ticket.read": answers_to_read,
    "order.approve": approvals_to_give,
    "line.confirm": lines_to_confirm,
    "line.deliver": lines_to_deliver,
    "line.accept": lines_to_accept,
    "line.replace": lines_to_replace,
    "wish.take": times_to_take,
    "training.renew": untrained_bookings,
    "samples.send": samples_to_send,
    "samples.test": samples_to_test,
    "samples.clear": samples_to_clear,
    "subscription.price": prices_to_see,
    "capacity.confirm": capacity_to_confirm,
    "work.see": work_to_see,
    "work.withdrawn": work_withdrawn,
    "dispute.answer": disputes_to_answer,
    "dispute.decide": disputes_to_decide,
    "request.answer": requests_to_answer,
    "proposal.open": proposals_to_open,
    "request.award": requests_to_award,
    "contract.order": contracts_to_order,
    "milestone.accept": milestones_to_accept,
    "milestone.redo": milestones_to_redo,
    "change.sign": changes_to_sign,
    "rule.coming": rules_about_to_hold,
    "backup.failed": backups_that_failed,
    "todo.lapsed": lapsed_todos,
}

"""What must happen next: the one table from event type to use case.

A reaction is called ``reaction(actor, subject=…)`` by the worker, as the operator's service account for the event's
organisation. It may run again after a crash: it must resume, and do nothing twice.
"""

from typing import Protocol
from uuid import UUID

from staveworks.foundation.parties.types import Actor


class Reaction(Protocol):
    """A use case that can follow an event."""

    def __call__(self, actor: Actor, /, *, subject: UUID) -> object: ...


TODOS = "staveworks.jobs.todos.reactions."
FACTS = "staveworks.jobs.facts."
POST_LINE = "staveworks.trade.settlement.usecases.post_ordered_line.post_ordered_line"
OPEN_TASK = "staveworks.mechanisms.tasks.usecases.open_task.open_task"
WAITING_LISTS = "staveworks.jobs.waiting_lists."
FREED = WAITING_LISTS + "after_line"
BEGIN_SUBSCRIPTION = "staveworks.mechanisms.tasks.usecases.keep_subscription.begin_subscription"
DISPATCH = "staveworks.mechanisms.dispatch.usecases."
SETTLE_FIRM = "staveworks.cluster.barrel.usecases.settle_firm.settle_firm"

REACTIONS: dict[str, tuple[str, ...]] = {
    "roster.started": (
        "staveworks.foundation.rosters.usecases.run_import.run_import",
        TODOS + "settle_roster",
    ),
    "campaign.started": ("staveworks.foundation.outreach.usecases.run_campaign.run_campaign",),
    "roster.begun": (TODOS + "settle_roster",),
    "roster.uploaded": (TODOS + "settle_roster",),
    "roster.discarded": (TODOS + "settle_roster",),
    "roster.stopped": (TODOS + "settle_roster",),
    "roster.failed": (TODOS + "settle_roster",),
    "roster.imported": (
        TODOS + "settle_roster",
        TODOS + "settle_lists_to_correct",
        FACTS + "from_roster",
    ),
    "organisation.changed": (FACTS + "from_profile",),
    "organisation.founded": (FACTS + "from_profile",),
    "duplicate.decided": (TODOS + "settle_duplicates", FACTS + "from_pair"),
    "duplicate.undone": (TODOS + "settle_duplicates", FACTS + "from_pair"),
    "claim.opened": (TODOS + "settle_claims",),
    "claim.granted": (TODOS + "settle_claims",),
    "claim.refused": (TODOS + "settle_claims",),
    "claim.withdrawn": (TODOS + "settle_claims",),
    "claim.revoked": (TODOS + "settle_claims",),
    "claim.restored": (TODOS + "settle_claims",),
    "claim_letter.printed": (TODOS + "settle_claims",),
    "firm.claimed": (TODOS + "settle_claimed_firm",),
    "firm.unclaimed": (TODOS + "settle_claimed_firm", SETTLE_FIRM),
    "firm.merged": (SETTLE_FIRM,),
    "firm.parted": (SETTLE_FIRM,),
    "firm.reclaimed": (
        TODOS + "settle_claimed_firm",
        SETTLE_FIRM,
        "staveworks.foundation.facts.usecases.restore_grants.restore_grants",
    ),
    "invitation.restored": (TODOS + "settle_invitation",),
    "mandate.restored": (TODOS + "settle_mandates",),
    "basis.recorded": ("staveworks.cluster.prescription.usecases.draw_frontier.draw_frontier",),
    "assessment.started": (TODOS + "settle_assessment",),
    "assessment.finished": (
        TODOS + "settle_assessment",
        TODOS + "settle_papers",
        FACTS + "from_assessment",
    ),
    "answers.given": (TODOS + "settle_given",),
    "answers.confirmed": (TODOS + "settle_given",),
    "answers.corrected": (TODOS + "settle_given",),
    "evidence.attached": (TODOS + "settle_papers",),
    "answer.attested": (TODOS + "settle_papers", FACTS + "from_assessment"),
    "correction.asked": (TODOS + "settle_corrections",),
    "correction.accepted": (TODOS + "settle_corrections",),
    "correction.declined": (TODOS + "settle_corrections",),
    "invitation.sent": (TODOS + "settle_invitation",),
    "invitation.accepted": (TODOS + "settle_invitation",),
    "invitation.withdrawn": (TODOS + "settle_invitation",),
    "mandate.given": (TODOS + "settle_mandates",),
    "mandate.withdrawn": (TODOS + "settle_mandates",),
    "agreement.accepted": (TODOS + "settle_agreement",),
    "agreement.withdrawn": (TODOS + "settle_agreement",),
    "ticket.opened": (TODOS + "settle_ticket",),
    "ticket.asked_on": (TODOS + "settle_ticket",),
    "ticket.answered": (TODOS + "settle_ticket",),
    "ticket.closed": (TODOS + "settle_ticket",),
    "line.placed": (TODOS + "settle_line",),
    "line.confirmed": (TODOS + "settle_line", OPEN_TASK, BEGIN_SUBSCRIPTION),
    "line.declined": (TODOS + "settle_line", FREED),
    "line.expired": (TODOS + "settle_line", FREED),
    "line.started": (TODOS + "settle_line",),
    "line.part_delivered": (TODOS + "settle_line",),
    "line.delivered": (TODOS + "settle_line", FREED),
    "line.accepted": (TODOS + "settle_line", POST_LINE),
    "line.cancelled": (TODOS + "settle_line", TODOS + "settle_samples", POST_LINE, FREED),
    "line.displaced": (TODOS + "settle_line", TODOS + "settle_samples", FREED),
    "line.no_show": (TODOS + "settle_line", TODOS + "settle_samples", POST_LINE, FREED),
    "bookable.changed": (WAITING_LISTS + "after_bookable",),
    "bookable.closed": (WAITING_LISTS + "after_bookable",),
    "bookable.reopened": (WAITING_LISTS + "after_bookable",),
    "wish.made": (WAITING_LISTS + "after_wish",),
    "wish.kept": (TODOS + "settle_wish",),
    "wish.taken": (TODOS + "settle_wish",),
    "wish.declined": (TODOS + "settle_wish", WAITING_LISTS + "after_wish"),
    "wish.lapsed": (TODOS + "settle_wish",),
    "wish.displaced": (TODOS + "settle_wish",),
    "training.certified": (TODOS + "settle_trained",),
    "training.ended": (TODOS + "settle_trained",),
    "subscription.price_announced": (TODOS + "settle_subscription",),
    "subscription.price_kept": (TODOS + "settle_subscription",),
    "subscription.renewed": (TODOS + "settle_subscription",),
    "subscription.ended": (TODOS + "settle_subscription",),
    "task.opened": (TODOS + "settle_samples",),
    "sample.moved": (TODOS + "settle_samples",),
    "result.recorded": (TODOS + "settle_samples",),
    "capacity.confirmed": (TODOS + "settle_capacity",),
    "windows.declared": (TODOS + "settle_capacity",),
    "window.withdrawn": (TODOS + "settle_capacity",),
    "work_centre.closed": (TODOS + "settle_capacity",),
    "work_centre.reopened": (TODOS + "settle_capacity",),
    "dispute.opened": (TODOS + "settle_line",),
    "dispute.answered": (TODOS + "settle_line",),
    "dispute.settled": (TODOS + "settle_line",),
    "approval.requested": (TODOS + "settle_order",),
    "approval.granted": (TODOS + "settle_order",),
    "approval.refused": (TODOS + "settle_order",),
    "approval.recalled": (TODOS + "settle_order",),
    "approval.lapsed": (TODOS + "settle_order",),
    "request.published": (TODOS + "settle_request",),
    "request.closed": (TODOS + "settle_request",),
    "proposal.sealed": (TODOS + "settle_request",),
    "proposal.withdrawn": (TODOS + "settle_request",),
    "proposal.opened": (TODOS + "settle_request",),
    "request.awarded": (TODOS + "settle_request", TODOS + "settle_contracts"),
    "award.set_aside": (TODOS + "settle_contracts",),
    "contract.ordered": (TODOS + "settle_contract",),
    "contract.confirmed": (TODOS + "settle_contract",),
    "milestone.delivered": (TODOS + "settle_contract",),
    "milestone.returned": (TODOS + "settle_contract",),
    "milestone.accepted": (TODOS + "settle_contract",),
    "change.proposed": (TODOS + "settle_contract",),
    "change.signed": (TODOS + "settle_contract",),
    "change.refused": (TODOS + "settle_contract",),
    "dispatch.queued": (DISPATCH + "carry_out_run.carry_out_run",),
    "dispatch.shared": (TODOS + "settle_work", DISPATCH + "tell_no_work.tell_no_work"),
    "dispatch.share_ended": (TODOS + "settle_work",),
    "dispatch.replay_asked": (DISPATCH + "replay_run.replay_run",),
    "order.placed": (TODOS + "settle_contracts", TODOS + "settle_replaced"),
    "rule.adopted": (TODOS + "settle_rules",),
    "backup.made": (TODOS + "settle_backups",),
    "backup.failed": (TODOS + "settle_backups",),
    "todo.escalated": (TODOS + "settle_lapsed",),
    "todo.closed": (TODOS + "settle_lapsed",),
    "todo.finished": (TODOS + "settle_lapsed",),
    "member.role_changed": (TODOS + "end_links",),
    "member.removed": (TODOS + "end_links",),
    "member.left": (TODOS + "end_links",),
}
"""Event type → dotted paths of the use cases (paths, so that the table can be read without loading every room).

Each is a job of its own: one that fails is tried again without the others. They run in no particular order, also against
those of an earlier event: a reaction looks at how things stand now, not at what the event says happened.
"""

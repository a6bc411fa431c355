"""What to-dos do after events: each looks again at the kinds that the event may have changed, never at what it says.

Called ``reaction(actor, subject=…)``; ``actor`` is the service for the event's organisation.
"""

from uuid import UUID

from staveworks.foundation.facts.queries.known import list_decider_of
from staveworks.foundation.notices.usecases.issue_link import withdraw_links
from staveworks.foundation.parties.queries import operator_of, operator_service_for
from staveworks.foundation.parties.types import Actor, NoOrganisation
from staveworks.jobs.todos.settling import settle, settle_all
from staveworks.jobs.work import crossing, list_cross
from staveworks.mechanisms.booking.queries import firm_of_certificate
from staveworks.mechanisms.projects.queries import parties_of_contract, sides_of_request
from staveworks.mechanisms.tasks.subscription_queries import buyer_of
from staveworks.trade.orders.queries import parties_of

LAPSED = "todo.lapsed"


def settle_claims(actor: Actor, /, *, subject: UUID) -> None:
    """All claims of the steward: a new one may have taken the place of another."""
    settle_all(actor, "claim.decide", "claim.letter")


def settle_roster(actor: Actor, /, *, subject: UUID) -> None:
    """One list: to import, to resume, to correct, its pairs to decide."""
    for kind in ("roster.start", "roster.resume", "roster.correct", "duplicate.decide"):
        settle(actor, kind, subject)


def settle_lists_to_correct(actor: Actor, /, *, subject: UUID) -> None:
    """All lists to correct: this may be the workbook of another one."""
    settle_all(actor, "roster.correct")


def settle_duplicates(actor: Actor, /, *, subject: UUID) -> None:
    """The pairs of every list: one decision may settle pairs of others."""
    settle_all(actor, "duplicate.decide")


def settle_assessment(actor: Actor, /, *, subject: UUID) -> None:
    """Of a firm: to finish."""
    settle(actor, "assessment.finish", subject)


def settle_papers(actor: Actor, /, *, subject: UUID) -> None:
    """Of an assessment, at the firm's operator; others that may attest are found by the job that looks everywhere."""
    try:
        operator = operator_service_for(operator_of(actor.org))
    except NoOrganisation:
        return
    settle(operator, "answer.attest", subject)


def settle_claimed_firm(actor: Actor, /, *, subject: UUID) -> None:
    """It has people of its own now: an assessment under way waits for them."""
    settle_all(actor, "assessment.finish", "answers.check")


def settle_given(actor: Actor, /, *, subject: UUID) -> None:
    """Of a firm: what others answered in its name."""
    settle(actor, "answers.check", subject)


def settle_corrections(actor: Actor, /, *, subject: UUID) -> None:
    """At whoever stated it: the event is the firm's."""
    for correction in list_decider_of(actor, correction_id=subject):
        settle(operator_service_for(correction), "correction.decide", subject)


def settle_invitation(actor: Actor, /, *, subject: UUID) -> None:
    settle(actor, "invitation.accept", subject)


def settle_mandates(actor: Actor, /, *, subject: UUID) -> None:
    settle_all(actor, "mandate.ending")


def settle_agreement(actor: Actor, /, *, subject: UUID) -> None:
    settle_all(actor, "agreement.accept")


def settle_ticket(actor: Actor, /, *, subject: UUID) -> None:
    """Either side's turn: the asker's organisation and its operator each look."""
    settle(actor, "ticket.read", subject)
    try:
        settle(operator_service_for(operator_of(actor.org)), "ticket.answer", subject)
    except NoOrganisation:
        return


def settle_order(actor: Actor, /, *, subject: UUID) -> None:
    """Of the buyer: whether its order waits for approval."""
    settle(actor, "order.approve", subject)


def settle_line(actor: Actor, /, *, subject: UUID) -> None:
    """Every side of a line: the event is of one of them, the next step perhaps another's."""
    parties = parties_of(actor, line_id=subject)
    for side, kinds in (
        (parties.provider, ("line.confirm", "line.deliver", "dispute.answer")),
        (parties.buyer, ("line.accept", "line.replace", "training.renew")),
        (parties.decider, ("dispute.decide",)),
    ):
        if side is None:
            continue
        for kind in kinds:
            settle(operator_service_for(side), kind, subject)


def settle_wish(actor: Actor, /, *, subject: UUID) -> None:
    """Of whoever waits: whether a time is kept for it."""
    settle(actor, "wish.take", subject)


def settle_trained(actor: Actor, /, *, subject: UUID) -> None:
    """Of the firm whose person has the certificate: the event is its provider's."""
    firm = firm_of_certificate(actor, certificate_id=subject)
    if firm is not None:
        settle_all(operator_service_for(firm), "training.renew")


def settle_samples(actor: Actor, /, *, subject: UUID) -> None:
    """Of a test order: samples to send, to test, to send back or destroy. The event is the laboratory's, or the line's."""
    parties = parties_of(actor, line_id=subject)
    if parties.provider is not None and parties.buyer is not None:
        settle(operator_service_for(parties.buyer), "samples.send", subject)
        for kind in ("samples.test", "samples.clear"):
            settle(operator_service_for(parties.provider), kind, subject)


def settle_subscription(actor: Actor, /, *, subject: UUID) -> None:
    """Of its buyer: a new price to see. The event is of either side."""
    buyer = buyer_of(actor, subscription_id=subject)
    if buyer is not None:
        settle(operator_service_for(buyer), "subscription.price", subject)


def settle_work(actor: Actor, /, *, subject: UUID) -> None:
    """Of a firm: its part of a plan, to be looked at, or withdrawn."""
    settle(actor, "work.see", subject)
    settle(actor, "work.withdrawn", subject)


def settle_capacity(actor: Actor, /, *, subject: UUID) -> None:
    """Of a firm: whether its declared capacity waits to be confirmed."""
    settle_all(actor, "capacity.confirm")


def settle_request(actor: Actor, /, *, subject: UUID) -> None:
    """Of the buyer, of whoever acted, and of those whom a private request names."""
    buyer, invited = sides_of_request(actor, request_id=subject)
    for side in {actor.org, *invited}:
        for kind in ("request.answer", "proposal.open"):
            settle(operator_service_for(side), kind, subject)
    if buyer is not None:
        settle(operator_service_for(buyer), "request.award", subject)


def settle_contract(actor: Actor, /, *, subject: UUID) -> None:
    """Of both sides of a contract."""
    for side in parties_of_contract(actor, contract_id=subject) or ():
        for kind in ("contract.order", "milestone.accept", "milestone.redo", "change.sign"):
            settle(operator_service_for(side), kind, subject)


def settle_contracts(actor: Actor, /, *, subject: UUID) -> None:
    """Of the buyer: an order was placed, or a contract came or went."""
    settle_all(actor, "contract.order", "request.award")


def settle_replaced(actor: Actor, /, *, subject: UUID) -> None:
    """Of the buyer: what it ordered may take the place of what fell away."""
    settle_all(actor, "line.replace")


def settle_rules(actor: Actor, /, *, subject: UUID) -> None:
    settle_all(actor, "rule.coming")


def settle_backups(actor: Actor, /, *, subject: UUID) -> None:
    settle(actor, "backup.failed", subject)


def settle_lapsed(actor: Actor, /, *, subject: UUID) -> None:
    """A to-do was raised to the operator, or one that had been is closed."""
    with crossing("settle_lapsed"):
        try:
            operator = operator_service_for(operator_of(actor.org))
        except NoOrganisation:
            return
        settle(operator, LAPSED, subject)


def end_links(actor: Actor, /, *, subject: UUID) -> None:
    """A member has other rights now, or none: her links to what she may no longer do end."""
    withdraw_links(actor, subject=subject)


list_cross("settle_lapsed", "shows an operator that a deadline passed in one of its organisations")

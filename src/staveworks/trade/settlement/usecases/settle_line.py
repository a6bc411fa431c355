"""Post whatever should be posted of a line by now and isn't. Called again, it finds nothing to do."""

from fractions import Fraction
from uuid import UUID

from django.db import connection
from django.db.models import Max

from staveworks.db.clock import database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.ledger.domain import merged
from staveworks.foundation.ledger.types import Posting, Transfer
from staveworks.foundation.ledger.usecases.open_accounts import open_accounts
from staveworks.foundation.ledger.usecases.post_transfers import post_transfers
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.ids import new_id
from staveworks.trade.settlement.domain import Due, amounts_of, still_due
from staveworks.trade.settlement.models import Entry
from staveworks.trade.settlement.templates import fill, templates
from staveworks.trade.settlement.types import FeeTerms, LineToSettle, Party

FEE = "platform.fee"


@use_case
def settle_line(actor: Actor, *, line: LineToSettle) -> list[UUID]:
    """The transfers that were made: what is accepted, refunded or owed as penalty beyond what was posted before.

    The actor is of the buyer or the provider. Raises ``AmountsInvalid``, and what posting raises (``PeriodClosed``, …).
    """
    platform = operator_service().org
    fee = None if bears_none(line, platform) else fee_terms(line)
    _wait_for_the_line(line.line_id)
    posted = dict(
        Entry.objects.filter(line_id=line.line_id)
        .values_list("kind")
        .annotate(upto=Max("upto_fen"))
        .order_by()
    )
    due = still_due(line, amounts_of(line, fee), posted)
    return [_post(actor, line, one, _parties(line, fee, platform), fee) for one in due]


def fee_terms(line: LineToSettle) -> FeeTerms:
    """The rule on the platform's fee as it was when the line was ordered."""
    rule = rule_in_force(FEE, line.placed_at)
    bearer = rule.value["bearer"][0]
    return FeeTerms(
        rate=Fraction(rule.value["rate"], 10_000),
        cap_fen=rule.value["cap_yuan"] * 100,
        bearer="buyer" if bearer == "buyer" else "provider",
        tax_rate=Fraction(rule.value["tax_rate"], 10_000),
        label=rule.label,
    )


def bears_none(line: LineToSettle, platform: UUID) -> bool:
    """The platform charges no fee where it is a party itself."""
    return platform in (line.buyer, line.provider)


def _wait_for_the_line(line_id: UUID) -> None:
    """One at a time: whoever comes second reads what the first has posted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"settlement:{line_id}"])


def _parties(line: LineToSettle, fee: FeeTerms | None, platform: UUID) -> dict[Party, UUID]:
    sides = {"buyer": line.buyer, "provider": line.provider}
    found = {
        Party.BUYER: line.buyer,
        Party.PROVIDER: line.provider,
        Party.PLATFORM: platform,
        Party.PAYER: sides[fee.bearer] if fee else platform,
        Party.AT_FAULT: sides.pop(line.at_fault),
        Party.HARMED: next(iter(sides.values())),
    }
    return found | ({Party.PROGRAMME: line.programme} if line.programme else {})


def _post(
    actor: Actor, line: LineToSettle, due: Due, parties: dict[Party, UUID], fee: FeeTerms | None
) -> UUID:
    entry = Entry(
        id=new_id(),
        line_id=line.line_id,
        kind=due.kind,
        buyer_org_id=line.buyer,
        provider_org_id=line.provider,
        after_fen=due.after_fen,
        upto_fen=due.upto_fen,
    )
    Entry.objects.bulk_create([entry])
    legs = fill(templates()[due.kind], parties, due.amounts)
    accounts = open_accounts(actor, keys=[key for key, _ in legs])
    transfer = Transfer(
        id=entry.id,
        kind=due.kind,
        day=database_today(),
        postings=merged([Posting(accounts[key], amount) for key, amount in legs]),
        subject=line.line_id,
        rules=(*line.rules, *((fee.label,) if fee and due.amounts.fee else ())),
    )
    post_transfers(actor, transfers=[transfer])
    append_event(
        actor,
        "line.posted",
        subject=line.line_id,
        kind=due.kind,
        buyer=line.buyer,
        provider=line.provider,
    )
    return entry.id

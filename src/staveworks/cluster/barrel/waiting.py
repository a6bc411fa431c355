"""What waits for somebody in this room, for to-dos to be made of it. ``org`` None: everywhere, under the cross role."""

from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q

from staveworks.cluster.barrel.given import unchecked
from staveworks.cluster.barrel.models import Assessment, Attestation, Evidence
from staveworks.cluster.barrel.types import State
from staveworks.db.transaction import acting
from staveworks.foundation.parties.firm_queries import stands_as
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.rights import RIGHTS
from staveworks.kit.waiting import Waiting


def assessments_to_finish(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Assessments under way of firms that have people of their own; a steward's wait for nobody there."""
    found = Assessment.objects.using("default" if org else "cross").filter(state=State.OPEN)
    found = found.filter(Q(org__steward=None) | Q(org__claimed_at__isnull=False), org__merged_into=None)
    found = found.filter(org_id=org) if org else found
    found = found.filter(id=subject) if subject else found
    return [
        Waiting(each.org_id, each.id, each.started_at) for each in found.only("id", "org_id", "started_at")
    ]


def answers_to_check(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Firms with people of their own, for whom somebody else has answered: one to-do each, about the firm."""
    found = unchecked(using="default" if org else "cross")
    found = found.filter(Q(org__steward=None) | Q(org__claimed_at__isnull=False), org__merged_into=None)
    for one in (org, subject):
        found = found.filter(org_id=one) if one else found
    firms = found.order_by().values("org_id").annotate(n=Count("leaf", distinct=True), first=Min("at"))
    return [Waiting(row["org_id"], row["org_id"], row["first"], params={"n": row["n"]}) for row in firms]


def papers_to_attest(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Assessments of other firms with papers that nobody has checked, as far as ``org`` may see them.

    What it may see only the policies know: everywhere means one organisation that attests after the other.
    """
    if org is not None:
        return _papers(org, subject)
    kinds = list(RIGHTS["assessment.attest"].kinds)
    orgs = Organisation.objects.filter(kinds__overlap=kinds, merged_into=None).values_list("id", flat=True)
    found = []
    for each in orgs:
        with acting(org=each):
            found += _papers(each, subject)
    return found


def _papers(org: UUID, subject: UUID | None) -> list[Waiting]:
    live = Attestation.objects.filter(answer=OuterRef("answer"), lost_at=None)
    papers = Evidence.objects.filter(~Exists(live), answer__value__isnull=False).exclude(org_id=org)
    papers = papers.exclude(answer__assessment__state__in=[State.SUPERSEDED, State.SET_ASIDE])
    papers = papers.filter(answer__assessment_id=subject) if subject else papers
    waiting = papers.order_by().values("org_id", "answer__assessment_id").annotate(first=Min("added_at"))
    firms = stands_as({row["org_id"] for row in waiting})
    return [
        Waiting(org, row["answer__assessment_id"], row["first"], params={"firm": str(firms[row["org_id"]])})
        for row in waiting
        if firms[row["org_id"]] != org
    ]

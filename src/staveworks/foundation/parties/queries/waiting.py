"""What waits for somebody in this room, for to-dos to be made of it.

Each function looks at one organisation (inside ``acting`` for it), at one ``subject`` of it, or, with ``org`` None, at all
organisations under the cross role.
"""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from staveworks.foundation.parties.models import Agreement, Claim, Invitation, Mandate, Person
from staveworks.foundation.parties.types import Role
from staveworks.kit.waiting import Waiting

LEAD = timedelta(days=14)
"""How long before its end a mandate is spoken of; one that is short by itself, in the last third."""
END_OF_WORK = time(18, 0)


def _of[M: Model](
    rows: QuerySet[M], org: UUID | None, subject: UUID | None, owner: str = "org_id"
) -> QuerySet[M]:
    """Of one organisation or, as the cross role, of all; of one subject where it is named."""
    found = rows.using("default" if org else "cross").filter(Q(**{owner: org}) if org else Q())
    return found.filter(id=subject) if subject else found


def claims_to_decide(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Claims with a licence that a person of the steward has to look at."""
    return [_claim(each) for each in _of(Claim.objects.filter(state="proven"), org, subject, "steward_id")]


def letters_to_post(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Claims to be proven by a letter that nobody has printed yet."""
    unprinted = Claim.objects.filter(method="letter", state="open", code_digest="")
    return [_claim(each) for each in _of(unprinted, org, subject, "steward_id")]


def _claim(claim: Claim) -> Waiting:
    return Waiting(
        org_id=claim.steward_id,
        subject=claim.id,
        since=claim.created_at,
        params={"firm": str(claim.org_id), "who": str(claim.person_id)},
    )


def invitations_to_accept(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Live invitations to an address with which somebody signs in: they wait for that person."""
    live = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=Now())
    found = list(_of(live, org, subject))
    people = _people(found)
    return [
        Waiting(
            org_id=each.org_id,
            subject=each.id,
            since=each.created_at,
            due_at=each.expires_at,
            person_id=people[each.contact],
            params={
                "firm": str(each.org_id),
                "role_zh": Role(each.role).text.zh,
                "role_en": Role(each.role).text.en.lower(),
            },
        )
        for each in found
        if each.contact in people
    ]


def _people(invitations: list[Invitation]) -> dict[str, UUID]:
    """Address → who signs in with it."""
    wanted = [each.contact for each in invitations]
    if not wanted:
        return {}
    reached = Q(phone__in=wanted) | Q(email__in=wanted)
    found = Person.objects.filter(reached, service=False, is_active=True).values_list("id", "phone", "email")
    return {address: id_ for id_, phone, email in found for address in (phone, email) if address}


def mandates_about_to_end(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """Mandates in force whose last day is near."""
    today = timezone.localdate()
    near = Mandate.objects.filter(withdrawn_at=None, until__gte=today, until__lte=today + LEAD)
    return [_mandate(each) for each in _of(near, org, subject) if _is_near(each)]


def _is_near(mandate: Mandate) -> bool:
    return timezone.now() >= _spoken_of(mandate)


def _spoken_of(mandate: Mandate) -> datetime:
    """When one begins to speak of its end."""
    ends = _ends(mandate)
    return ends - min(LEAD, (ends - mandate.given_at) / 3)


def _ends(mandate: Mandate) -> datetime:
    return datetime.combine(mandate.until, END_OF_WORK, timezone.get_default_timezone())


def _mandate(mandate: Mandate) -> Waiting:
    return Waiting(
        org_id=mandate.org_id,
        subject=mandate.id,
        since=_spoken_of(mandate),
        due_at=_ends(mandate),
        params={"firm": str(mandate.agent_org_id or mandate.agent_person_id)},
    )


def agreements_to_renew(
    *, edition: str, since: datetime | None, org: UUID | None, subject: UUID | None = None
) -> list[Waiting]:
    """Agreements in force of another edition than ``edition``, which has held ``since`` (a rule of the cluster says so)."""
    earlier = Agreement.objects.filter(withdrawn_at=None).exclude(edition=edition)
    return [
        Waiting(each.org_id, each.id, since, params={"edition": edition})
        for each in _of(earlier, org, subject)
    ]

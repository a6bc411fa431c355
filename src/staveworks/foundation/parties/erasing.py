"""What this room holds about a person, taken away: sign-in, roles, keys, and wherever her address stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.claim_models import Handover, Revocation
from staveworks.foundation.parties.models import (
    Claim,
    ClaimLink,
    Invitation,
    Mandate,
    Membership,
    Organisation,
    Person,
    Profile,
    SavedView,
    Token,
)
from staveworks.foundation.parties.types import Actor, LastOwner, Role, title_of
from staveworks.foundation.parties.usecases.change_member import last_owner_stays
from staveworks.kit.errors import NotFound, Refused
from staveworks.kit.text import Text

ERASED_NAME = "已注销 · deleted"
"""Stands where the name stood; it is the same for everybody."""


class PersonNotFound(NotFound):
    text = Text(zh="没有这个人，或已经注销。", en="No such person, or the account is deleted already.")


class StillNeeded(Refused):
    """She is the only owner of organisations that go on: somebody else has to take over first."""

    def __init__(self, organisations: Iterable[Text]) -> None:
        names = list(organisations)
        super().__init__(
            Text(
                zh=f"您是{'、'.join(name.zh for name in names)}唯一的负责人。请先让另一位成员成为负责人，再注销。",
                en=f"You are the only owner of {', '.join(name.en for name in names)}. "
                "Make another member an owner first, then delete the account.",
            )
        )


@dataclass(frozen=True, slots=True)
class Gone:
    """The person who is being erased, as she stood before."""

    id: UUID
    name: str
    addresses: tuple[str, ...]


def met_an_erased_person(error: BaseException) -> bool:
    """Whether the database refused to write for somebody who was erased at this very moment (``sql/erased.sql``)."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) == "parties_person_erased"


def is_erased(person_id: UUID) -> bool:
    return Person.objects.filter(id=person_id).exclude(erased_at=None).exists()


def lock_person(person_id: UUID) -> Gone:
    """Nobody signs in, joins or is given anything as her from now to the end of the transaction. Raises ``PersonNotFound``.

    FOR UPDATE: what the database lets into the tables that point to her waits for this row (``sql/erased.sql``).
    """
    row = Person.objects.select_for_update().filter(id=person_id, service=False, erased_at=None).first()
    if row is None:
        raise PersonNotFound
    return Gone(row.id, row.name, tuple(each for each in (row.phone, row.email) if each))


def only_owner_of(person_id: UUID) -> list[tuple[UUID, Text]]:
    """The organisations that would be left without an owner of flesh and blood (cross role)."""
    owners = Membership.objects.using("cross").filter(role=Role.OWNER, person__service=False)
    owned = list(owners.filter(person_id=person_id, org__merged_into=None).values_list("org_id", flat=True))
    shared = set(
        owners.filter(org_id__in=owned).exclude(person_id=person_id).values_list("org_id", flat=True)
    )
    alone = Organisation.objects.filter(id__in=set(owned) - shared).order_by("sort_key", "id")
    return [(org.id, title_of(org.name, org.name_en)) for org in alone]


def erase_in_parties(gone: Gone) -> int:
    """How many rows went or were emptied. Raises ``StillNeeded``."""
    alone = only_owner_of(gone.id)
    if alone:
        raise StillNeeded(name for _, name in alone)
    count = _end_memberships(gone)
    for org_id in _places(gone):
        with acting(org=org_id, person=gone.id):
            count += _erase_here(gone, org_id)
    with acting(person=gone.id):
        live = Claim.objects.filter(person_id=gone.id, state__in=["open", "proven"])
        count += live.update(state="withdrawn", decided_at=timezone.now())
        count += Claim.objects.filter(person_id=gone.id).exclude(code_digest="").update(code_digest="")
    return count


def bury_person(gone: Gone) -> None:
    """The row stays with nothing of her in it; the database lets nobody write to it again."""
    person = Person(id=gone.id)
    person.set_unusable_password()
    Person.objects.filter(id=gone.id).update(
        name=ERASED_NAME,
        phone=None,
        phone_verified=False,
        email=None,
        password=person.password,
        last_login=None,
        is_active=False,
        erased_at=timezone.now(),
    )


def _end_memberships(gone: Gone) -> int:
    found = Membership.objects.using("cross").filter(person_id=gone.id)
    count = 0
    for org_id in sorted(set(found.values_list("org_id", flat=True))):
        with acting(org=org_id, person=gone.id):
            append_event(Actor(gone.id, org_id), "member.left", subject=gone.id)
            try:
                with last_owner_stays():
                    count += Membership.objects.filter(org_id=org_id, person_id=gone.id).delete()[0]
            except LastOwner:  # the other owner left at this very moment
                name = Organisation.objects.values_list("name", "name_en").get(id=org_id)
                raise StillNeeded([title_of(*name)]) from None
    return count


def _places(gone: Gone) -> list[UUID]:
    """Organisations in whose rows she stands (cross role), by ascending id."""
    cross = {
        model: model.objects.using("cross")
        for model in (Token, SavedView, Mandate, Invitation, ClaimLink, Profile, Handover)
    }
    found: set[UUID] = set()
    for model, which in (
        (Token, Q(person_id=gone.id)),
        (SavedView, Q(person_id=gone.id)),
        (Mandate, Q(agent_person_id=gone.id)),
        (Invitation, Q(contact__in=gone.addresses)),
        (ClaimLink, Q(contact__in=gone.addresses)),
        (Profile, _in_profile(gone)),
    ):
        owner = "steward_id" if model is ClaimLink else "org_id"
        found |= set(cross[model].filter(which).values_list(owner, flat=True))
    stewards = set(_taken_back(gone).values_list("steward_id", flat=True))
    return sorted(found | _handed_over(gone) | stewards)


def _in_profile(gone: Gone) -> Q:
    return Q(phones__overlap=list(gone.addresses)) | Q(email__in=gone.addresses)


def _handed_over(gone: Gone) -> set[UUID]:
    """Firms that keep, as it was handed over to them, a profile with her address."""
    which = Q(pk__in=[])
    for address in gone.addresses:
        which |= Q(held__phones__contains=[address]) | Q(held__email=address)
    return set(Handover.objects.using("cross").filter(which).values_list("org_id", flat=True))


def _erase_here(gone: Gone, org_id: UUID) -> int:
    now = timezone.now()
    count = Token.objects.filter(org_id=org_id, person_id=gone.id).delete()[0]
    count += SavedView.objects.filter(org_id=org_id, person_id=gone.id).delete()[0]
    mandates = Mandate.objects.filter(org_id=org_id, agent_person_id=gone.id, withdrawn_at=None)
    for mandate in mandates:
        append_event(Actor(gone.id, org_id), "mandate.withdrawn", subject=mandate.id)
    count += mandates.update(withdrawn_at=now)
    to_her = Invitation.objects.filter(org_id=org_id, contact__in=gone.addresses)
    to_her.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    count += to_her.update(contact="")
    count += ClaimLink.objects.filter(steward_id=org_id, contact__in=gone.addresses).update(contact="")
    return count + sum(
        erase(gone, org_id) for erase in (_erase_profile, _erase_handovers, _erase_revocations)
    )


def _erase_profile(gone: Gone, org_id: UUID) -> int:
    for row in Profile.objects.filter(_in_profile(gone), org_id=org_id):
        row.phones = [phone for phone in row.phones if phone not in gone.addresses]
        row.email = "" if row.email in gone.addresses else row.email
        row.contact = "" if row.contact == gone.name else row.contact
        row.save(update_fields=["phones", "email", "contact"])
        append_event(Actor(gone.id, org_id), "organisation.changed", subject=org_id)
        return 1
    return 0


def _erase_handovers(gone: Gone, org_id: UUID) -> int:
    if org_id not in _handed_over(gone):
        return 0
    rows = Handover.objects.filter(org_id=org_id)
    for row in rows:
        row.held = _without(gone, row.held)
        row.save(update_fields=["held"])
    return len(rows)


def _taken_back(gone: Gone) -> QuerySet[Revocation]:
    """Revocations that keep what she had written, or her address, so that they can be undone (cross role)."""
    which = Q(ended__members__contains=[{"person": str(gone.id)}])
    for address in gone.addresses:
        which |= Q(replaced__phones__contains=[[address]]) | Q(replaced__email__contains=[address])
    return Revocation.objects.using("cross").filter(which)


def _erase_revocations(gone: Gone, org_id: UUID) -> int:
    count = 0
    for row in Revocation.objects.filter(id__in=list(_taken_back(gone).values_list("id", flat=True))):
        row.replaced = {
            column: [_without(gone, left), _without(gone, back)]
            for column, (left, back) in row.replaced.items()
        }
        row.save(update_fields=["replaced"])
        count += 1
    return count


def _without(gone: Gone, value: object) -> object:
    """The same value with her addresses and name left out of it."""
    if isinstance(value, dict):
        return {key: _without(gone, each) for key, each in value.items()}
    if isinstance(value, list):
        return [each for each in value if each not in gone.addresses]
    return "" if value in gone.addresses or value == gone.name else value

"""Write many firms at once, held by the organisation that found them until somebody claims them."""

from collections.abc import Iterable, Sequence

from staveworks.db.bulk import columns_of, insert_rows
from staveworks.db.transaction import use_case
from staveworks.foundation.parties.firm_records import NAMES_KEPT, FirmRecord
from staveworks.foundation.parties.models import Organisation, Profile
from staveworks.foundation.parties.naming import sort_key
from staveworks.foundation.parties.types import Actor, Kind

REGISTER = ("name", "sort_key", "former_names", "uscc", "country", "city_id")
PROFILE = (
    "contact", "phones", "email", "address", "website", "products", "staff", "staff_approximate", "note",
)  # fmt: skip


@use_case
def register_firms(actor: Actor, /, *, firms: Sequence[FirmRecord]) -> None:
    """Insert ``firms``, unclaimed, with the actor's organisation as steward. Raises ``RightMissing``.

    Codes and cities must have been checked: a code that is taken is an ``IntegrityError``.
    """
    actor.require("roster.import")
    insert_rows(Organisation, [columns_of(_organisation(actor, firm)) for firm in firms])
    insert_rows(Profile, [columns_of(_profile(actor, firm)) for firm in firms])


@use_case
def complete_firms(actor: Actor, /, *, firms: Iterable[FirmRecord]) -> None:
    """Write ``firms`` over what stands, all fields; they must come from ``load_stewarded``. Raises ``RightMissing``."""
    actor.require("roster.import")
    given = list(firms)
    insert_rows(Organisation, [columns_of(_organisation(actor, firm)) for firm in given], update=REGISTER)
    insert_rows(Profile, [columns_of(_profile(actor, firm)) for firm in given], update=PROFILE, key="org_id")


def _organisation(actor: Actor, firm: FirmRecord) -> Organisation:
    return Organisation(
        id=firm.id,
        name=firm.name[:200],
        sort_key=sort_key(firm.name[:200]),
        former_names=[name[:200] for name in firm.former_names[:NAMES_KEPT]],
        kinds=[Kind.ENTERPRISE],
        uscc=firm.uscc,
        country=firm.country,
        city_id=firm.city,
        steward_id=actor.org,
    )


def _profile(actor: Actor, firm: FirmRecord) -> Profile:
    return Profile(
        org_id=firm.id,
        steward_id=actor.org,
        contact=firm.contact[:80],
        phones=[phone[:24] for phone in firm.phones],
        email=firm.email[:254],
        address=firm.address[:400],
        website=firm.website[:200],
        products=firm.products[:400],
        staff=firm.staff,
        staff_approximate=firm.staff_approximate,
        note=firm.note[:400],
    )

"""Two register entries turn out to be one firm; and apart again."""

from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.firm_records import FirmRecord
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor, OrganisationNotFound
from staveworks.foundation.parties.usecases.register_firms import complete_firms


@use_case
def merge_firms(actor: Actor, /, *, kept: UUID, gone: UUID, values: FirmRecord | None) -> None:
    """Point ``gone`` at ``kept`` and give ``kept`` the ``values`` (None: leave as it is, a claimed firm's data are its own).

    ``gone`` keeps its own row as it was, so that ``part_firms`` can bring it back. Raises ``RightMissing``,
    ``OrganisationNotFound`` where ``gone`` is not held by the actor, is claimed or has gone already.
    """
    actor.require("duplicate.decide")
    moved = Organisation.objects.filter(
        id=gone, steward_id=actor.org, claimed_at=None, merged_into=None
    ).update(merged_into_id=kept)
    if not moved:
        raise OrganisationNotFound
    if values is not None:
        complete_firms(actor, firms=[values])
    append_event(actor, "firm.merged", subject=gone, firm=kept)


@use_case
def part_firms(actor: Actor, /, *, kept: UUID, gone: UUID, values: FirmRecord | None) -> None:
    """Undo ``merge_firms``: ``kept`` gets ``values`` back, ``gone`` stands on its own. Raises as ``merge_firms``."""
    actor.require("duplicate.decide")
    if values is not None:
        complete_firms(actor, firms=[values])
    moved = Organisation.objects.filter(id=gone, steward_id=actor.org, merged_into_id=kept).update(
        merged_into=None
    )
    if not moved:
        raise OrganisationNotFound
    append_event(actor, "firm.parted", subject=gone, firm=kept)

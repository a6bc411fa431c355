"""Keep a table's filters and order under a name, or forget them."""

from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.models import SavedView
from staveworks.foundation.parties.types import Actor
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text

LONGEST_NAME = 60
LONGEST_QUERY = 400


@use_case
def save_view(actor: Actor, /, *, page: str, name: str, query: str) -> UUID:
    """Remember ``query`` of ``page`` as ``name`` for this person here; the same name again replaces it. Raises ``Invalid``."""
    assert actor.person_id, "views belong to a person"
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(
            Text(zh="请起一个 60 字以内的名字。", en="Give it a name of up to 60 characters."), field="name"
        )
    if len(query) > LONGEST_QUERY:
        raise Invalid(Text(zh="筛选条件太长。", en="The filters are too long."), field="query")
    view, _ = SavedView.objects.update_or_create(
        org_id=actor.org, person_id=actor.person_id, page=page, name=name, defaults={"query": query}
    )
    return view.id


@use_case
def forget_view(actor: Actor, /, *, view: UUID) -> None:
    """Forget one of the person's own views; one that is gone already is no error."""
    assert actor.person_id, "views belong to a person"
    SavedView.objects.filter(id=view, person_id=actor.person_id).delete()

"""Who else may see the report: read from the mandates and the grants as they stand."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from staveworks.cluster.barrel.report.content import Shown, Sight
from staveworks.foundation.facts.models import Grant
from staveworks.foundation.facts.types import Field, Purpose, plainly
from staveworks.foundation.parties.models import Mandate, Organisation
from staveworks.foundation.parties.types import Actor, Kind, title_of
from staveworks.kit.text import Text

SEEING = {"barrel.read", "assessment.read"}
OPENING = [Field.LEVEL, Field.BARREL, Field.ASSESSMENT]


def sight_of(actor: Actor, org: UUID, *, own: bool) -> Sight:
    """Of firm ``org``, whose rows the transaction shows. Others than its own people aren't told whom else it shows things."""
    of_unclaimed = Organisation.objects.filter(id=org, claimed_at=None, steward__isnull=False)
    steward = of_unclaimed.values_list("steward__name", "steward__name_en").first()
    return Sight(
        steward=title_of(*steward) if steward else None,
        agents=_agents(org) if own else (),
        grants=_grants(org) if own else (),
        reader=None if own else _title(actor.org),
    )


def _title(org: UUID) -> Text:
    found = Organisation.objects.get(id=org)
    return title_of(found.name, found.name_en)


def _grants(org: UUID) -> tuple[Shown, ...]:
    live = Grant.objects.filter(
        org_id=org, withdrawn_at=None, during__contains=timezone.now(), fields__overlap=OPENING
    )
    found = live.order_by("given_at", "id").values_list(
        "grantee__name", "grantee__name_en", "grantee_kind", "purpose", "fields", "until"
    )
    return tuple(dict.fromkeys(_shown(*grant) for grant in found))


def _shown(
    name: str | None,
    name_en: str | None,
    kind: str | None,
    purpose: str,
    fields: list[str],
    until: datetime | None,
) -> Shown:
    """``name``: of the organisation that it is granted to; None: all of a ``kind``."""
    opened = [field for field in plainly(fields) if field in OPENING]
    return Shown(
        Kind(str(kind)).text if name is None else title_of(name, name_en or ""),
        _head(Purpose(purpose).text),
        tuple(_head(field.text) for field in opened),
        f"{timezone.localtime(until):%Y-%m-%d}" if until else "",
    )


def _head(text: Text) -> Text:
    """What stands before the colon: the name without its explanation."""
    return Text(zh=text.zh.partition("：")[0], en=text.en.partition(":")[0])


def _agents(org: UUID) -> tuple[tuple[Text, str], ...]:
    live = Mandate.objects.filter(org_id=org, withdrawn_at=None, until__gte=timezone.localdate())
    found = live.order_by("until", "id").values_list(
        "agent_org__name", "agent_org__name_en", "agent_person__name", "rights", "until"
    )
    return tuple(
        dict.fromkeys(
            (title_of(person or "", "") if name is None else title_of(name, name_en or ""), until.isoformat())
            for name, name_en, person, rights, until in found
            if SEEING & set(rights)
        )
    )

"""Who else may see the report: read from the mandates and the grants as they stand."""

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
    firm = Organisation.objects.select_related("steward").get(id=org)
    steward = firm.steward if firm.claimed_at is None else None
    return Sight(
        steward=title_of(steward.name, steward.name_en) if steward else None,
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
    found = live.select_related("grantee").order_by("given_at", "id")
    return tuple(dict.fromkeys(_shown(grant) for grant in found))


def _shown(grant: Grant) -> Shown:
    grantee = grant.grantee
    name = title_of(grantee.name, grantee.name_en) if grantee else Kind(str(grant.grantee_kind)).text
    opened = [field for field in plainly(grant.fields) if field in OPENING]
    until = f"{timezone.localtime(grant.until):%Y-%m-%d}" if grant.until else ""
    return Shown(
        name, _head(Purpose(grant.purpose).text), tuple(_head(field.text) for field in opened), until
    )


def _head(text: Text) -> Text:
    """What stands before the colon: the name without its explanation."""
    return Text(zh=text.zh.partition("：")[0], en=text.en.partition(":")[0])


def _agents(org: UUID) -> tuple[tuple[Text, str], ...]:
    live = Mandate.objects.filter(org_id=org, withdrawn_at=None, until__gte=timezone.localdate())
    found = [
        (_agent(mandate), mandate.until.isoformat())
        for mandate in live.select_related("agent_org", "agent_person").order_by("until", "id")
        if SEEING & set(mandate.rights)
    ]
    return tuple(dict.fromkeys(found))


def _agent(mandate: Mandate) -> Text:
    if mandate.agent_org:
        return title_of(mandate.agent_org.name, mandate.agent_org.name_en)
    person = mandate.agent_person
    return title_of(person.name if person else "", "")

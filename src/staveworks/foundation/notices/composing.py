"""Claimed deliveries as messages ready to leave: read in one transaction, sent outside of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from staveworks.db.transaction import query
from staveworks.foundation.notices.channels.types import Outgoing
from staveworks.foundation.notices.claiming import Claim
from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.domain import Hours, due_at
from staveworks.foundation.notices.messages.types import ROBOTS, Channel, Form, TemplateUnknown, form_of
from staveworks.foundation.notices.models import Delivery
from staveworks.foundation.notices.recipients import Recipient, recipients_of, usual_hours, zone_of
from staveworks.foundation.notices.rendering import Reader, Wordings, absolute, say_batch
from staveworks.foundation.notices.stopping import Stop, stop_path
from staveworks.foundation.parties.domain import mask
from staveworks.foundation.parties.queries import titles_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Language, Text


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed message in words (none where its template is gone). ``quiet``: her quiet hours began since it was queued."""

    claim: Claim
    outgoing: Outgoing | None
    hours: Hours
    quiet: bool


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the messages of one organisation and channel have in common."""

    channel: Channel
    wordings: Wordings
    usual: Hours
    organisation: Text
    sender: Text


@query
def compose(actor: Actor, *, channel: Channel, operator: UUID, claims: Sequence[Claim]) -> list[Ready]:
    """The claims of the actor's organisation in words."""
    rows = Delivery.objects.select_related("message").in_bulk([m for one in claims for m in one.members])
    titles = titles_of([actor.org, operator])
    usual = usual_hours(zone_of(actor.org))
    people = recipients_of((row.person_id for row in rows.values() if row.person_id), usual)
    scene = _Scene(channel, Wordings(operator), usual, titles[actor.org], titles[operator])
    return [
        _ready(one, [rows[m] for m in one.members if m in rows], scene, people)
        for one in claims
        if one.leader in rows
    ]


def _ready(claim: Claim, rows: list[Delivery], scene: _Scene, people: dict[UUID, Recipient]) -> Ready:
    lead = next(row for row in rows if row.id == claim.leader)
    to = people.get(lead.person_id) if lead.person_id else None
    hours = to.hours if to else scene.usual
    now = timezone.now()
    quiet = all(due_at(now, hours, urgent=row.urgent, deadline=row.message.deadline) > now for row in rows)
    return Ready(claim, _outgoing(lead, rows, scene, to, hours.zone), hours, quiet)


def _outgoing(
    lead: Delivery, rows: list[Delivery], scene: _Scene, to: Recipient | None, zone: str
) -> Outgoing | None:
    language: Language = to.language if to else ("en" if lead.message.language == "en" else "zh")
    reader = Reader(language, zone, to.name if to else "", scene.organisation)
    frame = "frame.digest" if lead.bundle == "digest" else "frame.bundle"
    form = form_of(scene.channel)
    try:
        said = say_batch([row.message for row in rows], form, scene.wordings, reader, frame)
    except TemplateUnknown:
        return None
    return Outgoing(
        token=lead.id,
        channel=scene.channel,
        address=lead.address,
        subject=said.subject if form is not Form.SMS else "",
        text=said.body,
        # A link may be the person's own key: a group gets the way to the front door instead.
        link=absolute("/") if scene.channel in ROBOTS else said.link,
        action=said.action,
        sender=scene.sender.in_language(language),
        language=language,
        stop_link=_stop_link(lead),
        template=lead.template,
    )


def _stop_link(lead: Delivery) -> str:
    topic = catalogue().topics.get(lead.topic)
    if lead.channel != Channel.EMAIL or topic is None or topic.locked or lead.person_id:
        return ""  # a person chooses on her own page
    stop = Stop(lead.address_digest, mask(lead.address), lead.topic, lead.channel, lead.operator_id)
    return absolute(stop_path(stop))

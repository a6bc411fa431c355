"""A person's messages and how she wants to be reached."""

from datetime import datetime, time
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.language import language_now
from staveworks.api.operation import PERSON, Resource
from staveworks.api.pagination import Page, Paging, page, position
from staveworks.api.shapes import In, Nothing, Out, Words
from staveworks.foundation.notices.inbox import InboxEntry, access_message, list_inbox
from staveworks.foundation.notices.preferences import preferences_of
from staveworks.foundation.notices.usecases.read_messages import read_all_messages, read_message
from staveworks.foundation.notices.usecases.save_preferences import save_preferences
from staveworks.kit.text import Text

router = Resource("messages")


class MessageOut(Out):
    """In the language of the request. ``link`` is a path of this site or an address."""

    id: UUID
    template: str
    topic: str
    organisation: Words
    subject: str
    body: str
    link: str
    deadline: datetime | None
    created_at: datetime
    read_at: datetime | None


class MessageFilter(In):
    unread: bool = False


class TopicChoiceOut(Out):
    topic: str
    name: Words
    locked: bool
    email: Literal["now", "digest", "off"]
    sms: Literal["now", "fallback", "off"]


ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["21:00"])]
"""In the person's zone."""


class PreferencesOut(Out):
    """``zone`` blank: that of the organisation's city. Quiet hours from and to the same: none."""

    language: Literal["zh", "en"]
    zone: str
    quiet_from: ClockTime
    quiet_to: ClockTime
    digest_at: ClockTime
    topics: list[TopicChoiceOut]


class TopicChoiceIn(In):
    email: Literal["now", "digest", "off"]
    sms: Literal["now", "fallback", "off"]


class PreferencesIn(In):
    """``topics``: by code; those left out take the usual."""

    language: Literal["zh", "en"]
    zone: Annotated[str, Field(max_length=40)] = ""
    quiet_from: ClockTime
    quiet_to: ClockTime
    digest_at: ClockTime
    topics: Annotated[dict[str, TopicChoiceIn], Field(max_length=50)] = {}


class ReadAll(Out):
    read: int


@router.read("", says=Text(zh="列出我的消息", en="List own messages"), door=PERSON, answer=Page[MessageOut])
def list_own_messages(
    request: Call, narrowed: Query[MessageFilter], paging: Query[Paging]
) -> Page[MessageOut]:
    """Of all organisations, the newest first."""
    listing = f"messages:{narrowed.unread}"
    after = position(paging, listing)
    found = list_inbox(
        request.auth,
        language=language_now(),
        limit=paging.limit + 1,
        after=(datetime.fromisoformat(after[0]), UUID(after[1])) if after else None,
        unread_only=narrowed.unread,
    )
    return page(
        found,
        paging=paging,
        listing=listing,
        key=lambda one: (one.created_at.isoformat(), str(one.id)),
        show=_show,
    )


def _show(one: InboxEntry) -> MessageOut:
    return MessageOut(
        id=one.id,
        template=one.template,
        topic=one.topic,
        organisation=Words.of(one.organisation),
        subject=one.subject,
        body=one.body,
        link=one.link,
        deadline=one.deadline,
        created_at=one.created_at,
        read_at=one.read_at,
    )


@router.read(
    "/preferences",
    says=Text(zh="怎样通知我", en="How I am reached"),
    door=PERSON,
    answer=PreferencesOut,
)
def get_preferences(request: Call) -> PreferencesOut:
    """With what holds where nothing was chosen."""
    held = preferences_of(request.auth.person)
    topics = [
        TopicChoiceOut(
            topic=one.topic.code,
            name=Words.of(one.topic.name),
            locked=one.topic.locked,
            email=one.email,
            sms=one.sms,
        )
        for one in held.topics
    ]
    return PreferencesOut(
        language=held.language,
        zone=held.zone,
        quiet_from=f"{held.quiet_from:%H:%M}",
        quiet_to=f"{held.quiet_to:%H:%M}",
        digest_at=f"{held.digest_at:%H:%M}",
        topics=topics,
    )


@router.effect(
    "PUT",
    "/preferences",
    says=Text(zh="改怎样通知我", en="Change how I am reached"),
    door=PERSON,
    answer=Nothing,
)
def put_preferences(request: Call, body: PreferencesIn) -> Nothing:
    """All of them at once."""
    save_preferences(
        request.auth,
        language=body.language,
        zone=body.zone,
        quiet_from=time.fromisoformat(body.quiet_from),
        quiet_to=time.fromisoformat(body.quiet_to),
        digest_at=time.fromisoformat(body.digest_at),
        choices={code: {"email": one.email, "sms": one.sms} for code, one in body.topics.items()},
    )
    return Nothing()


@router.effect(
    "POST",
    "/read",
    says=Text(zh="全部标为已读", en="Mark all as read"),
    door=PERSON,
    answer=ReadAll,
    takes=None,
)
def read_all_own_messages(request: Call) -> ReadAll:
    """How many had not been read."""
    return ReadAll(read=read_all_messages(request.auth))


@router.read(
    "/{uuid:message}", says=Text(zh="看一条消息", en="Get a message"), door=PERSON, answer=MessageOut
)
def get_one_message(request: Call, message: UUID) -> MessageOut:
    """Looking at it here doesn't mark it as read."""
    return _show(access_message(request.auth, message, language=language_now()))


@router.effect(
    "POST",
    "/{uuid:message}/read",
    says=Text(zh="标为已读", en="Mark as read"),
    door=PERSON,
    answer=Nothing,
    takes=None,
)
def read_one_message(request: Call, message: UUID) -> Nothing:
    """Again is the same."""
    read_message(request.auth, message_id=message)
    return Nothing()

"""Group robots of an organisation: WeCom, DingTalk, Feishu."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Nothing, Out
from staveworks.foundation.notices.connecting import Settings
from staveworks.foundation.notices.gateway_cards import list_robots
from staveworks.foundation.notices.messages.types import Channel
from staveworks.foundation.notices.usecases.connect_channel import connect_robot, remove_robot
from staveworks.kit.text import Text

router = Resource("robots")
MANAGE = right("robot.manage")


class RobotOut(Out):
    """Neither webhook nor secret is told; ``shown`` is the end of the webhook."""

    id: UUID
    channel: Channel
    name: str
    topics: list[str]
    enabled: bool
    signed: bool
    shown: str
    failing_since: datetime | None


class RobotIn(In):
    channel: Literal["wecom", "dingtalk", "feishu"]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    url: Annotated[str, Field(min_length=1, max_length=400)]
    secret: Annotated[str, Field(max_length=400)] = ""
    topics: Annotated[list[str], Field(min_length=1, max_length=50)]


class Connected(Out):
    id: UUID


@router.read("", says=Text(zh="列出群机器人", en="List group robots"), door=MANAGE, answer=Page[RobotOut])
def list_group_robots(request: Call, paging: Query[Paging]) -> Page[RobotOut]:
    """By name."""
    return page_of_all(
        list_robots(request.auth),
        paging=paging,
        listing="robots",
        key=lambda one: (one.name, str(one.id)),
        show=RobotOut.model_validate,
    )


@router.effect(
    "POST",
    "",
    says=Text(zh="连接群机器人", en="Connect a group robot"),
    door=MANAGE,
    answer=Connected,
    status=201,
)
def connect_group_robot(request: Call, body: RobotIn) -> Connected:
    """The webhook has to be at the vendor's host."""
    made = connect_robot(
        request.auth,
        channel=Channel(body.channel),
        name=body.name,
        asked=Settings({}, {"url": body.url, "secret": body.secret}),
        topics=body.topics,
    )
    return Connected(id=made)


@router.effect(
    "DELETE",
    "/{uuid:robot}",
    says=Text(zh="移除群机器人", en="Remove a group robot"),
    door=MANAGE,
    answer=Nothing,
    takes=None,
)
def remove_group_robot(request: Call, robot: UUID) -> Nothing:
    """What waited for it isn't posted."""
    remove_robot(request.auth, robot_id=robot)
    return Nothing()

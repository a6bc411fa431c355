"""Group robots of an organisation: WeCom, DingTalk, Feishu."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.foundation.notices.gateway_cards import access_robot, list_robots
from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.types import Channel, ChannelFailed
from staveworks.foundation.notices.usecases.connect_channel import connect_robot, remove_robot
from staveworks.foundation.notices.usecases.try_channel import try_robot
from staveworks.kit.errors import StaveworksError
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.language import current
from staveworks.web.messages.forms_channels import RobotForm
from staveworks.web.messages.states import why
from staveworks.web.middleware import status_of
from staveworks.web.words import put_error, tell


@door("robot.manage")
def robots(request: HttpRequest) -> HttpResponse:
    """The groups that are told."""
    topics = catalogue().topics
    rows = [
        (one, [topics[code].name for code in one.topics if code in topics])
        for one in list_robots(actor_of(request))
    ]
    return render(request, "messages/robots.html", {"rows": rows})


@door("robot.manage")
def add(request: HttpRequest) -> HttpResponse:
    """Connect one."""
    form, status = RobotForm(request.POST or None, fresh=True, initial={"topics": ["todo", "deadline"]}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = connect_robot(
                    actor_of(request),
                    channel=Channel(given["channel"]),
                    name=given["name"],
                    asked=form.asked(),
                    topics=given["topics"],
                    enabled=given["enabled"],
                )
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
            else:
                messages.success(request, tell("已连接，请试发一条。", "Connected. Now send a test."))
                return redirect("robot", robot=made)
    return render(request, "messages/robot.html", {"form": form, "held": None}, status=status)


@door("robot.manage")
def robot(request: HttpRequest, robot: UUID) -> HttpResponse:
    """Change one."""
    held, status = access_robot(actor_of(request), robot), 200
    initial = {"name": held.name, "topics": held.topics, "enabled": held.enabled}
    form = RobotForm(request.POST or None, fresh=False, initial=initial)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                connect_robot(
                    actor_of(request),
                    channel=held.channel,
                    name=given["name"],
                    asked=form.asked(),
                    topics=given["topics"],
                    robot_id=robot,
                    enabled=given["enabled"],
                )
            except StaveworksError as error:
                put_error(form, error)
                status = status_of(error)
            else:
                messages.success(request, tell("已保存。", "Saved."))
                return redirect("robot", robot=robot)
    return render(request, "messages/robot.html", {"form": form, "held": held}, status=status)


@door("robot.manage")
@require_POST
def try_it(request: HttpRequest, robot: UUID) -> HttpResponse:
    """Post a test message now."""
    try:
        try_robot(actor_of(request), robot_id=robot, language=current())
    except ChannelFailed as error:
        reason = why(error.code)
        said = reason.in_language(current()) if reason else "–"
        messages.error(request, tell("没有发成：{why}。", "It wasn’t sent: {why}.", why=said))
    else:
        messages.success(request, tell("已发到群里。", "Posted to the group."))
    return redirect("robot", robot=robot)


@door("robot.manage")
@require_POST
def remove(request: HttpRequest, robot: UUID) -> HttpResponse:
    """Nothing is posted there any more."""
    remove_robot(actor_of(request), robot_id=robot)
    messages.success(request, tell("机器人已移除。", "The robot was removed."))
    return redirect("robots")

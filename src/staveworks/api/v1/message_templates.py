"""The wordings of messages: what ships, what the operator says instead."""

from typing import Annotated

from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import Resource, right
from staveworks.api.shapes import In, Out, Words
from staveworks.foundation.notices.messages.catalogue import Wording
from staveworks.foundation.notices.messages.types import Form
from staveworks.foundation.notices.templates import (
    LONGEST_BODY,
    access_wording,
    checked_wording,
    list_templates,
    preview,
)
from staveworks.foundation.notices.usecases.word_template import reset_template, word_template
from staveworks.kit.text import Text

router = Resource("message-templates")
READ, MANAGE = right("message.read"), right("message.manage")


class TemplateOut(Out):
    """``edited``: the forms that the operator words herself."""

    code: str
    name: Words
    topic: str
    edited: list[Form]


class TemplatesOut(Out):
    items: list[TemplateOut]


class WordingOut(Out):
    """``number``: the version of the operator's wording; null for the shipped one. SMS has no subject."""

    code: str
    form: Form
    number: int | None
    subject: Words
    body: Words
    placeholders: list[str]


class WordsIn(In):
    zh: Annotated[str, Field(max_length=LONGEST_BODY)]
    en: Annotated[str, Field(max_length=LONGEST_BODY)]

    def text(self) -> Text:
        return Text(zh=self.zh, en=self.en)


class WordingIn(In):
    """``subject`` is not needed for SMS; at most 200 characters."""

    subject: WordsIn = WordsIn(zh="", en="")
    body: WordsIn


class VersionOut(Out):
    number: int


class PreviewOut(Out):
    """With the examples of the placeholders."""

    subject: Words
    body: Words


@router.read("", says=Text(zh="列出消息模板", en="List message templates"), door=READ, answer=TemplatesOut)
def list_message_templates(request: Call) -> TemplatesOut:
    """All of them; they are few."""
    return TemplatesOut(
        items=[
            TemplateOut(code=one.code, name=Words.of(one.name), topic=one.topic.code, edited=list(one.edited))
            for one in list_templates(request.auth)
        ]
    )


@router.read("/{code}/{form}", says=Text(zh="看一个写法", en="Get a wording"), door=READ, answer=WordingOut)
def get_wording(request: Call, code: str, form: Form) -> WordingOut:
    """As it holds now."""
    held = access_wording(request.auth, code, form)
    return WordingOut(
        code=code,
        form=form,
        number=held.number,
        subject=Words.of(held.now.subject),
        body=Words.of(held.now.body),
        placeholders=sorted(held.template.allowed),
    )


@router.effect(
    "PUT", "/{code}/{form}", says=Text(zh="改写", en="Change a wording"), door=MANAGE, answer=VersionOut
)
def put_wording(request: Call, code: str, form: Form, body: WordingIn) -> VersionOut:
    """Holds from the next message on."""
    number = word_template(
        request.auth, code=code, form=form, subject=body.subject.text(), body=body.body.text()
    )
    return VersionOut(number=number)


@router.effect(
    "DELETE",
    "/{code}/{form}",
    says=Text(zh="恢复默认写法", en="Restore a wording"),
    door=MANAGE,
    answer=VersionOut,
    takes=None,
)
def restore_wording(request: Call, code: str, form: Form) -> VersionOut:
    """The shipped wording holds again."""
    return VersionOut(number=reset_template(request.auth, code=code, form=form))


@router.ask(
    "/{code}/{form}/preview", says=Text(zh="预览", en="Preview a wording"), door=READ, answer=PreviewOut
)
def preview_wording(request: Call, code: str, form: Form, body: WordingIn) -> PreviewOut:
    """What it would look like; nothing is kept."""
    request.auth.require("message.read")
    wording: Wording = checked_wording(code, form, body.subject.text(), body.body.text())
    zh, en = (preview(request.auth, code, form, wording, language) for language in ("zh", "en"))
    return PreviewOut(subject=Words(zh=zh.subject, en=en.subject), body=Words(zh=zh.body, en=en.body))

"""``docs/reference/messages.md`` from the data files: ``python -m staveworks.foundation.notices.messages.reference > FILE``."""

from staveworks.foundation.notices.messages.catalogue import ALWAYS, FRAMES, Catalogue, catalogue
from staveworks.foundation.notices.messages.types import Form

HEAD = """# Messages 消息模板

Generated from `src/staveworks/data/messages/*.yaml`; a test compares the two. After a change there, run
`python -m staveworks.foundation.notices.messages.reference > docs/reference/messages.md`.

An operator words each form under **Settings → Messages → Templates** or by the API; a cluster replaces a whole file by one of the same name in
`STAVEWORKS_DATA`. Forms: {forms}. Every template knows {always} besides its own placeholders. `mail.html` and `button.html` are the frame of e-mails.

"""


def page(held: Catalogue | None = None) -> str:
    """The page as Markdown."""
    known = held or catalogue()
    return _head() + _topics(known) + _templates(known)


def _head() -> str:
    forms = ", ".join(f"`{form.value}`" for form in Form)
    return HEAD.format(forms=forms, always=" and ".join(f"`{{{name}}}`" for name in ALWAYS))


def _topics(held: Catalogue) -> str:
    lines = [
        "## Topics 主题",
        "",
        "| topic |  | e-mail | SMS | waits for more |  |",
        "|---|---|---|---|---|---|",
    ]
    for one in held.topics.values():
        waits = f"{one.bundle_s} s" if one.bundle_s else "–"
        locked = "always on 不能关闭" if one.locked else ""
        lines.append(
            f"| `{one.code}` | {one.name.en} {one.name.zh} | {one.email} | {one.sms} | {waits} | {locked} |"
        )
    return "\n".join([*lines, "", "SMS *fallback*: only where no e-mail address is known.", "", ""])


def _templates(held: Catalogue) -> str:
    lines = [
        "## Templates 模板",
        "",
        "| template |  | topic | placeholders | subject 标题 |",
        "|---|---|---|---|---|",
    ]
    for one in sorted(held.templates.values(), key=lambda one: (one.code in FRAMES, one.code)):
        names = " ".join(f"`{{{name}}}`" for name in one.params) or "–"
        subject = one.wordings[Form.EMAIL].subject
        said = f"{subject.en}<br>{subject.zh}".replace("|", r"\|")
        lines.append(f"| `{one.code}` | {one.name.en} {one.name.zh} | `{one.topic}` | {names} | {said} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201

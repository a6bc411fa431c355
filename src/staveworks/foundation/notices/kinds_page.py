"""``docs/reference/todos.md`` from the table of kinds: ``python -m staveworks.foundation.notices.kinds_page > FILE``."""

from staveworks.foundation.notices.kinds import ROWS, TodoKind
from staveworks.foundation.notices.todo_types import LinkPurpose

HEAD = """# To-dos 待办

Generated from `src/staveworks/foundation/notices/kinds/`; a test compares the two. Change the table, then run
`python -m staveworks.foundation.notices.kinds_page > docs/reference/todos.md`.

*Who*: the right that does it; *one person*: only she. *Days*: until when, counted from its beginning, at 18:00 in the place's time; *its own*: the
thing has a date. *Told*: people are told when it opens, beside reminders. *By hand*: somebody may say that it is done. *Raised*: once
the deadline has passed the operator gets a to-do of its own. *Link*: what the link in a message does without signing in.
How it works: [To-dos](../explanation/to-dos.md).
"""
COLUMNS = ("Kind", "", "", "Who", "Days", "Told", "By hand", "Raised", "Link")


def page() -> str:
    """The whole page, as Markdown."""
    rows = [_row(kind) for kind in ROWS]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in (COLUMNS, ["---"] * len(COLUMNS), *rows))
    return f"{HEAD}\n{table}\n"


def _row(kind: TodoKind) -> list[str]:
    return [
        f"`{kind.code}`",
        kind.name.en,
        kind.name.zh,
        f"`{kind.right}`" if kind.right else "one person",
        str(kind.days) if kind.days else "its own",
        _mark(kind.tells),
        _mark(kind.by_hand),
        _mark(kind.raises),
        _link(kind),
    ]


def _mark(value: bool) -> str:
    return "●" if value else ""


def _link(kind: TodoKind) -> str:
    if kind.link is LinkPurpose.OPEN:
        return "opens"
    return "decides once" if kind.once else "decides one after the other"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201

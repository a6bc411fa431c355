"""``docs/reference/rights.md`` from the table of rights: ``python -m staveworks.foundation.parties.rights_page > FILE``."""

from staveworks.foundation.parties.rights import ALL_KINDS, RIGHTS, Right
from staveworks.foundation.parties.types import Kind, Role

HEAD = """# Rights 权限表

Generated from `src/staveworks/foundation/parties/rights.py`; a test compares the two. Change the table, then run
`python -m staveworks.foundation.parties.rights_page > docs/reference/rights.md`.

A person has a right in an organisation if one of her roles there has it and the organisation is of one of the kinds. *Mandate*: may be handed to
an agent (代办). *Steward*: the operator's people have it for an imported firm until somebody claims that firm.
"""


def page() -> str:
    """The whole page, as Markdown."""
    roles = list(Role)
    head = [
        "Right 权限",
        "",
        *(f"{role.text.en} {role.text.zh}" for role in roles),
        "Mandate",
        "Steward",
        "Where 适用",
    ]
    rule = ["---"] * len(head)
    rows = [_row(right, roles) for right in RIGHTS.values()]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))
    return f"{HEAD}\n{table}\n"


def _row(right: Right, roles: list[Role]) -> list[str]:
    marks = ["●" if role in right.roles else "" for role in roles]
    flags = ["●" if flag else "" for flag in (right.mandated, right.steward)]
    return [f"`{right.code}`", f"{right.text.en} {right.text.zh}", *marks, *flags, _kinds(right)]


def _kinds(right: Right) -> str:
    if right.kinds == ALL_KINDS:
        return "all 全部"
    return ", ".join(kind.value for kind in Kind if kind in right.kinds)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201

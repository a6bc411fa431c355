"""What a transfer was, in words."""

from staveworks.kit.text import Text
from staveworks.trade.settlement.templates import templates


def kind_text(kind: str) -> Text:
    """The title of the posting template ``kind``; one that there is no more is shown as it is."""
    template = templates().get(kind)
    return template.title if template else Text(zh=kind, en=kind)

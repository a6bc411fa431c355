"""What every model with a person in it declares: what it holds about her, and what becomes of that when she is erased."""

from dataclasses import dataclass

from staveworks.kit.text import Text

RECORD = Text(
    zh="这是单位的业务记录。只留编号，姓名和联系方式已不在。",
    en="The organisation's record of what was done. A number stays, no name and no address.",
)
LOG = Text(
    zh="企业有权知道谁看过它的资料，所以留到保存期限为止；只留编号。",
    en="Firms may know who looked at their data, so it stays until its time is over; only a number.",
)
CHAIN = Text(
    zh="操作记录连成一条链，删一条就断。它本来就不含姓名和联系方式，只有编号。",
    en="The audit trail is a chain that breaks if a link goes. It never held names or addresses, only numbers.",
)
TICKETS = Text(
    zh="以单位名义问的，是单位的往来，留给单位；个人问的，内容清空。",
    en="What was asked for an organisation is its correspondence and stays with it; what a person asked for herself is emptied.",
)


@dataclass(frozen=True, slots=True)
class Personal:
    """``people``: columns with ids of people. ``shows``: what an export gives of a row. ``kept``: why rows stay when she is
    erased; None: they go, or are emptied."""

    title: Text
    people: tuple[str, ...]
    shows: tuple[str, ...]
    kept: Text | None


@dataclass(frozen=True, slots=True)
class Addressed:
    """What a model declares (``addressed``) that names nobody by her number, but may hold her address in ``columns``. When she is
    erased ``emptied`` are set to nothing, in the name of the organisation in the column ``writer``."""

    said: Personal
    columns: tuple[str, ...]
    emptied: tuple[str, ...]
    writer: str


def about(zh: str, en: str, *people: str, shows: str, kept: Text | None = None) -> Personal:
    """``shows``: column names with blanks between."""
    return Personal(Text(zh=zh, en=en), people, tuple(shows.split()), kept)

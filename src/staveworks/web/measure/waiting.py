"""What waits for the operator today: one line each, with the one place to go. Notices take this over when that room stands."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from staveworks.foundation.parties.queries import count_open_claims
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.duplicates import count_pairs
from staveworks.foundation.rosters.queries import list_rosters
from staveworks.foundation.rosters.types import STATE_TEXTS, RosterState
from staveworks.kit.text import Text

UNDER_WAY = {RosterState.MAPPED, RosterState.RUNNING, RosterState.STOPPED, RosterState.FAILED}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what, how many, where."""

    text: Text
    note: Text | None
    url: str
    button: Text


DECIDE = Text(zh="处理 {n} 对重复", en="Decide {n} duplicate|Decide {n} duplicates")
CHECK = Text(zh="核对 {n} 份认领", en="Check {n} claim|Check {n} claims")
OPEN = Text(zh="打开名册", en="Open the list")


def waiting_for(actor: Actor) -> list[Waiting]:
    """Duplicates to decide, claims to check, imports that run or wait for their columns; what is due first comes first."""
    found = [_duplicates(actor), _claims(actor), *_imports(actor)]
    return [waiting for waiting in found if waiting]


def _duplicates(actor: Actor) -> Waiting | None:
    n = count_pairs(actor) if actor.may("duplicate.decide") else 0
    text = Text(
        zh="{n} 对企业疑似重复，等您定",
        en="{n} possible duplicate to decide|{n} possible duplicates to decide",
    )
    return Waiting(text.format(n=n), None, _url("duplicates"), DECIDE.format(n=n)) if n else None


def _claims(actor: Actor) -> Waiting | None:
    n = count_open_claims(actor) if actor.may("claim.decide") else 0
    text = Text(zh="{n} 家企业认领，等您核对", en="{n} claim to check|{n} claims to check")
    return Waiting(text.format(n=n), None, _url("claims"), CHECK.format(n=n)) if n else None


def _imports(actor: Actor) -> list[Waiting]:
    if not actor.may("roster.read"):
        return []
    return [
        Waiting(
            Text(zh="名册“{name}”", en="Roster “{name}”").format(name=roster.name),
            STATE_TEXTS[roster.state],
            reverse("roster", args=[roster.id]),
            OPEN,
        )
        for roster in list_rosters(actor)
        if roster.state in UNDER_WAY
    ]


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return "/"

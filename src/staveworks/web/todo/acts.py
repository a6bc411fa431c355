"""What can be done by a one-tap link: kind → what its page shows, and the act. Only kinds whose table row says *decide*."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from staveworks.foundation.notices.usecases.use_link import Tapped
from staveworks.foundation.parties.agreement import GRANTS
from staveworks.foundation.parties.queries import access_agreement, access_own_invitation
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.accept_invitation import accept_own_invitation
from staveworks.foundation.rosters.duplicates import access_pair, list_pairs
from staveworks.foundation.rosters.types import PairNotFound
from staveworks.foundation.rosters.usecases.decide_duplicate import decide_duplicate
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.queries import my_capacity
from staveworks.mechanisms.dispatch.usecases.confirm_windows import confirm_windows
from staveworks.web.todo.posted import uuid_of

Posted = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """``template`` shows what ``shown`` finds, with the buttons; ``do`` is called with what was sent, and says what it did.

    ``again``: there may be more of the same behind the link.
    """

    template: str
    shown: Callable[[Tapped], dict[str, Any]]
    do: Callable[[Tapped, Posted], Text]
    again: bool = False


def _agreement(tapped: Tapped) -> dict[str, Any]:
    inforce = access_agreement(tapped.actor)
    shows = inforce.shows if inforce else frozenset()
    return {"grants": [grant for grant in GRANTS.values() if grant.code in shows], "inforce": inforce}


def _accept_agreement(tapped: Tapped, posted: Posted) -> Text:
    """The new edition, showing what was shown before."""
    inforce = access_agreement(tapped.actor)
    edition = rule_in_force("agreement.defaults").value["edition"]
    accept_agreement(tapped.actor, shows=inforce.shows if inforce else [], edition=edition)
    return Text(
        zh="已接受新版约定，给看的内容不变。",
        en="The new edition is accepted; what is shown stays as it was.",
    )


def _invitation(tapped: Tapped) -> dict[str, Any]:
    found = access_own_invitation(
        tapped.actor.person, org_id=tapped.card.org_id, invitation_id=tapped.card.subject
    )
    return {"invitation": found}


def _accept_invitation(tapped: Tapped, posted: Posted) -> Text:
    accept_own_invitation(tapped.actor, org_id=tapped.card.org_id, invitation_id=tapped.card.subject)
    return Text(zh="您已加入“{name}”。", en="You have joined {name}.").format_each(tapped.card.organisation)


def _duplicate(tapped: Tapped) -> dict[str, Any]:
    """The likeliest pair of the list: side by side what both have, and where they differ."""
    pairs = list_pairs(tapped.actor, roster=tapped.card.subject, limit=1)
    if not pairs:
        return {"pair": None}
    pair = access_pair(tapped.actor, pairs[0].id)
    fields = [field for field in pair.fields if field.state != "none"]
    return {"pair": pair, "fields": fields, "mergeable": pair.left_held or pair.right_held}


def _decide_duplicate(tapped: Tapped, posted: Posted) -> Text:
    """One pair of this list, merged with the suggested values or kept apart."""
    wanted = uuid_of(posted.get("pair", ""))
    listed = {pair.id for pair in list_pairs(tapped.actor, roster=tapped.card.subject, limit=1000)}
    if wanted not in listed:
        raise PairNotFound
    merge = posted.get("verdict") == "merge"
    decide_duplicate(tapped.actor, pair=wanted, verdict="merge" if merge else "apart")
    return Text(zh="已合并。", en="Merged.") if merge else Text(zh="已分开。", en="Kept apart.")


def _capacity(tapped: Tapped) -> dict[str, Any]:
    capacity = my_capacity(tapped.actor, weeks=1)
    names = {centre.id: centre.name for centre in capacity.centres}
    return {"capacity": capacity, "windows": [(each, names[each.centre_id]) for each in capacity.windows]}


def _confirm_capacity(tapped: Tapped, posted: Posted) -> Text:
    """All of it: what changed is said on the page of capacity, not here."""
    confirmed = confirm_windows(tapped.actor)
    return Text(
        zh="已确认，{n} 段空闲时间继续有效。",
        en="Confirmed: {n} window of free time goes on.|Confirmed: {n} windows of free time go on.",
    ).format(n=confirmed.windows)


ACTS: dict[str, Act] = {
    "agreement.accept": Act("todo/tap_agreement.html", _agreement, _accept_agreement),
    "invitation.accept": Act("todo/tap_invitation.html", _invitation, _accept_invitation),
    "capacity.confirm": Act("todo/tap_capacity.html", _capacity, _confirm_capacity),
    "duplicate.decide": Act("todo/tap_duplicate.html", _duplicate, _decide_duplicate, again=True),
}

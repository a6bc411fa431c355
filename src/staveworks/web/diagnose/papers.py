"""Whether anybody may check the papers behind answers, for the pages that show them."""

from collections.abc import Iterable
from typing import Any

from staveworks.cluster.barrel.queries import papers_are_seen
from staveworks.foundation.parties.types import Actor
from staveworks.web.diagnose.questions import QuestionCard


def sight_of_papers(actor: Actor, questions: Iterable[QuestionCard]) -> dict[str, Any]:
    """For ``diagnose/papers.html``: some wait and nobody may see them; whether she may let somebody."""
    unseen = any(each.state.waits for each in questions) and not papers_are_seen(actor)
    return {"unseen": unseen, "may_grant": actor.may("agreement.manage")}

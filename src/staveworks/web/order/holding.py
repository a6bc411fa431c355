"""What a change of a draft does to its hold, said with the change itself: one message, one toast."""

from staveworks.web.language import current
from staveworks.web.words import tell


def with_hold(said: str, *, unheld: bool) -> str:
    """``unheld``: the order was held until now."""
    if not unheld:
        return said
    given_back = tell(
        "原来占住的已放开，订单齐了再占住。",
        "The hold was given back; hold again when the order is complete.",
    )
    return f"{said}{'' if current() == 'zh' else ' '}{given_back}"

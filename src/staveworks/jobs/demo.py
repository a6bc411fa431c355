"""The demo cluster is kept alive while it stands. It is a sibling's door, entered by name."""

import importlib

from staveworks.foundation.parties.models import Organisation


def keep_demo_alive() -> int:
    """How many of its firms confirmed their capacity. Costs one look where there is no demo."""
    if not Organisation.objects.filter(demo=True).exists():
        return 0
    confirmed: int = importlib.import_module("staveworks.demo").keep_alive()
    return confirmed

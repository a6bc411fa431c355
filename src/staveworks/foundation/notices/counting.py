"""How many deliveries there are of each state, for those who watch the installation: counts, no rows."""

from django.db.models import Count

from staveworks.foundation.notices.models import Delivery


def count_deliveries() -> list[tuple[str, str, int]]:
    """(channel, state, number), over all organisations (cross role)."""
    counted = (
        Delivery.objects.using("cross").order_by().values_list("channel", "state").annotate(n=Count("*"))
    )
    return [(channel, state, n) for channel, state, n in counted]

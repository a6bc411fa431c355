"""What of RFC 5545 opening hours and series share: the weekdays of a rule, with which ``dateutil`` takes more than it can unroll."""

import re
from collections.abc import Mapping

WEEKDAY = re.compile(r"(?P<nth>[+-]?[0-9]{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)")
WEEKS_OF_YEAR, WEEKS_OF_MONTH = 53, 5
INTERVAL = re.compile(r"[1-9][0-9]{0,2}")


def can_unroll(parts: Mapping[str, str]) -> bool:
    """Whether BYDAY and INTERVAL say something: an INTERVAL of 0 never ends, a 53rd Monday of a month is an error when it is looked for.

    A numbered weekday is one of a month (±1–5) or, in a yearly rule that names no month, of the year (±1–53)."""
    if not INTERVAL.fullmatch(parts.get("INTERVAL", "1")):
        return False
    if "BYDAY" not in parts:
        return True
    days = [WEEKDAY.fullmatch(each) for each in parts["BYDAY"].split(",")]
    if not all(days):
        return False
    numbers = [int(day["nth"]) for day in days if day and day["nth"]]
    most = {"MONTHLY": WEEKS_OF_MONTH, "YEARLY": WEEKS_OF_MONTH if "BYMONTH" in parts else WEEKS_OF_YEAR}.get(
        parts["FREQ"], 0
    )
    return all(1 <= abs(number) <= most for number in numbers)

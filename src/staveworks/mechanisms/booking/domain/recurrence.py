"""What of RFC 5545 opening hours and series share: the weekdays of a rule, with which ``dateutil`` takes more than it can unroll."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache

from dateutil.rrule import rrulestr

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


@lru_cache(maxsize=500)
def ever_holds(text: str, since: date) -> bool:
    """Whether a rule has a day at all. One without any (30 February) is looked for up to the year 9999, for many seconds: so from a
    year on that is nearer to it and has the same days, since they repeat every 400 years. Raises what ``dateutil`` does."""
    endless = ";".join(part for part in text.split(";") if not part.startswith(("COUNT=", "UNTIL=")))
    begins = datetime.combine(since.replace(year=since.year + 19 * 400), time())
    return next(iter(rrulestr(endless, dtstart=begins)), None) is not None

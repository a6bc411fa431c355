"""A firm says when a work centre is free; takes that back."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max
from django.db.models.functions import Now

from staveworks.db.clock import database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.spans import on_calendar
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.models import WindowStatement
from staveworks.mechanisms.dispatch.types.calendar import MOST, NONE
from staveworks.mechanisms.dispatch.types.windows import Source, WindowInvalid, WindowNotFound, WindowSaid
from staveworks.mechanisms.dispatch.usecases.keep_centre import open_centre

FURTHEST = timedelta(days=730)
BAD_DAY = Text(zh="日期不对。", en="Not a date that can be meant.")
BACKWARDS = Text(zh="“到”不能早于“从”。", en="“To” can’t be before “From”.")
OVER = Text(zh="这段时间已经过去。", en="This time is over already.")
TOO_FAR = Text(zh="最多申报到两年以后。", en="At most two years from now.")
ONE_OF_TWO = Text(
    zh="每天小时数和空闲比例，填其中一个。", en="Either hours a day or a share of the working hours."
)
BAD_HOURS = Text(zh="填 0 到 24 小时，最多两位小数。", en="From 0 to 24 hours, two decimals at most.")
BAD_SHARE = Text(zh="填 0 到 100 的整数。", en="A whole number from 0 to 100.")


@use_case
def declare_windows(actor: Actor, *, said: Sequence[WindowSaid], source: Source) -> list[UUID]:
    """All of them or none; they count at once and are confirmed by being said.

    Raises ``RightMissing``, ``CentreNotFound``, ``CentreClosed``, ``WindowInvalid`` at its field.
    """
    actor.require("capacity.declare")
    today = database_today()
    for each in said:
        check_window(each, today)
    made: list[UUID] = []
    # One order of locking for everybody: by the work centre's id.
    for centre_id in sorted({each.centre_id for each in said}):
        open_centre(actor, centre_id)
        last = WindowStatement.objects.filter(centre_id=centre_id).aggregate(last=Max("number"))["last"] or 0
        rows = [
            _row(actor, each, last + place, source)
            for place, each in enumerate((each for each in said if each.centre_id == centre_id), 1)
        ]
        WindowStatement.objects.bulk_create(rows)
        append_event(actor, "windows.declared", subject=centre_id, windows=len(rows), source=source.value)
        made += [row.id for row in rows]
    return made


@use_case
def withdraw_window(actor: Actor, *, window_id: UUID) -> None:
    """As if it had not been said; what it lay over counts again. Raises ``RightMissing``, ``WindowNotFound``."""
    actor.require("capacity.declare")
    rows = WindowStatement.objects.filter(id=window_id, org_id=actor.org, withdrawn_at=None)
    if not rows.update(withdrawn_at=Now()):
        raise WindowNotFound
    append_event(actor, "window.withdrawn", subject=window_id)


def check_window(said: WindowSaid, today: date) -> None:
    """Raises ``WindowInvalid`` at the first field that is wrong."""
    for field, day in (("first_date", said.first_date), ("last_date", said.last_date)):
        if not on_calendar(day):
            raise WindowInvalid(BAD_DAY, field=field)
        if day > today + FURTHEST:
            raise WindowInvalid(TOO_FAR, field=field)
    if said.last_date < said.first_date:
        raise WindowInvalid(BACKWARDS, field="last_date")
    if said.last_date < today:
        raise WindowInvalid(OVER, field="last_date")
    if (said.day_hours is None) == (said.percent is None):
        raise WindowInvalid(ONE_OF_TWO, field="day_hours")
    if said.day_hours is not None and not _countable(said):
        raise WindowInvalid(BAD_HOURS, field="day_hours")
    if said.percent is not None and not 0 <= said.percent <= 100:
        raise WindowInvalid(BAD_SHARE, field="percent")


def _countable(said: WindowSaid) -> bool:
    hours = said.day_hours
    return hours is not None and hours.is_finite() and NONE <= hours <= MOST and hours == round(hours, 2)


def _row(actor: Actor, said: WindowSaid, number: int, source: Source) -> WindowStatement:
    return WindowStatement(
        org_id=actor.org,
        centre_id=said.centre_id,
        number=number,
        first_date=said.first_date,
        last_date=said.last_date,
        day_hours=said.day_hours,
        percent=said.percent,
        source=source.value,
        by_id=actor.person_id,
    )

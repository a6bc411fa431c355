"""So many units a week, and the weeks that have room."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.weeks import HORIZON, Week


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """A week of a weekly capacity: ``taken`` of ``units``. ``name``: 2026-W50."""

    name: str
    monday: date
    units: int
    taken: int


@dataclass(frozen=True, slots=True)
class Weekly:
    """So many units a week of all offers that name it, with the weeks to come."""

    id: UUID
    name: Text
    units: int
    weeks: tuple[WeekLoad, ...]


class WeeklyNotFound(NotFound):
    text = Text(zh="没有这项每周产能，或不归您管。", en="No such weekly capacity, or it isn't yours.")


class WeeklyInvalid(Invalid):
    text = Text(zh="请填写。", en="Fill this in.")


class WeeklyInUse(Refused):
    text = Text(
        zh="有一周已订出的比这个数多，不能减到这么少。",
        en="In some week more than this is sold already.",
    )


class WeekInvalid(Invalid):
    text = Text(zh="写成 2026-W50。", en="Written 2026-W50.")

    @classmethod
    def outside(cls, first: Week) -> "WeekInvalid":
        """Too early, or further ahead than one may order."""
        return cls(
            Text(
                zh=f"可以订 {first} 起的 {HORIZON} 周。",
                en=f"The {HORIZON} weeks from {first} on can be ordered.",
            ),
            field="week",
        )


class MoreThanAWeek(Refused):
    """``units``: as many as a week has."""

    def __init__(self, units: int) -> None:
        super().__init__(
            Text(zh=f"每周最多 {units}，请分开订。", en=f"At most {units} a week: order in several lines."),
            field="quantity",
        )


class WeekFull(Refused):
    """``next_free``: the next week that has room; None: none within the year."""

    def __init__(self, week: Week, next_free: Week | None) -> None:
        text = Text(zh=f"{week} 已排满。", en=f"{week} is full.")
        if next_free is not None:
            day = next_free.monday
            text = Text(
                zh=f"{text.zh}最近有空的是 {next_free}（{day} 起）。",
                en=f"{text.en} The next with room is {next_free} (from {day}).",
            )
        super().__init__(text, field="week")
        self.next_free = next_free

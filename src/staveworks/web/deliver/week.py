"""A resource's week as a drawing (SVG, classes only) and as the rows of a table: the same in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import escape
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from staveworks.kit.spans import Span
from staveworks.kit.text import Language, Text
from staveworks.mechanisms.booking.types import Booking, DayPlan, Resource

WIDTH, TOP, LEFT, HOUR = 980, 26, 44, 26
LINE = 15
DAY = (WIDTH - LEFT) / 7
WEEKDAYS = Text(zh="一二三四五六日", en="Mon Tue Wed Thu Fri Sat Sun")
CLOSED, HELD = Text(zh="停用", en="Closed"), Text(zh="有人正在下单", en="Being ordered")
NOBODY = Text(zh="别人约了", en="Booked")


@dataclass(frozen=True, slots=True)
class Block:
    """One thing on one day, in hours of it. ``kind``: ``open``, ``booked``, ``held``, ``closed``."""

    kind: str
    starts: float
    ends: float
    label: str


def words_of(booking: Booking, language: Language) -> str:
    if booking.line_id is None:
        return HELD.in_language(language)
    return (booking.buyer or NOBODY).in_language(language)


def blocks_of(resource: Resource, plan: DayPlan, language: Language) -> list[Block]:
    """Open hours first, then what stands in them."""
    found = [_block(resource, plan.day, "open", span, "") for span in plan.opened]
    for booking in plan.bookings:
        kind = "held" if booking.line_id is None else "booked"
        found.append(_block(resource, plan.day, kind, booking.during, words_of(booking, language)))
    for closing in plan.closings:
        label = f"{CLOSED.in_language(language)} · {closing.reason}"
        found.append(_block(resource, plan.day, "closed", closing.during, label))
    return found


def _block(resource: Resource, day: date, kind: str, span: Span, label: str) -> Block:
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(resource.opening.zone))
    starts, ends = ((moment - midnight) / timedelta(hours=1) for moment in (span.starts_at, span.ends_at))
    return Block(kind, max(0.0, starts), min(24.0, ends), label)


def draw_week(resource: Resource, plans: Sequence[DayPlan], language: Language) -> str:
    """Seven columns, the hours that matter down the side; what overlaps stands side by side."""
    days = [blocks_of(resource, plan, language) for plan in plans]
    first = min((int(b.starts) for day in days for b in day), default=8)
    last = max((-int(-b.ends // 1) for day in days for b in day), default=18)
    height = TOP + (last - first) * HOUR + 4
    parts = [
        f'<svg class="week" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-labelledby="week-title">',
        f'<title id="week-title">{escape(resource.name.in_language(language))}</title>',
    ]
    for hour in range(first, last + 1):
        y = TOP + (hour - first) * HOUR
        parts.append(f'<line class="w-rule" x1="{LEFT}" y1="{y}" x2="{WIDTH}" y2="{y}"/>')
        parts.append(f'<text class="w-hour" x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{hour:02}</text>')
    for place, (plan, blocks) in enumerate(zip(plans, days, strict=True)):
        x = LEFT + place * DAY
        parts.append(
            f'<text class="w-day" x="{x + DAY / 2:.1f}" y="16" text-anchor="middle">{day_name(plan.day, language)}</text>'
        )
        parts += [_drawn(block, x, first, lane, lanes) for block, lane, lanes in _lanes(blocks)]
    return "".join([*parts, "</svg>"])


def day_name(day: date, language: Language) -> str:
    if language == "zh":
        return f"{day.month}月{day.day}日 周{WEEKDAYS.zh[day.weekday()]}"
    return f"{WEEKDAYS.en.split()[day.weekday()]} {day.day} {day:%b}"


def _lanes(blocks: Sequence[Block]) -> list[tuple[Block, int, int]]:
    """Open hours over the whole width; the others in as few lanes as they need."""
    ends: list[float] = []
    placed: list[tuple[Block, int]] = []
    others = sorted((b for b in blocks if b.kind != "open"), key=lambda b: (b.starts, b.ends))
    for block in others:
        lane = next((n for n, end in enumerate(ends) if end <= block.starts), len(ends))
        ends[lane : lane + 1] = [block.ends]
        placed.append((block, lane))
    return [(b, 0, 1) for b in blocks if b.kind == "open"] + [(b, lane, len(ends)) for b, lane in placed]


def _drawn(block: Block, x: float, first: int, lane: int, lanes: int) -> str:
    inset = 2 if block.kind == "open" else 5
    wide = (DAY - 2 * inset) / lanes
    left, top = x + inset + lane * wide, TOP + (block.starts - first) * HOUR
    tall = max(3.0, (block.ends - block.starts) * HOUR - 1)
    shape = f'<rect class="w-{block.kind}" x="{left:.1f}" y="{top:.1f}" width="{wide - 1:.1f}" height="{tall:.1f}" rx="3"/>'
    if block.kind == "open" or tall < 14:
        return shape if not block.label else f"<g>{shape}<title>{escape(block.label)}</title></g>"
    fitted = fit(block.label, wide - 10, most=max(1, int((tall - 4) // LINE)))
    texts = "".join(
        f'<text class="w-label" x="{left + 5:.1f}" y="{top + 14 + place * LINE:.1f}">{escape(text)}</text>'
        for place, text in enumerate(fitted)
    )
    return f"<g>{shape}<title>{escape(block.label)}</title>{texts}</g>"


def fit(label: str, wide: float, *, most: int) -> list[str]:
    """In at most so many lines, at spaces where there are some; cut only where there is no room left."""
    lines: list[str] = []
    rest = label
    while rest:
        room = next((n for n in range(len(rest), 1, -1) if _width(rest[:n]) <= wide), 1)
        if room >= len(rest):
            return [*lines, rest]
        if len(lines) + 1 == most:
            return [*lines, rest[: max(1, room - 1)].rstrip() + "…"]
        space = rest.rfind(" ", 0, room + 1)
        at = space if space > 0 else room
        lines.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return lines


def _width(text: str) -> float:
    """About, in pixels, at the size of a label."""
    return sum(12.5 if east_asian_width(each) in "WFA" else 7 for each in text)


def said_hours(resource: Resource, spans: Sequence[Span], language: Language) -> str:
    zone = ZoneInfo(resource.opening.zone)
    said = [f"{s.starts_at.astimezone(zone):%H:%M}–{_end(s, zone)}" for s in spans]
    return ("、" if language == "zh" else ", ").join(said)


def _end(span: Span, zone: ZoneInfo) -> str:
    ends = span.ends_at.astimezone(zone)
    return "24:00" if ends.time() == time() else f"{ends:%H:%M}"


def clock_of(resource: Resource, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(resource.opening.zone)):%m-%d %H:%M}"

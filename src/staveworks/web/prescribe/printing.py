"""What the page prints again and again: rows of what isn't chosen, steps of the frontier, what a service lifts. Said here and not in the
template: a page has dozens of each."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from staveworks.engine.prescription import FrontierPoint
from staveworks.kit.planks import Register
from staveworks.web import figures
from staveworks.web.language import current, say
from staveworks.web.plank_names import plank_named
from staveworks.web.prescribe.rows import ChosenRow, UnchosenRow

UNCHOSEN = (
    '<tr><th scope="row"><span data-names>{}</span><small>{}</small><div class="only-narrow ink2">{}</div></th>'
    '<td class="num">{}</td><td class="opt">{}</td></tr>'
)
STEP = '<tr><td class="num">{}</td><td class="num">{}</td><td class="num">{}</td></tr>'
LIFT = '<span class="lift">{}</span>'


def unchosen_rows(rows: Iterable[UnchosenRow], register: Register) -> SafeString:
    return format_html_join("", "{}", ([_unchosen(row, register)] for row in rows))


def _unchosen(row: UnchosenRow, register: Register) -> SafeString:
    why = say(row.why)
    lifts = format_html_join(" ", LIFT, ([_named(code, register)] for code in row.planks))
    return format_html(UNCHOSEN, say(row.service.title), lifts, why, figures.amount(row.price_fen), why)


def step_rows(steps: Iterable[FrontierPoint]) -> SafeString:
    said = (
        (figures.amount(step.budget_fen), figures.mean(step.water_level), len(step.chosen)) for step in steps
    )
    return format_html_join("", STEP, said)


def lifts(row: ChosenRow, register: Register) -> SafeString:
    """Each plank that stands lower without the service, with how far it lifts it."""
    said = ([format_html("{} {}", _named(code, register), lift)] for code, lift in row.lifts)
    return format_html_join(" ", LIFT, said)


def _named(code: str, register: Register) -> str:
    plank = register.get(code)
    return plank_named(plank, current()) if plank else code

"""The rows of what isn't chosen as they are printed. Said here and not in the template: a page has dozens of them."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from staveworks.kit.planks import Register
from staveworks.web import figures
from staveworks.web.language import current, say
from staveworks.web.prescribe.rows import UnchosenRow
from staveworks.web.templatetags.staveworks import plank_named

ROW = (
    '<tr><th scope="row"><span data-names>{}</span><small>{}</small><div class="only-narrow ink2">{}</div></th>'
    '<td class="num">{}</td><td class="opt">{}</td></tr>'
)


def printed(rows: Iterable[UnchosenRow], register: Register) -> SafeString:
    """The body of the table."""
    return format_html_join("", "{}", ([_printed(row, register)] for row in rows))


def _printed(row: UnchosenRow, register: Register) -> SafeString:
    why = say(row.why)
    lifts = format_html_join(
        " ", '<span class="lift">{}</span>', ([_named(code, register)] for code in row.planks)
    )
    return format_html(ROW, say(row.service.title), lifts, why, figures.amount(row.price_fen), why)


def _named(code: str, register: Register) -> str:
    plank = register.get(code)
    return plank_named(plank, current()) if plank else code

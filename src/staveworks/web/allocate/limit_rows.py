"""The dispatcher's table and its cards of limits as they are printed. Said here and not in the template: a page has dozens of each."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from staveworks.kit.industries import Operation
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.overview_queries import CentreRow
from staveworks.web import figures
from staveworks.web.icons import icon
from staveworks.web.language import current, say
from staveworks.web.states import drawn_state

ROW = (
    '<tr><th scope="row"><span data-names>{}</span><small><span data-names>{}</span> · {}</small></th>'
    '<td class="opt" data-names>{}</td><td class="num">{}{}</td><td class="opt">{}</td><td>{}</td></tr>'
)
CARD = (
    '<details class="card"{}><summary class="card-head">{} <b data-names>{}</b> <small>{}</small></summary>'
    '<div class="card-body"><form method="post" class="form" action="{}">{}{}<div class="row-actions">'
    '<button class="btn" name="act" value="{}">{}</button></div></form></div></details>'
)
STALE_HOURS = Text(zh="过期 {n}", en="stale {n}")
STALE, EXPIRED = Text(zh="过期", en="Stale"), Text(zh="证书到期", en="Expired")
TRIAL = Text(zh="试单", en="On trial")
ON_TRIAL = Text(zh="试单，每周最多 {n} 小时", en="on trial, at most {n} hours a week")
LIFTED = Text(zh="已放开：", en="lifted: ")
LIFT, RESTORE = Text(zh="放开限额", en="Lift the limit"), Text(zh="恢复限额", en="Hold to the limit")


def printed(rows: Iterable[tuple[CentreRow, Operation | None]]) -> SafeString:
    """The body of the table."""
    return format_html_join("", "{}", ([_row(row, operation)] for row, operation in rows))


def _row(row: CentreRow, operation: Operation | None) -> SafeString:
    stale = STALE_HOURS.say(current(), n=figures.number(row.stale)) if row.stale else ""
    return format_html(
        ROW,
        say(row.firm_name),
        row.name,
        say(operation.name) if operation else "",
        say(row.city),
        figures.number(row.fresh),
        format_html("<small>{}</small>", stale) if stale else "",
        figures.day(row.confirmed_at) if row.confirmed_at else figures.NONE,
        format_html_join(" ", "{}", ([each] for each in _states(row))),
    )


def _states(row: CentreRow) -> list[SafeString]:
    told = (
        (row.stale, "late", STALE),
        (row.expired, "late", EXPIRED),
        (row.standing.on_trial, "running", TRIAL),
    )
    return [drawn_state(kind, text) for holds, kind, text in told if holds]


def limit_card(row: CentreRow, fields: SafeString, token: SafeString, *, is_open: bool) -> SafeString:
    """One firm's limit, to lift or to put back. ``fields``: of the form, as they are drawn."""
    standing = row.standing
    trial = standing.on_trial
    how = (
        ON_TRIAL.say(current(), n=standing.week_hours)
        if trial
        else format_html("{}<span data-names>{}</span>", say(LIFTED), standing.reason)
    )
    return format_html(
        CARD,
        " open" if is_open else "",
        mark_safe(icon("chevron-down")),  # noqa: S308 - our own drawing
        say(row.firm_name),
        how,
        reverse("firm_limit", args=[row.firm]),
        token,
        fields,
        "lift" if trial else "restore",
        say(LIFT if trial else RESTORE),
    )

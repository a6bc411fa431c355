"""Free time by spreadsheet: a template, loading it, what became of it, and the rows that wait to be mended."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.queries import access_sheet, list_in_force, my_capacity
from staveworks.mechanisms.dispatch.sheet import TITLES
from staveworks.mechanisms.dispatch.usecases.load_sheet import load_sheet
from staveworks.web.allocate.capacity_forms import SheetForm
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.language import current, say
from staveworks.web.middleware import status_of
from staveworks.web.sheets import sheet_response
from staveworks.web.words import put_error

LARGEST = 5_000_000
TOO_LARGE = Text(zh="文件超过 5 MB。", en="The file is larger than 5 MB.")
NAME = Text(zh="空闲时间", en="Free time")
WRONG = Text(zh="要改的行", en="Rows to mend")
PROBLEM = Text(zh="问题", en="Problem")


@door("capacity.declare")
def load(request: HttpRequest) -> HttpResponse:
    """Good rows count at once; the others stand on the next page."""
    form, status = SheetForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            if file.size > LARGEST:
                form.add_error("file", say(TOO_LARGE))
            else:
                try:
                    made = load_sheet(actor_of(request), name=file.name, content=file.read())
                except StaveworksError as error:
                    put_error(form, error)
                    status = status_of(error)
                else:
                    return redirect("sheet", made)
    return render(request, "allocate/sheet_load.html", {"form": form}, status=status)


@door("capacity.read")
def outcome(request: HttpRequest, sheet: UUID) -> HttpResponse:
    """What was taken over, and each row that wasn't with what is wrong."""
    found = access_sheet(actor_of(request), sheet_id=sheet)
    return render(request, "allocate/sheet.html", {"sheet": found})


@door("capacity.read")
def faults(request: HttpRequest, sheet: UUID) -> HttpResponse:
    """The rows that weren't taken over, as they stood, to be mended and loaded again."""
    found = access_sheet(actor_of(request), sheet_id=sheet)
    width = len(found.headers)
    cells = {each.row: each.cells for each in found.faults}
    told: dict[int, list[str]] = {}
    for each in found.faults:
        told.setdefault(each.row, []).append(f"{each.column}：{say(each.text)}")
    rows = [
        [*(*its, *[""] * width)[:width], ("" if current() == "zh" else " ").join(told[row])]
        for row, its in cells.items()
    ]
    return sheet_response(say(WRONG), [*found.headers, say(PROBLEM)], rows)


@door("capacity.read")
def template(request: HttpRequest) -> HttpResponse:
    """What counts from today on, in the columns that loading reads; a work centre without any has a row to fill in."""
    actor = actor_of(request)
    stretches = list_in_force(actor)
    rows: list[list[str | float | None]] = [
        [
            name,
            each.first_date.isoformat(),
            each.last_date.isoformat(),
            float(each.day_hours) if each.day_hours is not None else None,
            f"{each.percent}%" if each.percent is not None else None,
        ]
        for name, each in stretches
    ]
    told = {name for name, _ in stretches}
    names = [centre.name for centre in my_capacity(actor, weeks=1).centres]
    rows += [[name, None, None, None, None] for name in names if name not in told]
    return sheet_response(say(NAME), [say(title) for title in TITLES.values()], rows)

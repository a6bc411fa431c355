"""Vouchers that an operator grants to firms, and takes back."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from staveworks.cluster.programmes.queries import list_granted
from staveworks.cluster.programmes.usecases.grant_voucher import grant_voucher, withdraw_voucher
from staveworks.db.clock import database_today
from staveworks.kit.errors import Invalid
from staveworks.trade.catalogue.programmes import programmes
from staveworks.web.asking import actor_of
from staveworks.web.doors import door
from staveworks.web.language import said, say
from staveworks.web.words import put_error, tell, words


class VoucherForm(forms.Form):
    """The field names are those of the use case's refusals; the cap is typed in yuan."""

    uscc = forms.CharField(
        label=words("企业的统一社会信用代码", "The firm’s credit code (USCC)"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    programme = forms.ChoiceField(label=words("补贴项目", "Programme"))
    cap_fen = forms.DecimalField(
        label=words("最多抵（元）", "At most (yuan)"),
        help_text=words(
            "不填就是项目给一家企业的全部额度", "Empty: all that the programme gives to one firm"
        ),
        required=False,
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "min": "0", "step": "0.01"}),
    )
    until = forms.DateField(
        label=words("有效到", "Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(code, said(each.name)) for code, each in programmes().items()]
        self.fields["programme"].choices = choices  # type: ignore[attr-defined]


@door("voucher.grant")
def vouchers(request: HttpRequest) -> HttpResponse:
    """What is granted, and the form to grant another."""
    today, status = database_today(), 200
    initial = {"uscc": request.GET.get("uscc", "")[:40], "until": date(today.year, 12, 31)}
    form = VoucherForm(request.POST or None, initial=initial)
    if request.method == "POST":
        status = 422
        if form.is_valid() and _granted(request, form):
            return redirect("vouchers")
    found = list_granted(actor_of(request))
    context = {"vouchers": [(each, each.holds(today)) for each in found], "form": form}
    return render(request, "govern/vouchers.html", context, status=status)


def _granted(request: HttpRequest, form: VoucherForm) -> bool:
    given = form.cleaned_data
    cap = given["cap_fen"]
    try:
        made = grant_voucher(
            actor_of(request),
            uscc=given["uscc"],
            programme=given["programme"],
            cap_fen=None if cap is None else int(cap * 100),
            until=given["until"],
        )
    except Invalid as refused:
        put_error(form, refused)
        return False
    messages.success(request, tell("已发给{firm}。", "Granted to {firm}.", firm=say(made.firm)))
    return True


@require_POST
@door("voucher.grant")
def withdraw(request: HttpRequest, voucher: UUID) -> HttpResponse:
    """Prescriptions no longer reckon with it."""
    withdraw_voucher(actor_of(request), voucher_id=voucher)
    messages.success(request, tell("已收回。", "Withdrawn."))
    return redirect("vouchers")

"""Forms of the studio: demand, a run, a what-if."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from staveworks.mechanisms.dispatch.named_checking import FIRMS, parts
from staveworks.mechanisms.dispatch.types.runs import MOST_BUCKETS, MOST_SEED, NAME_LONG, DemandCard
from staveworks.mechanisms.dispatch.usecases.start_run import NoOwnCapacity
from staveworks.mechanisms.dispatch.usecases.withdraw_run import LONGEST
from staveworks.web.language import say
from staveworks.web.words import words

LIMIT = 30_000_000
FILE_TOO_LARGE = words("文件超过 30 MB。", "The file is larger than 30 MB.")


class UploadForm(forms.Form):
    file = forms.FileField(
        label=words("表格", "Sheet"),
        help_text=words(
            "XLSX 或 CSV：订单行、产品、数量、交货周（或日期）、送达城市。工作簿里带工作中心和产能的，可以直接排。",
            "XLSX or CSV: line, family, quantity, due week (or day), city. A workbook that brings work centres and capacity can be run as it is.",
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    name = forms.CharField(label=words("名称", "Name"), max_length=NAME_LONG, required=False)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LIMIT:
            raise forms.ValidationError(FILE_TOO_LARGE)
        return file


class RunForm(forms.Form):
    demand = forms.ChoiceField(label=words("待排订单", "Demand"))
    capacity = forms.ChoiceField(
        label=words("产能", "Capacity"),
        choices=[
            ("own", words("用表格里带的", "of the workbook")),
            ("registry", words("用各企业申报的", "declared by firms")),
        ],
        widget=forms.RadioSelect,
        initial="own",
    )
    first = forms.DateField(
        label=words("从哪个星期一开始", "Begins on Monday"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    weeks = forms.IntegerField(label=words("排几周", "Weeks"), min_value=1, max_value=MOST_BUCKETS, initial=8)
    name = forms.CharField(
        label=words("名称", "Name"),
        max_length=NAME_LONG,
        required=False,
        help_text=words(
            "不填就用周次，如 2026-W48。", "Without one it is called by its week, such as 2026-W48."
        ),
    )
    seed = forms.IntegerField(
        label=words("随机种子", "Seed"),
        min_value=0,
        max_value=MOST_SEED,
        initial=1,
        help_text=words("同样的输入和种子，方案一定相同。", "The same inputs and seed give the same plan."),
    )

    def __init__(self, demands: list[DemandCard], *args: Any, first: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["demand"].choices = [  # type: ignore[attr-defined]
            (str(each.id), f"{each.name} · {each.lines:,}") for each in demands if not each.faults
        ]
        self.fields["first"].initial = first
        self._bring = {str(each.id) for each in demands if each.with_capacity}

    def clean_capacity(self) -> str:
        """Of a sheet only where the chosen one brings it; ``demand`` is cleaned before."""
        capacity: str = self.cleaned_data["capacity"]
        chosen = self.cleaned_data.get("demand")
        if capacity == "own" and chosen and chosen not in self._bring:
            raise forms.ValidationError(say(NoOwnCapacity.text))
        return capacity


class WithdrawForm(forms.Form):
    """Why a published plan is withdrawn."""

    reason = forms.CharField(
        label=words("理由", "Reason"),
        help_text=words("企业会看到。", "The firms read it."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LineForm(forms.Form):
    """One line by hand."""

    id = forms.CharField(label=words("订单行", "Line"), max_length=80)
    customer = forms.CharField(label=words("客户", "Customer"), max_length=120, required=False)
    family = forms.CharField(label=words("产品", "Family"), max_length=80)
    quantity = forms.CharField(label=words("数量", "Quantity"), max_length=20)
    release = forms.CharField(label=words("可开工周", "Release"), max_length=12, required=False)
    due = forms.CharField(label=words("交货周或日期", "Due week or day"), max_length=12)
    city = forms.CharField(label=words("送达城市", "City"), max_length=80)
    grade = forms.CharField(label=words("等级", "Grade"), max_length=4, required=False)
    certificates = forms.CharField(
        label=words("证书", "Certificates"),
        help_text=words("几张的用分号隔开。", "Several by semicolons."),
        max_length=200,
        required=False,
    )
    min_lot = forms.CharField(label=words("最小批量", "Least lot"), max_length=20, required=False)
    max_lots = forms.CharField(
        label=words("最多批数", "Most lots"),
        help_text=words("不填就是一批。", "One where it is left empty."),
        max_length=4,
        required=False,
    )
    late_cost = forms.CharField(
        label=words("每周迟交费用，元/单位", "Lateness, ¥ per unit and week"), max_length=20, required=False
    )
    reject_cost = forms.CharField(
        label=words("不做的损失，元/单位", "Rejection, ¥ per unit"), max_length=20, required=False
    )
    allowed_firms = forms.MultipleChoiceField(
        label=words("只给这些企业", "Only these firms"),
        help_text=words("一家也不选，就是谁都可以。", "With none of them anybody may make it."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    blocked_firms = forms.MultipleChoiceField(
        label=words("不给这些企业", "Not these firms"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        firms: Sequence[tuple[str, str]],
        row: Mapping[str, Any] | None = None,
        auto_id: str = "id_%s",
    ) -> None:
        """``firms``: code and name of those that may be chosen, beside those that ``row`` names already; where there are none they are
        typed."""
        codes = {name: code for code, name in firms}
        said = {name: [codes.get(firm, firm) for firm in parts(row or {}, name)] for name in FIRMS}
        super().__init__(data, initial={**row, **said} if row else None, auto_id=auto_id)
        for name in FIRMS:
            known = [*firms, *((each, each) for each in said[name] if each not in dict(firms))]
            if known:
                chosen = [firm for firm in known if firm[0] in said[name]]
                self.fields[name].choices = [*chosen, *(firm for firm in known if firm not in chosen)]  # type: ignore[attr-defined]
                continue
            typed = forms.CharField(label=self.fields[name].label, required=False, max_length=2_000)
            typed.help_text = words(
                "全称或统一社会信用代码，几家用分号隔开。", "Whole name or USCC, several by semicolons."
            )
            self.fields[name] = typed
            self.initial[name] = ""

    def line(self) -> dict[str, str]:
        """As a sheet would hold it."""
        return {
            name: ";".join(value) if isinstance(value, list) else value
            for name, value in self.cleaned_data.items()
            if name != BATCH
        }


BATCH = "batch"


class FirstLineForm(LineForm):
    """The first line of a demand that is typed, with what the demand is called."""

    batch = forms.CharField(
        label=words("这一批叫什么", "Name of the demand"),
        help_text=words("不填就用今天的日期。", "Without one it is called by today’s date."),
        max_length=NAME_LONG,
        required=False,
    )
    field_order = (BATCH,)

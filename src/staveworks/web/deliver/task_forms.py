"""Forms on the pages of test orders: where samples go, what tests gave, which report goes out, what a laboratory may mark."""

from collections.abc import Sequence
from typing import Any

from django import forms

from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.types.reports import Mark, Report
from staveworks.mechanisms.tasks.types.results import NewResult, Test, Verdict
from staveworks.mechanisms.tasks.types.samples import FOLLOWS, Sample, TaskStep
from staveworks.mechanisms.tasks.types.tasks import Task
from staveworks.web.language import said
from staveworks.web.words import words

NEW = ""
PDF = b"%PDF-"


def steps_for(samples: Sequence[Sample]) -> list[TaskStep]:
    """What may follow for at least one of them."""
    possible = {step for sample in samples for step in FOLLOWS[sample.step]}
    return [step for step in TaskStep if step in possible]


ACTS = {
    TaskStep.RECEIVED: Text(zh="收样", en="Receive it"),
    TaskStep.MOVED: Text(zh="移交", en="Move it"),
    TaskStep.IN_TEST: Text(zh="开始检测", en="Begin testing"),
    TaskStep.RETURNED: Text(zh="退回", en="Send it back"),
}
"""What one touch does. Destroying isn't there: nothing brings a sample back."""


def acts_for(sample: Sample) -> list[tuple[TaskStep, Text]]:
    return [(step, text) for step, text in ACTS.items() if step in FOLLOWS[sample.step]]


def name_of(test: Test) -> str:
    return str(
        said(
            Text(zh=f"{test.sample_number} 号 {test.item.zh}", en=f"No. {test.sample_number} {test.item.en}")
        )
    )


class CustodyForm(forms.Form):
    """Which samples, what happened, where they are now."""

    samples = forms.MultipleChoiceField(label=words("样品", "Samples"), widget=forms.CheckboxSelectMultiple)
    step = forms.ChoiceField(label=words("这一步", "What happened"))
    place = forms.CharField(
        label=words("在哪里", "Where they are now"),
        help_text=words("收样柜、设备、快递单号。", "A shelf, a machine, a waybill."),
        max_length=120,
        required=False,
    )
    note = forms.CharField(label=words("备注", "Note"), max_length=400, required=False)

    def __init__(self, task: Task, data: Any = None) -> None:
        super().__init__(data)
        choices = [(str(each.id), f"{each.number}. {each.name}") for each in task.samples]
        steps = [(str(each), said(each.text)) for each in steps_for(task.samples)]
        samples, step = self.fields["samples"], self.fields["step"]
        assert isinstance(samples, forms.MultipleChoiceField)
        assert isinstance(step, forms.ChoiceField)
        samples.choices, step.choices = choices, steps
        samples.initial = [choice for choice, _ in choices]


class ResultsForm(forms.Form):
    """Value, unit and verdict of each test; what is left empty isn't recorded."""

    def __init__(self, task: Task, data: Any = None) -> None:
        super().__init__(data)
        self.tests = [
            test
            for test in task.tests
            if any(sample.id == test.sample_id and sample.custody for sample in task.samples)
        ]
        verdicts = [(str(each), said(each.text)) for each in Verdict]
        for test in self.tests:
            held = test.result
            self.fields[f"value-{test.id}"] = forms.CharField(
                label=words("结果", "Result"),
                max_length=200,
                required=False,
                initial=held.value if held else "",
            )
            self.fields[f"unit-{test.id}"] = forms.CharField(
                label=words("单位", "Unit"), max_length=40, required=False, initial=held.unit if held else ""
            )
            self.fields[f"verdict-{test.id}"] = forms.ChoiceField(
                label=words("判定", "Verdict"),
                choices=verdicts,
                required=False,
                initial=str(held.verdict) if held else "",
            )
        self.fields["laboratory"] = forms.CharField(
            label=words("分包给哪家", "Second laboratory"),
            help_text=words(
                "不是自己测的才填；报告会写明，且不能用资质标志。",
                "Only if you didn't test yourselves: the report names it and carries no mark.",
            ),
            max_length=120,
            required=False,
        )

    def rows(self) -> list[tuple[Test, int, Any, Any, Any]]:
        """Each test with how often it was corrected and its fields."""
        return [
            (
                test,
                max(0, len(test.results) - 1),
                self[f"value-{test.id}"],
                self[f"unit-{test.id}"],
                self[f"verdict-{test.id}"],
            )
            for test in self.tests
        ]

    def new(self) -> list[NewResult]:
        """What was typed and differs from what holds."""
        given, found = self.cleaned_data, []
        for test in self.tests:
            value, unit = given[f"value-{test.id}"], given[f"unit-{test.id}"]
            verdict = Verdict(given[f"verdict-{test.id}"])
            held = test.result
            if value and (held is None or (held.value, held.unit, held.verdict) != (value, unit, verdict)):
                found.append(NewResult(test.id, value, unit, verdict, None, given["laboratory"]))
        return found


class FileForm(forms.Form):
    file = forms.FileField(
        label=words("结果文件（CSV）", "File of results (CSV)"),
        help_text=words(
            "列：样品、项目、结果；可加单位、判定、检测日期、分包实验室。",
            "Columns: sample, item, value; and unit, verdict, tested_on, laboratory.",
        ),
    )


class ReportForm(forms.Form):
    """The file, what it states, its marks; which report it replaces, if one."""

    file = forms.FileField(label=words("报告（PDF）", "Report (PDF)"))
    tests = forms.MultipleChoiceField(
        label=words("报告里有哪些检测", "What it reports on"), widget=forms.CheckboxSelectMultiple
    )
    marks = forms.MultipleChoiceField(
        label=words("资质标志", "Marks of accreditation"),
        help_text=words(
            "只列出报告里每一项都在资质范围内的标志。", "Only those whose scope covers every test are listed."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    series = forms.ChoiceField(label=words("这是", "It is"), required=False)
    reason = forms.CharField(
        label=words("替换的原因", "Why it replaces the one before"),
        help_text=words("替换时必填，对方会看到。", "Needed when it replaces one; the buyer reads it."),
        max_length=400,
        required=False,
    )
    last = forms.BooleanField(
        label=words("这是最后一份，请对方验收", "It is the last one: ask the buyer to accept"), required=False
    )

    def clean_file(self) -> Any:
        """Other papers are taken elsewhere; a report is read as it was signed."""
        file = self.cleaned_data["file"]
        head = file.read(len(PDF))
        file.seek(0)
        if head != PDF:
            raise forms.ValidationError(words("报告只收 PDF 文件。", "A report is a PDF file."))
        return file

    def offer(self, marks: Sequence[Mark]) -> None:
        """Show these to choose from, and what was ticked: what was sent is held against all of them, so that a refusal says why."""
        signs = self.fields.get("marks")
        if not isinstance(signs, forms.MultipleChoiceField):
            return
        ticked = self["marks"].value() or []
        signs.choices = [(str(each), str(each)) for each in Mark if each in marks or str(each) in ticked]
        if not signs.choices:
            del self.fields["marks"]

    def __init__(self, task: Task, marks: Sequence[Mark], data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        ready = [test for test in task.tests if test.result]
        reported = {test for each in task.reports if each.current for test in each.tests}
        fresh = [test for test in ready if test.id not in reported]
        tests, signs, series = self.fields["tests"], self.fields["marks"], self.fields["series"]
        assert isinstance(tests, forms.MultipleChoiceField)
        assert isinstance(signs, forms.MultipleChoiceField)
        assert isinstance(series, forms.ChoiceField)
        tests.choices = [(str(test.id), name_of(test)) for test in ready]
        tests.initial = [str(test.id) for test in fresh or ready]
        signs.choices = [(str(mark), str(mark)) for mark in marks]
        if not marks:
            del self.fields["marks"]
        series.choices = [(NEW, said(Text(zh="新的报告", en="a new report")))] + [
            (str(each.series), said(Text(zh=f"替换 {each.number}", en=f"in place of {each.number}")))
            for each in task.reports
            if each.current
        ]
        if not task.reports:
            del self.fields["series"], self.fields["reason"]
        self.fields["last"].initial = len(fresh) + len(reported) == len(task.tests)


def replaced(form: ReportForm, reports: Sequence[Report]) -> int | None:
    """The series that is replaced; None: it is a new report."""
    series = form.cleaned_data.get("series")
    return int(series) if series and reports else None


class ScopeForm(forms.Form):
    mark = forms.ChoiceField(label=words("标志", "Mark"), choices=[(str(each), str(each)) for each in Mark])
    certificate = forms.CharField(label=words("证书号", "Certificate"), max_length=60)
    item = forms.CharField(
        label=words("项目", "Item"),
        help_text=words("和服务里写的中文名称一致。", "As the offer names it in Chinese."),
        max_length=120,
    )
    method = forms.CharField(label=words("方法标准", "Method"), max_length=120)
    from_date = forms.DateField(
        label=words("从哪天", "From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until_date = forms.DateField(
        label=words("到哪天", "Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

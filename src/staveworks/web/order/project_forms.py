"""Forms of requests, proposals and contracts. Money is typed in yuan; a milestone is a row of five fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.utils import timezone

from staveworks.db.clock import database_now
from staveworks.kit.errors import StaveworksError
from staveworks.kit.figures import money
from staveworks.kit.text import Text
from staveworks.mechanisms.projects.documents import LINE, MOST, TEXT
from staveworks.mechanisms.projects.domain import LINE as TITLE
from staveworks.mechanisms.projects.domain import REASON, check_criteria, check_deadline
from staveworks.mechanisms.projects.domain import TEXT as LONG_TEXT
from staveworks.mechanisms.projects.terms import terms_in_force
from staveworks.mechanisms.projects.types import (
    Asked,
    Bid,
    Contract,
    Criterion,
    Edit,
    Planned,
    Ranked,
    Request,
    RequestInvalid,
    RequestKind,
)
from staveworks.web.join.rosters.forms import FilesField, FilesInput
from staveworks.web.language import current, said
from staveworks.web.order.forms import FEN, fen_of, yuan_field
from staveworks.web.words import error_words, words

ROWS, SPARE, WEIGHTS = 5, 1, 5
"""Milestones and criteria that an empty form shows; a changed contract shows its own and ``SPARE`` more."""
OPEN_TO = {
    "all": Text(zh="所有服务方", en="All providers"),
    "named": Text(zh="只请点名的", en="Named ones only"),
}
INCOMPLETE = Text(zh="这个节点没写全。", en="This milestone isn't complete.")
NONE = Text(zh="至少写一个节点。", en="Write at least one milestone.")
PARTS = ("title", "deliverable", "criteria", "due_date", "price")
DATE = {"type": "date"}
MOMENT = {"type": "datetime-local"}
MOMENT_FORMAT = "%Y-%m-%dT%H:%M"


class AnyFiles(FilesField):
    """Several files, or none."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return super().clean(data, initial) if data else []


def area(
    label: str, *, longest: int, rows: int = 3, required: bool = True, help_text: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def files_field() -> AnyFiles:
    return AnyFiles(
        label=words("文件", "Files"),
        help_text=words(
            "PDF、图片、Word、Excel，每个不超过 20 MB。", "PDF, pictures, Word, Excel, up to 20 MB each."
        ),
        widget=FilesInput(attrs={"multiple": True}),
        required=False,
    )


class AskForm(forms.Form):
    """A request."""

    title = forms.CharField(label=words("标题", "Title"), max_length=TITLE)
    kind = forms.ChoiceField(
        label=words("要找什么", "What you look for"),
        choices=[(each.value, said(each.text)) for each in RequestKind],
        widget=forms.RadioSelect,
        initial=RequestKind.PROJECT.value,
    )
    text = area(words("要求", "What it is about"), longest=LONG_TEXT, rows=8)
    closes_at = forms.DateTimeField(
        label=words("截止时间", "Deadline"),
        help_text=words(
            "以系统时间为准，发布后不能再改。",
            "By the system's clock; it can't be changed once published.",
        ),
        widget=forms.DateTimeInput(attrs=MOMENT, format=MOMENT_FORMAT),
    )
    budget = yuan_field("预算（元）", "Budget (yuan)", required=False)
    open_to = forms.ChoiceField(
        label=words("谁能应征", "Who may answer"),
        choices=[(key, said(text)) for key, text in OPEN_TO.items()],
        widget=forms.RadioSelect,
        initial="all",
    )
    nda = area(
        words("保密约定", "Confidentiality agreement"),
        longest=LONG_TEXT,
        required=False,
        help_text=words(
            "写了，对方接受后才看得到附件。", "If there is one, attachments are seen once it is accepted."
        ),
    )
    rights_clause = area(words("成果归属", "Whose the results are"), longest=LONG_TEXT, required=False)
    confidentiality = area(
        words("合同保密条款", "Confidentiality in the contract"), longest=LONG_TEXT, required=False
    )
    papers = files_field()

    def __init__(self, providers: Iterable[tuple[UUID, Text]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["budget"].help_text = words("不写就是不公开。", "Empty: not told.")
        self.fields["providers"] = forms.MultipleChoiceField(
            label=words("点名", "Named providers"),
            choices=[(str(org), said(name)) for org, name in providers],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["providers"].needed = True  # type: ignore[attr-defined]  # wherever it is shown
        for at in range(WEIGHTS):
            name = words("标准", "Criterion") if at else words("按价格", "By price")
            self.fields[f"criterion_{at}"] = forms.CharField(label=name, max_length=TITLE, required=False)
            self.fields[f"weight_{at}"] = forms.IntegerField(
                label=words("权重（%）", "Weight (%)"), min_value=0, max_value=100, required=False
            )

    @property
    def sections(self) -> list[tuple[Text, list[Any]]]:
        one = self.__getitem__
        named = {"when": "open_to=named", "rows": [[one("providers")]]}
        weights = [[one(f"criterion_{at}"), one(f"weight_{at}")] for at in range(WEIGHTS)]
        return [
            (
                Text(zh="要什么", en="What"),
                [one(key) for key in ("title", "kind", "text", "closes_at", "budget", "papers")],
            ),
            (Text(zh="谁能应征", en="Who may answer"), [one("open_to"), named, one("nda")]),
            (Text(zh="怎么比", en="How proposals are compared"), weights),
            (
                Text(zh="合同条款", en="Clauses of the contract"),
                [one("rights_clause"), one("confidentiality")],
            ),
        ]

    def asked(self) -> Asked:
        said = self.cleaned_data
        budget = said["budget"]
        named = [UUID(each) for each in said["providers"]] if said["open_to"] == "named" else []
        return Asked(
            title=said["title"],
            text=said["text"],
            closes_at=said["closes_at"],
            criteria=tuple(self._criteria()),
            kind=RequestKind(said["kind"]),
            budget_fen=None if budget is None else fen_of(budget),
            nda=said["nda"],
            rights_clause=said["rights_clause"],
            confidentiality=said["confidentiality"],
            providers=tuple(named),
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("open_to") == "named" and not said.get("providers"):
            self.add_error("providers", words("请至少选一家。", "Choose at least one."))
        self._tell_together(said)
        return said

    def _tell_together(self, said: dict[str, Any]) -> None:
        """What the use case would refuse one after the other, after the files are stored."""
        if closes_at := said.get("closes_at"):
            try:
                hours = terms_in_force().shortest_hours
                check_deadline(closes_at, now=database_now(), shortest_hours=hours)
            except RequestInvalid as error:
                self.add_error("closes_at", error_words(error))
        if any(name.startswith(("criterion_", "weight_")) for name in self.errors):
            return
        criteria = tuple(self._criteria())
        try:
            check_criteria(criteria)
        except RequestInvalid as error:
            weighed = criteria and all(each.name and each.weight for each in criteria)
            self.add_error("weight_0" if weighed else "criterion_0", error_words(error))

    def _criteria(self) -> Iterator[Criterion]:
        for at in range(WEIGHTS):
            name, weight = (self.cleaned_data.get(f"{key}_{at}") for key in ("criterion", "weight"))
            if name or weight:
                yield Criterion(name or "", weight or 0, by_price=at == 0)


def asked_initial(request: Request | None) -> dict[str, Any]:
    """What the form of a new request begins with, or one of a draft."""
    if request is None:
        names = {"criterion_0": said(Text(zh="价格", en="Price")), "weight_0": 40}
        closes = timezone.localtime() + timedelta(days=7)
        return names | {"closes_at": closes.replace(minute=0, second=0), "weight_1": 60}
    card = request.card
    first = [each for each in request.criteria if each.by_price]
    rest = [each for each in request.criteria if not each.by_price]
    shown = dict(enumerate([*first, *rest], start=0 if first else 1))
    return {
        "title": card.title,
        "kind": card.kind.value,
        "text": request.text,
        "closes_at": card.closes_at,
        "budget": None if card.budget_fen is None else Decimal(card.budget_fen) / FEN,
        "open_to": "all" if card.public else "named",
        "providers": [str(org) for org, _ in request.providers],
        "nda": request.nda,
        "rights_clause": request.rights_clause,
        "confidentiality": request.confidentiality,
        **{f"criterion_{at}": each.name for at, each in shown.items()},
        **{f"weight_{at}": each.weight for at, each in shown.items()},
    }


class MilestoneRow(NamedTuple):
    """What the page shows of a milestone: its bound fields; open if it has to be filled or has been."""

    fields: list[forms.BoundField]
    open: bool


class MilestonesForm(forms.Form):
    """``count`` rows of milestones; a row that is empty is left out. In the first ``needed`` rows nothing is shown as optional."""

    def __init__(self, count: int, *args: Any, needed: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count, self.needed = min(count, MOST), needed
        for at in range(self.count):
            fields = _milestone_fields(at)
            for field in fields.values():
                field.needed = at < needed  # type: ignore[attr-defined]
            self.fields.update(fields)

    @property
    def rows(self) -> list[MilestoneRow]:
        rows = [[self[f"{part}_{at}"] for part in PARTS] for at in range(self.count)]
        return [
            MilestoneRow(row, at < self.needed or any(field.value() or field.errors for field in row))
            for at, row in enumerate(rows)
        ]

    def planned(self) -> dict[int, Planned]:
        """By the number of the row, from 0."""
        return {
            at: Planned(
                row["title"], row["deliverable"], row["criteria"], row["due_date"], fen_of(row["price"])
            )
            for at in range(self.count)
            if (row := self._row(at))["title"]
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for at in range(self.count):
            row = self._row(at)
            if any(row.values()):
                for part in PARTS:
                    if row[part] in (None, "") and f"{part}_{at}" not in self.errors:
                        self.add_error(f"{part}_{at}", said(INCOMPLETE))
        if not self.errors and not any(self._row(at)["title"] for at in range(self.count)):
            self.add_error(None, said(NONE))
        return found

    def put(self, error: StaveworksError) -> None:
        """A refusal at ``milestones.1.price_fen`` or ``edits.1.price_fen`` stands at its field."""
        parts = (error.field or "").split(".")
        field = error.field or ""
        if len(parts) == 3:
            field = f"{parts[-1].removesuffix('_fen')}_{self.sent()[int(parts[1])]}"
        self.add_error(field if field in self.fields else None, error_words(error))

    def sent(self) -> list[int]:
        """Which rows are sent, in that order."""
        return list(self.planned())

    def _row(self, at: int) -> dict[str, Any]:
        return {part: self.cleaned_data.get(f"{part}_{at}") for part in PARTS}


class ProposalForm(MilestonesForm):
    """What a provider seals."""

    def __init__(self, offers: Iterable[tuple[UUID, Text]], *args: Any, **kwargs: Any) -> None:
        super().__init__(ROWS, *args, **kwargs)
        self.fields["offer"] = forms.ChoiceField(
            label=words("以哪项服务承接", "Under which of your offers"),
            choices=[(str(offer), said(title)) for offer, title in offers],
        )
        self.fields["text"] = area(words("方案", "Proposal"), longest=TEXT, rows=8)

    def bid(self) -> Bid:
        found = self.cleaned_data
        return Bid(UUID(found["offer"]), found["text"], tuple(self.planned().values()))


class ChangeForm(MilestonesForm):
    """The milestones of a contract as they shall be, with one more to add."""

    def __init__(self, contract: Contract, data: Any = None) -> None:
        self.contract = contract
        agreed = len(contract.milestones)
        super().__init__(agreed + SPARE, data, needed=agreed, initial=_as_agreed(contract))
        self.fields["reason"] = area(
            words("理由", "Reason"),
            longest=REASON,
            help_text=words("对方会看到。", "The other side reads it."),
        )

    def edits(self) -> list[Edit]:
        """Those that differ from what is agreed."""
        agreed = {each.place: each.planned for each in self.contract.milestones}
        wanted = {at + 1: planned for at, planned in self.planned().items()}
        return [Edit(place, planned) for place, planned in wanted.items() if agreed.get(place) != planned]

    def sent(self) -> list[int]:
        return [edit.place - 1 for edit in self.edits()]


class HandOverForm(forms.Form):
    """A delivery."""

    text = area(words("交付内容", "What you deliver"), longest=REASON)
    papers = files_field()


class WhyForm(forms.Form):
    """Why; the other side reads it."""

    reason = area(
        words("理由", "Reason"), longest=REASON, help_text=words("对方会看到。", "The other side reads it.")
    )


class AwardForm(WhyForm):
    """To which of the opened proposals, and why."""

    field_order = ("proposal", "reason")

    def __init__(self, comparison: Iterable[Ranked], data: Any = None) -> None:
        super().__init__(data)
        opened = [each.opened for each in comparison]
        self.fields["proposal"] = forms.ChoiceField(
            label=words("定给", "Award to"),
            choices=[
                (str(each.proposal_id), f"{each.provider.in_language(current())} {money(each.price_fen)}")
                for each in opened
            ],
            widget=forms.RadioSelect,
        )
        self.order_fields(self.field_order)


class CodeForm(forms.Form):
    """The code with which a proposal was sealed."""

    code = forms.CharField(
        label=words("开标码", "Code"),
        max_length=100,
        help_text=words("密封时给您的 25 位码。", "The 25 characters that you got when you sealed it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class PointsForm(forms.Form):
    """Points for one proposal, by the criteria that aren't the price."""

    def __init__(self, criteria: Sequence[Criterion], points: Sequence[int | None], data: Any = None) -> None:
        super().__init__(data)
        for place, one in enumerate(criteria):
            if not one.by_price:
                self.fields[f"points_{place}"] = forms.IntegerField(
                    label=one.name, min_value=0, max_value=100, initial=points[place]
                )

    def points(self) -> dict[int, int]:
        return {int(key.removeprefix("points_")): value for key, value in self.cleaned_data.items()}


def _milestone_fields(at: int) -> Mapping[str, forms.Field]:
    return {
        f"title_{at}": forms.CharField(label=words("节点名称", "Milestone"), max_length=LINE, required=False),
        f"deliverable_{at}": area(words("交付物", "Deliverable"), longest=TEXT, rows=2, required=False),
        f"criteria_{at}": area(
            words("验收标准", "When it counts as done"), longest=TEXT, rows=2, required=False
        ),
        f"due_date_{at}": forms.DateField(
            label=words("交付日期", "By which day"),
            required=False,
            widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        ),
        f"price_{at}": yuan_field("价款（元）", "Price (yuan)", required=False),
    }


def _as_agreed(contract: Contract) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for at, each in enumerate(contract.milestones):
        planned = each.planned
        values = (
            planned.title,
            planned.deliverable,
            planned.criteria,
            planned.due_date,
            Decimal(planned.price_fen) / FEN,
        )
        found |= {f"{part}_{at}": value for part, value in zip(PARTS, values, strict=True)}
    return found

"""Forms of capacity: a work centre in one column, a free window, a spreadsheet, a decision about a limit."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField

from staveworks.kit.figures import number
from staveworks.kit.industries import Certificate as PackCertificate
from staveworks.kit.industries import Family, Operation, Pack, load_industries
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.checking import NO_FAMILY, capability_faults, certificate_faults
from staveworks.mechanisms.dispatch.domain.terms import SPEED_PLACES
from staveworks.mechanisms.dispatch.types.centres import (
    CapabilitySaid,
    Centre,
    CentreSaid,
    CertificateSaid,
    Per,
)
from staveworks.web.language import said, say
from staveworks.web.words import words

WEEKDAYS = (
    Text(zh="周一", en="Mon"),
    Text(zh="周二", en="Tue"),
    Text(zh="周三", en="Wed"),
    Text(zh="周四", en="Thu"),
    Text(zh="周五", en="Fri"),
    Text(zh="周六", en="Sat"),
    Text(zh="周日", en="Sun"),
)
DATE = "%Y-%m-%d"
NOT_STORED = UUID(int=0)
"""Stands for a file that came and waits to be stored."""


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format=DATE)


class CentreForm(forms.Form):
    """A work centre of one operation. A family without price and speed isn't made there; a certificate without number isn't held."""

    name = forms.CharField(
        label=words("名称", "Name"),
        help_text=words("自己认得的叫法，如“1 号喷水织机”。", "As you call it."),
        max_length=80,
    )
    grade = forms.TypedChoiceField(label=words("做到什么等级", "Grade"), coerce=int, widget=forms.RadioSelect)
    per = forms.ChoiceField(
        label=words("速度怎么算", "Speed is counted"),
        choices=lambda: [(per.value, said(per.text)) for per in Per],
        widget=forms.RadioSelect,
        initial=Per.DAY.value,
    )
    day_hours = forms.DecimalField(
        label=words("一天开工几小时", "Hours a day"),
        help_text=words("两班倒、三班倒的，填合计。", "All shifts together."),
        min_value=Decimal("0.5"),
        max_value=Decimal(24),
        decimal_places=2,
    )
    weekdays = forms.MultipleChoiceField(
        label=words("星期几开工", "Days of work"), widget=forms.CheckboxSelectMultiple
    )
    holidays = forms.BooleanField(
        label=words(
            "法定节假日停工，调休的周末照常", "Closed on public holidays; open on weekends worked in exchange"
        ),
        required=False,
        initial=True,
    )
    setup_hours = forms.DecimalField(
        label=words("每次换产停机几小时", "Hours lost per change-over"),
        min_value=Decimal(0),
        max_value=Decimal(200),
        decimal_places=2,
        initial=0,
    )

    def __init__(
        self, operation: Operation, data: Any = None, files: Any = None, *, centre: Centre | None = None
    ) -> None:
        pack = load_industries().pack_of(operation.code)
        assert pack
        self.operation, self.pack, self.centre = operation, pack, centre
        super().__init__(data, files, initial=_initial(centre) if centre else None)
        self._choices(pack)
        for family in pack.families_at(operation.code):
            self._family(family)
        for certificate in pack.certificates:
            self._certificate(certificate)
        self._without_marks()

    def _choices(self, pack: Pack) -> None:
        self.fields["grade"].choices = [(each.number, said(each.name)) for each in pack.grades]  # type: ignore[attr-defined]
        self.fields["weekdays"].choices = [(day, said(name)) for day, name in enumerate(WEEKDAYS)]  # type: ignore[attr-defined]
        if said(self.operation.setup):
            self.fields["setup_hours"].help_text = words(
                f"如{self.operation.setup.zh}。", f"Such as {self.operation.setup.en}."
            )
        if self.centre is None:
            self.initial["weekdays"] = [str(day) for day in range(6)]

    def _family(self, family: Family) -> None:
        unit = said(self.operation.unit.name)
        self.fields[f"price_{family.code}"] = forms.CharField(
            label=words(f"单价（元/{unit}）", f"Price (yuan per {unit})"), max_length=20, required=False
        )
        self.fields[f"speed_{family.code}"] = forms.CharField(
            label=words(f"速度（{unit}）", f"Speed ({unit})"), max_length=20, required=False
        )
        for name in ("price", "speed"):
            self.fields[f"{name}_{family.code}"].widget.attrs["inputmode"] = "decimal"

    def _certificate(self, certificate: PackCertificate) -> None:
        self.fields[f"number_{certificate.code}"] = forms.CharField(
            label=words("证书编号", "Number"), max_length=80, required=False
        )
        self.fields[f"expires_{certificate.code}"] = forms.DateField(
            label=words("有效期至", "Valid until"),
            help_text=words("长期有效的空着。", "Empty if it has no end."),
            widget=date_input(),
            required=False,
        )
        self.fields[f"file_{certificate.code}"] = forms.FileField(
            label=words("证书文件", "Its file"),
            help_text=words("PDF 或照片；已有的不用再传。", "PDF or photo; what is there stays."),
            required=False,
        )

    def _without_marks(self) -> None:
        """What is said of all of them once needs no "optional" at each; above the form each says of which it is."""
        within = {each.code: each.name for each in self.pack.families_at(self.operation.code)}
        within |= {each.code: each.name for each in self.pack.certificates}
        for name, field in self.fields.items():
            if name.startswith(("price_", "speed_", "number_", "expires_", "file_")):
                field.needed = True  # type: ignore[attr-defined]
                field.within = within[name.partition("_")[2]]  # type: ignore[attr-defined]

    def families(self) -> Iterator[tuple[Family, list[BoundField]]]:
        for family in self.pack.families_at(self.operation.code):
            yield family, [self[f"price_{family.code}"], self[f"speed_{family.code}"]]

    def certificates(self) -> Iterator[tuple[PackCertificate, list[BoundField]]]:
        for each in self.pack.certificates:
            yield each, [self[f"{part}_{each.code}"] for part in ("number", "expires", "file")]

    def some_certificate(self) -> bool:
        """Whether the part of certificates has to stand open."""
        names = [name for name in self.fields if name.startswith(("number_", "expires_"))]
        return any(self.initial.get(name) or name in self.errors for name in names)

    def _files(self) -> list[str]:
        return [each.code for each, _ in self.certificates() if self.cleaned_data.get(f"file_{each.code}")]

    def sent_files(self) -> Iterator[tuple[str, "UploadedFile[bytes]"]]:
        """Certificates with a file that came now, by code."""
        for code in self._files():
            yield code, self.cleaned_data[f"file_{code}"]

    def said(self, files: Mapping[str, UUID] | None = None) -> CentreSaid:
        """What was filled in, for the use case; ``files``: those stored now, by certificate."""
        given = self.cleaned_data
        return CentreSaid(
            name=given["name"],
            operation=self.operation.code,
            grade=given["grade"],
            weekday_hours=self._hours(),
            capabilities=tuple(self._capabilities()),
            holidays=given["holidays"],
            setup_hours=given["setup_hours"],
            certificates=tuple(self._certificates(files or {})),
        )

    def clean(self) -> None:
        """All that a work centre's use case would refuse at a product or a certificate, whatever else is missing: one round."""
        given, said = self.cleaned_data, list(self._capabilities())
        faults = [fault for each in said for fault in capability_faults(each)]
        faults += [
            fault
            for each in self._certificates(dict.fromkeys(self._files(), NOT_STORED))
            for fault in certificate_faults(each)
        ]
        for field, wrong in faults:
            if field in given:
                self.add_error(field, say(wrong))
        if not said and not any(name.startswith(("price_", "speed_")) for name in self.errors):
            self.add_error(None, say(NO_FAMILY))

    def _hours(self) -> tuple[Decimal, ...]:
        """As they stood where they differ by day (said by program) and nobody touched them here."""
        given = self.cleaned_data
        days, hours = set(map(int, given["weekdays"])), given["day_hours"]
        if self.centre:
            was = self.centre.calendar
            if hours == was.day_hours and days == {n for n, each in enumerate(was.weekday_hours) if each}:
                return was.weekday_hours
        return tuple(hours if day in days else Decimal(0) for day in range(7))

    def _capabilities(self) -> Iterator[CapabilitySaid]:
        given = self.cleaned_data
        for family, _ in self.families():
            price, speed = given.get(f"price_{family.code}", ""), given.get(f"speed_{family.code}", "")
            if price or speed:
                yield CapabilitySaid(family.code, price, speed, Per(given.get("per", Per.DAY)))

    def _certificates(self, files: Mapping[str, UUID]) -> Iterator[CertificateSaid]:
        given = self.cleaned_data
        kept = {held.code: held.file_id for held in self.centre.certificates} if self.centre else {}
        for each, _ in self.certificates():
            number, until = given.get(f"number_{each.code}", ""), given.get(f"expires_{each.code}")
            if number or until or each.code in files:
                yield CertificateSaid(each.code, number, until, files.get(each.code) or kept.get(each.code))


def _initial(centre: Centre) -> dict[str, Any]:
    calendar = centre.calendar
    found: dict[str, Any] = {
        "name": centre.name,
        "grade": centre.grade,
        "per": centre.capabilities[0].per.value if centre.capabilities else Per.DAY.value,
        "day_hours": plain(calendar.day_hours),
        "weekdays": [str(day) for day, hours in enumerate(calendar.weekday_hours) if hours],
        "holidays": calendar.holidays,
        "setup_hours": plain(centre.setup_hours),
    }
    for capability in centre.capabilities:
        found |= {
            f"price_{capability.family}": capability.price,
            f"speed_{capability.family}": capability.speed,
        }
    for held in centre.certificates:
        found |= {f"number_{held.code}": held.number, f"expires_{held.code}": held.expires_date}
    return found


def plain(value: Decimal) -> str:
    """For a field: ``20``, not ``20.00``."""
    return number(value, SPEED_PLACES).replace(",", "").rstrip("0").rstrip(".")


class WindowForm(forms.Form):
    """From day to day so many hours a day are free."""

    first_date = forms.DateField(label=words("从", "From"), widget=date_input())
    last_date = forms.DateField(label=words("到", "To"), widget=date_input())
    day_hours = forms.DecimalField(
        label=words("每天空闲几小时", "Free hours a day"),
        help_text=words("没有空就填 0。", "0 where nothing is free."),
        min_value=Decimal(0),
        max_value=Decimal(24),
        decimal_places=2,
    )


class SheetForm(forms.Form):
    file = forms.FileField(
        label=words("文件", "File"),
        help_text=words("XLSX 或 CSV，最多 2,000 行。", "XLSX or CSV, at most 2,000 rows."),
    )


class LimitForm(forms.Form):
    """Why a firm is let off its limit, or held to it again."""

    reason = forms.CharField(label=words("理由", "Reason"), max_length=400)

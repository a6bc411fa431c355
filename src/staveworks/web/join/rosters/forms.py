"""Forms of lists: the files, and which column is which field."""

from collections.abc import Iterable
from typing import Any

from django import forms

from staveworks.foundation.rosters.columns import FIELDS
from staveworks.foundation.rosters.domain import CHOICES
from staveworks.foundation.rosters.previewing import Sample
from staveworks.foundation.rosters.types import RosterCard, Side
from staveworks.web.language import current
from staveworks.web.words import said, words

MOST_FILES = 20


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            raise forms.ValidationError(words("请选择文件。", "Choose a file."))
        if len(given) > MOST_FILES:
            raise forms.ValidationError(words("一次最多 20 个文件。", "At most 20 files at a time."))
        return list(given)


class UploadForm(forms.Form):
    lists = FilesField(
        label=words("名册文件", "Lists of firms"),
        widget=FilesInput(attrs={"multiple": True, "accept": ".xlsx,.csv,.txt", "data-drop": ""}),
    )


class ColumnsForm(forms.Form):
    """One choice for each field of each table: ``sheet-field`` → column index, "" for none."""

    def __init__(self, roster: RosterCard, samples: Iterable[Sample], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.samples = list(samples)
        chosen = {sheet.index: sheet.columns for sheet in roster.sheets}
        used = {sheet.index for sheet in roster.sheets if sheet.used}
        for sample in self.samples:
            self.fields[f"{sample.sheet}-used"] = forms.BooleanField(
                required=False, initial=sample.sheet in used
            )
            for field, label in FIELDS.items():
                column = chosen.get(sample.sheet, {}).get(field)
                self.fields[f"{sample.sheet}-{field}"] = forms.ChoiceField(
                    label=said(label),
                    choices=[("", "–"), *_columns(sample)],
                    required=False,
                    initial="" if column is None else str(column),
                )

    @property
    def mapping(self) -> dict[str, dict[str, int]]:
        """As ``map_columns`` wants it: only the tables that are to be imported."""
        several = len(self.samples) > 1
        return {
            str(sample.sheet): {
                field: int(column)
                for field in FIELDS
                if (column := self.cleaned_data.get(f"{sample.sheet}-{field}"))
            }
            for sample in self.samples
            if not several or self.cleaned_data.get(f"{sample.sheet}-used")
        }

    def tables(self) -> list[dict[str, Any]]:
        """Each table with its fields, for the template."""
        return [
            {
                "sample": sample,
                "used": self[f"{sample.sheet}-used"],
                "fields": [self[f"{sample.sheet}-{field}"] for field in FIELDS],
            }
            for sample in self.samples
        ]


def _columns(sample: Sample) -> list[tuple[str, str]]:
    """A column is named by its header, else by its number, with the first value that stands in it."""
    number = "第 {} 列" if current() == "zh" else "Column {}"
    named = []
    for at in range(sample.width):
        first = next((row[at] for row in sample.rows if row[at]), "")
        header = sample.headers[at] or number.format(at + 1)
        named.append((str(at), f"{header} · {first[:24]}" if first else header))
    return named


def sides_of(data: Any) -> dict[str, Side]:
    """Field → side chosen in the side-by-side form."""
    chosen: dict[str, Side] = {}
    for field in CHOICES:
        side = data.get(f"field-{field}")
        if side == "left" or side == "right":
            chosen[field] = side
    return chosen

"""The report as a PDF: the same bytes for the same content, so that its digest can be told and compared."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from staveworks.cluster.barrel.report.content import Report
from staveworks.cluster.barrel.report.values import day, values_of
from staveworks.kit.data import data_file
from staveworks.kit.planks import load_register
from staveworks.kit.printing import print_pdf
from staveworks.kit.text import Language, Text

TEMPLATE = Path(__file__).parent / "report.typ"
NAME = Text(zh="{firm} 木桶报告 {day}", en="Barrel report {firm} {day}")
GROUP, GROUPS = 4, 3


@dataclass(frozen=True, slots=True)
class Paper:
    """A printed report. ``number`` stands on it: the digest of what it says; ``sha256`` is the digest of the file."""

    content: bytes
    name: str
    number: str
    sha256: str


def print_report(report: Report, language: Language) -> Paper:
    """The report in one language, A4, two to four pages."""
    values = values_of(report, language, load_register(data_file("planks.yaml")))
    number = _number(values)
    content = print_pdf(TEMPLATE, values | {"number": values["number"].format(number=number)}, at=report.at)
    name = NAME.say(language, firm=report.firm.name.in_language(language), day=day(report))
    return Paper(content, name, number, hashlib.sha256(content).hexdigest())


def _number(values: dict[str, object]) -> str:
    """Twelve figures of the digest, in groups: enough to tell two reports apart on the telephone."""
    said = json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
    digest = hashlib.sha256(said).hexdigest().upper()
    return "-".join(digest[place : place + GROUP] for place in range(0, GROUP * GROUPS, GROUP))

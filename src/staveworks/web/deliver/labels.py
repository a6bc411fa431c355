"""Labels for samples as a print-ready PDF."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from staveworks.kit.printing import print_pdf
from staveworks.kit.text import Language, Text
from staveworks.mechanisms.tasks.types.tasks import Task
from staveworks.web.join.growth.posters import qr_svg

TEMPLATE = Path(__file__).with_name("label.typ")
TITLE = Text(zh="样品标签", en="Labels of samples")
ALT = Text(zh="样品的二维码", en="QR code of the sample")


def print_labels(task: Task, *, address: Callable[[str], str], language: Language, at: datetime) -> bytes:
    """One a sample. ``address``: where its code leads, by the code."""
    labels = [
        {
            "code": f"{sample.code[:5]} {sample.code[5:]}",
            "name": sample.name,
            "order": f"{task.card.code} · {sample.number}/{task.card.samples}",
            "laboratory": task.card.provider.in_language(language),
            "qr": qr_svg(address(sample.code)),
        }
        for sample in task.samples
    ]
    values = {
        "language": language,
        "title": TITLE.in_language(language),
        "alt": ALT.in_language(language),
        "labels": labels,
    }
    return print_pdf(TEMPLATE, values, at=at)

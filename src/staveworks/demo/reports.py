"""A test report on paper, as the demo's laboratory hands it in."""

from datetime import datetime
from pathlib import Path

from staveworks.kit.printing import print_pdf
from staveworks.mechanisms.tasks.types.tasks import Task

TEMPLATE = Path(__file__).with_name("report.typ")


def print_report(task: Task, *, at: datetime) -> bytes:
    """Its samples and what each test found."""
    names = {each.id: f"{each.number} · {each.name}" for each in task.samples}
    values = {
        "language": "zh",
        "title": f"检测报告 {task.card.code}",
        "laboratory": task.card.provider.zh,
        "buyer": task.card.buyer.zh,
        "day": f"{at:%Y-%m-%d}",
        "rows": [
            [names[each.sample_id], each.item.zh, each.method, each.result.value, each.result.verdict.text.zh]
            for each in task.tests
            if each.result is not None
        ],
    }
    return print_pdf(TEMPLATE, values, at=at)

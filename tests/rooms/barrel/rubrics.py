"""Writes the small rubric: for every plank p the questions ``p.a`` (scale 0–4: 0, 25 … 100 points) and ``p.b`` (yes or no).

``p.b`` may be "not applicable". The stave ``production`` leaks above 20 where ``production.b`` is no.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

RUBRIC = "staveworks-planks-2026"


def write_data(folder: Path, planks: list[dict[str, Any]], edition: str) -> None:
    (folder / "rubrics").mkdir(parents=True, exist_ok=True)
    (folder / "planks.yaml").write_text(yaml.safe_dump(planks, allow_unicode=True), encoding="utf-8")
    text = yaml.safe_dump(rubric(planks, edition), allow_unicode=True, sort_keys=False)
    (folder / "rubrics" / f"{RUBRIC}.yaml").write_text(text, encoding="utf-8")


def rubric(planks: list[dict[str, Any]], edition: str) -> dict[str, Any]:
    count = {kind: sum(each["kind"] == kind for each in planks) for kind in ("stave", "hoop")}
    return {
        "id": RUBRIC,
        "edition": edition,
        "name": both("小量规", "Small rubric"),
        "source": both("测试", "Tests"),
        "threshold": "document",
        "planks": [_plank(each, Fraction(1, count[each["kind"]])) for each in planks],
    }


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _plank(plank: dict[str, Any], weight: Fraction) -> dict[str, Any]:
    code = plank["code"]
    found: dict[str, Any] = {"plank": code, "weight": str(weight), "children": [_scale(code), _yes_no(code)]}
    if code == "production":
        found["holes"] = [
            {"leaf": "production.b", "below": 50, "height": 20, "text": both("缺排污许可", "No permit")}
        ]
    return found


def _scale(code: str) -> dict[str, Any]:
    steps = [both(f"第{n}档", f"Step {n}") | {"points": 25 * n} for n in range(5)]
    return _leaf(code, "a", "single") | {"options": steps, "quick": code != "ip"}


def _yes_no(code: str) -> dict[str, Any]:
    options = [both("没有", "No") | {"points": 0}, both("有", "Yes") | {"points": 100}]
    return _leaf(code, "b", "single") | {"options": options, "not_applicable": True}


def _leaf(code: str, which: str, kind: str) -> dict[str, Any]:
    return {
        "leaf": f"{code}.{which}",
        "kind": kind,
        "weight": "1/2",
        "name": both(f"{code} 之 {which}", f"{code} {which}"),
        "question": both(f"{code} 的 {which} 做得怎样？", f"How is {which} of {code}?"),
        "evidence": both("一份材料", "A paper"),
        "attest": "document",
    }

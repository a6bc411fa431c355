"""A pack's file becomes a pack, or is refused with the file and the field that is wrong."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from staveworks.kit.errors import Invalid
from staveworks.kit.industries.pack import Certificate, Family, Grade, Operation, Pack, Unit
from staveworks.kit.text import Text

NOTHING = Text(zh="", en="")


class PackRefused(Invalid):
    """``place``: the field, as ``families[2].routes[0]``."""

    def __init__(self, file: str, place: str, zh: str, en: str) -> None:
        super().__init__(Text(zh=f"{file}：{place} {zh}", en=f"{file}: {place}: {en}"), field=place)


class _Entry:
    """A value of the file that knows where it stands."""

    def __init__(self, value: Any, file: str, place: str) -> None:
        self.value, self.file, self.place = value, file, place

    def refusal(self, zh: str, en: str) -> PackRefused:
        return PackRefused(self.file, self.place or "(file)", zh, en)

    def only(self, *keys: str) -> None:
        if not isinstance(self.value, dict):
            raise self.refusal("应是一组“字段: 值”", "fields with values are wanted")
        for key in self.value:
            if key not in keys:
                raise self[str(key)].refusal("没有这个字段", "there is no such field")

    def __getitem__(self, key: str) -> "_Entry":
        if not isinstance(self.value, dict) or key not in self.value:
            return _Entry(None, self.file, f"{self.place}.{key}".lstrip("."))
        return _Entry(self.value[key], self.file, f"{self.place}.{key}".lstrip("."))

    def items(self) -> Iterator["_Entry"]:
        if not isinstance(self.value, list) or not self.value:
            raise self.refusal("应是列表，至少一项", "a list of at least one is wanted")
        for number, value in enumerate(self.value):
            yield _Entry(value, self.file, f"{self.place}[{number}]")

    def code(self) -> str:
        if not isinstance(self.value, str) or not self.value.replace("-", "").replace("_", "").isalnum():
            raise self.refusal(
                "应是代码（字母、数字、- 和 _）", "a code of letters, digits, - and _ is wanted"
            )
        return self.value

    def text(self) -> Text:
        value = self.value
        if (
            not isinstance(value, dict)
            or set(value) != {"zh", "en"}
            or not all(map(str.strip, map(str, value.values())))
        ):
            raise self.refusal("要有中文 zh 和英文 en", "both zh and en are wanted")
        return Text(zh=str(value["zh"]), en=str(value["en"]))

    def number(self, default: str | None = None, *, above: int = 0) -> Decimal:
        if self.value is None and default is not None:
            return Decimal(default)
        try:
            found = Decimal(str(self.value))
        except InvalidOperation:
            found = Decimal("NaN")
        if isinstance(self.value, bool) or not found.is_finite() or found < above:
            raise self.refusal(f"应是不小于 {above} 的数", f"a number of {above} or more is wanted")
        return found


def read_pack(path: Path) -> Pack:
    """Raises ``PackRefused``."""
    try:
        top = _Entry(yaml.safe_load(path.read_text(encoding="utf-8")), path.name, "")
    except yaml.YAMLError as error:
        raise PackRefused(path.name, "(file)", f"读不懂：{error}", f"can't be read: {error}") from None
    top.only("id", "name", "units", "grades", "certificates", "operations", "families")
    if top["id"].code() != path.stem:
        raise top["id"].refusal(f"应与文件名一致：{path.stem}", f"the file's name says {path.stem}")
    units = {unit.code: unit for unit in _each_once(top["units"], _unit)}
    operations = _each_once(top["operations"], lambda entry: _operation(entry, units))
    known = {operation.code: operation for operation in operations}
    return Pack(
        id=path.stem,
        name=top["name"].text(),
        file=path.name,
        operations=tuple(operations),
        families=tuple(_each_once(top["families"], lambda entry: _family(entry, units, known))),
        grades=tuple(_grades(top["grades"])),
        certificates=tuple(_each_once(top["certificates"], _certificate)),
    )


def _each_once(entries: _Entry, read: Any) -> list[Any]:
    found: dict[str, Any] = {}
    for entry in entries.items():
        one = read(entry)
        if one.code in found:
            raise entry["code"].refusal(f"重复：{one.code}", f"stands twice: {one.code}")
        found[one.code] = one
    return list(found.values())


def _unit(entry: _Entry) -> Unit:
    entry.only("code", "name")
    return Unit(entry["code"].code(), entry["name"].text())


def _certificate(entry: _Entry) -> Certificate:
    entry.only("code", "name")
    return Certificate(entry["code"].code(), entry["name"].text())


def _grades(entries: _Entry) -> Iterator[Grade]:
    for place, entry in enumerate(entries.items(), 1):
        entry.only("grade", "name")
        if entry["grade"].value != place:
            raise entry["grade"].refusal(
                f"应从 1 起依次编号，这里是 {place}", f"counts up from 1: {place} is wanted"
            )
        yield Grade(place, entry["name"].text())


def _operation(entry: _Entry, units: dict[str, Unit]) -> Operation:
    entry.only("code", "name", "unit", "setup")
    setup = entry["setup"].text() if entry["setup"].value is not None else NOTHING
    return Operation(entry["code"].code(), entry["name"].text(), _among(entry["unit"], units), setup)


def _family(entry: _Entry, units: dict[str, Unit], operations: dict[str, Operation]) -> Family:
    entry.only("code", "name", "unit", "routes", "weight", "hold_fen", "uses")
    unit = _among(entry["unit"], units)
    routes = tuple(
        tuple(_among(step, operations).code for step in route.items()) for route in entry["routes"].items()
    )
    uses = {code: entry["uses"][code].number(above=0) for code in entry["uses"].value or {}}
    for code in uses:
        _among(_Entry(code, entry.file, entry["uses"].place), operations)
    for code in {step for route in routes for step in route}:
        if operations[code].unit != unit and not uses.get(code):
            raise entry["uses"].refusal(
                f"要写明 {code} 的用量（单位不同）", f"{code} counts in another unit: say how much is used"
            )
    return Family(
        entry["code"].code(),
        entry["name"].text(),
        unit,
        routes,
        entry["weight"].number("1"),
        entry["hold_fen"].number("0"),
        uses,
    )


def _among(entry: _Entry, known: dict[str, Any]) -> Any:
    found = known.get(entry.value) if isinstance(entry.value, str) else None
    if found is None:
        raise entry.refusal(f"没有这个代码：{entry.value}", f"no such code: {entry.value}")
    return found

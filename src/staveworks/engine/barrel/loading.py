"""Rubric files become rubrics, or are refused with file, line and path. The file's SHA-256 is the edition's digest."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Literal

from staveworks.engine.barrel.leaves import read_grade
from staveworks.engine.barrel.rubric import Group, Hole, Leaf, PlankGroup, Rubric
from staveworks.engine.barrel.rules import read_gates, read_holes, read_levels
from staveworks.engine.barrel.source import Entry, UnknownRubric, read_source
from staveworks.engine.barrel.tree import Reader, read_scales
from staveworks.kit.configuration.table import DATA
from staveworks.kit.data import data_file, data_files
from staveworks.kit.planks import Register, load_register
from staveworks.kit.text import Text

KEYS = (
    "id", "edition", "name", "source", "threshold", "scales", "tree", "planks", "bearing",
    "inputs", "inputs_name", "sets", "gates", "levels", "about", "gives", "minutes",
)  # fmt: skip


class Library:
    """The rubrics of some files over one register of planks, each read once."""

    def __init__(self, files: Mapping[str, Path], register: Register) -> None:
        self.files, self.register = files, register
        self._read: dict[str, Rubric] = {}

    def rubric(self, rubric_id: str) -> Rubric:
        """Raises ``UnknownRubric``, ``RubricRefused``."""
        return self._rubric(rubric_id, ())

    def _rubric(self, rubric_id: str, chain: tuple[str, ...]) -> Rubric:
        if rubric_id not in self.files:
            known = "、".join(self.files)
            raise UnknownRubric(
                Text(
                    zh=f"没有这套标准：{rubric_id}。现有：{known}",
                    en=f"No such rubric: {rubric_id}. There are: {known}",
                )
            )
        if rubric_id not in self._read:
            self._read[rubric_id] = self._load(rubric_id, (*chain, rubric_id))
        return self._read[rubric_id]

    def _load(self, rubric_id: str, chain: tuple[str, ...]) -> Rubric:
        def find(entry: Entry) -> Rubric:
            other = entry.string()
            if other in chain:
                raise entry.refusal(
                    f"引用成环：{' → '.join((*chain, other))}", f"cyclic ref: {' → '.join((*chain, other))}"
                )
            if other not in self.files:
                raise entry.refusal(f"没有这套标准：{other}", f"no such rubric: {other}")
            return self._rubric(other, chain)

        path = self.files[rubric_id]
        top = read_source(path)
        top.only(*KEYS)
        if top["id"].string() != rubric_id:
            raise top["id"].refusal(f"应与文件名一致：{rubric_id}", f"the file's name says {rubric_id}")
        reader = Reader(rubric_id, read_scales(top.get("scales")), find)
        return _build(top, reader, hashlib.sha256(path.read_bytes()).hexdigest(), self.register)


def _build(top: Entry, reader: Reader, sha256: str, register: Register) -> Rubric:
    if ("tree" in top) == ("planks" in top):
        raise top.refusal("tree 与 planks 应有且只有一个", "either tree or planks is wanted")
    root = reader.group(_tree(top), reader.id, top["name"].text(), None) if "tree" in top else None
    planks = (
        tuple(_plank_group(each, reader, register) for each in top["planks"].items()) if root is None else ()
    )
    inputs = tuple(reader.leaf(each, None) for each in top["inputs"].items()) if "inputs" in top else ()
    leaves = _leaves(top, root, planks, inputs)
    gates = read_gates(top.get("gates"), leaves)
    _refuse_wrong_planks(top, planks)
    return Rubric(
        id=reader.id,
        edition=top["edition"].string(),
        name=top["name"].text(),
        source=top["source"].text(),
        sha256=sha256,
        threshold=read_grade(top["threshold"]),
        root=root,
        plank_groups=planks,
        inputs=inputs,
        gates=gates,
        levels=read_levels(top.get("levels"), top.get("sets"), leaves, gated=bool(gates)),
        holes=_holes(top, planks, leaves),
        bearing=_bearing(top.get("bearing")),
        about=_text(top.get("about")),
        gives=_text(top.get("gives")),
        minutes=_minutes(top.get("minutes")),
        inputs_name=_text(top.get("inputs_name")),
    )


def _text(entry: Entry | None) -> Text | None:
    return entry.text() if entry else None


def _minutes(entry: Entry | None) -> int | None:
    if entry is not None and entry.integer() < 1:
        raise entry.refusal("应为 1 或更大", "1 or more is wanted")
    return entry.integer() if entry else None


def _tree(top: Entry) -> Entry:
    top["tree"].only("aggregate", "children")
    return top["tree"]


def _plank_group(entry: Entry, reader: Reader, register: Register) -> PlankGroup:
    entry.only("plank", "weight", "aggregate", "children", "holes")
    plank = register.get(entry["plank"].string())
    if plank is None:
        raise entry["plank"].refusal(
            f"没有这块板：{entry['plank'].value}", f"no such plank: {entry['plank'].value}"
        )
    group = reader.group(entry, plank.code, plank.name, plank.code)
    return PlankGroup(plank.code, plank.kind, float(entry["weight"].share()), group)


def _leaves(
    top: Entry, root: Group | None, planks: tuple[PlankGroup, ...], inputs: tuple[Leaf, ...]
) -> dict[str, Leaf]:
    groups = [root] if root else [each.group for each in planks]
    every = [leaf for group in groups for leaf in group.leaves()] + list(inputs)
    for code, times in Counter(leaf.code for leaf in every).items():
        if times > 1:
            raise _place(top, code).refusal(f"题号 {code} 重复", f"leaf {code} stands twice")
    found = {leaf.code: leaf for leaf in every}
    for leaf in every:
        for name, code in leaf.names.items():
            if code not in found or found[code].kind not in ("number", "formula", "bands"):
                place = _place(top, leaf.code)["names"][name]
                raise place.refusal(
                    f"公式里的 {name} 没有对应的题：{code}", f"the formula's name {name} has no leaf {code}"
                )
    return found


def _place(entry: Entry, code: str) -> Entry:
    """The last entry that writes leaf ``code``, to name its line."""
    waiting, found = [entry], entry
    while waiting:
        each = waiting.pop(0)
        if isinstance(each.value, dict):
            if "leaf" in each and each["leaf"].value == code:
                found = each
            waiting += each.value.values()
        elif isinstance(each.value, list):
            waiting += each.value
    return found


def _refuse_wrong_planks(top: Entry, planks: tuple[PlankGroup, ...]) -> None:
    for kind, zh in (("stave", "桶板"), ("hoop", "桶箍")):
        rows = [row for row, each in zip(_rows(top, planks), planks, strict=True) if each.kind == kind]
        total = sum((row["weight"].share() for row in rows), Fraction())
        if rows and total != 1:
            raise top["planks"].refusal(
                f"{zh}权重之和为 {float(total):g}，应为 1", f"{kind} weights sum to {float(total):g}, not 1"
            )
    for code, times in Counter(each.plank for each in planks).items():
        if times > 1:
            raise top["planks"].refusal(f"{code} 写了两次", f"plank {code} stands twice")


def _rows(top: Entry, planks: tuple[PlankGroup, ...]) -> list[Entry]:
    return list(top["planks"].items()) if planks else []


def _holes(top: Entry, planks: tuple[PlankGroup, ...], leaves: Mapping[str, Leaf]) -> tuple[Hole, ...]:
    rows = zip(_rows(top, planks), planks, strict=True)
    return tuple(
        hole for row, each in rows for hole in read_holes(row.get("holes"), each.plank, each.kind, leaves)
    )


def _bearing(entry: Entry | None) -> Literal["mean", "minimum"]:
    if entry is None or entry.value == "mean":
        return "mean"
    if entry.value == "minimum":
        return "minimum"
    raise entry.refusal("应为 mean 或 minimum", "mean or minimum is wanted")


def list_rubrics() -> list[str]:
    """The ids of all rubrics at hand: those that ship and the cluster's own."""
    return [path.stem for path in data_files("rubrics", "*.yaml")]


def load_rubric(rubric_id: str) -> Rubric:
    """The rubric of this id. Raises ``UnknownRubric``, ``RubricRefused``."""
    return _library(DATA.read()).rubric(rubric_id)


@lru_cache(maxsize=4)
def _library(_own_data: Path | None) -> Library:
    files = {path.stem: path for path in data_files("rubrics", "*.yaml")}
    return Library(files, load_register(data_file("planks.yaml")))

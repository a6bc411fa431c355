"""Industry packs are data: read, refused by field, and named by no code."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from staveworks.kit.data import SHIPPED
from staveworks.kit.industries import PackRefused, load_industries, read_pack

SOURCE = Path(__file__).parents[2] / "src" / "staveworks"
GOOD = {
    "id": "bread",
    "name": {"zh": "面包", "en": "Bread"},
    "units": [{"code": "loaf", "name": {"zh": "个", "en": "loaf"}}, {"code": "kg", "name": {"zh": "公斤", "en": "kg"}}],
    "grades": [{"grade": 1, "name": {"zh": "合格", "en": "Standard"}}],
    "certificates": [{"code": "halal", "name": {"zh": "清真", "en": "Halal"}}],
    "operations": [
        {"code": "kneading", "name": {"zh": "和面", "en": "Kneading"}, "unit": "kg"},
        {"code": "baking", "name": {"zh": "烘烤", "en": "Baking"}, "unit": "loaf"},
    ],
    "families": [
        {
            "code": "rye",
            "name": {"zh": "黑麦", "en": "Rye"},
            "unit": "loaf",
            "uses": {"kneading": 0.75},
            "routes": [["kneading", "baking"]],
        }
    ],
}  # fmt: skip


def pack_with(tmp_path: Path, **changed: object) -> Path:
    path = tmp_path / "bread.yaml"
    path.write_text(yaml.safe_dump(GOOD | changed, allow_unicode=True), encoding="utf-8")
    return path


def test_a_pack_of_another_industry_is_read_by_the_same_code(tmp_path: Path) -> None:
    pack = read_pack(pack_with(tmp_path))
    assert [family.code for family in pack.families_at("kneading")] == ["rye"]
    assert pack.families[0].uses_at("kneading") == Decimal("0.75")
    assert pack.families[0].uses_at("baking") == 1


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("id", {"id": "cake"}),
        ("colour", {"colour": "brown"}),
        ("name", {"name": {"zh": "面包"}}),
        ("units", {"units": []}),
        ("grades[0].grade", {"grades": [{"grade": 3, "name": {"zh": "合格", "en": "Standard"}}]}),
        ("operations[0].unit", {"operations": [{"code": "kneading", "name": {"zh": "和", "en": "k"}, "unit": "litre"}]}),
        ("families[0].routes[0][1]", {"families": [GOOD["families"][0] | {"routes": [["kneading", "flying"]]}]}),  # type: ignore[index]
        ("families[0].uses", {"families": [GOOD["families"][0] | {"uses": {}}]}),  # type: ignore[index]
        ("families[0].weight", {"families": [GOOD["families"][0] | {"weight": -1}]}),  # type: ignore[index]
        ("certificates[1].code", {"certificates": GOOD["certificates"] * 2}),  # type: ignore[operator]
    ],
)  # fmt: skip
def test_a_faulty_pack_is_refused_at_its_field(
    tmp_path: Path, field: str, changed: dict[str, object]
) -> None:
    with pytest.raises(PackRefused) as refused:
        read_pack(pack_with(tmp_path, **changed))
    assert refused.value.field == field
    assert "bread.yaml" in refused.value.text.en


def test_the_packs_that_ship_are_read() -> None:
    industries = load_industries()
    assert {pack.id for pack in industries} >= {"textile", "machining"}
    for pack in industries:
        for operation in pack.operations:
            assert industries.pack_of(operation.code) is pack


def words_of_industries() -> set[str]:
    industries = load_industries()
    ids = {pack.id for pack in industries}
    return ids | set(industries.operations) | set(industries.families) | set(industries.certificates)


def literals_in(source: str) -> set[str]:
    return {
        node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }  # fmt: skip


def dispatching_files() -> list[Path]:
    """All code that handles capacity: the kit's packs, the room, its pages and its addresses."""
    folders = (
        SOURCE / "kit" / "industries",
        SOURCE / "mechanisms" / "dispatch",
        SOURCE / "web",
        SOURCE / "api",
    )
    return [path for folder in folders for path in folder.rglob("*.py")]


def test_no_code_names_an_operation_a_family_or_a_certificate() -> None:
    words, files = words_of_industries(), dispatching_files()
    assert len(files) > 100
    offending = {
        str(path): found for path in files if (found := literals_in(path.read_text("utf-8")) & words)
    }
    assert offending == {}


def test_a_planted_word_is_found() -> None:
    assert literals_in('if operation == "weaving": pass') & words_of_industries()


def test_each_shipped_pack_stands_where_a_cluster_can_replace_it() -> None:
    assert {path.stem for path in (SHIPPED / "industries").glob("*.yaml")} >= {"textile", "machining"}

"""Printed papers: our fonts alone, values never taken for markup, the palette and the barrel's styles those of the pages."""

import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from staveworks.cluster.barrel.picture.printed import STYLES
from staveworks.cluster.barrel.report.cells import shorten
from staveworks.kit import printing
from staveworks.kit.data import data_files
from staveworks.kit.printing import PrintingFailed, print_pdf, print_png, repr_digest
from tests.papers import Pdf

CSS = Path(__file__).parents[2] / "src" / "staveworks" / "web" / "static" / "css"
AT = datetime(2026, 11, 23, tzinfo=UTC)
TEMPLATE = """#import "/kit/printing/frame.typ": *
#show: paper.with(title: "t", left: [x])
= #values.text
"""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template of the test's own inside a copy of the package's root."""
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "printing").symlink_to(Path(printing.__file__).parent)
    monkeypatch.setattr(printing, "PACKAGE", tmp_path)
    path = tmp_path / "t.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def values(text: str, language: str = "zh") -> dict[str, str]:
    return {"language": language, "text": text}


@pytest.mark.parametrize(
    "text",
    ['#panic("no")', "*bold* _x_ $x^2$", '#read("/kit/data.py")', "\\ ~ <label> @cite", "[(#)]", "```raw```"],
)
def test_a_value_is_printed_as_it_is_and_never_run(template: Path, text: str) -> None:
    assert text.replace(" ", "") in Pdf(print_pdf(template, values(text), at=AT)).text.replace(" ", "")


def test_rare_characters_come_from_the_whole_font_where_the_bold_one_is_cut_down(template: Path) -> None:
    pdf = Pdf(print_pdf(template, values("锦澜㙱"), at=AT))
    assert "锦澜㙱" in pdf.text
    assert {"NotoSansSC-SemiBold", "NotoSansSC-Regular"} <= set(pdf.fonts)


def test_without_the_chinese_font_nothing_is_printed_instead_of_blanks(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    latin = [path for path in data_files("fonts", "*.ttf") if "Noto" not in path.name]
    folder = template.parent / "fonts"
    folder.mkdir()
    for path in latin:
        (folder / path.name).symlink_to(path)
    monkeypatch.setattr(printing, "data_files", lambda *_: [folder / path.name for path in latin])
    with pytest.raises(PrintingFailed, match=r"(?i)font"):
        print_pdf(template, values("锦澜, alone"), at=AT)


def test_a_template_that_is_wrong_says_where(template: Path) -> None:
    template.write_text("#nonsense", encoding="utf-8")
    with pytest.raises(PrintingFailed, match="nonsense"):
        print_pdf(template, values("broken"), at=AT)


def test_a_picture_is_one_page(template: Path) -> None:
    assert print_png(template, values("图"), ppi=40).startswith(b"\x89PNG")


def test_the_digest_is_the_files(template: Path) -> None:
    content = print_pdf(template, values("x"), at=AT)
    assert repr_digest(content) == f"sha-256=:{b64encode(sha256(content).digest()).decode()}:"


def tokens() -> dict[str, str]:
    light = (CSS / "tokens.css").read_text("utf-8").partition("prefers-color-scheme: dark")[0]
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{3,6});", light))


def test_the_palette_of_papers_is_the_pages(  # kept apart, since a paper has no stylesheet
) -> None:
    frame = (Path(printing.__file__).parent / "frame.typ").read_text("utf-8")
    said = dict(re.findall(r'#let ([a-z0-9-]+) = rgb\("(#[0-9a-f]{6})"\)', frame))
    assert said.pop("unknown") == "#8a6530", "the barrel's own"
    assert {name.removesuffix("-colour"): colour for name, colour in said.items()} == {
        name.removesuffix("-colour"): tokens()[name.removesuffix("-colour")] for name in said
    }


def rules(text: str) -> dict[str, dict[str, str]]:
    found = re.findall(r"(\.b-[\w.-]+)\s*\{([^}]*)\}", text)
    return {
        selector: {
            key.strip(): re.sub(r"var\(--([\w-]+)\)", lambda name: tokens()[name[1]], value.strip())
            for key, value in (line.split(":", 1) for line in body.split(";") if line.strip())
        }
        for selector, body in found
    }


def test_the_barrels_styles_on_paper_are_those_of_the_stylesheet() -> None:
    assert rules(STYLES) == rules((CSS / "barrel.css").read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "short"),
    [("锦澜织造", "锦澜织造"), ("锦澜织造厂", "锦澜织造…"), ("Jinlan Weaving", "Jinlan W…")],
)
def test_a_name_is_shortened_by_the_columns_it_takes(text: str, short: str) -> None:
    assert shorten(text, 8) == short

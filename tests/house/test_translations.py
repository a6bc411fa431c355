"""Every visible text of a template exists in both languages: no bare words stand outside of the language tags."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "src" / "staveworks" / "web" / "templates"
TAGS = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%\s*both\s*%}.*?{%\s*endboth\s*%}|{%.*?%}|{{.*?}}", re.S
)
SILENT = re.compile(r"<(script|style|svg|code|kbd|pre)\b.*?</\1>|<!--.*?-->|<[^>]*>|&\w+;", re.S)
ATTRIBUTES = re.compile(r"""\b(?:aria-label|title|placeholder|alt|data-busy)\s*=\s*"([^"{]*\w[^"{]*)\"""")
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"Staveworks", "中文", "English", "EN", "XLSX", "CSV", "API", "USCC", "TOTP", "JSON", "OpenAPI"}


def bare_words(template: str) -> list[str]:
    """Words that would show in one language only."""
    without_tags = TAGS.sub(" ", template)
    attributes = [word for text in ATTRIBUTES.findall(without_tags) for word in WORD.findall(text)]
    shown = WORD.findall(SILENT.sub(" ", without_tags))
    return [word for word in shown + attributes if word not in NAMES]


def half_said(template: str) -> list[str]:
    """``{% t %}`` tags that lack one of the two languages."""
    said = re.findall(r"{%\s*t\s+([^%]*?(?:%(?!})[^%]*?)*)%}", template)
    return [tag for tag in said if not (re.search(r"\bzh=", tag) and re.search(r"\ben=", tag))]


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_a_template_says_everything_in_both_languages(path: Path) -> None:
    template = path.read_text("utf-8")
    assert bare_words(template) == []
    assert half_said(template) == []


@pytest.mark.parametrize(
    "planted",
    ["<p>Bare words</p>", "<p>只有中文</p>", '<input placeholder="Your name">', '{% t zh="好" %}'],
)
def test_a_planted_untranslated_text_is_found(planted: str) -> None:
    assert bare_words(planted) or half_said(planted)

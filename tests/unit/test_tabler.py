"""The part of Tabler that pages read holds each rule they can use, and no style sheet turns a page by how a phone is held."""

from tools.build_styles import CLASS, USED, WEB, WHOLE, styles_of, used_rules, words_of


def classes(css: str) -> set[str]:
    return {name for name in CLASS.findall(css) if name[0].isalpha()}


def test_each_class_of_tablers_that_a_page_may_name_has_its_rules() -> None:
    usable = "".join(used_rules(WHOLE.read_text("utf-8"), words_of(WEB)))
    assert classes(usable) - classes(USED.read_text("utf-8")) == set(), "run tools/build_styles.py"


def test_no_style_sheet_asks_how_a_phone_is_held() -> None:
    """What axe would say of one (css-orientation-lock); it is not given the style sheets in the journeys."""
    assert "orientation:" not in styles_of(WEB) + USED.read_text("utf-8")

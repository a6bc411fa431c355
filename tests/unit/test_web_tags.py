"""The template tags: two languages, escaping, figures, fields, states; and what the templates may not hold."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

import staveworks.web
from staveworks.cluster.barrel.picture import Barrel, Height
from staveworks.kit.data import data_file
from staveworks.kit.figures import between
from staveworks.kit.intervals import Interval
from staveworks.kit.planks import Plank, Register, load_register
from staveworks.kit.text import Text
from staveworks.web import figures
from staveworks.web.icons import ICONS
from staveworks.web.planks import plank_stylesheet

WEB = Path(staveworks.web.__file__).parent
STAVE = Height.known("rnd", Text(zh="研发设计", en="R&D"), "bulb", 34)
BARREL = Barrel("锦澜织造", (STAVE,), (), Interval.point(34), Interval.point(100), "rnd")


def said(source: str, language: str = "zh-hans", **context: Any) -> str:
    """A template rendered in a language, spaces squeezed."""
    with translation.override(language):
        values = RequestContext(context.pop("request")) if "request" in context else Context()
        values.update(context)
        text = Template("{% load staveworks %}" + source).render(values)
    return re.sub(r"\s+", " ", text).strip()


def test_a_text_is_said_in_the_readers_language() -> None:
    source = '{% t zh="水位 {w}" en="Water level {w}" w=w %}'
    assert (said(source, w=34), said(source, "en", w=34)) == ("水位 34", "Water level 34")


def test_values_in_a_text_are_escaped_and_its_own_markup_is_not() -> None:
    source = '{% t zh="<b>{x}</b>" en="" x=x %}'
    assert said(source, x="<i>") == "<b>&lt;i&gt;</b>"
    assert said(source, x=mark_safe("<i>")) == "<b><i></b>"


def test_english_chooses_its_plural() -> None:
    source = '{% t zh="{n} 家" en="{n} firm|{n} firms" n=n %}'
    assert [said(source, "en", n=n) for n in (0, 1, 2)] == ["0 firms", "1 firm", "2 firms"]


def test_a_text_can_be_kept_in_a_variable() -> None:
    assert said('{% t zh="甲" en="a" as x %}[{{ x }}]') == "[甲]"


def test_markup_in_two_languages_shows_one_of_them() -> None:
    source = "{% both %}<b>水</b>{% en %}<b>water</b>{% endboth %}"
    assert (said(source), said(source, "en-gb")) == ("<b>水</b>", "<b>water</b>")


def test_say_prints_texts_and_escapes_them() -> None:
    assert said("{{ x|say }}", "en", x=Text(zh="研发", en="R&D")) == "R&amp;D"
    assert said("{{ x|say }}", x="as it is") == "as it is"


def test_every_icon_of_the_register_and_of_the_templates_is_vendored() -> None:
    used = {plank.icon for plank in load_register(data_file("planks.yaml")).values()}
    for path in WEB.rglob("*.html"):
        used |= set(re.findall(r'{%\s*icon "([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    assert not used - set(ICONS)


def test_an_icon_takes_the_texts_colour_and_is_silent_unless_named() -> None:
    assert said('{% icon "truck" %}').startswith(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path'
    )
    assert 'role="img" aria-label="&lt;"' in said('{% icon "truck" label="<" %}')
    assert "<path" in said('{% icon "../../etc/passwd" %}')


def test_a_plank_is_named_in_its_colour_from_whatever_register_is_given() -> None:
    green = Plank(
        "green", "stave", Text(zh="绿色", en="Green"), Text(zh="", en=""), "leaf", ("#007700", "#77ff77")
    )
    assert "绿色" in said('{% plank "green" %}', register=Register([green]))
    assert 'class="plank plank-procurement"' in said('{% plank "procurement" %}')
    assert said('{% plank "nobody" %}') == "nobody"


def test_the_planks_stylesheet_holds_both_themes_and_nothing_that_is_not_a_colour() -> None:
    evil = Plank(
        "x", "stave", Text(zh="", en=""), Text(zh="", en=""), "x", ("red;}body{display:none", "#000000")
    )
    css = plank_stylesheet(Register([*load_register(data_file("planks.yaml")).values(), evil]))
    assert ".plank-rnd{color:#7E4D93}" in css
    assert ".plank-rnd{color:#CFA5E2}" in css.split("prefers-color-scheme:dark")[1]
    assert "display" not in css


def test_figures_are_printed_as_the_design_says() -> None:
    assert [figures.money(f) for f in (2_720_000, -5_760)] == ["¥27,200.00", "−¥57.60"]
    assert figures.amount(-262_920) == "−2,629.20"
    assert figures.money_short(571_500_000, "zh") == "¥571.50\u00a0万"
    assert figures.money_short(571_500_000, "en") == "¥5.72\u00a0m"
    assert figures.money_short(960_000, "zh") == "¥9,600.00"
    assert [figures.lift(v) for v in (5.2, -0.1, 0.04, -0.04)] == ["+5.2", "−0.1", "0.0", "0.0"]
    assert [figures.level(v) for v in (33.5, Interval(34, 37, 41), Interval(33.6, 34, 34.4))] == [
        "34",
        "34–41",
        "34",
    ]
    assert figures.mean(50.75) == "50.8"
    assert [figures.few(4, "zh"), figures.few(4, "en"), figures.few(5, "en")] == [
        "不足 5",
        "fewer than 5",
        "5",
    ]
    assert (figures.percent(0.0027, "en", 2), figures.percent(0.3, "zh")) == ("0.27\u00a0%", "30%")
    assert figures.number(1234567.891, 1) == "1,234,567.9"


def test_dates_have_a_form_for_tables_and_one_for_prose() -> None:
    moment = datetime(2025, 11, 22, 17, 5, tzinfo=UTC)  # next day, 01:05, in Shanghai
    assert (figures.day(moment), figures.clock(moment)) == ("2025-11-23", "01:05")
    assert (figures.day_prose(moment, "zh"), figures.day_prose(moment, "en")) == (
        "2025年11月23日",
        "23 Nov 2025",
    )
    this_year = date.today().replace(month=3, day=2)  # noqa: DTZ011
    assert (figures.day_prose(this_year, "zh"), figures.day_prose(this_year, "en")) == ("3月2日", "2 Mar")


def test_filters_print_a_dash_for_none() -> None:
    source = "{{ x|level }} {{ x|money }} {{ x|day }} {{ x|few }} {{ x|dash }}"
    assert said(source, x=None) == "– – – – –"
    assert said("{{ x|level }} {{ x|number:1 }}", x=2.5) == "3 2.5"


def test_a_plank_as_it_stands_can_be_printed_as_a_level() -> None:
    leaking = Height.known("rnd", Text(zh="", en=""), "bulb", 64, hole=46)
    assert said("{{ x|level }}", x=leaking) == "46"


def test_a_state_is_shape_and_word() -> None:
    assert (
        said('{% state "yours" zh="轮到您" en="your turn" %}')
        == '<span class="state state-yours">轮到您</span>'
    )
    with pytest.raises(TemplateSyntaxError):
        said('{% state "urgent" zh="急" en="urgent" %}')


def test_the_barrel_is_drawn_wide_and_narrow_under_one_prefix() -> None:
    text = said('{% barrel view prefix="x" %}', view=BARREL)
    assert re.findall(r'id="([a-z-]+)"', text) == [
        "x-w-t",
        "x-w-d",
        "x-w-hatch",
        "x-n-t",
        "x-n-d",
        "x-n-hatch",
    ]
    assert 'class="glyph"' in said("{% glyph view 24 %}", view=BARREL)
    assert 'class="level-bar"' in said("{% level_bar stave water=34 %}", stave=STAVE)
    assert "<caption" in said("{% barrel_table view %}", view=BARREL)


class Form(forms.Form):
    code = forms.CharField(label=Text(zh="代码", en="Code"), help_text="18")  # type: ignore[arg-type]
    agree = forms.BooleanField(label="ok")
    quotes = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("0", Text(zh="不比价", en="None")), ("1", "2")],
        required=False,
    )

    def clean_code(self) -> str:
        raise forms.ValidationError(Text(zh="末位应为 8。", en="It should end in 8."))  # type: ignore[arg-type]


def test_a_field_says_its_error_at_the_control_in_the_readers_language() -> None:
    form = Form({"code": "<9>"})
    for language, words in (("zh-hans", "末位应为 8。"), ("en", "It should end in 8.")):
        text = said("{% field form.code %}", language, form=form)
        assert 'aria-describedby="id_code_error id_code_helptext"' in text
        assert 'aria-invalid="true"' in text
        assert f'<p class="error" id="id_code_error">{words}</p>' in text
        assert 'value="&lt;9&gt;"' in text


def test_answers_are_buttons_in_a_named_group() -> None:
    text = said("{% field form.quotes %}", form=Form())
    assert "<fieldset" in text
    assert "<span>不比价</span>" in text
    assert text.count('type="radio"') == 2
    assert "（选填）" in text


def test_the_summary_of_errors_links_to_their_fields() -> None:
    text = said("{% form_errors form %}", form=Form({"code": "1"}))
    assert '<a href="#id_code">代码</a>' in text
    assert said("{% form_errors form %}", form=Form()) == ""


def test_a_header_sorts_by_its_column_and_then_the_other_way_round() -> None:
    def header(query: str) -> str:
        return said(
            '{% th "level" zh="水位" en="Level" number=True %}', request=RequestFactory().get("/" + query)
        )

    assert 'href="?sort=level"' in header("?page=3")
    assert 'href="?city=1&amp;sort=-level"' in header("?city=1&sort=level")
    assert 'aria-sort="descending"' in header("?sort=-level")
    assert said('{% th zh="城市" en="City" opt=True %}') == '<th scope="col" class="opt">城市</th>'


def test_pages_keep_the_filters() -> None:
    page = Paginator(range(200), 20).page(5)
    text = said(
        '{% include "parts/pagination.html" %}',
        "en",
        page=page,
        request=RequestFactory().get("/?city=1&page=5"),
    )
    assert "81–100 of 200" in text
    assert 'href="?city=1&amp;page=6"' in text


def test_only_our_own_addresses_undo() -> None:
    assert said('{{ "success undo:/x/7"|undo_url }}') == "/x/7"
    assert said('{{ "undo://evil.example/"|undo_url }}') == ""


def test_no_template_holds_an_inline_style_or_script() -> None:
    forbidden = re.compile(
        r'\sstyle\s*=|\son[a-z]+\s*=\s*"|<style|<script(?![^>]*\bsrc=)|href="javascript:', re.IGNORECASE
    )
    found = [p.name for p in WEB.rglob("*.html") if forbidden.search(p.read_text(encoding="utf-8"))]
    assert found == []


def test_vendored_files_name_no_source_map_and_carry_their_licences() -> None:
    vendor = WEB / "static" / "vendor"
    for folder in vendor.iterdir():
        assert (folder / "LICENSE").exists(), folder.name
        for path in [*folder.rglob("*.css"), *folder.rglob("*.js")]:
            assert "sourceMappingURL" not in path.read_text(encoding="utf-8")


class NoAddresses:
    """A site without pages: what the frame links to is left out, and the test needs no other part of the house."""

    urlpatterns: list[Any] = []


@pytest.mark.parametrize("page", ["403.html", "404.html", "429.html", "500.html", "refused.html"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_pages_say_what_is_safe(page: str, language: str, settings: Any) -> None:
    settings.ROOT_URLCONF = NoAddresses
    text = said(
        f'{{% include "{page}" %}}', language, error_text=Text(zh="已过期。", en="Expired."), reference="7F3A"
    )
    assert "7F3A" in text
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in text


@pytest.mark.parametrize(
    ("low", "high", "apart"),
    [(24.52, 53.06, "28"), (24.5, 53.1, "28"), (24.46, 53.04, "29"), (40, 40, "0")],
)
def test_two_levels_are_as_far_apart_as_they_are_shown(low: float, high: float, apart: str) -> None:
    assert between(low, high) == apart


def test_ids_are_not_broken_behind_their_hyphens() -> None:
    shown = said("{{ text|unbroken }}", text="L-2001 & 锦澜-weaving，<b>")
    assert shown == (
        '<span class="nowrap">L-2001</span> &amp; 锦<span class="nowrap">澜-weaving</span>，&lt;b&gt;'
    )
    assert said("{{ text|unbroken }}", text="A & B") == "A &amp; B"
    assert "nowrap" not in said("{{ text|unbroken }}", text="x" * 30 + "-1"), "wider than a phone"
    both = Text(zh="第 W-1 周", en="week W-1")
    assert said("{{ text|unbroken }}", "en", text=both) == 'week <span class="nowrap">W-1</span>'

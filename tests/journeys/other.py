"""A journey in both languages and at both sizes, walked once: what the page that somebody is on says in the other language,
rendered here, without a second browser; and how it lies in a window of the other size, without another load.

>>> page = in_other_language(browser_page)         # Chinese, if she reads English
>>> page.leads("公布方案")                          # a button or a link of that name is on it
>>> page.says("没有改动")                           # that text stands on it
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.utils import translation
from lxml import etree, html
from playwright.sync_api import Locator, Page

from tests.journeys.site import fits, sound, turning

OTHER = {"en": "zh-hans", "zh-hans": "en"}
PRESSED = "//a | //button | //summary | //*[@role='button']"


@dataclass(frozen=True)
class OtherPage:
    """A page as its HTML says it; scripts have not run in it."""

    address: str
    root: html.HtmlElement

    def leads(self, name: str) -> bool:
        """A button or link of exactly this name, with its key if it has one."""
        whole = re.compile(rf"{re.escape(name)}( [A-Z])?")
        return any(whole.fullmatch(said) for each in self.root.xpath(PRESSED) for said in names(each))

    def says(self, text: str) -> bool:
        return any(
            text in (plain(each.text_content()), plain(each.text or "")) for each in self.root.iter("*")
        )

    def holds(self, text: str) -> bool:
        """That text stands somewhere on it, or names something to those who can't see it."""
        return text in plain(self.root.text_content()) or any(
            text in said for said in self.root.xpath("//@aria-label")
        )


def in_other_language(page: Page) -> OtherPage:
    """The address that ``page`` is on, for the same person in the language she has not chosen."""
    cookies = {str(each["name"]): str(each["value"]) for each in page.context.cookies()}
    name = settings.LANGUAGE_COOKIE_NAME
    client = Client(headers={"user-agent": page.evaluate("navigator.userAgent")})
    client.cookies.load(cookies | {name: OTHER[cookies[name]]})
    address = urlsplit(page.url)._replace(scheme="", netloc="", fragment="").geturl()
    with translation.override(OTHER[cookies[name]]):
        answer = client.get(address)
    assert answer.status_code < 500, f"{address}: {answer.status_code}"
    assert answer.content, f"{address}: {answer.status_code} {answer.headers.get('Location', '')}"
    root = html.fromstring(answer.content.decode())
    etree.strip_elements(root, "script", "style", "svg", with_tail=False)
    return OtherPage(address, root)


def press(page: Page, zh: str, en: str, *, last: bool = False) -> None:
    """The button or link of this name, which has the other name in the other language; the page that it leads to is there."""
    named(page, zh, en)
    with turning(page):
        of_name(page, zh, en, last=last).click()


def of_name(page: Page, zh: str, en: str, *, last: bool = False) -> Locator:
    name = zh if language_of(page) == "zh-hans" else en
    either = page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    )
    seen = either.filter(visible=True)
    return seen.last if last else seen.first


def named(page: Page, zh: str, en: str) -> None:
    """The page in the other language has a button or link of its name."""
    name, other = en if language_of(page) == "zh-hans" else zh, in_other_language(page)
    assert other.leads(name), f"nothing is called {name} on {other.address}"


def told(page: Page, zh: str, en: str) -> None:
    """The text stands on the page, and the other one on it in the other language."""
    here, there = (zh, en) if language_of(page) == "zh-hans" else (en, zh)
    page.get_by_text(here).filter(visible=True).first.wait_for()
    other = in_other_language(page)
    assert other.holds(there), f"{there} is not on {other.address}"


def language_of(page: Page) -> str:
    """As it was opened with."""
    kept = {str(each["name"]): str(each["value"]) for each in page.context.cookies()}
    return kept[settings.LANGUAGE_COOKIE_NAME]


def look(page: Page, *, other: tuple[int, int]) -> None:
    """Nothing to scroll sideways for in a window of its size, nor in one of the ``other``; and nothing that axe finds."""
    own = page.viewport_size
    assert own
    page.set_viewport_size({"width": other[0], "height": other[1]})
    fits(page)
    page.set_viewport_size(own)
    sound(page)


def names(element: html.HtmlElement) -> list[str]:
    """What a button or link may be called by, without the number of what waits behind it."""
    said = element.xpath(".//text()[not(ancestor::*[contains(concat(' ', @class, ' '), ' count ')])]")
    return [plain("".join(said)), plain(element.get("aria-label") or "")]


def plain(text: str) -> str:
    return " ".join(text.split())

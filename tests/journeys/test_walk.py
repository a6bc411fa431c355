"""The whole way in a browser: from the short stave to the used studio, the test report, the accepted design, and everybody's books.

Walked once, by some in Chinese on a phone, by others in English at a desk.

What the walk isn't about (offers, barrel, the sealing and its deadline, the warehouse's own delivery) is set up by use cases.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from staveworks.foundation.parties.types import Actor
from staveworks.trade.orders.queries import access_line, list_desk
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from tests.addresses import PNG
from tests.bidding import wait_until
from tests.booking import monday
from tests.journeys.other import OtherPage, in_other_language
from tests.journeys.site import DESKTOP, PHONE, Site, fits, sound, turning
from tests.rooms.barrel.conftest import data_folder, small_rubric
from tests.rooms.notices.happening import catch_up
from tests.skew import its_clock_says
from tests.testing import PDF
from tests.walk import BOOKS, Walk, make_walk

__all__ = ["data_folder", "small_rubric"]


@dataclass(frozen=True, slots=True)
class Window:
    """The buyer's side walks in Chinese on a phone, everybody else in English at a desk."""

    page: Page
    language: str
    size: tuple[int, int]


@dataclass
class Walker:
    """Everybody at a browser, one after the other at the same. Each word is looked for in the other language too, each page at
    the other size."""

    site: Site
    buyers: tuple[Actor, ...]
    windows: dict[str, Window] = field(default_factory=dict)
    now: Window = field(init=False)

    def at(self, actor: Actor, path: str) -> Page:
        """Her side's window, on ``path``, for her."""
        language, size = ("zh-hans", PHONE) if actor in self.buyers else ("en", DESKTOP)
        if language not in self.windows:
            page = self.site.open(path, actor, size=size, language=language)
            self.windows[language] = Window(page, language, size)
        else:
            self.site.become(self.windows[language].page, actor, path)
        self.now = self.windows[language]
        return self.now.page

    def say(self, zh: str, en: str) -> str:
        return zh if self.now.language == "zh-hans" else en

    def elsewhere(self, zh: str, en: str) -> tuple[OtherPage, str]:
        """The page in the other language, and the word to look for on it."""
        return in_other_language(self.now.page), (en if self.now.language == "zh-hans" else zh)

    def press(self, page: Page, zh: str, en: str, *, exact: bool = True) -> None:
        """The button or link of this name that is to be seen; the page that it leads to is there."""
        name = self.say(zh, en)
        other, its_name = self.elsewhere(zh, en)
        assert other.leads(its_name) if exact else other.holds(its_name), f"{its_name}: {other.address}"
        either = page.get_by_role("button", name=name, exact=exact).or_(
            page.get_by_role("link", name=name, exact=exact)
        )
        with turning(page):
            either.locator("visible=true").first.click()

    def fill(self, page: Page, zh: str, en: str, text: str) -> None:
        page.get_by_label(self.say(zh, en)).locator("visible=true").first.fill(text)
        other, its_label = self.elsewhere(zh, en)
        assert other.holds(its_label), f"{its_label}: {other.address}"

    def sees(self, page: Page, zh: str, en: str) -> None:
        expect(page.get_by_text(self.say(zh, en)).first).to_be_visible()
        other, its_words = self.elsewhere(zh, en)
        assert other.holds(its_words), f"{its_words}: {other.address}"

    def look(self, page: Page) -> None:
        self.fits(page)
        sound(page)

    def fits(self, page: Page) -> None:
        for width, height in (DESKTOP if self.now.size == PHONE else PHONE, self.now.size):
            page.set_viewport_size({"width": width, "height": height})
            fits(page)


def test_from_the_short_stave_to_the_books_of_everybody(site: Site, small_rubric: Any) -> None:
    walk = make_walk(site.world)
    walker = Walker(site, (walk.xu, walk.world.lin))
    contract = project_awarded(walk, walker)
    order = prescription_in_the_draft(walk, walker)
    time_and_samples_chosen(walk, walker, order)
    held_and_approved(walk, walker, order)
    warehouse_used(walk)
    studio_used(walk, walker)
    split(walk, walker, samples_reported(walk, walker))
    milestone_accepted(walk, walker, contract)
    catch_up()
    order_done(walk, walker, order)
    books_read(walk, walker)
    assert walk.books() == BOOKS
    assert walk.faults() == []


def project_awarded(walk: Walk, walker: Walker) -> str:
    """Sealed before, opened by its provider with its code, awarded by the buyer; the contract's page."""
    request = walk.request(seconds=1)
    walk.bidding.seal(walk.design, request, 800_000)
    wait_until(request, walk.xu)
    page = walker.at(walk.design, f"/requests/{request}/")
    walker.fill(page, "开标码", "Code", walk.bidding.codes[request, walk.design.org])
    walker.press(page, "开标", "Open it")
    page = walker.at(walk.xu, f"/requests/{request}/")
    page.get_by_role("radio").first.check()
    page.locator("form[action$='/award/'] textarea").fill("经验多")
    walker.press(page, "定标，节点进订单", "Award: milestones go into the order")
    walker.look(page)
    return page.url.removeprefix(walker.site.url).partition("#")[0]


def prescription_in_the_draft(walk: Walk, walker: Walker) -> str:
    """The barrel's page leads to it; what it chose is in the draft, or said to be missing there."""
    page = walker.at(walk.xu, "/barrel/")
    walker.press(page, "看处方", "See the prescription")
    page.locator("#id_budget_fen").fill("5000")
    page.locator("#id_budget_fen").press("Enter")
    expect(page.get_by_role("heading", name=walker.say("选中的", "Chosen"), exact=True)).to_be_visible()
    walker.look(page)
    walker.press(page, "做成订单草稿", "Make an order draft")
    walker.look(page)
    return page.url.removeprefix(walker.site.url).partition("#")[0]


def time_and_samples_chosen(walk: Walk, walker: Walker, order: str) -> None:
    """From the draft to each offer that asks, and back with it."""
    page = walker.now.page
    walker.press(page, "选时间", "Choose a time", exact=False)
    page.goto(page.url.partition("#")[0] + f"?day={monday()}#price")  # any day with two free hours
    with turning(page):
        page.locator(".times a").first.click()
    walker.fill(page, "时长", "How long", "120")
    walker.press(page, "算一下价格", "Work out the price")
    walker.press(page, "加入订单", "Add to the order")
    assert order in page.url
    walker.press(page, "填写要求", "Fill in what it asks", exact=False)
    walker.fill(page, "样品", "Samples", "漂白布 1 号\n漂白布 2 号")
    page.get_by_role("checkbox").first.check()
    walker.press(page, "算一下价格", "Work out the price")
    walker.press(page, "加入订单", "Add to the order")
    expect(page.get_by_text("¥12,560.00").first).to_be_visible()
    walker.sees(page, "预计抵 ¥600.00", "should pay ¥600.00")


def held_and_approved(walk: Walk, walker: Walker, order: str) -> None:
    page = walker.now.page
    walker.press(page, "占住，去确认", "Hold and review")
    walker.press(page, "提交审批", "Send for approval")
    catch_up()
    page = walker.at(walk.world.lin, "/todo/")
    walker.press(page, "审批一张 ¥12,560.00 的订单", "Approve an order of ¥12,560.00", exact=False)
    if page.url != walker.site.url + order:
        walker.press(page, "看订单", "See the order")
    walker.fits(page)
    walker.press(page, "批准并下单", "Approve and place")
    catch_up()


def warehouse_used(walk: Walk) -> None:
    line = placed_with(walk.store)
    confirm_line(walk.store, line_id=line)
    deliver_part(walk.store, line_id=line, text="已入仓", last=True)
    accept_line(walk.xu, line_id=line)


def studio_used(walk: Walk, walker: Walker) -> None:
    """Taken, arrived, used, accepted."""
    line = placed_with(walk.studio)
    page = walker.at(walk.studio, "/lines/")
    walker.press(page, "直播间按小时", "Streaming studio by the hour")
    walker.press(page, "接单", "Take the order")
    starts_at = access_line(walk.studio, line_id=line).quote.starts_at
    assert starts_at
    with pytest.MonkeyPatch.context() as patch:  # the time that is booked has come
        its_clock_says(patch, starts_at)
        walker.press(page, "开始交付", "Begin")
        walker.fill(page, "交付内容", "What was delivered", "用完两小时")
        walker.press(page, "记下交付", "Record the delivery")
    page = walker.at(walk.xu, f"/lines/{line}/")
    walker.press(page, "验收", "Accept")


def samples_reported(walk: Walk, walker: Walker) -> UUID:
    """Taken, samples received, results, the report; the line."""
    line = placed_with(walk.lab)
    page = walker.at(walk.lab, f"/lines/{line}/")
    walker.press(page, "接单", "Take the order")
    catch_up()
    page.reload()
    walker.press(page, "样品与报告", "Samples and reports")
    page.locator("form[action$='/custody/'] input[name=place]").fill("收样柜 A3")
    with turning(page):
        page.locator("form[action$='/custody/'] .row-actions button").click()
    for value in page.locator("input[name^='value-']").all():
        value.fill("512")
    walker.press(page, "记下结果", "Record the results")
    walker.look(page)
    page.locator("form[action$='/report/'] input[type=file]").set_input_files(
        {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    walker.press(page, "交付报告", "Deliver the report")
    return line


def split(walk: Walk, walker: Walker, line: UUID) -> None:
    """The buyer stands by half, the laboratory by all; the operator reads the report and lets three quarters stand."""
    page = walker.at(walk.xu, f"/lines/{line}/")
    walker.press(page, "样品与报告", "Samples and reports")
    read_report(page)
    page.go_back()
    page.locator("summary", has_text=walker.say("有问题", "Something is wrong")).click()
    page.locator("#dispute_reason").fill("2 号样的强力没有复测")
    page.locator("#dispute_stands_fen").fill("600")
    walker.press(page, "提出争议", "Open a dispute")
    page = walker.at(walk.lab, f"/lines/{line}/")
    page.locator("#answer_text").fill("标准不要求复测")
    walker.press(page, "不同意，请裁定", "Disagree, ask for a decision")
    page = walker.at(walk.world.gao, "/disputes/")
    walker.press(page, "面料性能检测", "Fabric performance test")
    walker.fits(page)
    walker.press(page, "样品与报告", "Samples and reports")
    read_report(page)
    walker.press(page, "回到争议", "Back to the dispute")
    page.locator("#decide_accepted_fen").fill("900")
    page.locator("#decide_reason").fill("各让一步")
    walker.press(page, "裁定", "Decide")


def read_report(page: Page) -> None:
    with page.expect_download() as download:
        page.locator("a[href^='/reports/']").click()
    assert download.value.path().read_bytes() == PDF


def milestone_accepted(walk: Walk, walker: Walker, contract: str) -> None:
    page = walker.at(walk.design, contract)
    walker.press(page, "接单", "Confirm the order")
    page.locator("summary", has_text=walker.say("交付这个节点", "Deliver this milestone")).click()
    page.locator("form[action$='/deliver/'] textarea").fill("小样与工艺单")
    page.locator("form[action$='/deliver/'] input[type=file]").set_input_files(
        {"name": "样.png", "mimeType": "image/png", "buffer": PNG}
    )
    walker.press(page, "交付", "Deliver")
    page = walker.at(walk.xu, contract)
    walker.look(page)
    walker.press(page, "验收", "Accept")


def order_done(walk: Walk, walker: Walker, order: str) -> None:
    page = walker.at(walk.xu, order)
    walker.sees(page, "已完成。", "Done.")
    walker.sees(page, "已抵 ¥450.00", "paid ¥450.00")
    walker.fits(page)


def books_read(walk: Walk, walker: Walker) -> None:
    """Everybody's books, and her statement with what is owed to her or by her, come to what was worked out by hand."""
    for name, actor in walk.parties.items():
        page = walker.at(actor, "/books/")
        amounts = [fen(each) for each in page.locator("tbody td.strong").all_inner_texts()]
        assert sorted(amounts) == sorted(BOOKS[name].values()), name
        with turning(page):
            page.locator("tbody th a").first.click()
        closing = page.locator("tfoot td b")
        assert fen(closing.inner_text()) in BOOKS[name].values(), name
        walker.fits(page)


def placed_with(provider: Actor) -> UUID:
    (line,) = list_desk(provider, states=[LineState.PLACED])
    return line.id


def fen(amount: str) -> int:
    """``−3,000.00`` as the page prints it."""
    return round(float(amount.strip().replace("−", "-").replace(",", "")) * 100)

"""The plan on canvas at ten thousand bars: what is drawn, what is in the page, how often it paints. Counted, not timed."""

import json

import pytest
from playwright.sync_api import Page

from tests.journeys.site import DESKTOP, Site
from tests.seasons import dispatched

pytestmark = [pytest.mark.browser]
ROWS, A_ROW = 500, 20
COUNT = """() => {
  window.drawn = 0; window.painted = 0;
  const [bar, clear] = [CanvasRenderingContext2D.prototype.roundRect, CanvasRenderingContext2D.prototype.clearRect];
  CanvasRenderingContext2D.prototype.roundRect = function (...all) { window.drawn++; return bar.apply(this, all); };
  CanvasRenderingContext2D.prototype.clearRect = function (...all) { window.painted++; return clear.apply(this, all); };
}"""
SCROLL = """async (steps) => {
  const pane = document.querySelector(".gantt-pane");
  const frame = () => new Promise(requestAnimationFrame);
  await frame(); await frame();
  window.drawn = 0; window.painted = 0;
  for (let i = 0; i < steps; i++) {
    for (let j = 0; j < 5; j++) { pane.scrollTop += 40; pane.dispatchEvent(new Event("scroll")); }
    await frame();
  }
  await frame(); await frame();
  return { drawn: window.drawn, painted: window.painted, top: pane.scrollTop };
}"""


def many() -> str:
    """Bars as the server sends them: 500 work centres, 20 lots each over 20 weeks."""
    count = ROWS * A_ROW
    rows = [
        {
            "id": f"w{at}",
            "name": f"w{at}",
            "firm": f"企业 {at}",
            "city": f"c{at // 100}",
            "operation": "weaving",
            "hours": [40] * A_ROW,
        }
        for at in range(ROWS)
    ]
    bars = {
        "row": [at // A_ROW for at in range(count)],
        "from": [at % A_ROW for at in range(count)],
        "to": [at % A_ROW + 0.9 for at in range(count)],
        "line": list(range(count)),
        "lot": [0] * count,
        "step": [0] * count,
        "quantity": [100] * count,
        "late": [int(at % 50 == 0) for at in range(count)],
    }
    said = {"buckets": A_ROW, "lines": [f"L-{at}" for at in range(count)], "rows": rows, "bars": bars}
    return json.dumps(said)


def opened(site: Site) -> Page:
    run = dispatched(site.world.gao, lines=6)
    page = site.open("/dispatch/", site.world.gao, size=DESKTOP, language="en")
    page.route("**/bars/", lambda route: route.fulfill(body=many(), content_type="application/json"))
    page.goto(page.url.replace("/dispatch/", f"/dispatch/runs/{run}/"))
    page.locator(f"[data-gantt][data-ready='{ROWS * A_ROW}']").wait_for()
    return page


def test_only_what_is_seen_is_drawn_and_no_bar_is_an_element(site: Site) -> None:
    page = opened(site)
    assert page.locator("[data-gantt] *").count() < 30
    page.evaluate(COUNT)
    steps = 30
    done = page.evaluate(SCROLL, steps)
    assert done["top"] > steps * 100, "it has moved through the rows"
    assert done["painted"] <= steps + 3, "once a frame, however often it is scrolled"
    seen = 17 * A_ROW  # rows that fit into 460 px, all weeks
    assert done["drawn"] / done["painted"] <= seen


def test_the_keyboard_reaches_the_last_bar_of_ten_thousand(site: Site) -> None:
    page = opened(site)
    page.locator("[data-gantt] canvas").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert page.locator("[data-gantt-said]").inner_text().startswith("L-40 ")
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-gantt-said]").inner_text().startswith("L-41 ")

"""An owner declares her capacity: on a phone in Chinese, at a desk in English; the operator sees it; a tap confirms it."""

from uuid import UUID

from staveworks.db.transaction import acting
from staveworks.foundation.notices.models import Todo
from staveworks.foundation.notices.usecases.issue_link import issue_link
from staveworks.foundation.parties.types import Actor
from staveworks.jobs.todos.settling import settle
from staveworks.mechanisms.dispatch.queries import my_capacity
from tests.capacity import KEQIAO, WUJIANG, declare, settle_in
from tests.journeys.site import DESKTOP, PHONE, SMALL, Site, fits, sound, turning
from tests.rooms.dispatch.test_registry import backdate


def test_capacity_is_declared_on_a_phone_in_chinese(site: Site) -> None:
    owner = site.world.lin
    settle_in(owner, KEQIAO)
    phone = site.open("/capacity/", owner, size=PHONE)
    sound(phone)
    with turning(phone):
        phone.get_by_role("link", name="登记工作中心").click()
    sound(phone)
    with turning(phone):
        phone.get_by_role("link", name="织造").click()
    phone.get_by_label("名称").fill("1 号喷水织机")
    phone.get_by_label("一等品").check()
    family = phone.get_by_role("group", name="涤纶长丝面料")
    family.get_by_label("单价（元/米）").fill("0.385")
    phone.get_by_label("一天开工几小时").fill("20")
    sound(phone)
    with turning(phone):
        phone.get_by_role("button", name="登记工作中心").click()
    phone.get_by_text("填大于 0 的数，如 4000。").wait_for()
    family.get_by_label("速度（米）").fill("4000")
    with turning(phone):
        phone.get_by_role("button", name="登记工作中心").click()
    phone.get_by_text("还没有申报空闲时间。").wait_for()
    phone.get_by_label("每天空闲几小时").fill("6.5")
    with turning(phone):
        phone.get_by_role("button", name="申报", exact=True).click()
    sound(phone)
    with acting(org=owner.org):
        backdate(7)
    phone.goto(f"{site.url}/capacity/")
    with turning(phone):
        phone.get_by_role("button", name="都还对，确认").click()
    phone.get_by_text("已确认，1 段空闲时间继续有效。").wait_for()
    phone.get_by_text("今天确认过").wait_for()
    sound(phone)
    (centre,) = my_capacity(owner).centres
    assert (centre.capabilities[0].price, float(centre.weeks[1].fresh)) == ("0.385", 39)


def test_capacity_is_declared_at_a_desk_in_english_and_seen_by_the_operator(site: Site) -> None:
    owner = site.world.wu
    settle_in(owner, WUJIANG)
    desk = site.open("/capacity/new/dyeing/", owner, size=DESKTOP, language="en")
    desk.get_by_label("Name").fill("Jet dyeing")
    desk.get_by_label("First class").check()
    family = desk.get_by_role("group", name="Cotton poplin")
    family.get_by_label("Price (yuan per m)").fill("1.20")
    family.get_by_label("Speed (m)").fill("600")
    desk.get_by_label("an hour").check()
    desk.get_by_label("Hours a day", exact=True).fill("24")
    desk.get_by_text("Certificates (optional)").click()
    held = desk.get_by_role("group", name="OEKO-TEX STANDARD 100")
    held.get_by_label("Number").fill("SH 025 1")
    held.get_by_label("Valid until").fill("2026-01-31")
    fits(desk)
    with turning(desk):
        desk.get_by_role("button", name="Add the work centre").click()
    with turning(desk):
        desk.get_by_role("button", name="Declare", exact=True).click()
    fits(desk)
    desk.get_by_text("Expired").wait_for()
    desk.goto(f"{site.url}/capacity/")
    fits(desk)
    desk.goto(f"{site.url}/capacity/sheets/")
    sound(desk)
    declare(site.world.lin, 8)
    for language, size in (("en", DESKTOP), ("zh-hans", SMALL)):
        seen = site.open("/dispatch/heat/", site.world.gao, size=size, language=language)
        sound(seen)
        seen.goto(f"{site.url}/dispatch/capacity/")
        sound(seen)
    desk.goto(f"{site.url}/capacity/")
    desk.get_by_text("Who looked").wait_for()


def test_a_week_later_one_tap_confirms_without_signing_in(site: Site) -> None:
    owner = site.world.lin
    todo = waiting_todo(owner)
    token = issue_link(owner, todo_id=todo, person_id=owner.person)
    phone = site.open(f"/t/{token}/", size=SMALL)
    sound(phone)
    with turning(phone):
        phone.get_by_role("button", name="都还对，确认").click()
    phone.get_by_text("可以关掉这一页").wait_for()
    assert my_capacity(owner).stale == 0


def waiting_todo(owner: Actor) -> UUID:
    """As the job makes it eight days after a window was declared."""
    declare(owner)
    with acting(org=owner.org):
        backdate(11)
    assert my_capacity(owner).stale == 1
    settle(owner, "capacity.confirm", owner.org)
    with acting(org=owner.org):
        return Todo.objects.get(kind="capacity.confirm", state="open").id

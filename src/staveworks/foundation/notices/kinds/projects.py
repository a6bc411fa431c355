"""Requests and contracts."""

from staveworks.foundation.notices.kinds.kind import TodoKind
from staveworks.kit.text import Text

ROWS = (
    TodoKind(
        "request.answer",
        Text(zh="邀请您应征的需求", en="Requests to answer"),
        Text(zh="答复“{firm}”的需求：{title}", en="Answer a request of {firm}: {title}"),
        Text(
            zh="对方点名邀请。截止前密封一份方案；截止后不收。",
            en="You were named. Seal a proposal before the deadline; nothing is taken after it.",
        ),
        Text(zh="看需求", en="See the request"),
        "/requests/{subject}/",
        "proposal.make",
        7,
        ("proposal.sealed",),
    ),
    TodoKind(
        "proposal.open",
        Text(zh="待开的方案", en="Proposals to open"),
        Text(zh="开启您的方案：{title}", en="Open your proposal: {title}"),
        Text(
            zh="用您保存的开标码开启。过了开标时间没开，就不参加比选。",
            en="With the code you kept. What isn't opened in time is not compared.",
        ),
        Text(zh="去开标", en="Open it"),
        "/requests/{subject}/",
        "proposal.make",
        2,
        ("proposal.opened",),
    ),
    TodoKind(
        "request.award",
        Text(zh="待定标的需求", en="Requests to award"),
        Text(zh="比选方案：{title}", en="Compare proposals: {title}"),
        Text(
            zh="开标已结束。打分、定标；没有合适的，就结束这份需求。",
            en="All that will be open is open. Give points and award, or close the request.",
        ),
        Text(zh="去比选", en="Compare"),
        "/requests/{subject}/",
        "request.manage",
        7,
        ("request.awarded", "request.closed"),
    ),
    TodoKind(
        "contract.order",
        Text(zh="待下单的合同", en="Contracts to order"),
        Text(zh="为合同下单：{title}", en="Place the order of a contract: {title}"),
        Text(
            zh="节点已放进订单。下单后对方才开工。",
            en="Its milestones are in your order. Work begins once it is placed.",
        ),
        Text(zh="看合同", en="See the contract"),
        "/contracts/{subject}/",
        "order.place",
        7,
        ("order.placed",),
        about_subject=False,
    ),
    TodoKind(
        "milestone.accept",
        Text(zh="待验收的节点", en="Milestones to accept"),
        Text(zh="验收“{firm}”交付的节点", en="Accept a milestone of {firm}"),
        Text(
            zh="不符合约定的，写明理由退回；到期没有答复，自动验收。",
            en="If it isn't what was agreed, return it with reasons; without an answer it counts as accepted.",
        ),
        Text(zh="去验收", en="See what was delivered"),
        "/contracts/{subject}/",
        "order.place",
        7,
        ("milestone.accepted", "milestone.returned"),
    ),
    TodoKind(
        "milestone.redo",
        Text(zh="被退回的节点", en="Milestones returned"),
        Text(zh="重新交付“{firm}”退回的节点", en="Deliver again what {firm} returned"),
        Text(zh="对方写了理由。改好再交。", en="The reasons are there. Mend it and deliver again."),
        Text(zh="看理由", en="See why"),
        "/contracts/{subject}/",
        "line.serve",
        7,
        ("milestone.delivered",),
    ),
    TodoKind(
        "change.sign",
        Text(zh="待签的变更", en="Changes to sign"),
        Text(zh="答复“{firm}”提出的合同变更", en="Answer a change that {firm} proposed"),
        Text(
            zh="您签字后才生效；不签，一切照旧。",
            en="It holds once you sign; until then everything stays as it was.",
        ),
        Text(zh="看变更", en="See the change"),
        "/contracts/{subject}/",
        "change.sign",
        7,
        ("change.signed", "change.refused"),
    ),
)

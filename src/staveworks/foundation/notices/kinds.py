"""The table of kinds of to-dos: words, address, who does it, until when, what a link may do.

A new kind is a row here, its source in ``jobs/todos/sources.py``, and the events after which to look in
``jobs/reactions.py``. The words' ``{firm}`` and ``{who}`` are ids in the to-do, shown as names.
"""

from dataclasses import dataclass

from staveworks.foundation.notices.todo_types import LinkPurpose
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class TodoKind:
    """One row. ``right``: who does it in its organisation (None: the one person it is for). ``days``: until when, counted
    from its beginning, where the thing itself has no date. ``done_by``: the events by which somebody does it; if it stops
    waiting without one of them it is dropped.
    """

    code: str
    name: Text
    what: Text
    why: Text
    button: Text
    url: str
    right: str | None
    days: int | None
    done_by: tuple[str, ...]
    about_subject: bool = True
    """Whether those events are about the to-do's subject; else the newest one of the organisation counts."""
    tells: bool = True
    """Whether people are told when it opens, beside finding it on their page; reminders always go out."""
    by_hand: bool = False
    """Whether somebody may say that it is done: the thing itself can't show it."""
    raises: bool = False
    """Whether the operator hears of it once the deadline has passed."""
    link: LinkPurpose = LinkPurpose.OPEN
    """``DECIDE`` never where money, roles or rights of others are given away."""
    link_rights: frozenset[str] = frozenset()
    """All that somebody may do who comes by a link, beside ``right``: what showing the thing needs."""
    once: bool = True
    """Whether a link that decides is used up by it."""


ROWS = (
    TodoKind(
        "claim.decide",
        Text(zh="认领审核", en="Claims to check"),
        Text(zh="核对“{firm}”的认领", en="Check the claim of {firm}"),
        Text(
            zh="{who} 上传了营业执照，等一个人看过才能交接。",
            en="{who} sent a licence; a person has to look at it.",
        ),
        Text(zh="核对执照", en="Check the licence"),
        "/claims/{subject}/",
        "claim.decide",
        3,
        ("claim.granted", "claim.refused"),
        raises=True,
    ),
    TodoKind(
        "claim.letter",
        Text(zh="认领信函", en="Letters to post"),
        Text(zh="给“{firm}”寄认领信函", en="Post the letter for the claim of {firm}"),
        Text(
            zh="{who} 选了信函验证，信里的验证码要打印出来寄到登记地址。",
            en="{who} asked for a letter: its code is printed and posted to the address on record.",
        ),
        Text(zh="打印信函", en="Print the letter"),
        "/claims/",
        "claim.decide",
        3,
        ("claim_letter.printed",),
        raises=True,
    ),
    TodoKind(
        "duplicate.decide",
        Text(zh="疑似重复", en="Duplicates to decide"),
        Text(
            zh="{n} 对企业疑似重复，等您定",
            en="{n} possible duplicate to decide|{n} possible duplicates to decide",
        ),
        Text(
            zh="名册“{name}”里有和已有企业相像的行，判断后都能撤销。",
            en="Rows of the list “{name}” look like firms that are there already. Each decision can be undone.",
        ),
        Text(zh="判重 {n} 对", en="Decide {n} pair|Decide {n} pairs"),
        "/rosters/duplicates/?roster={subject}",
        "duplicate.decide",
        7,
        ("duplicate.decided",),
        about_subject=False,
        link=LinkPurpose.DECIDE,
        link_rights=frozenset({"roster.read"}),
        once=False,
    ),
    TodoKind(
        "roster.start",
        Text(zh="名册待导入", en="Lists to import"),
        Text(zh="名册“{name}”上传了，还没导入", en="The list “{name}” is loaded but not imported"),
        Text(
            zh="{n} 行等着；核对列名和预览后开始。",
            en="{n} row waits: check columns and preview, then start.|{n} rows wait: check columns and preview, then start.",
        ),
        Text(zh="看预览", en="See the preview"),
        "/rosters/{subject}/preview/",
        "roster.import",
        7,
        ("roster.started", "roster.begun", "roster.discarded"),
        tells=False,
        by_hand=True,
    ),
    TodoKind(
        "roster.resume",
        Text(zh="导入中断", en="Imports that stopped"),
        Text(zh="名册“{name}”停在第 {done} 行", en="The import of “{name}” stopped at row {done}"),
        Text(
            zh="共 {n} 行；已导入的不会重复，接着导入即可。",
            en="Of {n} row. What is in will not be doubled: go on from there.|Of {n} rows. What is in will not be doubled: go on from there.",
        ),
        Text(zh="继续导入", en="Go on"),
        "/rosters/{subject}/",
        "roster.import",
        2,
        ("roster.started", "roster.begun"),
        by_hand=True,
    ),
    TodoKind(
        "roster.correct",
        Text(zh="更正表", en="Corrections"),
        Text(
            zh="名册“{name}”有 {n} 处要更正",
            en="{n} place to correct in the list “{name}”|{n} places to correct in the list “{name}”",
        ),
        Text(
            zh="没读懂的单元格和没导入的行在更正表里；填好再上传，企业资料就补全了。",
            en="Cells that could not be read and rows that were refused stand in the corrections workbook: fill it in and load it again.",
        ),
        Text(zh="下载更正表", en="Get the workbook"),
        "/rosters/{subject}/corrections.xlsx",
        "roster.import",
        14,
        ("roster.imported",),
        about_subject=False,
        tells=False,
        by_hand=True,
    ),
    TodoKind(
        "assessment.finish",
        Text(zh="诊断", en="Assessments"),
        Text(zh="把诊断答完", en="Finish the assessment"),
        Text(
            zh="答到一半的诊断不算数；存档后水位才有日期，才能比较。",
            en="An assessment under way is no record yet: once finished it has a date and can be compared.",
        ),
        Text(zh="接着答", en="Go on answering"),
        "/diagnose/{subject}/",
        "assessment.answer",
        14,
        ("assessment.finished",),
        tells=False,
    ),
    TodoKind(
        "answers.check",
        Text(zh="代答的题", en="Answers given for you"),
        Text(
            zh="核对别人替您答的 {n} 道题",
            en="Check {n} answer that was given for you|Check {n} answers that were given for you",
        ),
        Text(
            zh="运营方或受托人替您的企业答过，已经算进木桶。对的确认，不对的更正。",
            en="The operator, or whoever has your mandate, answered for your firm, and it counts. Confirm what is right, correct what isn’t.",
        ),
        Text(zh="核对答案", en="Check the answers"),
        "/diagnose/given/",
        "assessment.answer",
        14,
        ("answers.confirmed", "answers.corrected"),
    ),
    TodoKind(
        "answer.attest",
        Text(zh="核验", en="Papers to attest"),
        Text(zh="核验“{firm}”附上的材料", en="Attest the papers of {firm}"),
        Text(
            zh="有人看过，答案才算核实；水位的核实值等着它。",
            en="An answer is verified once somebody has looked; the verified level waits for it.",
        ),
        Text(zh="看材料", en="Look at the papers"),
        "/diagnose/attest/{subject}/",
        "assessment.attest",
        10,
        ("answer.attested",),
        about_subject=False,
        raises=True,
    ),
    TodoKind(
        "invitation.accept",
        Text(zh="邀请", en="Invitations"),
        Text(zh="接受“{firm}”的邀请", en="Accept the invitation of {firm}"),
        Text(zh="对方给您的角色：{role_zh}。", en="You are invited as {role_en}."),
        Text(zh="看邀请", en="See the invitation"),
        "/join/invitations/{firm}/{subject}/",
        None,
        None,
        ("invitation.accepted",),
        tells=False,  # the invitation itself has been sent
        link=LinkPurpose.DECIDE,
    ),
    TodoKind(
        "mandate.ending",
        Text(zh="委托到期", en="Mandates about to end"),
        Text(zh="给“{firm}”的代办委托快到期了", en="The mandate for {firm} is about to end"),
        Text(
            zh="到期后对方不能再代您办事；要继续就重新委托。",
            en="After that day they can no longer act for you. Give a new one if they should go on.",
        ),
        Text(zh="看委托", en="See the mandates"),
        "/mandates/",
        "mandate.give",
        None,
        ("mandate.withdrawn", "mandate.given"),
        about_subject=False,
        by_hand=True,
    ),
    TodoKind(
        "agreement.accept",
        Text(zh="入会约定", en="Membership agreement"),
        Text(
            zh="入会约定有了新版（{edition}），请确认",
            en="There is a new edition ({edition}) of the membership agreement",
        ),
        Text(
            zh="您接受的是旧版；在您确认之前，给运营方看的内容不变。",
            en="You accepted an earlier one. Until you decide, what the operator sees stays as it is.",
        ),
        Text(zh="看约定", en="See the agreement"),
        "/agreement/",
        "agreement.manage",
        30,
        ("agreement.accepted",),
        about_subject=False,
        raises=True,
        link=LinkPurpose.DECIDE,
        link_rights=frozenset({"organisation.read"}),
    ),
    TodoKind(
        "ticket.answer",
        Text(zh="求助", en="Questions to answer"),
        Text(zh="答复“{firm}”的求助", en="Answer a question of {firm}"),
        Text(zh="{who} 在等答复。", en="{who} waits for an answer."),
        Text(zh="看求助", en="See the question"),
        "/support/{subject}/",
        "support.answer",
        2,
        ("ticket.answered", "ticket.closed"),
        raises=True,
    ),
    TodoKind(
        "correction.decide",
        Text(zh="更正申请", en="Corrections to decide"),
        Text(zh="答复“{firm}”的更正申请", en="Answer a request of {firm} for correction"),
        Text(
            zh="企业认为名册里关于它的一条信息不对。",
            en="The firm says that a statement about it in your rosters is wrong.",
        ),
        Text(zh="看申请", en="See the request"),
        "/corrections/",
        "correction.decide",
        14,
        ("correction.accepted", "correction.declined"),
    ),
    TodoKind(
        "ticket.read",
        Text(zh="求助的答复", en="Answers to read"),
        Text(zh="您的求助有了答复", en="Your question has an answer"),
        Text(
            zh="运营方答复了 {who} 的提问；还有不明白的，可以接着问。",
            en="The operator has answered {who}. Ask on if something is still open.",
        ),
        Text(zh="看答复", en="Read the answer"),
        "/support/{subject}/",
        "support.ask",
        14,
        ("ticket.asked_on", "ticket.closed"),
        by_hand=True,
    ),
    TodoKind(
        "order.approve",
        Text(zh="订单审批", en="Orders to approve"),
        Text(zh="审批一张 {yuan} 的订单", en="Approve an order of {yuan}"),
        Text(
            zh="{who} 提交的，超过了审批限额；东西先占着，过期就放掉。",
            en="{who} asks; it is above the limit. Everything is held until then, and let go after.",
        ),
        Text(zh="看订单", en="See the order"),
        "/orders/{subject}/",
        "order.approve",
        3,
        ("approval.granted", "approval.refused", "approval.recalled"),
    ),
    TodoKind(
        "line.confirm",
        Text(zh="待确认的订单", en="Orders to confirm"),
        Text(zh="答复“{firm}”的订单", en="Answer an order of {firm}"),
        Text(zh="到期没有答复，订单自动失效。", en="Without an answer by then it lapses."),
        Text(zh="看订单", en="See the order"),
        "/lines/{subject}/",
        "line.serve",
        2,
        ("line.confirmed", "line.declined"),
    ),
    TodoKind(
        "line.deliver",
        Text(zh="待交付", en="To deliver"),
        Text(zh="给“{firm}”交付", en="Deliver to {firm}"),
        Text(zh="您已接单。交付后对方验收。", en="You took the order. The buyer accepts what you deliver."),
        Text(zh="去交付", en="Deliver"),
        "/lines/{subject}/",
        "line.serve",
        14,
        ("line.delivered", "line.displaced", "line.no_show"),
        tells=False,
    ),
    TodoKind(
        "line.accept",
        Text(zh="待验收", en="To accept"),
        Text(zh="验收“{firm}”的交付", en="Accept what {firm} delivered"),
        Text(
            zh="有问题请在期限内提出；没有提出，到期自动验收。",
            en="If something is wrong, say so by then; otherwise it counts as accepted.",
        ),
        Text(zh="去验收", en="See what was delivered"),
        "/lines/{subject}/",
        "order.place",
        7,
        ("line.accepted", "dispute.opened"),
    ),
    TodoKind(
        "line.replace",
        Text(zh="要另找的服务", en="To find elsewhere"),
        Text(zh="“{firm}”没有接下或做不了，另找一家", en="{firm} won’t deliver: find somebody else"),
        Text(
            zh="目录里有别家的同类服务，已按用处、价格排好。已向别家订好，或不再需要，就标为已办。",
            en="The catalogue has others of the kind. Once you have ordered from another, or need it no longer, say that it is done.",
        ),
        Text(zh="找别家", en="Find another"),
        "/offers/?plank={plank}&mechanism={mechanism}",
        "order.place",
        7,
        ("line.placed",),
        about_subject=False,
        by_hand=True,
    ),
    TodoKind(
        "wish.take",
        Text(zh="候补到了", en="Times kept for you"),
        Text(zh="“{firm}”有空档，已为您留位", en="{firm} has a free time and keeps it for you"),
        Text(
            zh="到期没有要，就给下一位。",
            en="If you don’t take it by then, it goes to the next in line.",
        ),
        Text(zh="看时间和价格", en="See the time and the price"),
        "/wishes/{subject}/",
        "order.place",
        1,
        ("wish.taken", "wish.declined"),
    ),
    TodoKind(
        "training.renew",
        Text(zh="培训证明失效", en="Training certificates ended"),
        Text(
            zh="约好去“{firm}”的人没有有效的培训证明了",
            en="Who is to come to {firm} has no training certificate any more",
        ),
        Text(
            zh="培训证明在预约之前被终止了。请对方重新登记，或者取消预约、换人再约。",
            en="It was ended before the booking begins. Ask for a new one, or cancel and book with somebody else.",
        ),
        Text(zh="看预约", en="See the booking"),
        "/lines/{subject}/",
        "order.place",
        3,
        ("line.cancelled",),
    ),
    TodoKind(
        "samples.send",
        Text(zh="样品待寄", en="Samples to send"),
        Text(zh="给“{firm}”寄样品", en="Send samples to {firm}"),
        Text(
            zh="检测方已接单，收到样品才能开始。贴上标签，一眼就能认出。",
            en="The laboratory took the order and begins when samples arrive. With their labels on they are known at once.",
        ),
        Text(zh="看委托单，打印标签", en="See the order, print labels"),
        "/tasks/{subject}/",
        "order.place",
        5,
        ("sample.moved",),
    ),
    TodoKind(
        "samples.test",
        Text(zh="检测待做", en="Tests to make"),
        Text(zh="检测“{firm}”的样品", en="Test samples of {firm}"),
        Text(zh="样品已到，还有项目没有结果。", en="The samples are here; some tests have no result yet."),
        Text(zh="记结果", en="Record results"),
        "/tasks/{subject}/",
        "line.serve",
        5,
        ("result.recorded",),
        tells=False,
    ),
    TodoKind(
        "samples.clear",
        Text(zh="样品待清", en="Samples to clear"),
        Text(zh="处理“{firm}”的样品", en="Clear samples of {firm}"),
        Text(
            zh="留样期已满，或委托已中止：按委托单退回或销毁。",
            en="Their time is over, or the order fell away: send them back or destroy them, as it says.",
        ),
        Text(zh="记去向", en="Record where they went"),
        "/tasks/{subject}/",
        "line.serve",
        7,
        ("sample.moved",),
        tells=False,
    ),
    TodoKind(
        "subscription.price",
        Text(zh="订阅改价", en="New prices of subscriptions"),
        Text(zh="“{firm}”的订阅改为每期 {yuan}", en="{firm} changes a subscription to {yuan} a period"),
        Text(
            zh="到期起按新价下单。超过审批限额的要先批准，否则从那一期起暂停。不接受，可以在那之前结束。",
            en="From then on it is ordered at the new price; above your limit it stops until it is approved. If you don't want it, end it before.",
        ),
        Text(zh="看订阅", en="See the subscription"),
        "/subscriptions/{subject}/",
        "order.place",
        30,
        ("subscription.price_kept", "subscription.ended"),
    ),
    TodoKind(
        "capacity.confirm",
        Text(zh="产能确认", en="Capacity to confirm"),
        Text(
            zh="申报的空闲时间还对吗？{n} 段，确认一下",
            en="Is the free time you declared still right? {n} window|Is the free time you declared still right? {n} windows",
        ),
        Text(
            zh="到期没有确认，就算过期，不再给您派单；确认后马上恢复。",
            en="Without a word by then it is stale and you get no work from it. Once confirmed it counts again at once.",
        ),
        Text(zh="看空闲时间", en="See the free time"),
        "/capacity/",
        "capacity.confirm",
        None,
        ("capacity.confirmed",),
        link=LinkPurpose.DECIDE,
        link_rights=frozenset({"capacity.read"}),
    ),
    TodoKind(
        "dispute.answer",
        Text(zh="争议待答复", en="Disputes to answer"),
        Text(zh="答复“{firm}”提出的争议", en="Answer a dispute of {firm}"),
        Text(
            zh="同意对方的说法就此了结；不同意，由运营方裁定。",
            en="If you agree it is over; if not, the operator decides.",
        ),
        Text(zh="看争议", en="See the dispute"),
        "/lines/{subject}/",
        "line.serve",
        5,
        ("dispute.answered", "dispute.settled"),
    ),
    TodoKind(
        "dispute.decide",
        Text(zh="争议待裁定", en="Disputes to decide"),
        Text(zh="裁定“{firm}”提出的争议", en="Decide a dispute of {firm}"),
        Text(
            zh="看双方的说法，定下价款里哪一部分成立。",
            en="Read both sides, then say which part of the price stands.",
        ),
        Text(zh="看争议", en="See the dispute"),
        "/lines/{subject}/",
        "dispute.decide",
        15,
        ("dispute.settled",),
    ),
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
    TodoKind(
        "rule.coming",
        Text(zh="将生效的规则", en="Rules about to hold"),
        Text(zh="规则“{rule_zh}”的新版快要生效", en="A new version of the rule “{rule_en}” is about to hold"),
        Text(
            zh="成员要按它办事：生效前告诉他们；改主意也要在生效前。",
            en="Members will be held to it: tell them before, and change your mind before.",
        ),
        Text(zh="看规则", en="See the rule"),
        "/rules/{code}/",
        "rule.adopt",
        None,
        ("rule.adopted",),
        about_subject=False,
        tells=False,
        by_hand=True,
    ),
    TodoKind(
        "backup.failed",
        Text(zh="备份", en="Backups"),
        Text(zh="定时备份没做成", en="The timed backup failed"),
        Text(
            zh="在服务器上运行 staveworks doctor 看原因；下一次做成后这件待办自动消失。",
            en="Run `staveworks doctor` on the server to see why; this goes by itself once a backup is made.",
        ),
        Text(zh="看详情", en="See more"),
        "/todo/{id}/",
        "organisation.edit",
        1,
        ("backup.made",),
    ),
    TodoKind(
        "todo.lapsed",
        Text(zh="逾期", en="Lapsed deadlines"),
        Text(zh="“{firm}”的{name_zh}过期没办", en="{firm} let a deadline pass: {name_en}"),
        Text(
            zh="那边的负责人和经理都提醒过了。请打个电话，或代为处理。",
            en="Its owners and managers have been reminded. Call them, or help.",
        ),
        Text(zh="看详情", en="See what is late"),
        "/todo/{id}/",
        "firm.read",
        3,
        (),
        by_hand=True,
    ),
)
KINDS = {row.code: row for row in ROWS}

"""The log in words: event type → what happened. A type without words of its own is shown as it is, never left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from staveworks.foundation.eventlog.types import EventRecord
from staveworks.foundation.parties.queries import SERVICE_NAME
from staveworks.foundation.parties.types import Role
from staveworks.kit.text import Language, Text

WORDS: dict[str, Text] = {
    "operator.founded": Text(zh="建立了运营方", en="founded the operator"),
    "operator.taken": Text(zh="成为第一位运营者", en="became the first operator"),
    "organisation.founded": Text(zh="登记了单位", en="registered the organisation"),
    "organisation.changed": Text(zh="修改了单位资料", en="changed the organisation's data"),
    "invitation.sent": Text(zh="发出邀请，角色：{role}", en="sent an invitation as {role}"),
    "invitation.accepted": Text(zh="接受邀请，角色：{role}", en="accepted an invitation as {role}"),
    "invitation.withdrawn": Text(zh="撤回了邀请", en="withdrew an invitation"),
    "member.role_changed": Text(zh="把 {subject} 改为{role}", en="made {subject} {role}"),
    "member.removed": Text(zh="移除了成员 {subject}", en="removed {subject}"),
    "member.left": Text(zh="离开了单位", en="left the organisation"),
    "mandate.given": Text(zh="委托了代办，到 {until} 为止", en="gave a mandate until {until}"),
    "mandate.withdrawn": Text(zh="结束了委托", en="ended a mandate"),
    "member.restored": Text(zh="恢复了成员 {subject}", en="restored {subject} as a member"),
    "mandate.restored": Text(zh="恢复了委托", en="restored a mandate"),
    "token.restored": Text(zh="恢复了接口令牌", en="restored an API token"),
    "invitation.restored": Text(zh="恢复了邀请", en="restored an invitation"),
    "claim.opened": Text(zh="申请认领企业", en="claimed a firm"),
    "claim.granted": Text(zh="把 {firm} 交给认领人", en="granted the claim of {firm}"),
    "claim.proven": Text(zh="认领了企业 {firm}", en="took over {firm}"),
    "claim.refused": Text(zh="退回了认领", en="refused a claim"),
    "claim.withdrawn": Text(zh="撤回了认领", en="withdrew a claim"),
    "claim.revoked": Text(zh="收回了 {firm} 的认领", en="revoked the claim of {firm}"),
    "claim.restored": Text(zh="恢复了 {firm} 的认领", en="restored the claim of {firm}"),
    "claim_letter.printed": Text(zh="打印了认领信函", en="printed the letter for a claim"),
    "firm.claimed": Text(zh="认领了 {subject}", en="took over {subject}"),
    "firm.unclaimed": Text(
        zh="收回认领，{subject} 回到运营方代管", en="revoked the claim: {subject} went back under its steward"
    ),
    "firm.reclaimed": Text(zh="恢复了认领，{subject} 归还原负责人", en="restored the claim of {subject}"),
    "firm.invited": Text(zh="邀请 {subject} 认领", en="invited {subject} to claim"),
    "agreement.accepted": Text(
        zh="接受入会约定 {edition} 版", en="accepted the membership agreement, edition {edition}"
    ),
    "agreement.withdrawn": Text(zh="撤回了入会约定", en="withdrew the membership agreement"),
    "kind.confirmed": Text(zh="确认了 {subject} 的机构类别", en="confirmed what {subject} is"),
    "kind.unconfirmed": Text(zh="撤销了对 {subject} 的确认", en="took back the confirmation of {subject}"),
    "facts.stated": Text(zh="记下 {count} 条信息", en="recorded {count} statements"),
    "correction.asked": Text(zh="申请更正一条信息", en="asked for a correction"),
    "correction.accepted": Text(zh="接受了一项更正", en="accepted a correction"),
    "correction.declined": Text(zh="没有接受一项更正", en="declined a correction"),
    "order.drafted": Text(zh="开了一张订单", en="began an order"),
    "order.held": Text(zh="占住一张订单要的东西", en="held what an order needs"),
    "order.repriced": Text(zh="接受了新的价格", en="took the new prices of an order"),
    "order.placed": Text(zh="下了一张订单", en="placed an order"),
    "order_limit.set": Text(zh="改了审批限额", en="set the limit for approval"),
    "approval.requested": Text(zh="提交订单审批", en="asked for approval of an order"),
    "approval.granted": Text(zh="批准一张订单", en="approved an order"),
    "approval.refused": Text(zh="没有批准一张订单", en="refused an order"),
    "approval.recalled": Text(zh="撤回审批申请", en="took back a request for approval"),
    "approval.lapsed": Text(zh="订单审批过期", en="let an approval lapse"),
    "line.added": Text(zh="往订单里加了一项", en="added a line to an order"),
    "line.removed": Text(zh="从订单里去掉一项", en="removed a line from an order"),
    "line.placed": Text(zh="向服务方下单", en="placed a line with its provider"),
    "line.confirmed": Text(zh="接了一单", en="confirmed an order"),
    "line.declined": Text(zh="没有接一单", en="declined an order"),
    "line.expired": Text(zh="订单过期未接", en="an order lapsed without an answer"),
    "line.started": Text(zh="开始交付", en="began to deliver"),
    "line.part_delivered": Text(zh="交付了一部分", en="delivered a part"),
    "line.delivered": Text(zh="交付完毕", en="delivered"),
    "line.accepted": Text(zh="验收", en="accepted what was delivered"),
    "line.cancelled": Text(zh="取消一项订单", en="cancelled a line"),
    "line.displaced": Text(zh="服务方取消一项订单", en="could not deliver an order"),
    "line.no_show": Text(zh="记下对方未到场", en="recorded that nobody came"),
    "dispute.opened": Text(zh="提出争议", en="opened a dispute"),
    "dispute.answered": Text(zh="答复争议", en="answered a dispute"),
    "dispute.settled": Text(zh="了结争议", en="settled a dispute"),
    "bookable.registered": Text(zh="登记了可预约的资源", en="registered a resource to book"),
    "bookable.changed": Text(zh="修改了可预约的资源", en="changed a resource to book"),
    "bookable.closed": Text(zh="停用了一段时间", en="closed a resource for a while"),
    "bookable.reopened": Text(zh="恢复了开放", en="opened a resource again"),
    "booking.checked_in": Text(zh="给到场的人签到", en="checked somebody in"),
    "wish.made": Text(zh="加入候补", en="joined a waiting list"),
    "wish.left": Text(zh="退出候补", en="left a waiting list"),
    "wish.kept": Text(zh="候补到了，留了位", en="a time was kept for a place in a waiting list"),
    "wish.taken": Text(zh="要了候补到的时间", en="took a time that was kept"),
    "wish.declined": Text(zh="没有要候补到的时间", en="declined a time that was kept"),
    "wish.lapsed": Text(zh="候补到的时间过期", en="a time that was kept lapsed"),
    "wish.displaced": Text(
        zh="留的位因停用取消，继续候补", en="a closing took a time that was kept; it waits on"
    ),
    "wish.over": Text(zh="候补期内没有等到", en="nothing came free in time"),
    "training.certified": Text(zh="登记了培训证明", en="recorded a training certificate"),
    "training.ended": Text(zh="终止了培训证明", en="ended a training certificate"),
    "calendar_feed.made": Text(zh="生成了日历地址", en="made a calendar address"),
    "calendar_feed.ended": Text(zh="停用了日历地址", en="ended a calendar address"),
    "task.opened": Text(zh="开了一张检测委托单", en="opened a test order"),
    "sample.moved": Text(zh="记下样品交接", en="recorded where samples went"),
    "result.recorded": Text(zh="记下检测结果", en="recorded test results"),
    "report.issued": Text(zh="出了一份检测报告", en="issued a test report"),
    "report.replaced": Text(zh="替换了一份检测报告", en="replaced a test report"),
    "scope.recorded": Text(zh="登记一项检测资质", en="recorded a scope of accreditation"),
    "scope.ended": Text(zh="终止一项检测资质", en="ended a scope of accreditation"),
    "subscription.begun": Text(zh="开始一项订阅", en="began a subscription"),
    "subscription.renewed": Text(zh="订阅到了新的一期", en="a subscription came to its next period"),
    "subscription.paused": Text(zh="暂停一项订阅", en="paused a subscription"),
    "subscription.resumed": Text(zh="恢复一项订阅", en="went on with a subscription"),
    "subscription.ended": Text(zh="结束一项订阅", en="ended a subscription"),
    "subscription.price_announced": Text(zh="通知订阅改价", en="announced a new price of a subscription"),
    "subscription.price_kept": Text(zh="接受订阅的新价", en="kept a subscription at its new price"),
    "weekly.kept": Text(zh="登记一项每周产能", en="recorded a weekly capacity"),
    "weekly.changed": Text(zh="改了每周产能", en="changed a weekly capacity"),
    "work_centre.kept": Text(zh="登记一个工作中心", en="recorded a work centre"),
    "work_centre.changed": Text(zh="修改工作中心", en="changed a work centre"),
    "work_centre.closed": Text(zh="停用工作中心", en="closed a work centre"),
    "work_centre.reopened": Text(zh="重新启用工作中心", en="opened a work centre again"),
    "windows.declared": Text(zh="申报空闲时间", en="declared free time"),
    "windows.loaded": Text(zh="上传空闲时间表", en="loaded a sheet of free time"),
    "window.withdrawn": Text(zh="撤回一段空闲时间", en="withdrew free time"),
    "capacity.confirmed": Text(zh="确认产能", en="confirmed its capacity"),
    "demand.saved": Text(zh="保存待排订单", en="saved demand"),
    "dispatch.queued": Text(zh="发起排产", en="started a dispatch run"),
    "dispatch.stop_asked": Text(zh="要求停止排产", en="asked a run to stop"),
    "dispatch.cancelled": Text(zh="排产中途停止", en="a run was stopped"),
    "dispatch.finished": Text(zh="排产完成", en="a run was finished"),
    "dispatch.failed": Text(zh="排产失败", en="a run failed"),
    "dispatch.replay_asked": Text(zh="要求复算核对排产", en="asked for a replay"),
    "dispatch.replayed": Text(zh="复算核对了排产", en="a run was replayed"),
    "dispatch.published": Text(zh="公布排产方案", en="published a plan"),
    "dispatch.shared": Text(zh="收到派工方案", en="was told its part of a plan"),
    "dispatch.share_ended": Text(zh="派工方案不再有效", en="its part of a plan holds no more"),
    "dispatch.withdrawn": Text(zh="撤回排产方案", en="withdrew a plan"),
    "what_if.accepted": Text(zh="采用假设", en="accepted a what-if"),
    "what_if.discarded": Text(zh="放弃假设", en="discarded a what-if"),
    "capacity.read": Text(zh="查看企业产能", en="looked at firms’ capacity"),
    "trial_limit.lifted": Text(zh="放开试单限额", en="lifted a limit for new firms"),
    "trial_limit.restored": Text(zh="恢复试单限额", en="restored a limit for new firms"),
    "heat.published": Text(zh="公布空闲产能", en="published free hours"),
    "stock.kept": Text(zh="登记一项库存", en="began to keep a stock"),
    "stock.received": Text(zh="收到一批货", en="received a stock lot"),
    "stock.corrected": Text(zh="更正一批货的数量", en="corrected the count of a stock lot"),
    "request.drafted": Text(zh="写了一份需求", en="wrote a request"),
    "request.changed": Text(zh="改了一份需求", en="changed a request"),
    "request.published": Text(zh="发布一份需求", en="published a request"),
    "request.closed": Text(zh="结束一份需求", en="closed a request"),
    "request.awarded": Text(zh="定标", en="awarded a request"),
    "nda.accepted": Text(zh="接受保密约定", en="accepted a confidentiality agreement"),
    "proposal.sealed": Text(zh="密封一份方案", en="sealed a proposal"),
    "proposal.withdrawn": Text(zh="撤回一份方案", en="withdrew a proposal"),
    "proposal.opened": Text(zh="开启一份方案", en="opened a proposal"),
    "proposal.compared": Text(zh="给一份方案打分", en="gave a proposal points"),
    "award.set_aside": Text(zh="撤销定标", en="set an award aside"),
    "contract.ordered": Text(zh="把合同节点放进订单", en="put a contract's milestones into the order"),
    "contract.confirmed": Text(zh="接下合同的订单", en="confirmed the order of a contract"),
    "milestone.delivered": Text(zh="交付一个节点", en="delivered a milestone"),
    "milestone.returned": Text(zh="退回一个节点", en="returned a milestone"),
    "milestone.accepted": Text(zh="验收一个节点", en="accepted a milestone"),
    "change.proposed": Text(zh="提出合同变更", en="proposed a change of a contract"),
    "change.signed": Text(zh="签了合同变更", en="signed a change of a contract"),
    "change.refused": Text(zh="没有签合同变更", en="refused a change of a contract"),
    "resource.registered": Text(zh="登记一项可预约的资源", en="registered a resource"),
    "resource.capacity_changed": Text(zh="改了资源的数量", en="changed how much there is of a resource"),
    "resource.withdrawn": Text(zh="停用一项资源", en="withdrew a resource"),
    "resource.closed": Text(zh="暂停一项资源", en="closed a resource for a while"),
    "reservation.held": Text(zh="占住资源", en="held resources"),
    "reservation.prolonged": Text(zh="延长占住的时间", en="held resources for longer"),
    "reservation.committed": Text(zh="确定预留", en="made a reservation firm"),
    "reservation.begun": Text(zh="开始使用", en="began to use what was reserved"),
    "reservation.consumed": Text(zh="用掉预留的量", en="used what was reserved"),
    "reservation.released": Text(zh="归还预留", en="gave a reservation back"),
    "grant.given": Text(zh="给出一项授权", en="gave a grant"),
    "grant.withdrawn": Text(zh="撤回一项授权", en="withdrew a grant"),
    "offer.drafted": Text(zh="起草了一项服务", en="began an offer"),
    "offer.discarded": Text(zh="删除了一项服务的草稿", en="deleted the draft of an offer"),
    "offer.published": Text(zh="上架一项服务，第 {number} 版", en="published an offer, version {number}"),
    "offer.withdrawn": Text(zh="撤下一项服务", en="withdrew an offer"),
    "transfers.made": Text(zh="记了 {count} 笔账", en="made {count} transfers"),
    "transfers.posted": Text(zh="把 {count} 笔待定的账入账", en="posted {count} pending transfers"),
    "transfers.voided": Text(zh="作废了 {count} 笔待定的账", en="voided {count} pending transfers"),
    "transfer.reversed": Text(zh="冲销了一笔账", en="reversed a transfer"),
    "line.posted": Text(zh="订单入账", en="posted an order line"),
    "books.closed": Text(zh="结账到 {date}", en="closed the books through {date}"),
    "voucher.granted": Text(zh="发放一张补贴券", en="granted a voucher"),
    "voucher.used": Text(zh="用补贴券付了一部分", en="paid a part by voucher"),
    "voucher.withdrawn": Text(zh="收回一张补贴券", en="withdrew a voucher"),
    "basis.recorded": Text(
        zh="记下处方的依据：{offers} 项服务", en="recorded what a prescription rests on: {offers} offers"
    ),
    "prescription.made": Text(zh="开了一张处方", en="made a prescription"),
    "prescription.accepted": Text(
        zh="照处方把 {lines} 项服务放进订单", en="put {lines} offers of a prescription into an order"
    ),
    "rule.adopted": Text(zh="通过规则 {code} 第 {number} 版", en="adopted rule {code}, version {number}"),
    "retention.applied": Text(
        zh="按保存期限删除或清空了 {total} 条", en="removed or emptied {total} rows whose time was over"
    ),
    "file.quarantined": Text(zh="隔离了一个带毒的文件", en="put an infected file into quarantine"),
    "file.scanned": Text(zh="查过一个等待中的文件", en="scanned a file that had waited"),
    "person.exported": Text(zh="导出了一个人的数据", en="exported a person's data"),
    "person.erased": Text(zh="注销了一个人", en="erased a person"),
    "token.issued": Text(zh="签发了接口令牌", en="issued an API token"),
    "token.withdrawn": Text(zh="停用了接口令牌", en="withdrew an API token"),
    "file.stored": Text(zh="上传了文件", en="uploaded a file"),
    "roster.uploaded": Text(zh="上传了名册", en="uploaded a roster"),
    "roster.started": Text(zh="开始导入名册", en="started to import a roster"),
    "roster.begun": Text(zh="名册导入开始运行", en="began to run an import"),
    "roster.imported": Text(zh="名册导入完毕", en="finished importing a roster"),
    "roster.stopped": Text(zh="停下了名册导入", en="stopped an import"),
    "roster.failed": Text(zh="名册导入失败", en="failed to import a roster"),
    "roster.discarded": Text(zh="丢弃了名册", en="discarded a roster"),
    "duplicate.decided": Text(zh="处理了一对疑似重复", en="decided a possible duplicate"),
    "duplicate.undone": Text(zh="撤销了重复的处理", en="undid a decision on a duplicate"),
    "firm.merged": Text(zh="把 {subject} 并入 {firm}", en="merged {subject} into {firm}"),
    "firm.parted": Text(zh="把 {subject} 从 {firm} 分开", en="parted {subject} from {firm} again"),
    "profile.chosen": Text(zh="选定了目标轮廓", en="chose a target profile"),
    "assessment.started": Text(zh="开始了诊断", en="started an assessment"),
    "assessment.finished": Text(zh="完成了诊断", en="finished an assessment"),
    "assessment.rescored": Text(zh="重新计算了诊断", en="scored an assessment again"),
    "answer.saved": Text(zh="回答了一个问题", en="answered a question"),
    "answers.saved": Text(zh="回答了几个问题", en="answered several questions"),
    "answer.cleared": Text(zh="清除了一个回答", en="cleared an answer"),
    "answers.given": Text(zh="替企业答了题", en="answered for the firm"),
    "answers.confirmed": Text(zh="确认了别人替答的题", en="confirmed answers given for the firm"),
    "answers.corrected": Text(zh="更正了别人替答的题", en="corrected an answer given for the firm"),
    "answer.attested": Text(zh="核验了一个回答", en="attested an answer"),
    "evidence.attached": Text(zh="附上了一份证据", en="attached evidence"),
    "evidence.read": Text(zh="看了一份证据", en="read evidence"),
    "campaign.started": Text(zh="开始发一个活动", en="began to send a campaign"),
    "campaign.stopped": Text(zh="停下了一个活动", en="stopped a campaign"),
    "campaign.sent": Text(zh="活动发完了", en="finished sending a campaign"),
    "firm.called": Text(zh="给 {subject} 打了电话", en="called {subject}"),
    "ticket.opened": Text(zh="向运营方提了一个问题", en="asked the operator a question"),
    "ticket.answered": Text(zh="答复了求助", en="answered a ticket"),
    "ticket.asked_on": Text(zh="在求助里接着问", en="asked on in a ticket"),
    "ticket.closed": Text(zh="结束了求助", en="closed a ticket"),
    "figures.published": Text(zh="公布了 {period} 的集群数据", en="published the figures of {period}"),
    "peers.refreshed": Text(zh="更新了同行区间", en="refreshed the bands of peers"),
    "template.worded": Text(zh="改写了消息模板 {template}", en="reworded the message template {template}"),
    "template.reset": Text(zh="恢复了消息模板 {template}", en="restored the message template {template}"),
    "channel.connected": Text(zh="接通了渠道 {channel}", en="connected the channel {channel}"),
    "channel.changed": Text(zh="修改了渠道 {channel}", en="changed the channel {channel}"),
    "channel.removed": Text(zh="移除了渠道 {channel}", en="removed the channel {channel}"),
    "delivery.queued_again": Text(zh="重发了一条消息", en="sent a message again"),
    "suppression.lifted": Text(zh="恢复向一个地址发消息", en="lifted the suppression of an address"),
    "messages.queued": Text(zh="群发了消息，{fresh} 条", en="sent a campaign: {fresh} messages"),
    "todo.opened": Text(zh="列出了一件待办", en="listed a to-do"),
    "todo.closed": Text(zh="了结了一件待办", en="closed a to-do"),
    "todo.taken": Text(zh="接手了一件待办", en="took a to-do"),
    "todo.released": Text(zh="放回了一件待办", en="gave a to-do back"),
    "todo.handed": Text(zh="转交了一件待办", en="handed a to-do over"),
    "todo.snoozed": Text(zh="把一件待办推到 {until}", en="put a to-do off to {until}"),
    "todo.finished": Text(zh="说明一件待办已办完", en="marked a to-do as done"),
    "todo.reopened": Text(zh="重新打开了一件待办", en="opened a to-do again"),
    "todo.escalated": Text(
        zh="提醒了一件快到期或已过期的待办", en="reminded of a to-do near or past its deadline"
    ),
    "link.used": Text(zh="用一键链接办了一件待办", en="did a to-do by a one-tap link"),
    "links.withdrawn": Text(
        zh="停用了 {subject} 的 {n} 个一键链接", en="ended {n} one-tap links of {subject}"
    ),
    "demo.made": Text(zh="建立了演示集群", en="made the demo cluster"),
    "demo.removed": Text(zh="移除了演示集群", en="removed the demo cluster"),
}
PROVEN = frozenset({"phone", "letter", "link"})
"""The ways of claiming by which the claimant grants it to herself: a code or a link proved her."""
BY_LINK = Text(zh="（用一键链接）", en=" (by a one-tap link)")
SERVICE = Text(zh="系统", en="the system")


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the audit trail: who, through whom, what, on whom, when."""

    id: UUID
    at: datetime
    who: Text
    via: Text | None
    what: Text
    organisation: Text | None
    type: str


def happening(event: EventRecord, names: Mapping[UUID, Text], own: UUID | None) -> Happening:
    """``event`` in words; ids without a name (removed since) are shown by their last four digits."""
    who = _name(event.person_id, names) if event.person_id else SERVICE
    if who.zh == SERVICE_NAME:
        who = SERVICE
    return Happening(
        id=event.id,
        at=event.at,
        who=who,
        via=_name(event.via_org_id, names) if event.via_org_id else None,
        what=_what(event, names),
        organisation=_name(event.org_id, names) if event.org_id != own else None,
        type=event.type,
    )


def _what(event: EventRecord, names: Mapping[UUID, Text]) -> Text:
    proven = event.type == "claim.granted" and event.data.get("method") in PROVEN
    words = WORDS.get("claim.proven" if proven else event.type)
    if words is None:
        return Text(zh=event.type, en=event.type)
    zh, en = _values(event, names, "zh"), _values(event, names, "en")
    how = BY_LINK if "by_link" in event.data else Text(zh="", en="")
    return Text(zh=words.zh.format_map(zh) + how.zh, en=words.en.format_map(en) + how.en)


class _Values(dict[str, str]):
    """A value that an older event lacks is a dash, not an error."""

    def __missing__(self, key: str) -> str:
        return "–"


def _values(event: EventRecord, names: Mapping[UUID, Text], language: Language) -> _Values:
    values = _Values({key: str(value) for key, value in event.data.items()})
    values["firm"] = _name(firm_of(event), names).in_language(language)
    values["subject"] = _name(event.subject_id, names).in_language(language)
    if values.get("role") in set(Role):
        role = Role(values["role"]).text
        values["role"] = role.zh if language == "zh" else role.en.lower()
    return values


def firm_of(event: EventRecord) -> UUID | None:
    """The firm that the event is about, where its data name one."""
    try:
        return UUID(str(event.data["firm"]))
    except (KeyError, ValueError):
        return None


def _name(id_: UUID | None, names: Mapping[UUID, Text]) -> Text:
    if id_ and id_ in names:
        return names[id_]
    shown = f"…{str(id_)[-4:]}" if id_ else "–"
    return Text(zh=shown, en=shown)

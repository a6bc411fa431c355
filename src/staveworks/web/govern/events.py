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
    "claim.opened": Text(zh="申请认领企业", en="claimed a firm"),
    "claim.granted": Text(zh="把 {firm} 交给认领人", en="granted the claim of {firm}"),
    "claim.proven": Text(zh="认领了企业 {firm}", en="took over {firm}"),
    "claim.refused": Text(zh="退回了认领", en="refused a claim"),
    "claim.withdrawn": Text(zh="撤回了认领", en="withdrew a claim"),
    "claim_letter.printed": Text(zh="打印了认领信函", en="printed the letter for a claim"),
    "firm.claimed": Text(zh="接管了 {subject}", en="took over {subject}"),
    "firm.invited": Text(zh="邀请 {subject} 认领", en="invited {subject} to claim"),
    "agreement.accepted": Text(
        zh="接受入会约定 {edition} 版", en="accepted the membership agreement, edition {edition}"
    ),
    "agreement.withdrawn": Text(zh="撤回了入会约定", en="withdrew the membership agreement"),
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
    "firm.merged": Text(zh="把 {subject} 并入另一条记录", en="merged {subject} into another record"),
    "firm.parted": Text(zh="把 {subject} 重新分开", en="parted {subject} again"),
    "profile.chosen": Text(zh="选定了目标轮廓", en="chose a target profile"),
    "assessment.started": Text(zh="开始了诊断", en="started an assessment"),
    "assessment.finished": Text(zh="完成了诊断", en="finished an assessment"),
    "assessment.rescored": Text(zh="重新计算了诊断", en="scored an assessment again"),
    "answer.saved": Text(zh="回答了一个问题", en="answered a question"),
    "answers.saved": Text(zh="回答了几个问题", en="answered several questions"),
    "answer.cleared": Text(zh="清除了一个回答", en="cleared an answer"),
    "answer.attested": Text(zh="核验了一个回答", en="attested an answer"),
    "evidence.attached": Text(zh="附上了一份证据", en="attached evidence"),
    "evidence.read": Text(zh="看了一份证据", en="read evidence"),
    "peers.refreshed": Text(zh="更新了同行区间", en="refreshed the bands of peers"),
    "demo.made": Text(zh="建立了演示集群", en="made the demo cluster"),
    "demo.removed": Text(zh="移除了演示集群", en="removed the demo cluster"),
}
PROVEN = frozenset({"phone", "letter", "link"})
"""The ways of claiming by which the claimant grants it to herself: a code or a link proved her."""
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
    return Text(zh=words.zh.format_map(zh), en=words.en.format_map(en))


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

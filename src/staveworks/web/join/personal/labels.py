"""What the columns of a person's data are called, and what codes in them mean, for people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from staveworks.foundation.parties.types import ROLE_TEXTS, Role
from staveworks.foundation.personal.types import PersonalData, Section
from staveworks.kit.text import Text
from staveworks.web.figures import moment

SHOWN = 50
"""Rows of one kind on the page; the download has all."""

LABELS: Mapping[str, Text] = {
    "accepted_at": Text(zh="接受时间", en="accepted"),
    "added_at": Text(zh="附上时间", en="added"),
    "address": Text(zh="地址", en="address"),
    "adopted_at": Text(zh="通过时间", en="adopted"),
    "amount_fen": Text(zh="金额（分）", en="amount in fen"),
    "answered_at": Text(zh="回答时间", en="answered"),
    "asked_at": Text(zh="申请时间", en="asked"),
    "at": Text(zh="时间", en="when"),
    "budget_fen": Text(zh="预算（分）", en="budget in fen"),
    "change": Text(zh="增减", en="change"),
    "buyer_org_id": Text(zh="买方", en="buyer"),
    "by_org_id": Text(zh="哪一方", en="side"),
    "changed_at": Text(zh="修改时间", en="changed"),
    "channel": Text(zh="渠道", en="channel"),
    "choices": Text(zh="选择", en="choices"),
    "closed_at": Text(zh="结束时间", en="closed"),
    "code": Text(zh="代码", en="code"),
    "confirmed_at": Text(zh="确认时间", en="confirmed"),
    "contact": Text(zh="联系人", en="contact"),
    "created_at": Text(zh="建立时间", en="made"),
    "date_joined": Text(zh="关联时间", en="linked"),
    "decided_at": Text(zh="办结时间", en="decided"),
    "declared_at": Text(zh="申报时间", en="declared"),
    "delivered_at": Text(zh="交付时间", en="delivered"),
    "digest_at": Text(zh="汇总时间", en="digest at"),
    "door": Text(zh="入口", en="door"),
    "edited_at": Text(zh="修改时间", en="edited"),
    "edition": Text(zh="版本", en="edition"),
    "email": Text(zh="邮箱", en="e-mail"),
    "ended_on": Text(zh="终止日", en="ended on"),
    "entry": Text(zh="内容", en="entry"),
    "expires_at": Text(zh="到期", en="expires"),
    "extra_data": Text(zh="对方给的资料", en="what the place told us"),
    "finished_at": Text(zh="完成时间", en="finished"),
    "first": Text(zh="标题", en="title"),
    "first_date": Text(zh="首日", en="first day"),
    "given_at": Text(zh="给出时间", en="given"),
    "grade": Text(zh="等级", en="grade"),
    "granted_at": Text(zh="发放时间", en="granted"),
    "ip": Text(zh="网络地址", en="network address"),
    "issued_at": Text(zh="出具时间", en="issued"),
    "item": Text(zh="项目", en="item"),
    "joined_at": Text(zh="注册时间", en="registered"),
    "judged_at": Text(zh="验收时间", en="judged"),
    "kind": Text(zh="种类", en="kind"),
    "language": Text(zh="语言", en="language"),
    "last_date": Text(zh="末日", en="last day"),
    "last_login": Text(zh="上次登录", en="last sign-in"),
    "last_seen_at": Text(zh="上次使用", en="last used"),
    "last_used_at": Text(zh="上次使用", en="last used"),
    "leaf": Text(zh="题目", en="question"),
    "lifted": Text(zh="解除限额", en="limit lifted"),
    "limit_fen": Text(zh="限额（分）", en="limit in fen"),
    "made_at": Text(zh="修改时间", en="made"),
    "mark": Text(zh="标志", en="mark"),
    "media_type": Text(zh="类型", en="type"),
    "method": Text(zh="方式", en="method"),
    "name": Text(zh="名称", en="name"),
    "note": Text(zh="备注", en="note"),
    "number": Text(zh="编号", en="number"),
    "operator_org_id": Text(zh="运营方", en="operator"),
    "opened_at": Text(zh="提出时间", en="opened"),
    "org_id": Text(zh="单位", en="organisation"),
    "outcome": Text(zh="结果", en="outcome"),
    "own_hours": Text(zh="自己设的时段", en="own hours"),
    "page": Text(zh="页面", en="page"),
    "phone": Text(zh="手机号", en="phone"),
    "phones": Text(zh="电话", en="phones"),
    "place": Text(zh="地点", en="place"),
    "primary": Text(zh="主要", en="main"),
    "programme": Text(zh="补贴项目", en="programme"),
    "proposed_at": Text(zh="提出时间", en="proposed"),
    "provider": Text(zh="来源", en="place"),
    "provider_org_id": Text(zh="服务方", en="provider"),
    "published_at": Text(zh="上架时间", en="published"),
    "purpose": Text(zh="目的", en="purpose"),
    "query": Text(zh="条件", en="filter"),
    "quiet_from": Text(zh="免打扰开始", en="quiet from"),
    "quiet_to": Text(zh="免打扰结束", en="quiet to"),
    "read_at": Text(zh="阅读时间", en="read"),
    "reason": Text(zh="原因", en="reason"),
    "recorded_at": Text(zh="登记时间", en="recorded"),
    "requested_at": Text(zh="提交时间", en="requested"),
    "rights": Text(zh="权限", en="rights"),
    "role": Text(zh="角色", en="role"),
    "rubric": Text(zh="诊断表", en="rubric"),
    "saved_at": Text(zh="保存时间", en="saved"),
    "scope": Text(zh="范围", en="scope"),
    "scopes": Text(zh="范围", en="scopes"),
    "sealed_at": Text(zh="密封时间", en="sealed"),
    "sent_at": Text(zh="发出时间", en="sent"),
    "series": Text(zh="报告编号", en="report number"),
    "set_at": Text(zh="设定时间", en="set"),
    "settled_at": Text(zh="了结时间", en="settled"),
    "sha256": Text(zh="摘要", en="digest"),
    "since": Text(zh="开始时间", en="since"),
    "size": Text(zh="大小（字节）", en="size (bytes)"),
    "started_at": Text(zh="开始时间", en="started"),
    "state": Text(zh="状态", en="state"),
    "step": Text(zh="步骤", en="step"),
    "subject": Text(zh="标题", en="subject"),
    "taken": Text(zh="采用行数", en="rows taken"),
    "taken_at": Text(zh="收到时间", en="taken"),
    "template": Text(zh="模板", en="template"),
    "text": Text(zh="内容", en="text"),
    "title": Text(zh="标题", en="title"),
    "type": Text(zh="类型", en="type"),
    "uid": Text(zh="对方的编号", en="number there"),
    "undone_at": Text(zh="撤销时间", en="undone"),
    "unit": Text(zh="单位", en="unit"),
    "valid_from": Text(zh="从哪天起有效", en="good from"),
    "valid_until": Text(zh="最后一天", en="last day"),
    "until": Text(zh="到期日", en="until"),
    "uploaded_at": Text(zh="上传时间", en="uploaded"),
    "used_at": Text(zh="使用时间", en="used"),
    "user_agent": Text(zh="浏览器", en="browser"),
    "value": Text(zh="数值", en="value"),
    "verdict": Text(zh="决定", en="verdict"),
    "verified": Text(zh="已验证", en="verified"),
    "version": Text(zh="版本", en="version"),
    "windows": Text(zh="时段数", en="windows"),
    "withdrawn_at": Text(zh="撤回时间", en="withdrawn"),
    "word": Text(zh="表态", en="word"),
    "zone": Text(zh="时区", en="time zone"),
}
YES, NO = Text(zh="是", en="yes"), Text(zh="否", en="no")
type Cell = Text | str


def rows_to_show(held: PersonalData, section: Section) -> list[list[tuple[Text, Cell]]]:
    """The newest rows as (label, value) of what is not empty."""
    return [
        [
            (LABELS[column], _shown(held, column, row[column]))
            for column in section.columns
            if row[column] not in (None, "", [], {})
        ]
        for row in section.rows[:SHOWN]
    ]


def _shown(held: PersonalData, column: str, value: Any) -> Cell:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, UUID):
        return held.organisations.get(value) or str(value)
    if column == "role" and value in list(Role):
        return ROLE_TEXTS[Role(value)]
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_flat(each)}" for key, each in value.items() if each not in (None, "", []))
    return _flat(value)


def _flat(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)

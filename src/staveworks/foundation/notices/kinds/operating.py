"""The platform itself: rules that come, backups, what lapsed."""

from staveworks.foundation.notices.kinds.kind import TodoKind
from staveworks.kit.text import Text

ROWS = (
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

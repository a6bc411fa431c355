"""Firms that come in: claims, and lists with their duplicates."""

from staveworks.foundation.notices.kinds.kind import TodoKind
from staveworks.foundation.notices.todo_types import LinkPurpose
from staveworks.kit.text import Text

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
)

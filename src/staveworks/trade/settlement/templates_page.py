"""``docs/reference/posting-templates.md`` from the table: ``python -m staveworks.trade.settlement.templates_page > FILE``."""

from staveworks.foundation.ledger.types import CHART
from staveworks.trade.settlement.templates import Template, templates
from staveworks.trade.settlement.types import Party

HEAD = """# Posting templates 记账模板

Generated from `src/staveworks/data/postings.yaml`; a test compares the two. Change the table, then run
`python -m staveworks.trade.settlement.templates_page > docs/reference/posting-templates.md`.

What each event of an order line posts, in whose books (谁的账). The postings of each party balance whatever the amounts are; that is checked when the
table is read. Amounts (fen) 金额（分）: `price` 含税价款, `tax` 其中税额, `tax_deducted` 买方可抵扣税额, `voucher` 补贴, `penalty` 违约金,
`fee` 含税平台服务费, `fee_tax` 其中税额, `fee_tax_deducted` 可抵扣的服务费税额. A cluster may keep a file of its own (`STAVEWORKS_DATA`).
"""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([HEAD, *map(_section, templates().values()), _chart()])


def _section(template: Template) -> str:
    rows = [
        f"| {_party(posting.books)} | {CHART[posting.account].text.en} {CHART[posting.account].text.zh}"
        f"{f', {_party(posting.towards)}' if posting.towards else ''} | "
        f"{f'`{posting.written}`' if posting.debit else ''} | {'' if posting.debit else f'`{posting.written}`'} |"
        for posting in template.postings
    ]
    return "\n".join(
        [
            f"## `{template.code}` {template.title.en} {template.title.zh}",
            "",
            template.text.en,
            "",
            template.text.zh,
            "",
            "| books 谁的账 | account 账户 | debit 借方 | credit 贷方 |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _party(party: Party) -> str:
    return f"{party.text.en} {party.text.zh}"


def _chart() -> str:
    rows = [
        f"| `{kind}` | {entry.text.en} | {entry.text.zh} | {entry.of} | {'●' if entry.customers_money else ''} |"
        for kind, entry in CHART.items()
    ]
    return "\n".join(
        [
            "## Chart of accounts 账户",
            "",
            "*Customers' money*: an operator can't have such an account, by constraint.",
            "",
            "| kind | account | 账户 | class 类别 | customers' money 客户的钱 |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201

"""What planners call the columns of a sheet of lines, in both languages, and what they mean in the tables of a problem."""

from staveworks.kit.text import Text

COLUMNS: dict[str, Text] = {
    "id": Text(zh="订单行", en="Line"),
    "customer": Text(zh="客户", en="Customer"),
    "family": Text(zh="产品", en="Family"),
    "quantity": Text(zh="数量", en="Quantity"),
    "release": Text(zh="可开工周", en="Release"),
    "due": Text(zh="交货周", en="Due"),
    "grade": Text(zh="等级", en="Grade"),
    "certificates": Text(zh="证书", en="Certificates"),
    "city": Text(zh="送达城市", en="City"),
    "late_cost": Text(zh="每周迟交费用", en="Lateness, ¥"),
    "reject_cost": Text(zh="不做的损失", en="Rejection, ¥"),
    "min_lot": Text(zh="最小批量", en="Least lot"),
    "max_lots": Text(zh="最多批数", en="Most lots"),
    "allowed_firms": Text(zh="指定企业", en="Only these firms"),
    "blocked_firms": Text(zh="不给企业", en="Not these firms"),
}
"""``customer`` is for people: the engine never sees it. A sheet may also call a column by its code, such as ``late_cost``."""
TABLE_NAMES: dict[str, Text] = {
    "cities": Text(zh="城市", en="Cities"),
    "transport": Text(zh="运输", en="Transport"),
    "families": Text(zh="产品", en="Families"),
    "routes": Text(zh="工艺路线", en="Routes"),
    "work_centres": Text(zh="工作中心", en="Work centres"),
    "capacity": Text(zh="产能", en="Capacity"),
    "capabilities": Text(zh="能做什么", en="Capabilities"),
    "lines": Text(zh="订单行", en="Lines"),
    "commitments": Text(zh="已定的", en="Commitments"),
    "problem": Text(zh="参数", en="Settings"),
}
"""What the sheets of a workbook hold; each is called by its code there."""
NEEDED = ("id", "family", "quantity", "due", "city")
DEFAULTS: dict[str, object] = {
    "release": 0,
    "grade": 1,
    "certificates": "",
    "min_lot": 0,
    "max_lots": 1,
    "allowed_firms": "",
    "blocked_firms": "",
}
"""Where a column or cell is empty. What lateness and rejection cost follows from the rules."""
ALSO = {
    "line": "id", "order line": "id", "编号": "id", "行号": "id", "订单号": "id", "订单": "id",
    "买方": "customer", "品名": "family", "品类": "family", "产品系列": "family", "product": "family",
    "qty": "quantity", "最早开工": "release", "开工周": "release", "开工日期": "release", "due date": "due",
    "交期": "due", "交货日期": "due", "交货期": "due", "城市": "city", "收货城市": "city", "认证": "certificates",
    "迟交费": "late_cost", "late cost": "late_cost", "拒单损失": "reject_cost", "reject cost": "reject_cost",
    "最小批": "min_lot", "min lot": "min_lot", "批数": "max_lots", "max lots": "max_lots",
}  # fmt: skip
"""Other words for them."""


KNOWN: dict[str, str] = {
    **ALSO,
    **{code: code for code in COLUMNS},
    **{text.zh.lower(): code for code, text in COLUMNS.items()},
    **{text.en.lower(): code for code, text in COLUMNS.items()},
}


def column_of(header: str) -> str:
    """The code of a column by any of its names; itself where it has none."""
    said = header.strip()
    return KNOWN.get(said.lower(), said)

"""The terms of a task as its provider fills them in. What they mean is read by ``terms.py``."""

from collections.abc import Iterable
from typing import Any

from staveworks.mechanisms.tasks.models import Stock, Weekly
from staveworks.mechanisms.tasks.types.subscriptions import Period

TEST: dict[str, Any] = {"x-when": {"kind": ["test"]}}
"""Asked of a test order only."""
_WORDS = {"type": "string", "maxLength": 120}
_TESTS = {
    "type": "array",
    "maxItems": 60,
    "x-zh": "检测项目",
    "x-en": "Tests",
    "x-help-zh": "一行一项。代码由字母、数字组成，各不相同，结果文件里用它；每个样品做每一项。填满以后存草稿，会多出空行。",
    "x-help-en": "One a row. Codes, of letters and figures, differ and name the test in files of results; each test is made on each sample. "
    "More rows come when the draft is kept.",
    "items": {
        "type": "object",
        "required": ["code", "item", "method", "zh", "en"],
        "properties": {
            "code": {"type": "string", "maxLength": 40, "x-zh": "代码", "x-en": "Code"},
            "item": {
                "type": "object",
                "required": ["zh", "en"],
                "properties": {
                    "zh": _WORDS | {"x-zh": "项目", "x-en": "Test, in Chinese"},
                    "en": _WORDS | {"x-zh": "项目（英文）", "x-en": "Test, in English"},
                },
            },
            "method": _WORDS | {"x-zh": "方法标准", "x-en": "Method"},
        },
    },
}
_RUSH = {
    "type": "object",
    "required": ["ratio", "days"],
    "x-zh": "加急（不做就空着）",
    "x-en": "Rush (leave it empty if there is none)",
    "properties": {
        "ratio": {
            "type": "string",
            "maxLength": 10,
            "x-zh": "加价，价格的几倍，如 0.5",
            "x-en": "Surcharge, times the price, such as 0.5",
        },
        "days": {"type": "integer", "x-zh": "几天出报告", "x-en": "Reported within days"},
    },
}

_ASKED: dict[str, Any] = {
    "tests": _TESTS | TEST,
    "most_samples": {
        "type": "integer",
        "default": 20,
        "x-zh": "一次最多几个样品",
        "x-en": "Samples at most",
    }
    | TEST,
    "retention_days": {
        "type": "integer",
        "default": 30,
        "x-zh": "报告后留样几天",
        "x-en": "Days that samples are kept after the report",
    }
    | TEST,
    "rush": _RUSH | TEST,
}
_KIND = {
    "type": "string",
    "enum": ["test", "stock", "subscription"],
    "x-names": {
        "test": {"zh": "检测委托", "en": "Test order"},
        "stock": {"zh": "现货", "en": "Goods from stock"},
        "subscription": {"zh": "订阅", "en": "Subscription"},
    },
    "x-zh": "卖什么",
    "x-en": "What is sold",
    "x-help-zh": "检测委托按样品和项目下单；现货从库存的批次里发；空着就是一般服务，买家填数量和说明。",
    "x-help-en": "A test order names samples and tests; goods come from the lots of a stock; left empty it is a service, ordered with a "
    "quantity and a note.",
}
_SUBSCRIPTION: dict[str, Any] = {"x-when": {"kind": ["subscription"]}}
_PERIOD: dict[str, Any] = {
    "period": {
        "type": "string",
        "enum": [str(each) for each in Period],
        "x-names": {str(each): {"zh": each.text.zh, "en": each.text.en} for each in Period},
        "x-zh": "每期多长",
        "x-en": "A period is a",
        "x-help-zh": "价格是一期的一口价；每期自动下单，直到一方结束。",
        "x-help-en": "The price is one period's; each is ordered by itself until one side ends it.",
    }
    | _SUBSCRIPTION,
    "notice_days": {
        "type": "integer",
        "default": 30,
        "x-zh": "改价提前几天通知",
        "x-en": "Days of notice before a new price",
    }
    | _SUBSCRIPTION,
}


def terms_form(stocks: Iterable[Stock], weekly: Iterable[Weekly]) -> dict[str, Any]:
    """``stocks``, ``weekly``: what the provider keeps, how much of its work it takes a week."""
    capacities = {str(each.resource_id): {"zh": each.name, "en": each.name_en} for each in weekly}
    limit = {
        "type": "string",
        "enum": list(capacities),
        "x-names": capacities,
        "x-when": {"kind": ["", "test"]},
        "x-zh": "每周产能（不限就空着）",
        "x-en": "Weekly capacity (empty: no limit)",
        "x-help-zh": "先在“库存”页下面登记；选同一项的服务共用它。排满的一周不再接。",
        "x-help-en": "Record it on the page Stock first; offers that name one share it. A full week takes no more.",
    }
    named = {
        str(each.resource_id): {"zh": f"{each.name}（{each.unit}）", "en": f"{each.name_en} ({each.unit_en})"}
        for each in stocks
    }
    stock = {
        "type": "string",
        "enum": list(named),
        "x-names": named,
        "x-when": {"kind": ["stock"]},
        "x-zh": "从哪个库存发货",
        "x-en": "From which stock",
        "x-help-zh": "先在“库存”里登记，再在这里选；价格按库存的单位。",
        "x-help-en": "Record it under Stock first; then choose it here. Priced by the stock's unit.",
    }
    return {
        "type": "object",
        "properties": {"kind": _KIND, "stock": stock, **_ASKED, "weekly": limit, **_PERIOD},
    }

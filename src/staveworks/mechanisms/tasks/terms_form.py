"""The terms of a task as its provider fills them in. What they mean is read by ``terms.py``."""

from typing import Any

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

TERMS_FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {
            "type": "string",
            "enum": ["test"],
            "x-names": {"test": {"zh": "检测委托", "en": "Test order"}},
            "x-zh": "卖什么",
            "x-en": "What is sold",
            "x-help-zh": "检测委托按样品和项目下单；空着就是一般服务，买家填数量和说明。",
            "x-help-en": "A test order names samples and tests; left empty it is a service, ordered with a quantity and a note.",
        },
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
    },
}

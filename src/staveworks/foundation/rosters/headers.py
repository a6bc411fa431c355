"""The words that head a column, in Chinese and English, and which field each means."""

import re
import unicodedata
from collections.abc import Sequence

# Longer and more telling words first within a field; a header may hold both languages ("Company / 公司").
WORDS: dict[str, tuple[str, ...]] = {
    "uscc": (
        "统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "机构代码", "税号", "纳税人识别号", "营业执照号", "uscc",
        "unified social credit code", "credit code", "business licence", "business license", "registration number", "tax id",
    ),
    "name": (
        "企业名称", "单位名称", "公司名称", "工厂名称", "厂商名称", "企业全称", "公司全称", "单位全称", "供应商名称", "会员名称", "参展商",
        "会员单位", "单位", "企业", "公司", "厂名", "厂家", "供应商", "名称", "全称", "名字", "company name", "factory name", "supplier name",
        "facility name", "organisation", "organization", "exhibitor", "company", "factory", "supplier", "facility", "vendor",
        "manufacturer", "firm", "enterprise", "name",
    ),
    "country": ("国家或地区", "国家/地区", "国家", "国别", "country/region", "country"),
    "address": (
        "详细地址", "通讯地址", "联系地址", "注册地址", "经营地址", "办公地址", "企业地址", "入驻地址", "公司地址", "生产地址", "地址", "住所",
        "厂址", "address", "street", "location",
    ),
    "city": (
        "所在城市", "所属城市", "所在地区", "所在区县", "所属区县", "所属镇街", "所在镇街", "城市", "所在地", "地区", "区域", "镇街", "区县", "市",
        "city", "town", "district", "region", "province", "省市", "省份",
    ),
    "contact": (
        "法定代表人", "法人代表", "法人", "联系人姓名", "联系人", "负责人", "厂长", "老板", "经办人", "业务联系人", "contact person", "contact name",
        "contact", "legal representative", "legal person", "manager", "owner", "attn",
    ),
    "phone": (
        "手机号码", "手机号", "手机", "联系电话", "联系方式", "电话号码", "办公电话", "固定电话", "电话", "座机", "移动电话", "phone number",
        "telephone", "mobile", "phone", "tel", "cell",
    ),
    "staff": (
        "员工人数", "职工人数", "从业人数", "用工人数", "从业人员", "员工数", "职工数", "人数", "员工", "用工", "规模", "number of employees",
        "number of workers", "employees", "workers", "headcount", "staff", "size",
    ),
    "products": (
        "主营产品", "主要产品", "经营范围", "主营业务", "产品类别", "产品", "行业", "业务", "品类", "main products", "products", "product",
        "sector", "industry", "category", "goods",
    ),
    "email": ("电子邮箱", "电子邮件", "邮箱", "e-mail", "email", "mail"),
    "website": ("公司网址", "网址", "网站", "主页", "website", "homepage", "web", "url"),
    "note": ("备注", "说明", "附注", "remarks", "remark", "notes", "note", "comment", "comments"),
}  # fmt: skip
# The two columns that a correction workbook adds to those of the list.
PROBLEM_HEADER = "问题 / Problem"
REFERENCE_HEADER = "对应编号（请勿改动） / Reference (leave as it is)"
NUMBERING = {"序号", "编号", "序", "号", "no", "no.", "nr", "#", "s/n", "sn", "index", "id", "№"}
_PARTS = re.compile(r"[/|\\\n\r()（）\[\]【】:：*]+")


def plain(text: str) -> str:
    """Header text in one width and case, without blanks between Chinese characters."""
    text = unicodedata.normalize("NFKC", text).strip().strip("*:").lower()
    return re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", re.sub(r"[\s_]+", " ", text))


def field_of_header(header: str) -> tuple[str, float] | None:
    """The field that a header means and how sure that is: 1 = the word itself, 0.7 = holds the word."""
    whole = plain(header)
    if not whole or whole in NUMBERING or len(whole) > 60:
        return None
    pieces = [whole, *(piece.strip() for piece in _PARTS.split(whole))]
    for piece in pieces:
        for field, words in WORDS.items():
            if piece in words:
                return field, 1.0
    if len(whole) > 30:
        return None
    found = [
        (len(word) + (0 if word.isascii() else 6), field)
        for field, words in WORDS.items()
        for word in words
        if _holds(whole, word)
    ]
    return (max(found)[1], 0.7) if found else None


def _holds(header: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{re.escape(word)}\b", header) is not None
    return len(word) > 1 and word in header and len(header) <= len(word) + 8


def is_numbering(header: str) -> bool:
    """Whether the column only counts the rows (序号, No.)."""
    return plain(header) in NUMBERING


def header_score(cells: Sequence[str]) -> float:
    """How much a line looks like the header: one point for each distinct field that its cells name, less for data."""
    fields: dict[str, float] = {}
    filled = [cell for cell in cells if cell]
    for cell in filled:
        found = field_of_header(cell)
        if found:
            fields[found[0]] = max(fields.get(found[0], 0.0), found[1])
        elif is_numbering(cell):
            fields["#"] = 0.5
    figures = sum(1 for cell in filled if re.search(r"\d{3,}", cell))
    return sum(fields.values()) - figures

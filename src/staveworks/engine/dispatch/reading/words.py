"""How a fault is told, in both languages."""

from staveworks.kit.text import Text

NO_PATH = Text(zh="没有这个文件或文件夹：{path}", en="There is no such file or folder: {path}")
NOT_A_PROBLEM = Text(
    zh="应为 CSV 或 Parquet 表格的文件夹，或一个 .json、.xlsx 文件。",
    en="A folder of CSV or Parquet tables is wanted, or one .json or .xlsx file.",
)
NO_TABLE = Text(zh="缺少这张表。", en="This table is missing.")
TWO_FILES = Text(
    zh="同一张表有两个文件（.csv 和 .parquet）。", en="There are two files of this table (.csv and .parquet)."
)
NO_COLUMN = Text(zh="缺少这一列。", en="This column is missing.")
TWO_COLUMNS = Text(zh="这一列出现了两次。", en="This column is there twice.")
UNREADABLE = Text(zh="读不了：{why}", en="Can't be read: {why}")
NOT_UTF8 = Text(
    zh="不是 UTF-8 编码：请另存为 UTF-8（Excel 里叫“CSV UTF-8”）。",
    en="Not UTF-8: save it as UTF-8 (“CSV UTF-8” in Excel).",
)
NOT_JSON = Text(
    zh="不是完整的 JSON：第 {line} 行第 {column} 个字符起读不下去。",
    en="No whole JSON: it can’t be read from line {line}, character {column} on.",
)
TOO_DEEP = Text(zh="JSON 一层套一层，太深了。", en="The JSON is nested too deeply.")
NOT_WORKBOOK = Text(
    zh="打不开：不是 XLSX 工作簿，或文件坏了。",
    en="Can’t be opened: it is no XLSX workbook, or it is damaged.",
)
NO_LINES = Text(zh="一行订单也没有。", en="There is no line in it.")
CELLS = Text(
    zh="应有 {wanted} 个单元格，实有 {found} 个。", en="{wanted} cells are wanted, {found} are there."
)
NOT_ROWS = Text(zh="应为对象的数组。", en="An array of objects is wanted.")
NOT_ROW = Text(zh="应为一个对象。", en="An object is wanted.")
MEMORY = Text(
    zh="约 {rows} 行订单需要 {need} GB 内存，可用的只有 {free} GB，没有读取。请分成几个互不相干的问题，或换内存更大的机器。",
    en="About {rows} lines need {need} GB of memory and {free} GB are free; nothing was read. Split the problem into independent "
    "ones, or take a machine with more memory.",
)

BLANK = Text(zh="没有填写。", en="Is empty.")
NOT_NUMBER = Text(zh="“{value}”不是数。", en="“{value}” is not a number.")
NOT_FINITE = Text(zh="“{value}”不是有限的数。", en="“{value}” is not a finite number.")
NOT_WHOLE = Text(zh="“{value}”不是整数。", en="“{value}” is not a whole number.")
NOT_TEXT = Text(zh="“{value}”不是文字。", en="“{value}” is not text.")
TOO_LARGE = Text(zh="{value} 太大。", en="{value} is too large.")
AT_LEAST = Text(zh="{value} 小于 {least}。", en="{value} is less than {least}.")
MORE_THAN = Text(zh="{value} 应大于 {least}。", en="{value} must be more than {least}.")
NO_BUCKET = Text(zh="时段 {value} 不在 0 到 {last} 之间。", en="Bucket {value} is not between 0 and {last}.")
UNKNOWN = Text(zh="“{value}”不在表 {table} 中。", en="“{value}” is not in {table}.")
UNKNOWN_STATUS = Text(zh="“{value}”不是 {known} 之一。", en="“{value}” is none of {known}.")
TWICE = Text(zh="与第 {row} 行重复。", en="The same as row {row}.")

NOT_OBJECT = Text(zh="应为 JSON 对象。", en="A JSON object is wanted.")
WANT_BUCKETS = Text(zh="应为 1 到 {most} 的整数。", en="A whole number from 1 to {most} is wanted.")
WANT_OPERATIONS = Text(
    zh="应为互不相同的名称列表，至少一个。", en="A list of different names is wanted, at least one."
)
WANT_FAIRNESS = Text(
    zh="应含 share（0 到 1）和 penalty（不小于 0）。", en="It needs share (0 to 1) and penalty (at least 0)."
)
WANT_NUMBER = Text(zh="应为不小于 0 的数。", en="A number of at least 0 is wanted.")
WANT_FROZEN = Text(zh="应为 0 到 {most} 的整数。", en="A whole number from 0 to {most} is wanted.")

HOME = Text(zh="城市到自身的费用和时间应为 0。", en="A city to itself costs 0 and takes 0.")
NO_ROUTE = Text(zh="这个品类没有工艺路线。", en="This family has no route.")
GAP = Text(
    zh="工序号应为 0、1、2……不间断，缺第 {step} 步。",
    en="Steps count 0, 1, 2 … without a gap; step {step} is missing.",
)
CIRCLE = Text(
    zh="路线回到了已做过的工序“{operation}”。",
    en="The route comes back to “{operation}”, which it had already.",
)
TOO_MUCH = Text(
    zh="订单行“{line}”已安排 {placed}，多于数量 {quantity}。",
    en="Line “{line}” has {placed} placed, more than its quantity {quantity}.",
)
OVERFULL = Text(
    zh="已定的工时 {hours} 超过该时段的 {free}。",
    en="What is fixed there takes {hours} hours, more than the {free} of the bucket.",
)
OTHER_QUANTITY = Text(zh="同一批次各步的数量不一致。", en="The steps of one lot have different quantities.")
NOT_MADE_THERE = Text(
    zh="这个工作中心不做订单行的品类。", en="This work centre doesn't make the family of the line."
)
OTHER_OPERATION = Text(
    zh="该品类没有哪条路线能让这一批次的各步落在这些工作中心。",
    en="No route of the family has the operations of these work centres at these steps.",
)
TOO_EARLY = Text(zh="上一步的货还没有运到。", en="What the step before it made hasn't arrived yet.")

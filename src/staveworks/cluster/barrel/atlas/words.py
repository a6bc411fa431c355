"""The wording of the map and of published figures, both languages side by side."""

from staveworks.kit.text import Text

EVERYTHING = Text(zh="整个集群", en="The whole cluster")
UNKNOWN_PLACE = Text(zh="城市未知", en="City unknown")
UNKNOWN_DISTRICT = Text(zh="区县不详", en="District unknown")
NO_TRADE = Text(zh="业态未知", en="Trade unknown")
MAP = Text(zh="集群地图", en="Map of the cluster")
MAP_OF = Text(zh="{place}：{what}", en="{place}: {what}")
FIRMS = Text(zh="{n} 家", en="{n} firm|{n} firms")
FIRMS_AT_LEAST = Text(zh="至少 {n} 家", en="at least {n} firms")
SHORT_IN = Text(zh="短在{plank}", en="short in {plank}")
LEVEL = Text(zh="水位中位数 {level}", en="median water level {level}")
NOT_ASSESSED = Text(zh="还没有诊断", en="not assessed yet")
SKETCH = Text(
    zh="示意图，不画行政界线。浅点是县（区）政府驻地，圆的面积按企业数。",
    en="A sketch; no boundaries are drawn. Pale dots are county seats; a circle’s area is by number of firms.",
)
KILOMETRES = Text(zh="{n} 公里", en="{n} km")
TREND = Text(zh="水位中位数和中间一半，按季度", en="Median water level and middle half, by quarter")
TREND_PUBLISHED = Text(
    zh="水位中位数和中间一半，按公布月份", en="Median water level and middle half, by month published"
)
TREND_SAID = Text(
    zh="{label}：中位数 {median}，中间一半 {low} 到 {high}",
    en="{label}: median {median}, middle half {low} to {high}",
)
AND = Text(zh="、", en=", ")
SEMICOLON = Text(zh="；", en="; ")

PUBLISHED = Text(zh="公布的集群数据", en="Published figures of the cluster")
STATE_EXACT = Text(
    zh="{n} 家企业，{assessed} 家已诊断。水位中位数 {median}，中间一半 {band}。",
    en="{n} firms, {assessed} assessed. Median water level {median}, middle half {band}.",
)
STATE_PUBLISHED = Text(
    zh="至少 {n} 家企业。水位中位数 {median}，中间一半 {band}。",
    en="At least {n} firms. Median water level {median}, middle half {band}.",
)
STATE_SHORT = Text(zh="短在{planks}。", en=" Short in {planks}.")
NO_BARREL_SEEN = Text(
    zh="{n} 家企业，还看不到一家的木桶：没有诊断过，或没有授权给您看。",
    en="{n} firm, whose barrel isn’t to be seen: not assessed, or not shown to you.|"
    "{n} firms, none of whose barrels is to be seen: not assessed, or not shown to you.",
)
NO_FIRMS = Text(zh="没有符合条件的企业。", en="No firm matches.")
NOTHING_PUBLISHED = Text(zh="还没有公布过数据。", en="Nothing is published yet.")
NOWHERE = Text(
    zh="没有这个代码的城市或区县。",
    en="No city or district has this code.",
)
NO_SUCH_GROUP = Text(
    zh="{period} 公布的数据里没有这一组：不足 {n} 家，或有企业收回了授权。",
    en="The figures of {period} have no such group: fewer than {n} firms, or a firm has withdrawn.",
)
NO_GROUP = Text(
    zh="{period} 没有可以公布的数据：企业不够多，或有企业收回了授权。",
    en="Nothing could be published for {period}: too few firms, or a firm has withdrawn.",
)
BY_PLACE = Text(zh="各地", en="Places")
BY_TRADE = Text(zh="各业态", en="Trades")
HEAD_FIRMS = Text(zh="企业", en="Firms")
HEAD_AT_LEAST = Text(zh="企业，至少", en="Firms, at least")
HEAD_LEVEL = Text(zh="水位", en="Level")
HEAD_HALF = Text(zh="中间一半", en="Middle half")
HEAD_SHORT = Text(zh="短在", en="Short in")
HEAT_PLACES = Text(zh="各地被什么卡住", en="What holds each place down")
HEAT_TRADES = Text(zh="各业态被什么卡住", en="What holds each trade down")
HEIGHT_PLACES = Text(zh="各地每块板的高度", en="Plank heights by place")
HEIGHT_TRADES = Text(zh="各业态每块板的高度", en="Plank heights by trade")
HEAT_FIRMS = Text(zh="被该板卡住的企业数", en="firms that the plank holds down")
HEAT_HEIGHTS = Text(zh="该板高度的中位数", en="median height of the plank")
NOTE_EXACT = Text(
    zh="这是运营方能看到的准确数字。不足 {n} 家的（浅色）不得对外公布；对外请用“公布的集群数据”。",
    en="These are exact figures of the firms that the operator may see. Those below {n} (pale) are not for publication; use the "
    "published figures instead.",
)
NOTE_PUBLISHED = Text(
    zh="每个数字背后至少有 {n} 家企业，任何两个公布的数字之差也是。企业数按 5 家向下取整；≤10 表示 10 或以下，≥90 表示 90 或以上。"
    "变化不足 {n} 家的组沿用上次的数字，有企业撤回授权的组不再显示，直到又有 {n} 家更新。",
    en="At least {n} firms stand behind every figure, and behind the difference of any two. Firms are rounded down to fives; ≤10 is 10 "
    "or less, ≥90 is 90 or more. A group in which fewer than {n} firms changed keeps its last figures; one from which a firm "
    "withdrew is not shown until {n} others are new.",
)

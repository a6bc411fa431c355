"""The wording of the report, both languages side by side."""

from staveworks.kit.text import Text

KIND = Text(zh="木桶诊断报告", en="Barrel report")
STANDARD_KIND = Text(zh="达标诊断报告", en="Standard report")
NUMBER = Text(zh="编号 {number}", en="No. {number}")
OPEN = Text(zh="填写中，结果还会变", en="under way, results may still change")
QUESTIONS_ASKED = Text(zh="已答 {answered} / {asked} 题", en="{answered} of {asked} questions answered")

# The opening sentence, in runs so that figures and the plank can be set apart.
WATER = Text(zh="水位 ", en="Water level ")
AT_MOST = Text(zh="，最多 {high}，多半 {likely}", en=", at most {high}, probably {likely}")
HELD = Text(zh="，被", en=", held down by ")
PROBABLY_HELD = Text(zh="。照最可能的情形，被", en="; in the likeliest case held down by ")
HELD_END = Text(zh="卡住。", en=".")
FREE = Text(zh="，没有哪块板单独卡住它。", en="; no plank alone holds it down.")
OPEN_QUESTIONS = Text(
    zh="还有 {n} 题未答，答了范围会变窄。",
    en=" {n} question is open; answering it narrows the range.| {n} questions are open; answering them narrows the range.",
)
SETTLED = Text(
    zh="还有 {n} 题未答，都不会再改变水位。",
    en=" {n} question is open; it can't move the level any more.| {n} questions are open; none can move the level any more.",
)
UNUSED = Text(
    zh="桶板平均 {mean}，水位 {water}：相差的 {unused} 分花了钱，装不住水。",
    en="The staves average {mean}, the water stands at {water}: the {unused} points between are paid for, but hold none.",
)

LEGEND = {
    "own": Text(zh="自有", en="own"),
    "lent": Text(zh="平台借出", en="lent by the platform"),
    "unknown": Text(zh="未答，可能到此", en="unanswered, may reach here"),
    "hole": Text(zh="漏洞", en="hole"),
    "hoop": Text(zh="桶箍，越厚越强", en="hoop: the thicker, the stronger"),
    "bottom": Text(zh="桶底：平台常备", en="bottom: from the platform"),
}

ORDER = Text(zh="卡住水位的次序", en="What holds the water down")
NOW = Text(zh="现在卡住水位", en="holds it down now")
NEXT = Text(zh="补齐{name}后，轮到它", en="next, once {name} is raised")
LEAKS = Text(zh="漏在 {at}：{what}", en="leaks at {at}: {what}")

PEERS = Text(zh="与同业相比", en="Among peers")
PEERS_OF_TYPE = Text(
    zh="同业至少 {n} 家，中间一半的水位在 {band}，中位数 {median}。",
    en="At least {n} firms of the same type: middle half at {band}, median {median}.",
)
PEERS_OF_SIZE = Text(
    zh="同业同规模至少 {n} 家，中间一半的水位在 {band}，中位数 {median}。",
    en="At least {n} firms of the same type and size: middle half at {band}, median {median}.",
)
NO_PEERS = Text(zh="同业还不够多，不作比较。", en="Too few peers: no comparison.")
ABOVE = Text(zh="高于其中一半以上", en="above more than half of them")
BELOW = Text(zh="低于其中一半以上", en="below more than half of them")

STAVES = Text(zh="桶板：最短的决定水位", en="Staves: the shortest sets the level")
HOOPS = Text(zh="桶箍：合起来承载 {bearing}", en="Hoops: together they bear {bearing}")
HEIGHTS = Text(zh="每块板有多高", en="How high each plank stands")
HEAD_LEVEL = Text(zh="水平", en="Level")
HEAD_VERIFIED = Text(zh="已核实", en="Verified")
HEAD_TARGET = Text(zh="目标", en="Target")
HEAD_ANSWERED = Text(zh="已答", en="Answered")
HEAD_PEERS = Text(zh="同业中间一半", en="Peers’ middle half")
HEIGHTS_NOTE = Text(
    zh="水平以本业态的目标为 100。没有答的题可能是任何分，所以写成范围，短横是最可能的位置；已核实只算有人核对过材料的答案，能证明至少有多高。"
    "蓝线是确定的水位。",
    en="100 is what this kind of business needs. An open question may have any score, hence a range; the mark is the likeliest "
    "place. Verified counts only answers whose papers somebody has checked: it is at least so high. The blue line is the water level that is sure.",
)
HEIGHTS_PEERS = Text(zh="下方细线是同业的中间一半。", en=" The thin line below is the peers’ middle half.")
LEFT_OUT = Text(zh="本业态不需要：{names}。", en="Not needed in this kind of business: {names}.")

ONE_THING = Text(zh="若只做一件事", en="If you do one thing")
ONE_STEP = Text(
    zh="{item}：从“{now}”到“{step}”，{plank}升 {height} 分，水位升 {water} 分。",
    en="{item}: from “{now}” to “{step}” raises {plank} by {height} and the water level by {water}.",
)
ONE_STEP_SCORE = Text(
    zh="{item}：从“{now}”到“{step}”，得分升 {score} 分。",
    en="{item}: from “{now}” to “{step}” raises the score by {score}.",
)
ONE_ANSWER = Text(zh="若先答一题", en="If you answer one question")

ADVICE = Text(zh="先做什么", en="What to do first")
HOLE_FIRST = Text(
    zh="先堵漏：{name}漏在 {at}（{what}）。不堵住，板再高也装不住。",
    en="Close the hole first: {name} leaks at {at} ({what}). Above it no height holds water.",
)
QUESTIONS = Text(zh="先答这几题，结果最能说准", en="Answer these first: they settle the result most")
NARROWS = Text(zh="水位范围预计缩小，分", en="Narrows the level by, points")
NARROWS_SCORE = Text(zh="得分范围预计缩小，分", en="Narrows the score by, points")
STEPS = Text(zh="{name}：下一步做什么，能抬多少", en="{name}: the next step of each item, and what it raises")
STEPS_STANDARD = Text(
    zh="每一项的下一步，能加多少分", en="The next step of each item, and what it adds to the score"
)
HEAD_ITEM = Text(zh="题目", en="Item")
HEAD_NOW = Text(zh="现在", en="Now")
HEAD_STEP = Text(zh="下一步", en="Next step")
HEAD_PLANK = Text(zh="板高，分", en="Plank, points")
HEAD_WATER = Text(zh="水位，分", en="Level, points")
HEAD_SCORE = Text(zh="得分，分", en="Score, points")
STEPS_NOTE = Text(
    zh="每行只算这一步，其余不变；未答的题取最可能的值。几步一起做，合计不等于各行相加。",
    en="Each line is that step alone, all else unchanged, open questions at their likeliest value. Gains of several steps don't "
    "add up.",
)
NO_STEPS = Text(
    zh="这块板已答的题都到顶了，或还没有答。先答上面的题。",
    en="Every answered item of this plank is at its top, or none is answered. Answer the questions above first.",
)
NOTHING_OPEN = Text(zh="题目已全部答完。", en="Every question is answered.")

CHANGE = Text(zh="与上次相比", en="Change since last time")
SINCE = Text(zh="上次诊断：{date}。", en="Last assessment: {date}.")
EDITIONS_DIFFER = Text(
    zh="两次用的版本不同，升降里有标准变动的一部分。",
    en=" The two used different editions: part of the change comes from the rubric.",
)
FIRST_TIME = Text(
    zh="这是第一次诊断，没有可比的。下次报告会在这里写出每块板的升降。",
    en="This is the first assessment. The next report will show here how each plank has moved.",
)
HEAD_BEFORE = Text(zh="上次", en="Then")
HEAD_AFTER = Text(zh="这次", en="Now")
HEAD_DIFFERENCE = Text(zh="升降", en="Change")
LEVEL_ROW = Text(zh="水位", en="Water level")
SCORE_ROW = Text(zh="总分", en="Score")

METHOD = Text(zh="怎么算的", en="How it was computed")
METHOD_TEXT = Text(
    zh="每块板的高度是本板各题得分的加权平均，再除以本业态的目标。水位是最短的桶板和桶箍承载两者中较低的一个：最缺的那样决定整体。"
    "失败的硬条件在板上打洞，洞以上不算。",
    en="A plank's height is the weighted mean of its items, divided by what this kind of business needs. The water level is the "
    "lower of the shortest stave and the bearing of the hoops: what is scarcest decides. A failed hard condition bores a hole; "
    "what stands above it doesn't count.",
)
METHOD_STANDARD = Text(
    zh="得分按公布的指标、权重和分值逐级加权。等级要分数和条件同时满足，取满足的最高一级。未答的题按“可能是任何分”算，所以写成范围。",
    en="The score weights the published items as published. A level needs its score and its conditions together; the highest one met "
    "counts. An open question may have any score, hence a range.",
)
ROW_RUBRIC = Text(zh="标准", en="Rubric")
ROW_EDITION = Text(zh="版本", en="Edition")
ROW_SOURCE = Text(zh="出处", en="Source")
ROW_PROFILE = Text(zh="目标", en="Target profile")
ROW_DATE = Text(zh="诊断日期", en="Assessed on")
ROW_DIGEST = Text(zh="标准文件校验值（SHA-256）", en="Digest of the rubric (SHA-256)")
OWN_TARGETS = Text(
    zh="{profile}；企业自己改了目标：{reason}", en="{profile}; targets changed by the firm: {reason}"
)

SIGHT = Text(zh="谁看得到", en="Who may see this")
SEEN_BY_OWN = Text(zh="贵单位：有“查看木桶”权限的成员。", en="The firm: its people who may see the barrel.")
SEEN_BY_AGENT = Text(zh="代办：{name}，到 {date}。", en="By mandate: {name}, until {date}.")
SEEN_BY_STEWARD = Text(
    zh="{name}：企业认领以前代管，看得到高度和答案；认领之后由企业决定。",
    en="{name}: as steward until the firm is claimed, heights and answers; after that the firm decides.",
)
SEEN_BY_GRANT = Text(
    zh="{name}：按企业的授权，用于{purpose}，看得到{fields}{until}。随时可以收回。",
    en="{name}: by the firm's grant for “{purpose}”: {fields}{until}. The firm may withdraw it at any time.",
)
UNTIL = Text(zh="，到 {date}", en=", until {date}")
NOBODY_ELSE = Text(
    zh="此外没有人看得到。对外公布的数字，每组至少 5 家企业。",
    en="Nobody else. Published figures are over at least 5 firms each.",
)
LENT = Text(
    zh="本报告由{name}按企业的授权取得，只含高度，不含逐题答案。授权收回后不得再用，不得转给第三方。",
    en="{name} obtained this report by the firm's grant: heights only, no answers. It may not be passed on, nor used once the "
    "grant is withdrawn.",
)
LENT_BY_STEWARD = Text(
    zh="本报告由{name}代管期间取得。企业认领以后由企业决定谁看得到，不得转给第三方。",
    en="{name} obtained this report as the firm's steward. Once the firm is claimed it decides who sees it. Not to be passed on.",
)
WITHOUT_ANSWERS = Text(
    zh="企业没有授权查看答案，所以这里不写“先做什么”。",
    en="The firm doesn't show its answers, so this report has no part on what to do first.",
)

# By a standard without planks.
SCORE = Text(zh="得分 ", en="Score ")
LEVEL_REACHED = Text(zh="，达到{name}", en=", {name} reached")
LEVEL_BETWEEN = Text(zh="，确定达到{low}，最高可能{high}", en=", {low} for sure, {high} at best")
NOT_YET = Text(zh="，还没有达到任何一级", en=", no level reached yet")
STOP = Text(zh="。", en=".")
SCORE_PICTURE = Text(zh="得分与各级的分数线", en="The score and where each level begins")
SCORE_ALONE = Text(zh="得分", en="The score")
PARTS = Text(zh="各部分得分", en="The score part by part")
HEAD_PART = Text(zh="部分", en="Part")
HEAD_WEIGHT = Text(zh="占比", en="Share")
GAPS = Text(zh="离“{name}”还差什么", en="Still missing for “{name}”")
TOP_LEVEL = Text(zh="已经是最高一级。", en="This is the highest level.")
GAP_SCORE = Text(zh="总分", en="Score")
GAP_ANSWERS = Text(
    zh="{of} 题里答到第 {at} 档以上的题数", en="Of {of} questions, those at step {at} or above"
)
GAP_GATES = Text(zh="门槛条件", en="Gates passed")
HEAD_HAVE = Text(zh="现有", en="Have")
HEAD_NEED = Text(zh="需要", en="Need")
HEAD_CONDITION = Text(zh="条件", en="Condition")
GATES = Text(zh="门槛条件", en="Gates")
GATE_PASSED = Text(zh="通过", en="passed")
GATE_OPEN = Text(zh="还没有答清", en="still open")
GATE_FAILED = Text(zh="没有通过", en="not passed")
HEAD_RESULT = Text(zh="结果", en="Result")

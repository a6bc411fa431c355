"""Why a line is late or not made, in one word and in a sentence of both languages."""

from staveworks.kit.text import Text

WHY: tuple[str, ...] = (
    "",
    "capability",
    "grade",
    "certificates",
    "firms",
    "hours",
    "way",
    "release",
    "cheaper",
    "capacity",
    "lots",
)
"""By the number in ``LineOutcomes.why``: the first rule of these that leaves no way; 0 where nothing is late or rejected."""

SENTENCES: dict[str, Text] = {
    "capability": Text(
        zh="没有工作中心能做这个品类的某道工序。", en="No work centre makes some operation of this family."
    ),
    "grade": Text(
        zh="能做的工作中心都达不到要求的等级。", en="No work centre that can make it has the grade."
    ),
    "certificates": Text(
        zh="达到等级的工作中心都缺要求的证书。", en="No work centre of that grade has all the certificates."
    ),
    "firms": Text(
        zh="合格的企业不在指定之列，或已被排除。", en="The firms that could are not allowed, or blocked."
    ),
    "hours": Text(
        zh="放行之后，合格的工作中心没有空闲工时。",
        en="From its release on, no eligible work centre has declared hours.",
    ),
    "way": Text(
        zh="各道工序之间不通运输，或计划期内来不及做完。",
        en="The operations can't follow each other within the buckets, or the cities aren't connected.",
    ),
    "release": Text(
        zh="放行太晚：即使产能无限也赶不上交期。",
        en="Released too late: not in time even with endless capacity.",
    ),
    "cheaper": Text(
        zh="即使产能不紧，这样也更便宜。", en="It is cheaper so, even if no capacity were short."
    ),
    "capacity": Text(
        zh="产能不足：所需的工时用在别处更值。",
        en="Capacity is short: the hours it needs are worth more elsewhere.",
    ),
    "lots": Text(
        zh="按工时价格排得下，但最小批量、批次数上限或换产工时不允许。",
        en="There would be hours at their price, but the least lot, the number of lots or setting up stand in the way.",
    ),
}

CHANGES: dict[str, Text] = {
    "capability": Text(
        zh="需要一个会做“{operation}”的工作中心。", en="A work centre that does “{operation}” for it."
    ),
    "grade": Text(
        zh="把要求的等级从 {wanted} 降到 {grade}（{work_centre}），或由它升级。",
        en="Ask for grade {grade} instead of {wanted} ({work_centre}), or raise the grade there.",
    ),
    "certificates": Text(zh="{work_centre} 取得证书：{zh}。", en="{work_centre} gets: {en}."),
    "firms": Text(zh="允许 {firm}。", en="Allow {firm}."),
    "hours": Text(
        zh="{work_centre} 在时段 {bucket} 增加 {hours} 工时（那里每工时值 {price}）。",
        en="{hours} hours more at {work_centre} in bucket {bucket} (an hour there is worth {price}).",
    ),
    "hours_free": Text(
        zh="{work_centre} 在时段 {bucket} 增加 {hours} 工时。",
        en="{hours} hours more at {work_centre} in bucket {bucket}.",
    ),
    "hours_beyond": Text(
        zh="{work_centre} 在时段 {bucket} 增加 {hours} 工时，其中 {beyond} 超出那里开工的工时。",
        en="{hours} hours more at {work_centre} in bucket {bucket}, {beyond} of them beyond the hours worked there.",
    ),
    "later_due": Text(
        zh="交期推后 {n} 个时段，到 {due}。",
        en="Due {n} bucket later, in {due}.|Due {n} buckets later, in {due}.",
    ),
    "worth": Text(zh="每件不做的代价高于 {cost}。", en="Not to make it costs more than {cost} a unit."),
    "worth_late": Text(
        zh="每件每晚一个时段的代价高于 {cost}。", en="A bucket of lateness costs more than {cost} a unit."
    ),
    "min_lot": Text(zh="最小批量降到 {quantity}。", en="A least lot of {quantity}."),
    "max_lots": Text(zh="允许分 {lots} 批。", en="{lots} lots allowed."),
}

PAIRS: dict[str, Text] = {
    "chosen": Text(zh="它在做这一行。", en="It makes this line."),
    "capability": Text(zh="它不做这个品类。", en="It doesn't make this family."),
    "grade": Text(zh="它的等级不够。", en="Its grade is too low."),
    "certificates": Text(zh="它缺证书：{zh}。", en="It lacks: {en}."),
    "blocked": Text(zh="这一行排除了它，或指定了别家。", en="The line blocks it, or allows only others."),
    "hours": Text(zh="放行之后它没有空闲工时。", en="It has no hours from the line's release on."),
    "way": Text(zh="经过它走不通，或来不及。", en="No path leads through it within the buckets."),
    "dearer": Text(
        zh="经过它每件贵 {gap}：价格低这么多才会选它。",
        en="A unit through it costs {gap} more; at a price lower by that it would have been chosen.",
    ),
    "even": Text(
        zh="经过它一样便宜，但批量或剩余工时不合适。",
        en="It is as cheap as what was chosen; lots or what was left of its hours didn't fit.",
    ),
    "unwanted": Text(zh="没有订单行要这个品类。", en="No line wants this family."),
}

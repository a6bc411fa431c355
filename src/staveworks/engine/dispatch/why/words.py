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

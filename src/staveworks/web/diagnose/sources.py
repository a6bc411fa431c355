"""What else answers a question, beside the firm: the platform's records, another rubric, the peers to compare with."""

from dataclasses import dataclass

from django.urls import reverse

from staveworks.cluster.barrel.queries import AssessmentView
from staveworks.engine.barrel import Leaf, Rubric, load_rubric, score
from staveworks.kit.text import Text
from staveworks.web.figures import points

RECORDS = Text(zh="平台自己的记录", en="the platform's own records")
MEASURED = Text(
    zh="以后由平台算出，依据是{name}。平台现在还没有这些记录，不填就按未知算；您也可以先自报。",
    en="The platform will compute this from {name}. It has no such records yet: left open, it counts as unknown; you may "
    "state it yourself until then.",
)
FEEDS = Text(
    zh="做过{name}，这里自动得出，不必自己填。",
    en="Once assessed by {name}, this follows by itself; you needn't state it.",
)
COMPUTED = Text(
    zh="照{name}的答案算出：{level}。不填就用它。",
    en="By the answers to {name}: {level}. Used unless you state another.",
)
RANGE = Text(zh="在 {low} 和 {high} 之间", en="between {low} and {high}")
OVERRULED = Text(
    zh="用的是您填的；照{name}的答案算出来是：{level}。收回答案就改用它。",
    en="Your own statement counts; by the answers to {name} it would be: {level}. Take yours back to use it.",
)
COMPARED = Text(
    zh="和同业比：中位数是 {median}{unit}。",
    en="Compared with the peers: their median is {median}{unit}.",
)
NO_PEERS = Text(
    zh="这题和同业的中位数比。同业还不够多，答了也先按未知算。",
    en="This is compared with the median of the peers. There are too few of them: an answer counts as unknown until then.",
)
GO = Text(zh="去做", en="Go there")


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence, and where to go."""

    text: Text
    url: str | None = None
    link: Text | None = None


def source_of(view: AssessmentView, leaf: Leaf) -> Source | None:
    """What a reader should know about where the answer to ``leaf`` may come from."""
    if leaf.kind == "measured":
        return Source(MEASURED.format_each(leaf.measured_from or RECORDS))
    if leaf.kind == "peer":
        return _compared(view, leaf)
    return _linked(view, leaf, leaf.link.rubric) if leaf.link else None


def _linked(view: AssessmentView, leaf: Leaf, rubric: Rubric) -> Source:
    url = reverse("assessments") + f"#{rubric.id}"
    answers = {code: value for code, value in view.values.items() if code in rubric.answerable}
    if not answers:
        return Source(FEEDS.format_each(rubric.name), url, GO)
    result = score(rubric, answers)
    if leaf.link and leaf.link.of == "level" and result.level:
        low, high = result.level.low_name, result.level.high_name
    else:
        low, high = (_plain(points(end)) for end in (result.score.low, result.score.high))
    said = OVERRULED if leaf.code in view.values else COMPUTED
    level = low if low == high else _between(low, high)
    return Source(
        Text(
            zh=said.zh.format(name=rubric.name.zh, level=level.zh),
            en=said.en.format(name=rubric.name.en, level=level.en),
        ),
        url,
        GO if low != high else None,
    )


def _plain(figure: str) -> Text:
    return Text(zh=figure, en=figure)


def _between(low: Text, high: Text) -> Text:
    return Text(zh=RANGE.zh.format(low=low.zh, high=high.zh), en=RANGE.en.format(low=low.en, high=high.en))


def _compared(view: AssessmentView, leaf: Leaf) -> Source:
    median = view.medians.get(leaf.code)
    if median is None:
        return Source(NO_PEERS)
    unit = leaf.unit or Text(zh="", en="")
    return Source(
        Text(
            zh=COMPARED.zh.format(median=points(median), unit=f" {unit.zh}" if unit.zh else ""),
            en=COMPARED.en.format(median=points(median), unit=f" {unit.en}" if unit.en else ""),
        )
    )


def origin_of(view: AssessmentView, leaf: Leaf) -> Rubric | None:
    """The rubric from which a question is taken over; None where it is this rubric's own."""
    return load_rubric(leaf.origin) if leaf.origin != view.rubric.id else None

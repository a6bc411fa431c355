"""A booking's name in the drawn week: in as many lines as there is room for, cut only where there is none."""

import pytest

from staveworks.web.deliver.week import fit


@pytest.mark.parametrize(
    ("label", "most", "lines"),
    [
        ("春晖织造", 1, ["春晖织造"]),
        ("绍兴春晖织造有限公司", 3, ["绍兴春晖织造有", "限公司"]),
        ("绍兴春晖织造有限公司", 1, ["绍兴春晖织造…"]),
        ("Chunhui Weaving Ltd", 2, ["Chunhui", "Weaving Ltd"]),
        ("Chunhui Weaving Ltd", 1, ["Chunhui Wea…"]),
        ("", 1, []),
    ],
)
def test_a_name_is_cut_only_where_there_is_no_room_left(label: str, most: int, lines: list[str]) -> None:
    assert fit(label, 90, most=most) == lines

"""The map's tables as rows of a workbook: exactly what is shown; coded figures stay as they are written."""

from collections.abc import Iterator

from staveworks.cluster.barrel.atlas.drawing import short_of
from staveworks.cluster.barrel.atlas.types import Atlas, Line
from staveworks.cluster.barrel.published.coding import coded
from staveworks.engine.disclosure import LEAST, MOST
from staveworks.kit.data import data_file
from staveworks.kit.planks import Register, load_register
from staveworks.kit.text import Language, Text

Cell = str | int | float | None
NAME = Text(zh="集群水位", en="Cluster water levels")
NAME_PUBLISHED = Text(zh="公布的集群数据 {period}", en="Published figures {period}")
KINDS = (Text(zh="地方", en="Place"), Text(zh="业态", en="Trade"))
HEADS = (
    Text(zh="按", en="By"),
    Text(zh="名称", en="Name"),
    Text(zh="代码", en="Code"),
    Text(zh="企业", en="Firms"),
    Text(zh="已诊断", en="Assessed"),
    Text(zh="水位：下四分位", en="Water level, lower quartile"),
    Text(zh="水位：中位数", en="Water level, median"),
    Text(zh="水位：上四分位", en="Water level, upper quartile"),
    Text(zh="短在", en="Short in"),
)
AT_LEAST = Text(zh="企业，至少", en="Firms, at least")
HELD = Text(zh="{plank}：卡住的企业", en="{plank}: firms held down")
HEIGHT = Text(zh="{plank}：高度中位数", en="{plank}: median height")
MARK = Text(zh="不足 {n} 家，不得对外公布", en="fewer than {n}: not for publication")
REMARK = Text(zh="说明", en="Remark")


def rows_of(atlas: Atlas, language: Language) -> tuple[str, list[str], list[list[Cell]]]:
    """Name of the sheet, headers, rows."""
    register = load_register(data_file("planks.yaml"))
    name = NAME.in_language(language) if atlas.exact else NAME_PUBLISHED.say(language, period=atlas.period)
    heads = [head.in_language(language) for head in HEADS]
    if not atlas.exact:
        heads[3] = AT_LEAST.in_language(language)
        del heads[4]
    cell = HELD if atlas.exact else HEIGHT
    heads += [cell.say(language, plank=_plank(code, language, register)) for code in atlas.planks]
    if atlas.exact:
        heads.append(REMARK.in_language(language))
    return name, heads, list(_rows(atlas, language, register))


def _rows(atlas: Atlas, language: Language, register: Register) -> Iterator[list[Cell]]:
    total = [atlas.total] if atlas.total else []
    for kind, lines in ((KINDS[0], (*total, *atlas.places)), (KINDS[1], atlas.trades)):
        for line in lines:
            yield [kind.in_language(language), *_row(atlas, line, language, register)]


def _row(atlas: Atlas, line: Line, language: Language, register: Register) -> Iterator[Cell]:
    yield line.name.in_language(language)
    yield line.key or None
    yield line.firms
    if atlas.exact:
        yield line.diagnosed
    for value in (line.low, line.median, line.high):
        yield None if value is None else _level(value, exact=atlas.exact)
    yield short_of(line, language, register) or None
    for code in atlas.planks:
        value = line.cells.get(code)
        if atlas.exact:
            yield int(value or 0)
        else:
            yield None if value is None else _level(value, exact=False)
    if atlas.exact:
        yield MARK.say(language, n=atlas.fewest) if line.few else None


def _level(value: float, *, exact: bool) -> Cell:
    """A number to compute with; the coded ends stay as they are written."""
    if exact:
        return round(value, 1)
    return round(value) if LEAST < value < MOST else coded(value)


def _plank(code: str, language: Language, register: Register) -> str:
    return register[code].name.in_language(language) if code in register else code

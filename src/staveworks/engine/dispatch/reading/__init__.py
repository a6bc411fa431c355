"""Files → ``Problem``: everything that is wrong with them is told at once, by table, row and column."""

from pathlib import Path

from staveworks.engine.dispatch.problem import Problem
from staveworks.engine.dispatch.reading.assemble import assemble
from staveworks.engine.dispatch.reading.columns import Columns, Reader
from staveworks.engine.dispatch.reading.commitments import check_commitments
from staveworks.engine.dispatch.reading.faults import BadProblem, Fault, Faults
from staveworks.engine.dispatch.reading.folder import Folder
from staveworks.engine.dispatch.reading.memory import free_memory, refuse_too_large, tell_too_large
from staveworks.engine.dispatch.reading.rules import check_rows
from staveworks.engine.dispatch.reading.settings import Settings, read_settings
from staveworks.engine.dispatch.reading.sheets import JsonFile, Workbook
from staveworks.engine.dispatch.reading.source import SETTINGS, Source
from staveworks.engine.dispatch.reading.tables import TABLES
from staveworks.engine.dispatch.reading.words import NO_LINES, NO_PATH, NOT_A_PROBLEM, NOT_WORKBOOK

__all__ = ["BadProblem", "Fault", "read_problem"]


def read_problem(path: Path | str, *, memory: int | None = None, first_row: int = 1) -> Problem:
    """The problem at ``path``: a folder of tables, a ``.json`` or an ``.xlsx``; ``memory`` in bytes, without it what is free;
    ``first_row``: what the first entry of a table in JSON is called in a fault.

    Raises ``BadProblem`` with every fault.
    """
    faults = Faults()
    source = _open(Path(path), faults, first_row)
    faults.raise_any()
    assert source is not None
    settings = read_settings(source.settings(faults), faults)
    if refuse_too_large(source, faults, memory):
        faults.raise_any()
    try:
        return _read(source, settings, faults)
    except MemoryError:  # the estimate was too low
        tell_too_large(source, faults, free_memory() or 0)
        raise BadProblem(faults.told, faults.count) from None


def _read(source: Source, settings: Settings, faults: Faults) -> Problem:
    reader = Reader(source, faults, buckets=settings.buckets, operations=settings.operations)
    tables: dict[str, Columns] = {name: reader.read(table) for name, table in TABLES.items()}
    if not len(tables["lines"]) and {"lines", SETTINGS}.isdisjoint(each.table for each in faults.told):
        faults.add("lines", NO_LINES)
    check_rows(tables, settings.operations, faults)
    faults.raise_any()
    problem = assemble(settings, tables)
    check_commitments(problem, tables["commitments"].rows, faults)
    faults.raise_any()
    return problem


def _open(path: Path, faults: Faults, first_row: int) -> Source | None:
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        faults.add(SETTINGS, NO_PATH.format(path=path))
    elif path.suffix.lower() == ".json":
        return JsonFile(path, first_row)
    elif path.suffix.lower() == ".xlsx":
        try:
            return Workbook(path)
        except Exception:  # the library has its own errors, of no common kind
            faults.add(SETTINGS, NOT_WORKBOOK)
    else:
        faults.add(SETTINGS, NOT_A_PROBLEM)
    return None

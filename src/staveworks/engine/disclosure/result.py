"""What is answered."""

from dataclasses import dataclass

from staveworks.engine.disclosure.problem import Group


@dataclass(frozen=True, slots=True)
class Result:
    """``kept`` groups are shown as they were; ``made`` are new; ``left_out`` firms are in no group this time."""

    kept: tuple[Group, ...]
    made: tuple[Group, ...]
    left_out: frozenset[str]

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.kept + self.made

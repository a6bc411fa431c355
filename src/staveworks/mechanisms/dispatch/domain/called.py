"""What the ids of a problem are called, for sentences about it: by the names that were kept with it, by industry packs, or as they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from staveworks.kit.industries import load_industries
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Called:
    """``names``: kind → id → its name, in both languages or one for both."""

    names: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, kind: str, id_: str) -> Text:
        said = self.names.get(kind, {}).get(id_)
        if isinstance(said, Mapping):
            return Text(**said)
        if not said and kind == "operations" and id_ in load_industries().operations:
            return load_industries().operations[id_].name
        return Text(zh=str(said or id_), en=str(said or id_))

    def centre(self, plan: Plan, centre: int) -> Text:
        """``永和印染 · 溢流机``: the firm, and what it calls the work centre."""
        centres = plan.problem.work_centres
        firm = self.of("firms", plan.problem.firms[centres.firm[centre]])
        return together(firm, self.of("centres", centres.ids[centre]))


def together(*parts: Text) -> Text:
    return Text(
        zh=" · ".join(dict.fromkeys(part.zh for part in parts)),
        en=" · ".join(dict.fromkeys(part.en for part in parts)),
    )

"""Target profiles: the height of each plank that a type of business needs. Data by industry pack, adjustable by the firm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from staveworks.engine.barrel.columns import Floats
from staveworks.engine.barrel.rubric import FULL
from staveworks.engine.barrel.source import Entry, read_source
from staveworks.kit.configuration.table import DATA
from staveworks.kit.data import data_file, data_files
from staveworks.kit.errors import Invalid, NotFound
from staveworks.kit.planks import Register, load_register
from staveworks.kit.text import Text


class UnknownProfile(NotFound):
    """There is no profile of this code."""


class TargetRefused(Invalid):
    """A target outside 0–100, or for a plank that does not exist; ``field`` is the plank."""


@dataclass(frozen=True, slots=True)
class Profile:
    """``targets`` by plank, 0–100; a plank that is not named needs 100, one with 0 is not needed."""

    code: str
    name: Text
    description: Text
    targets: Mapping[str, float] = field(default_factory=dict)

    def target(self, plank: str) -> float:
        return self.targets.get(plank, FULL)

    def adjusted(self, targets: Mapping[str, float]) -> "Profile":
        """The firm's own profile. Raises ``TargetRefused``."""
        for plank, target in targets.items():
            if isinstance(target, bool) or not 0 <= target <= FULL:
                raise TargetRefused(
                    Text(zh="目标应在 0 到 100 之间。", en="A target lies between 0 and 100."), field=plank
                )
        return replace(self, targets={**self.targets, **targets})


EVEN = Profile(
    code="even",
    name=Text(zh="通用（每块板都要）", en="General (every plank fully)"),
    description=Text(zh="每块板都以 100 为目标", en="A target of 100 for every plank"),
)


def targets_of(planks: Sequence[str], profiles: Sequence[Profile]) -> Floats:
    """T of shape (planks, profiles)."""
    return np.array([[profile.target(plank) for profile in profiles] for plank in planks])


def load_profiles() -> dict[str, Profile]:
    """All profiles by code, such as ``textile.weaving``; the even one first. Raises ``RubricRefused``."""
    return dict(_profiles(DATA.read()))


def find_profile(code: str) -> Profile:
    """Raises ``UnknownProfile``."""
    profiles = load_profiles()
    if code not in profiles:
        known = "、".join(profiles)
        raise UnknownProfile(
            Text(zh=f"没有这个画像：{code}。现有：{known}", en=f"No such profile: {code}. There are: {known}")
        )
    return profiles[code]


@lru_cache(maxsize=4)
def _profiles(_own_data: Path | None) -> dict[str, Profile]:
    register = load_register(data_file("planks.yaml"))
    found = {EVEN.code: EVEN}
    for path in data_files("profiles", "*.yaml"):
        found |= read_profiles(path, register)
    return found


def read_profiles(path: Path, register: Register) -> dict[str, Profile]:
    """The profiles of one pack; their codes begin with the file's name. Raises ``RubricRefused``."""
    top = read_source(path)
    top.only("profiles", "source")
    found = [_profile(each, path.stem, register) for each in top["profiles"].items()]
    return {profile.code: profile for profile in found}


def _profile(entry: Entry, pack: str, register: Register) -> Profile:
    entry.only("profile", "name", "description", "targets")
    targets = {}
    for plank, target in entry["targets"].mapping().items():
        if plank not in register:
            raise target.refusal(f"没有这块板：{plank}", f"no such plank: {plank}")
        if not 0 <= target.number() <= FULL:
            raise target.refusal("目标应在 0 到 100 之间", "a target lies between 0 and 100")
        targets[plank] = target.number()
    code = f"{pack}.{entry['profile'].string()}"
    return Profile(code, entry["name"].text(), entry["description"].text(), targets)

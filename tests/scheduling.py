"""Which tests stay together on one worker: those of a module that is marked ``xdist_group``, since they share what is slow to make.

pytest-xdist 3.8 marks groups in node ids, which pytest 9.2 no longer lets it write: its own ``loadgroup`` groups nothing.
"""

import re
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

GROUP = re.compile(r'pytest\.mark\.xdist_group\("(\w+)"\)')
ACROSS_MODULES = {"town"}
"""Groups of several modules, which one worker runs: what they share is made once."""


class TogetherByModule(LoadScopeScheduling):
    """Every test for itself, except in the modules that ask to stay whole."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        root = Path(__file__).parent
        self.whole: dict[str, str] = {}
        for path in root.rglob("test_*.py"):
            module = str(path.relative_to(root.parent))
            for group in GROUP.findall(path.read_text("utf-8")):
                self.whole[module] = group if group in ACROSS_MODULES else module

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return self.whole.get(module, nodeid)

"""Which tests stay together on one worker: those of a module that is marked ``xdist_group``, since they share what is slow to make.

pytest-xdist 3.8 marks groups in node ids, which pytest 9.2 no longer lets it write: its own ``loadgroup`` groups nothing.
"""

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


class TogetherByModule(LoadScopeScheduling):
    """Every test for itself, except in the modules that ask to stay whole."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        root = Path(__file__).parent
        self.whole = {
            str(path.relative_to(root.parent))
            for path in root.rglob("test_*.py")
            if "pytest.mark.xdist_group(" in path.read_text("utf-8")
        }

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if module in self.whole else nodeid

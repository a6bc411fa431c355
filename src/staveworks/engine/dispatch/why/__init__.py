"""Why not: for lines, for firms, for both together, and what a little more capacity would save."""

from staveworks.engine.dispatch.why.lines import why_lines
from staveworks.engine.dispatch.why.words import SENTENCES, WHY

__all__ = ["SENTENCES", "WHY", "why_lines"]

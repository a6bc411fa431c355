"""Why not: for lines, for firms, for both together, and what a little more capacity would save."""

from staveworks.engine.dispatch.why.changes import Change, LineWhy, explain_line
from staveworks.engine.dispatch.why.lines import why_lines
from staveworks.engine.dispatch.why.pairs import FirmWhy, OfferWhy, PairWhy, explain_firm, explain_pair
from staveworks.engine.dispatch.why.staves import Staves, find_staves
from staveworks.engine.dispatch.why.words import SENTENCES, WHY

__all__ = [
    "SENTENCES",
    "WHY",
    "Change",
    "FirmWhy",
    "LineWhy",
    "OfferWhy",
    "PairWhy",
    "Staves",
    "explain_firm",
    "explain_line",
    "explain_pair",
    "find_staves",
    "why_lines",
]

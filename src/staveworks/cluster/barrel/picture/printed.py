"""The barrel on paper: the same drawing with its styles inside, since a printed page has no stylesheet. Light colours only.

The rules are those of ``barrel.css`` with the tokens filled in; a test compares them.
"""

FAMILIES = '"IBM Plex Sans","Noto Sans SC"'
STYLES = """
.b-ghost{fill:#16202e;fill-opacity:0.035;stroke:#8a96a3;stroke-width:1;stroke-dasharray:2 4}
.b-own{fill:#ddb882}
.b-grain{stroke:#a97b3f;stroke-width:1;stroke-opacity:0.35;fill:none}
.b-end{stroke:#f4e2c4;stroke-width:3;fill:none}
.b-shade{fill:#16202e}
.b-lent{fill:#6c7bd0}
.b-lent-end{stroke:#c9d1fa;stroke-width:3;fill:none}
.b-joint{stroke:#fff;stroke-width:1.6;fill:none;stroke-linejoin:miter}
.b-unk{stroke:#8a6530;stroke-width:1.2;stroke-dasharray:4 3}
.b-hl{stroke:#8a6530;stroke-width:1.4;stroke-opacity:0.7}
.b-likely{stroke:#8a6530;stroke-width:2.5;fill:none}
.b-water{fill:#1b7fb0;fill-opacity:0.7}
.b-wunk{fill:#1b7fb0;fill-opacity:0.2}
.b-whigh{stroke:#0f5f7c;stroke-width:1.4;stroke-dasharray:1 4;stroke-linecap:round;fill:none}
.b-surface{fill:#c3e4f2}
.b-wline{stroke:#0f5f7c;stroke-width:2.6;fill:none}
.b-wback{stroke:#0f5f7c;stroke-width:1;fill:none;stroke-opacity:0.5}
.b-before{stroke:#fff;stroke-width:1.6;stroke-dasharray:5 4;fill:none}
.b-hoop{fill:#38424f}
.b-hoop-lent{fill:#6c7bd0}
.b-hoop-unk{fill:#38424f;fill-opacity:0.35}
.b-hoop-bind{fill:#c23d1c}
.b-bridge{fill:#38424f;fill-opacity:0.13}
.b-bridge-bind{fill:#c23d1c;fill-opacity:0.3}
.b-shine{stroke:#fff;stroke-opacity:0.28;stroke-width:1;fill:none}
.b-bottom{fill:#3a4a9f}
.b-hole{fill:#2a1d10}
.b-holering{fill:none;stroke:#c23d1c;stroke-width:2}
.b-spill{fill:#d2ebf6;fill-opacity:0.92}
.b-bind{fill:none;stroke:#c23d1c;stroke-width:3}
.b-lead{stroke:#8a96a3;stroke-width:1;fill:none}
.b-leg{stroke-opacity:0.6}
.b-leadw{stroke:#0f5f7c;stroke-width:1.6;fill:none}
.b-t{fill:#16202e}
.b-t2{fill:#4a5666}
.b-t3{fill:#5f6b7a}
.b-tw{fill:#146c8c}
.b-ts{fill:#b93a1b}
.b-ic{fill:none;stroke:#4a5666;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}
.b-ic.b-short{stroke:#b93a1b}
"""


def for_print(svg: str) -> str:
    """``svg`` as ``draw`` gave it, with its styles and the fonts of printed papers."""
    return with_styles(svg, STYLES)


def with_styles(svg: str, styles: str) -> str:
    """A drawing with a stylesheet of its own."""
    head = svg.index(">") + 1
    rules = styles.replace("\n", "")
    return f"{svg[:head]}<style>svg{{font-family:{FAMILIES}}}{rules}</style>{svg[head:]}"

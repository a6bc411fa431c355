"""The map and the course on paper, with their styles inside. The rules are those of ``map.css``; a test compares them."""

from staveworks.cluster.barrel.picture.printed import with_styles

STYLES = """
.m-ground{fill:#edf0f3}
.m-seats{stroke:#c3cbd4;stroke-width:3;stroke-linecap:round;fill:none}
.m-around{fill:#5f6b7a}
.m-dot{fill:#146c8c;fill-opacity:0.85;stroke:#fff;stroke-width:2}
.m-dot-none{fill:#5f6b7a}
.m-card{fill:#fff;stroke:#c3cbd4;stroke-width:1}
.m-name{fill:#16202e}
.m-level{fill:#146c8c}
.m-note{fill:#4a5666}
.m-scale{stroke:#5f6b7a;stroke-width:1;fill:none}
.c-rule{stroke:#dbe0e6;stroke-width:1;fill:none}
.c-axis{fill:#4a5666}
.c-band{fill:#cbdfe8;fill-opacity:0.7}
.c-span{stroke:#8fb5c7;stroke-width:7;stroke-linecap:round;fill:none}
.c-line{stroke:#146c8c;stroke-width:2;fill:none}
.c-dot{fill:#146c8c}
.c-now{fill:#146c8c}
.c-end{fill:#4a5666}
"""


def for_print(svg: str) -> str:
    """``svg`` with its styles and the fonts of printed papers."""
    return with_styles(svg, STYLES)

"""The planks' colours as a stylesheet, made from the register: style attributes are forbidden by the content policy."""

import re

from staveworks.kit.planks import Plank, Register

CODE = re.compile(r"[a-z0-9_-]+")
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def plank_stylesheet(register: Register) -> str:
    """CSS with one class ``plank-<code>`` for each plank, light and dark. For its name and icon, never for a bar."""
    planks = [plank for plank in register.values() if _printable(plank)]
    light = "\n".join(f".plank-{plank.code}{{color:{plank.colour[0]}}}" for plank in planks)
    dark = "\n".join(f".plank-{plank.code}{{color:{plank.colour[1]}}}" for plank in planks)
    return f"{light}\n@media (prefers-color-scheme:dark){{\n{dark}\n}}\n"


def _printable(plank: Plank) -> bool:
    return bool(CODE.fullmatch(plank.code)) and all(COLOUR.fullmatch(colour) for colour in plank.colour)

"""A code that somebody types from a message, a letter or a screen."""

import unicodedata

WITHIN = "-‐‑–—－"
"""What keyboards make of a hyphen."""


def typed_code(text: str) -> str:
    """Full-width letters and figures as those of ASCII, without blanks; dashes as hyphens."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain.translate(dict.fromkeys(map(ord, WITHIN), "-"))

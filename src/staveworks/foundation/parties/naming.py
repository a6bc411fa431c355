"""Names in the order a Chinese reader expects: by pinyin, whatever the database's collation."""

from pypinyin import lazy_pinyin


def sort_key(name: str) -> str:
    """Pinyin of ``name`` in lower case, one space between syllables (no ICU is needed to sort by it)."""
    return " ".join(lazy_pinyin(name.strip())).lower()[:400]

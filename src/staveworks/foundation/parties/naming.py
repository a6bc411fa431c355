"""Names in the order a Chinese reader expects: by pinyin, whatever the database's collation."""


def sort_key(name: str) -> str:
    """Pinyin of ``name`` in lower case, one space between syllables (no ICU is needed to sort by it)."""
    from pypinyin import lazy_pinyin  # its dictionaries take a third of a second: not at every start

    return " ".join(lazy_pinyin(name.strip())).lower()[:400]

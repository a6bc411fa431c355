"""Traditional to simplified characters."""

from functools import cache, lru_cache

from opencc import OpenCC


@lru_cache(maxsize=50_000)
def simplified(text: str) -> str:
    """Simplified writing, character by character; text in Latin letters is returned as it is."""
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    """OpenCC's answer for each character, asked once: its converter takes 60 µs a name, a table less than one."""
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    plain = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(old): new for old, new in zip(characters, plain, strict=True) if old != new}

"""The index as the search asks it: stems by PostgreSQL's English dictionary, what is in use, and the nearest word in use."""

from functools import cached_property

from django.db import connection
from rapidfuzz import process
from rapidfuzz.distance import OSA

from staveworks.trade.catalogue.models import Word


class Index:
    """Answers are kept for the length of one search."""

    def __init__(self) -> None:
        self._stems: dict[str, str] = {}
        self._has: dict[str, bool] = {}

    def stem(self, word: str) -> str:
        if word not in self._stems:
            asked = "SELECT coalesce((ts_lexize('english_stem', %s))[1], '')"
            self._stems[word] = str(self._one(asked, word))
        return self._stems[word]

    def has(self, expression: str) -> bool:
        if not expression:
            return False
        if expression not in self._has:
            asked = "SELECT EXISTS (SELECT FROM catalogue_listing WHERE words @@ %s::tsquery)"
            self._has[expression] = bool(self._one(asked, expression))
        return self._has[expression]

    def nearest(self, word: str) -> list[str]:
        """One slip in a word of four or five letters, two in a longer one; swapped neighbours are one."""
        if len(word) < 4 or not word.isalpha():
            return []
        slips = 1 if len(word) < 6 else 2
        near = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=slips, limit=3)
        return [found for found, _, _ in near if self.has(f"'{self.stem(found)}'")]

    @cached_property
    def _words(self) -> list[str]:
        return list(Word.objects.order_by("word").values_list("word", flat=True))

    def _one(self, statement: str, value: str) -> object:
        with connection.cursor() as cursor:
            cursor.execute(statement, [value])
            return cursor.fetchone()[0]

"""A text in both languages, kept side by side so that neither can be forgotten (decision 0003)."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


def language_of(code: str | None) -> Language:
    """Our language for a locale code such as ``zh-hans``, ``zh_CN.UTF-8`` or ``en-gb``; Chinese unless it is not."""
    return "zh" if not code or code.lower().startswith("zh") else "en"


@dataclass(frozen=True, slots=True)
class Text:
    """Chinese and English wording of one statement; ``{name}`` marks a value.

    The English may hold two forms, ``"{n} firm|{n} firms"``: the first is used when the value ``n`` is 1.
    """

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def say(self, language: Language, **values: object) -> str:
        """The wording in ``language`` with its values filled in."""
        wording = self.form(language, values.get("n"))
        return wording.format(**values) if values else wording

    def form(self, language: Language, n: object) -> str:
        """The wording in ``language`` for ``n`` things, with its marks still in it."""
        wording = self.in_language(language)
        return choose_form(wording, n) if language == "en" else wording

    def format(self, **values: object) -> "Text":
        """The same statement with its values filled in, still in both languages."""
        return Text(zh=self.say("zh", **values), en=self.say("en", **values))

    def format_each(self, name: "Text") -> "Text":
        """The statement about ``name``, which itself differs by language."""
        return Text(zh=self.zh.format(name=name.zh), en=self.en.format(name=name.en))

    def __str__(self) -> str:
        return f"{self.en} / {self.zh}"


def choose_form(wording: str, n: object) -> str:
    """The singular or plural form of an English wording ``"one|many"``."""
    one, bar, many = wording.partition("|")
    if not bar:
        return wording
    return one if str(n) == "1" else many

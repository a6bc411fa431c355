"""Countries by any of their spellings → ISO 3166-1 alpha-2."""

import csv
import re
import unicodedata
from functools import cache

import pycountry
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from staveworks.kit.data import data_file
from staveworks.kit.text import Text

UNKNOWN = Text(zh="不认识这个国家或地区。", en="This country is not known.")


def folded(text: str) -> str:
    """Letters and digits only, one case, accents dropped: "Viet-Nam" and "VIET NAM" become "vietnam"."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("&", "and"))
    return re.sub(
        r"[^0-9a-z\u4e00-\u9fff]", "", "".join(c for c in decomposed if not unicodedata.combining(c))
    )


@cache
def _spellings() -> dict[str, str]:
    found: dict[str, str] = {}
    with data_file("regions/countries.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            known = pycountry.countries.get(alpha_2=row["alpha2"])
            others = (
                [getattr(known, key, "") for key in ("alpha_3", "official_name", "name")] if known else []
            )
            for name in (
                *row["spellings"].split("|"),
                row["name_zh"],
                row["name_en"],
                row["alpha2"],
                *others,
            ):
                if folded(name):
                    found.setdefault(folded(name), row["alpha2"])
    return found


@cache
def country_of(text: str) -> str | None:
    """Alpha-2 code, None if unknown. A long name may have one or two letters wrong ("Bangladehs")."""
    name = folded(
        re.sub(
            r"^(the|people'?s republic of|republic of|kingdom of)\s+(?=[a-z])", "", text.strip(), flags=re.I
        )
    )
    spellings = _spellings()
    found = spellings.get(folded(text)) or spellings.get(name)
    if found or len(name) < 6 or not name.isascii():
        return found
    near = process.extractOne(
        name, spellings.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=1 + len(name) // 9
    )
    return spellings[near[0]] if near and len(near[0]) >= 6 else None

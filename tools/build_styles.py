"""Cut Tabler down to the rules that our pages can use: a page reads a sixth of it, and a phone waits for no more.

    python tools/build_styles.py

A rule stays if each class it names is a word somewhere in `src/staveworks/web`; a variable, if something refers to it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
WEB = ROOT / "src" / "staveworks" / "web"
WHOLE = ROOT / "tools" / "tabler-core-1.6.1" / "tabler.min.css"
USED = WEB / "static" / "vendor" / "tabler-core-1.6.1" / "tabler.used.css"
LICENCE = re.compile(r"/\*!.*?\*/", re.S)
CLASS = re.compile(r"\.((?:\\.|[\w-])+)")
NESTS = ("@media", "@supports")


def cut_down(css: str, words: set[str], ours: str) -> str:
    licence = LICENCE.search(css)
    assert licence
    rules = list(used_rules(LICENCE.sub("", css), words))
    while (fewer := without_idle_variables(rules, ours)) != rules:
        rules = fewer
    return f"{licence.group()}\n@layer tabler{{\n{''.join(rules)}\n}}\n"


def words_of(folder: Path) -> set[str]:
    paths = (
        path
        for end in ("html", "py", "js")
        for path in folder.rglob(f"*.{end}")
        if "vendor" not in path.parts
    )
    return {word for path in paths for word in re.findall(r"[\w-]+", path.read_text("utf-8"))}


def styles_of(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in sorted((folder / "static" / "css").glob("*.css")))


def used_rules(css: str, words: set[str]) -> Iterator[str]:
    for head, body in blocks(css.replace('@charset "UTF-8";', "")):
        if head.startswith(NESTS):
            body = "".join(used_rules(body, words))
        elif not head.startswith("@"):
            head = ",".join(one for one in split(head, ",") if used(one, words))
        if head and body:
            yield f"{head}{{{body}}}\n"


def used(selector: str, words: set[str]) -> bool:
    return all(name.replace("\\", "") in words for name in CLASS.findall(selector))


def without_idle_variables(rules: list[str], ours: str) -> list[str]:
    called = set(re.findall(r"var\((--[\w-]+)", "".join(rules) + ours)) | set(
        re.findall(r"--tblr[\w-]+", ours)
    )

    def fewer(rule: str) -> str:
        ((head, body),) = blocks(rule)
        if head.startswith(NESTS):
            kept = "".join(fewer(each) for each in used_rules_again(body))
        elif head.startswith("@"):
            kept = body
        else:
            kept = ";".join(
                each
                for each in split(body, ";")
                if not each.startswith("--") or each.partition(":")[0] in called
            )
        return f"{head}{{{kept}}}\n" if kept else ""

    return [rule for each in rules if (rule := fewer(each))]


def used_rules_again(css: str) -> Iterator[str]:
    return (f"{head}{{{body}}}" for head, body in blocks(css))


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """Each head with what its braces hold. No brace of Tabler's stands inside a string."""
    at = 0
    while (start := css.find("{", at)) >= 0:
        end, depth = start + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield css[at:start].strip(), css[start + 1 : end - 1].strip()
        at = end


def split(text: str, mark: str) -> list[str]:
    """At each ``mark`` outside of brackets and strings."""
    parts, depth, quote = [""], 0, ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        else:
            depth += (character in "([") - (character in ")]")
        if character == mark and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def main() -> None:
    css = cut_down(WHOLE.read_text("utf-8"), words_of(WEB), styles_of(WEB))
    USED.write_text(css, "utf-8")
    print(f"{USED.stat().st_size:,} of {WHOLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

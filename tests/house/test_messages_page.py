"""The reference of messages says what the data files say, and every shipped wording is complete."""

from pathlib import Path

import pytest

from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.reference import page
from staveworks.foundation.notices.messages.types import Form
from staveworks.foundation.notices.messages.wording import fill, placeholders
from staveworks.kit.text import Text

ROOT = Path(__file__).parent.parent.parent


def test_the_reference_of_messages_is_up_to_date() -> None:
    assert (ROOT / "docs" / "reference" / "messages.md").read_text("utf-8") == page()


@pytest.mark.parametrize("code", sorted(catalogue().templates))
def test_each_wording_is_there_in_both_languages_and_leaves_no_placeholder(code: str) -> None:
    template = catalogue().templates[code]
    values = {**template.sample, "recipient": "林春晖", "organisation": Text(zh="集群", en="Cluster")}
    for form in Form:
        wording = template.wordings[form]
        for language in ("zh", "en"):
            parts = [wording.body] if form is Form.SMS else [wording.subject, wording.body, template.action]
            for part in parts:
                said = fill(part.zh if language == "zh" else part.en, values, language, "Asia/Shanghai")
                assert said.strip()
                assert not placeholders(said)

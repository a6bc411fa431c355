"""Pure decisions: does a value fit its schema, and what differs between two."""

from jsonschema import Draft202012Validator

from staveworks.foundation.rules.types import Change, RuleKind, RuleValueInvalid, Value
from staveworks.kit.text import Text


def check_value(kind: RuleKind, value: Value) -> None:
    """Raises ``RuleValueInvalid`` at the first entry that breaks the schema."""
    errors = sorted(Draft202012Validator(kind.schema).iter_errors(value), key=lambda error: list(error.path))
    if errors:
        at = str(errors[0].path[0]) if errors[0].path else None
        raise RuleValueInvalid(_words(kind, at), field=at)


def _words(kind: RuleKind, at: str | None) -> Text:
    entry = next((entry for entry in kind.entries if entry.code == at), None)
    if entry is None:
        return Text(zh="规则的内容不完整。", en="The rule's value is not complete.")
    if entry.kind == "number":
        return Text(
            zh="请填 {low} 到 {high} 的整数。", en="Enter a whole number from {low} to {high}."
        ).format(low=entry.lowest, high=entry.highest)
    return Text(zh="“{name}”的写法不对。", en="“{name}” is not written as it should be.").format_each(
        entry.name
    )


def changes_between(kind: RuleKind, before: Value, after: Value) -> tuple[Change, ...]:
    """The entries that differ, in the order of the schema."""
    return tuple(
        Change(entry, before.get(entry.code), after.get(entry.code))
        for entry in kind.entries
        if before.get(entry.code) != after.get(entry.code)
    )

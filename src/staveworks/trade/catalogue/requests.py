"""What a buyer fills in, held against an offer's form. For mechanisms: every refusal stands at its field, in both languages."""

from collections.abc import Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.trade.catalogue.forms import holding

WORDS = {
    "required": Text(zh="请填写。", en="Fill this in."),
    "minimum": Text(zh="不能小于 {limit}。", en="At least {limit}."),
    "exclusiveMinimum": Text(zh="应大于 {limit}。", en="Must be more than {limit}."),
    "maximum": Text(zh="不能大于 {limit}。", en="At most {limit}."),
    "minLength": Text(zh="至少 {limit} 字。", en="At least {limit} characters."),
    "maxLength": Text(zh="最多 {limit} 字。", en="At most {limit} characters."),
    "minItems": Text(zh="至少 {limit} 项。", en="At least {limit} entries."),
    "maxItems": Text(zh="最多 {limit} 项。", en="At most {limit} entries."),
    "enum": Text(zh="请从选项里选。", en="Choose one of the options."),
    "additionalProperties": Text(
        zh="有表单之外的内容。", en="It has an entry that the form doesn't ask for."
    ),
}
OTHERWISE = Text(zh="写法不对。", en="Not written as it should be.")


class RequestInvalid(Invalid):
    """``field`` is the path in the request: ``samples.0.name``."""


def check_request(schema: Mapping[str, Any], request: Mapping[str, Any]) -> None:
    """Raises ``RequestInvalid`` at the first field that breaks the form."""
    found = sorted(holding(schema).iter_errors(request), key=_place)
    if found:
        error = found[0]
        words = WORDS.get(str(error.validator), OTHERWISE)
        raise RequestInvalid(words.format(limit=error.validator_value), field=_place(error) or None)


def _place(error: ValidationError) -> str:
    path = [str(step) for step in error.absolute_path]
    missing: Any = error.validator_value
    if error.validator == "required" and isinstance(error.instance, dict):
        path += [key for key in missing if key not in error.instance][:1]
    return ".".join(path)

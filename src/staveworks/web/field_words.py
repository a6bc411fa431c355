"""What Django says of a field in words that an editor would choose, the same for every form. What isn't here stays as Django says it."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import override

from staveworks.kit.text import Text

ONE_LISTED = Text(zh="请从列出的里选。", en="Choose one of those listed.")
SAID: Mapping[str, Text] = {
    "This field is required.": Text(zh="请填写。", en="Fill this in."),
    "Enter a number.": Text(zh="请填数字。", en="Enter a number."),
    "Enter a whole number.": Text(zh="请填整数。", en="Enter a whole number."),
    "Ensure this value is greater than or equal to %(limit_value)s.": Text(
        zh="不能小于 {limit_value}。", en="Not below {limit_value}."
    ),
    "Ensure this value is less than or equal to %(limit_value)s.": Text(
        zh="不能大于 {limit_value}。", en="Not above {limit_value}."
    ),
    "Enter a valid date.": Text(zh="日期不对，要像 2026-12-07 这样。", en="Not a date: as 2026-12-07."),
    "Enter a valid time.": Text(zh="时间不对，要像 09:30 这样。", en="Not a time: as 09:30."),
    "Enter a valid date/time.": Text(
        zh="日期或时间不对，要像 2026-12-07 09:30 这样。", en="Not a date and time: as 2026-12-07 09:30."
    ),
    "Enter a valid email address.": Text(zh="邮箱地址不对。", en="Not an e-mail address."),
    "Enter a valid URL.": Text(zh="网址不对。", en="Not an address of a page."),
    "Select a valid choice. %(value)s is not one of the available choices.": ONE_LISTED,
    "Select a valid choice. That choice is not one of the available choices.": ONE_LISTED,
    "No file was submitted.": Text(zh="请选文件。", en="Choose a file."),
    "The submitted file is empty.": Text(zh="文件是空的。", en="The file is empty."),
}
"""By what Django says in English, which is what its translations are found by."""
COUNTED: Mapping[str, Text] = {
    "max_digits": Text(zh="最多 {max} 位数字。", en="At most {max} digits."),
    "max_whole_digits": Text(zh="小数点前最多 {max} 位。", en="At most {max} digits before the point."),
    "max_decimal_places": Text(zh="小数最多 {max} 位。", en="At most {max} decimal places."),
    "max_length": Text(
        zh="最多 {limit_value} 个字，现在有 {show_value} 个。",
        en="At most {limit_value} characters; there are {show_value}.",
    ),
}
"""By code: what Django says with a number in it, it says in several ways."""


def plainly(error: ValidationError) -> Text | None:
    """Our words for one of Django's messages."""
    params = error.params
    with override("en"):
        found = SAID.get(str(error.message))
    if found is None and isinstance(error.message, Promise):
        found = COUNTED.get(error.code or "")
    return found.format(**params) if found and params else found

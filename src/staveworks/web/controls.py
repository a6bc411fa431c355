"""Django's one-line controls, written without a template: a page of forms has a hundred of them, and each would be a template of two."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString, mark_safe

ONE_LINE = {
    f"django/forms/widgets/{kind}.html"
    for kind in ("date", "datetime", "email", "hidden", "number", "password", "text", "time", "url")
}


class Renderer(DjangoTemplates):
    """What Django's templates write, to the letter."""

    def render(self, template_name: str, context: Mapping[str, Any], request: Any = None) -> str:
        if template_name in ONE_LINE:
            return _one_line(context["widget"])
        return super().render(template_name, dict(context), request)


def _one_line(widget: Mapping[str, Any]) -> SafeString:
    said = {} if widget["value"] is None else {"value": widget["value"]}
    attrs = "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(value)}"'
        for name, value in (said | widget["attrs"]).items()
        if value is not False
    )
    drawn = f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"{attrs}>'
    return mark_safe(drawn)  # noqa: S308 - every part is escaped above

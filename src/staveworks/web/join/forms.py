"""Forms of organisations, members, mandates, claims and tokens."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from staveworks.foundation.parties.agreement import GRANTS
from staveworks.foundation.parties.queries import access_city
from staveworks.foundation.parties.rights import MANDATED, RIGHTS, reach_of, roles_for
from staveworks.foundation.parties.types import OPERATOR_KINDS, Actor, Kind
from staveworks.web.join.cities import cities_like
from staveworks.web.join.fields import ContactField, UsccField
from staveworks.web.language import current, said
from staveworks.web.words import words


class CityField(forms.CharField):
    """A place, typed as its name or code with suggestions; its value is the code of GB/T 2260, or an empty string."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", words("城市", "City"))
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "help_text",
            words(
                "输入城市、区县或镇名，如“柯桥”“盛泽”。",
                "Type a city, county or town, such as Keqiao or 盛泽.",
            ),
        )
        kwargs.setdefault("widget", forms.TextInput(attrs={"list": "cities", "autocomplete": "off"}))
        super().__init__(max_length=80, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        code = typed.split()[-1]
        if code.isdigit() and len(code) == 6 and access_city(code):
            return str(code)
        found = cities_like(typed, limit=2)
        if len(found) == 1 or (found and typed in (found[0].name.zh, found[0].name.en)):
            return found[0].code
        raise forms.ValidationError(
            words(
                "读不懂这个城市。请从建议里选一个。", "Can't read this city. Choose one of the suggestions."
            )
        )

    def prepare_value(self, value: Any) -> Any:
        city = access_city(value) if isinstance(value, str) and value.isdigit() else None
        return f"{city.name.in_language(current())} {city.code}" if city else value


def kind_choices() -> list[tuple[str, str]]:
    """The six kinds of participants."""
    return [(kind.value, said(kind.text)) for kind in Kind if kind not in OPERATOR_KINDS]


class OrganisationForm(forms.Form):
    """What the public register shows of an organisation."""

    name = forms.CharField(
        label=words("单位名称", "Name of the organisation"),
        max_length=200,
        help_text=words("与营业执照一致。", "As on the licence."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    name_en = forms.CharField(
        label=words("英文名", "English name"),
        required=False,
        max_length=200,
        help_text=words("可不填。英文页面上显示它。", "Optional. English pages show it."),
    )
    kinds = forms.MultipleChoiceField(
        label=words("在这里是什么", "What it is here"),
        choices=kind_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": words("请至少选一类。", "Choose at least one kind.")},
    )
    uscc = UsccField(
        required=False,
        help_text=words("18 位。有它就不会重复登记。", "18 characters. It prevents double entries."),
    )
    city = CityField()

    def chosen_kinds(self) -> list[Kind]:
        return [Kind(kind) for kind in self.cleaned_data["kinds"]]


class SettingsForm(OrganisationForm):
    """The register's fields and the profile."""

    field_order = ["name", "name_en", "uscc", "kinds", "city"]
    contact = forms.CharField(label=words("联系人", "Contact person"), required=False, max_length=80)
    phone = forms.CharField(label=words("电话", "Phone"), required=False, max_length=30)
    email = forms.CharField(label=words("邮箱", "E-mail"), required=False, max_length=254)
    address = forms.CharField(label=words("地址", "Address"), required=False, max_length=400)
    website = forms.CharField(
        label=words("网站", "Website"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )
    products = forms.CharField(label=words("产品", "Products"), required=False, max_length=400)
    staff = forms.IntegerField(
        label=words("人数", "Staff"), required=False, min_value=0, max_value=10_000_000
    )

    def __init__(self, *args: Any, operator: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if operator:
            self.fields["kinds"].required = False


class InvitationForm(forms.Form):
    """Who is to get which role. None is preset: a role is given by choosing it, not by passing over the field."""

    contact = ContactField(help_text=words("邀请链接会发到这里。", "The link is sent there."))
    role = forms.ChoiceField(label=words("角色", "Role"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        roles = [(role.value, said(role.text)) for role in roles_for(actor.kinds)]
        field.choices = [("", words("请选择", "Choose one")), *roles]


class MandateForm(forms.Form):
    """Who may act for the firm, in what, until when."""

    agent = forms.CharField(
        label=words("交给谁", "Given to"),
        max_length=254,
        help_text=words(
            "个人填手机号或邮箱；单位填统一社会信用代码。",
            "A person's phone or e-mail, or an organisation's USCC.",
        ),
    )
    rights = forms.MultipleChoiceField(
        label=words("可以做什么", "May do"), widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=words("到哪天为止", "Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=words("含当天，最长三年。", "That day included; three years at most."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rights"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = right_choices(actor.rights & MANDATED)
        self.fields["until"].widget.attrs["min"] = timezone.localdate().isoformat()


def right_choices(codes: frozenset[str]) -> list[tuple[str, str]]:
    """Rights in the order of the table."""
    return [(right.code, said(right.text)) for right in RIGHTS.values() if right.code in codes]


class TokenForm(forms.Form):
    """What a program may do, and until when."""

    name = forms.CharField(
        label=words("名称", "Name"),
        max_length=80,
        help_text=words("哪个程序用它，如“金蝶对接”。", "Which program uses it, such as “ERP”."),
    )
    scopes = forms.MultipleChoiceField(
        label=words("可以做什么", "May do"), widget=forms.CheckboxSelectMultiple
    )
    further = forms.MultipleChoiceField(
        label=words("代表其他企业时还可以", "Also, acting for other firms"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=words(
            "未认领企业和委托本单位的企业；代管未认领企业，还要勾选上面的“代管未认领企业”。",
            "For unclaimed firms and firms that mandate you. For unclaimed ones tick “Act for unclaimed firms” above, too.",
        ),
    )
    days = forms.TypedChoiceField(
        label=words("有效期", "Valid for"),
        coerce=int,
        choices=[
            ("90", words("90 天", "90 days")),
            ("365", words("一年", "One year")),
            ("0", words("不限", "No limit")),
        ],
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = right_choices(actor.rights)
        further = right_choices(reach_of(actor) - actor.rights)
        if further:
            self.fields["further"].choices = further  # type: ignore[attr-defined]
        else:
            del self.fields["further"]

    @property
    def chosen(self) -> set[str]:
        return {*self.cleaned_data["scopes"], *self.cleaned_data.get("further", ())}


class AgreementForm(forms.Form):
    """What the operator may see."""

    shows = forms.MultipleChoiceField(
        label=words("集群服务公司可以看到", "The operator may see"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(grant.code, said(grant.text)) for grant in GRANTS.values()],
    )


class OperatorForm(forms.Form):
    """The first person, and what the operator is called."""

    organisation = forms.CharField(
        label=words("运营公司名称", "Name of the operating company"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    name = forms.CharField(
        label=words("您的姓名", "Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = ContactField()
    password = forms.CharField(
        label=words("密码", "Password"),
        help_text=words("至少 10 个字符，不要全是数字。", "At least 10 characters, not only digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        return strong_password(self.cleaned_data["password"])


def strong_password(password: str) -> str:
    """Raises ``ValidationError`` in our words."""
    try:
        validate_password(password)
    except forms.ValidationError:
        raise forms.ValidationError(
            words(
                "太好猜了：至少 10 个字符，不要全是数字，也不要常见的密码。",
                "Too easy to guess: at least 10 characters, not only digits, not a common password.",
            )
        ) from None
    return password

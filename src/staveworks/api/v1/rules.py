"""The rules of the cluster: what holds, what held, what is to come; the operator adopts new versions."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query
from pydantic import AwareDatetime, Field, JsonValue

from staveworks.api.authentication import Call
from staveworks.api.operation import PERSON, Resource, right
from staveworks.api.pagination import Page, Paging, page_of_all
from staveworks.api.shapes import In, Out, Words
from staveworks.foundation.rules.catalogue import rule_kinds
from staveworks.foundation.rules.queries import list_rules, list_versions, rule_in_force
from staveworks.foundation.rules.types import RuleVersion
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule
from staveworks.kit.text import Text

router = Resource("rules")
Long = Annotated[str, Field(max_length=4000)]


class RuleOut(Out):
    """A version of a rule. ``since`` null: from the beginning; ``until`` null: until a newer one; ``superseded``: replaced before
    it came into force."""

    id: UUID
    code: str
    title: Words
    number: int
    text: Words
    value: dict[str, Any]
    since: datetime | None
    until: datetime | None
    superseded: bool
    adopted_at: datetime
    adopted_by: str
    basis: str


class RuleDetail(RuleOut):
    """``schema``: what the value must look like (JSON Schema 2020-12)."""

    value_schema: dict[str, Any]
    coming: RuleOut | None


class RuleMoment(In):
    at: Annotated[AwareDatetime | None, Field(description="The version that held then; default: now.")] = None


class AdoptRule(In):
    """``from_date``: today means at once; the first moment of a later day otherwise."""

    value: dict[Annotated[str, Field(max_length=60)], JsonValue]
    text_zh: Long
    text_en: Long
    from_date: date


def show(version: RuleVersion) -> RuleOut:
    return RuleOut(**_values(version))


def _values(version: RuleVersion) -> dict[str, Any]:
    return {
        "id": version.id,
        "code": version.code,
        "title": Words.of(rule_kinds()[version.code].title),
        "number": version.number,
        "text": Words.of(version.text),
        "value": version.value,
        "since": version.since,
        "until": version.until,
        "superseded": version.superseded,
        "adopted_at": version.adopted_at,
        "adopted_by": version.adopted_by,
        "basis": version.basis,
    }


@router.read("", says=Text(zh="列出规则", en="List rules"), door=PERSON, answer=Page[RuleOut], tokens=True)
def list_all_rules(request: Call, paging: Query[Paging]) -> Page[RuleOut]:
    """Of each rule the version in force."""
    return page_of_all(
        [held for _, held, _ in list_rules()],
        paging=paging,
        listing="rules",
        key=lambda version: (version.code,),
        show=show,
    )


@router.read(
    "/{rule}", says=Text(zh="查看规则", en="Get a rule"), door=PERSON, answer=RuleDetail, tokens=True
)
def get_rule(request: Call, rule: str, moment: Query[RuleMoment]) -> RuleDetail:
    """The version in force now, or at a moment; with the one to come."""
    kind, versions = list_versions(rule)
    held = rule_in_force(rule, moment.at)
    later = [v for v in versions if v.since and held.until and v.since == held.until and not v.superseded]
    return RuleDetail(**_values(held), value_schema=kind.schema, coming=show(later[0]) if later else None)


@router.read(
    "/{rule}/versions",
    says=Text(zh="规则的各版本", en="List a rule's versions"),
    door=PERSON,
    answer=Page[RuleOut],
    tokens=True,
)
def list_rule_versions(request: Call, rule: str, paging: Query[Paging]) -> Page[RuleOut]:
    """All it ever had, the newest first."""
    _, versions = list_versions(rule)
    return page_of_all(
        versions,
        paging=paging,
        listing=f"rule:{rule}",
        key=lambda version: (version.number,),
        show=show,
        newest_first=True,
    )


@router.effect(
    "POST",
    "/{rule}/versions",
    says=Text(zh="通过新版本", en="Adopt a version"),
    door=right("rule.adopt"),
    answer=RuleOut,
    status=201,
)
def adopt_one_rule(request: Call, rule: str, body: AdoptRule) -> RuleOut:
    """Ends the version before it on that day; one that was to come is replaced."""
    made = adopt_rule(
        request.auth,
        code=rule,
        value=dict(body.value),
        text=Text(zh=body.text_zh, en=body.text_en),
        from_date=body.from_date,
    )
    return show(made)

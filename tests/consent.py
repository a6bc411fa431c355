"""A firm full of tell-tales: in every part of its data a value that occurs nowhere else, so that an answer shows what it gave away."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
import psycopg
from django.test import Client

from staveworks.cluster.barrel.usecases.attach_evidence import attach_evidence
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.foundation.facts.models import Read
from staveworks.foundation.facts.types import INCLUDED, Field, Grantee, Purpose
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.models import Organisation, Person, Profile
from staveworks.foundation.parties.types import Actor, Kind, Role
from tests.addresses import LEAF, PNG
from tests.world import Firm, join, make_firm, make_person

PROFILE = {
    "contact": "泄密联系人",
    "phones": ["+8613900001111"],
    "email": "telltale@contact.example",
    "address": "泄密路七号",
}
OUTLINE = {"products": "泄密提花布", "website": "https://telltale.example", "staff": 8675309}
FILE = "泄密报告.png"
TALES: dict[Field, tuple[str, ...]] = {
    Field.OUTLINE: (str(OUTLINE["products"]), "telltale.example", "8675309"),
    Field.PROFILE: ("泄密联系人", "+8613900001111", "telltale@contact", "泄密路七号"),
    Field.LEVEL: ("71.337",),
    Field.BARREL: ("73.771",),
    Field.ASSESSMENT: ("83.14159",),
    Field.DOCUMENTS: (FILE,),
}
"""What tells that a field was given away. The level and the barrel tell by numbers, which only the API writes out:
none that could be the seconds of a time."""


BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Tattler:
    """A claimed firm, its owner, and what of it may be asked for by id."""

    firm: Firm
    owner: Actor
    assessment: UUID
    file: UUID


def make_tattler(name: str = "春晖织造", *, city: str | None = None, number: int = 1) -> Tattler:
    """Call it inside a transaction that may write as the firm; numbers are planted into its diagnosis."""
    firm = make_firm(name, city=city)
    owner = join(make_person(f"{name}主", phone=f"+86137{number:08d}"), firm, Role.OWNER)
    assessment = start_assessment(owner)
    save_answer(owner, assessment_id=assessment, leaf=LEAF, value=2)
    stored = store_file(owner, name=FILE, content=PNG)
    attach_evidence(owner, assessment_id=assessment, leaf=LEAF, file_id=stored.id)
    finish_assessment(owner, assessment_id=assessment)
    with acting(org=firm.id):
        Profile.objects.filter(org_id=firm.id).update(**PROFILE, **OUTLINE)
    return Tattler(firm, owner, assessment, stored.id)


def plant_numbers(superuser: psycopg.Connection) -> None:
    """Into every diagnosis and answer: numbers that occur nowhere else."""
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        "UPDATE barrel_diagnosis SET water_likely = 71.337, water_low = 71.337, water_high = 71.337, mean = '[73.771,73.771,73.771]'"
    )
    superuser.execute("UPDATE barrel_answer SET value = '83.14159'")
    superuser.execute("RESET session_replication_role")


def make_bank(name: str = "湖畔银行", *, kind: Kind = Kind.BANK, city: str | None = None) -> Actor:
    firm = make_firm(name, kind, city=city)
    return join(make_person(f"{name}行长", email=f"{abs(hash(name))}@bank.example"), firm, Role.OWNER)


def grant(tattler: Tattler, to: Actor, purpose: Purpose, *fields: Field) -> UUID:
    return give_grant(tattler.owner, to=Grantee(to.org), purpose=purpose, fields=fields)


def widened(fields: set[Field]) -> set[Field]:
    """With what each takes in."""
    return fields | {narrow for wide in fields for narrow in INCLUDED.get(wide, ())}


def told(body: str) -> set[Field]:
    """The fields that an answer gave away."""
    return {field for field, tales in TALES.items() if any(tale in body for tale in tales)}


def logged(tattler: Tattler) -> set[Field]:
    """What the firm's log says was read of it."""
    with acting(org=tattler.firm.id):
        rows = Read.objects.filter(org_id=tattler.firm.id).values_list("fields", flat=True)
        return {Field(field) for fields in rows for field in fields}


def count_logged(tattler: Tattler) -> int:
    with acting(org=tattler.firm.id):
        return Read.objects.filter(org_id=tattler.firm.id).count()


def in_city(firm: Firm, city: str) -> None:
    with acting(org=firm.id):
        Organisation.objects.filter(id=firm.id).update(city_id=city)


def browser_of(actor: Actor) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.get(id=actor.person_id), backend=BACKEND)
    session = client.session
    session["organisation"], session["via"] = str(actor.org), None
    session.save()
    return client


def body_of(response: Any) -> str:
    """All of an answer; a workbook as the words of its cells."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        sheet = openpyxl.load_workbook(BytesIO(content)).active
        return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)  # type: ignore[union-attr]
    return str(content.decode("utf-8", "replace"))

"""What every model declares: whose rows it holds."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import models

from staveworks.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Tenancy:
    """*private*: rows of one organisation; *shared*: of named parties; *common*: of nobody, written only by its room."""

    kind: Literal["private", "shared", "common"]
    parties: tuple[str, ...] = ()


def private(column: str = "org_id") -> Tenancy:
    return Tenancy("private", (column,))


def shared(*columns: str) -> Tenancy:
    return Tenancy("shared", columns)


COMMON = Tenancy("common")


class Base(models.Model):
    """A row with an id made by us. Subclasses state their ``tenancy``; a test refuses a table without one."""

    tenancy: Tenancy
    id: "models.UUIDField[UUID, UUID]" = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True

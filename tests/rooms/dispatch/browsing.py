"""A browser without a screen, signed in."""

from django.test import Client

from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor


def browse(actor: Actor, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(
        Person.objects.get(id=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client

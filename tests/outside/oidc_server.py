"""A real OpenID Connect provider in a process of its own: django-allauth's, on SQLite. Prints its port once it listens.

python tests/outside/oidc_server.py CALLBACK_URL
"""

import os
import sys
import tempfile
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PEOPLE = [("wu", "吴", "梅", "wu@park.example", True), ("hu", "胡", "安", "hu@park.example", False)]
PASSWORD = "at-the-park-2026"
SECRET = "secret-of-the-client"


def configure(folder: Path) -> None:
    from django.conf import settings

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    settings.configure(
        SECRET_KEY="of-the-provider",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="__main__",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "db.sqlite3"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_RATE_LIMITS=False,
        IDP_OIDC_PRIVATE_KEY=pem.decode(),
    )


def urls() -> list[object]:
    from django.urls import include, path

    return [path("accounts/", include("allauth.account.urls")), path("", include("allauth.idp.urls"))]


def populate(callback: str) -> None:
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth import get_user_model
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    client = Client(id="staveworks", name="Staveworks", skip_consent=True, secret=make_password(SECRET))
    client.set_redirect_uris([callback])
    client.set_scopes(["openid", "profile", "email"])
    client.save()
    for name, family, given, email, verified in PEOPLE:
        user = get_user_model().objects.create_user(
            username=name, email=email, password=PASSWORD, first_name=family, last_name=given
        )
        EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Tests read the first line only."""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)
        configure(Path(place))
        import django
        from django.core.wsgi import get_wsgi_application

        django.setup()
        urlpatterns = urls()
        populate(sys.argv[1])
        server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Silent)
        print(server.server_port, flush=True)
        server.serve_forever()

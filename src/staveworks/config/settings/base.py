"""What the application consists of."""

from pathlib import Path

from staveworks.config.logs import logging_of
from staveworks.db.home import home_folder
from staveworks.kit.configuration import table

PACKAGE = Path(__file__).parent.parent.parent

DEBUG = table.DEBUG.read()
HOME = home_folder()
NODE = table.NODE.read()
FILES_ROOT = HOME / "files"
SCANNER = table.SCANNER.read()
SCANNER_DOWN = table.SCANNER_DOWN.read()
ROOT_URLCONF = "staveworks.config.urls"
WSGI_APPLICATION = "staveworks.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "staveworks.web.apps.OutsideConfig",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "staveworks.foundation.eventlog",
    "staveworks.foundation.parties",
    "staveworks.foundation.files",
    "staveworks.foundation.rules",
    "staveworks.foundation.facts",
    "staveworks.foundation.notices",
    "staveworks.foundation.reservation",
    "staveworks.foundation.rosters",
    "staveworks.foundation.support",
    "staveworks.foundation.ledger",
    "staveworks.foundation.outreach",
    "staveworks.trade.catalogue",
    "staveworks.trade.orders",
    "staveworks.trade.settlement",
    "staveworks.mechanisms.booking",
    "staveworks.mechanisms.tasks",
    "staveworks.mechanisms.projects",
    "staveworks.mechanisms.dispatch",
    "staveworks.cluster.barrel",
    "staveworks.cluster.programmes",
    "staveworks.cluster.prescription",
    "staveworks.jobs",
    "staveworks.web",
]

MIDDLEWARE = [
    "staveworks.config.requests.RequestMiddleware",
    "staveworks.config.guard.GuardMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "staveworks.api.middleware.ApiMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "staveworks.web.sessions.SessionAgeMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "staveworks.web.middleware.ErrorsMiddleware",
    "staveworks.web.middleware.ActorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "staveworks.web.context.frame",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT},
    },
    "staticfiles": {"BACKEND": "staveworks.web.statics.Storage"},
}
WHITENOISE_USE_FINDERS = DEBUG
FORM_RENDERER = "staveworks.web.controls.Renderer"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = logging_of(table.LOGS.read())

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

from allauth.socialaccount.apps import SocialAccountConfig
from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "staveworks.web"
    label = "web"
    default = True


class OutsideConfig(SocialAccountConfig):
    """allauth's accounts from outside. The kinds of places are loaded with their pages (`join/outside/urls.py`).

    No other process needs them, nor the HTTP client that they bring along: a tenth of the start of every command.
    """

    def ready(self) -> None:
        from allauth.socialaccount import checks  # noqa: F401 - registers itself, once the apps are loaded

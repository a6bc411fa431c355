from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "staveworks.web"
    label = "web"

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "staveworks.foundation.outreach"
    label = "outreach"

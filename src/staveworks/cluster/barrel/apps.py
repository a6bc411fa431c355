from django.apps import AppConfig


class BarrelConfig(AppConfig):
    name = "staveworks.cluster.barrel"
    label = "barrel"

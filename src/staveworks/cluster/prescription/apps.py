from django.apps import AppConfig


class PrescriptionConfig(AppConfig):
    name = "staveworks.cluster.prescription"
    label = "prescription"

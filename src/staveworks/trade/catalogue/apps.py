from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "staveworks.trade.catalogue"
    label = "catalogue"

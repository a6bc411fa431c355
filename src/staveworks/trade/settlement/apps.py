from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "staveworks.trade.settlement"
    label = "settlement"

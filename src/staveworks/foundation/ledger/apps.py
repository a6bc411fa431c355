from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "staveworks.foundation.ledger"
    label = "ledger"

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "staveworks.trade.orders"
    label = "orders"

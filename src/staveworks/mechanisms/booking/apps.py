from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "staveworks.mechanisms.booking"
    label = "booking"

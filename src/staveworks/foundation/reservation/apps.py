from django.apps import AppConfig


class ReservationConfig(AppConfig):
    name = "staveworks.foundation.reservation"
    label = "reservation"

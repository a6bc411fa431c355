from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "staveworks.mechanisms.tasks"
    label = "tasks"

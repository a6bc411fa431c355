from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "staveworks.mechanisms.projects"

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "staveworks.foundation.files"
    label = "files"

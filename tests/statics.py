"""Static files as they lie in the source: a test collects none."""

from django.contrib.staticfiles.storage import StaticFilesStorage

from staveworks.web.statics import KeptAddresses


class Uncollected(KeptAddresses, StaticFilesStorage):
    pass

from django.apps import AppConfig


class PcpConfig(AppConfig):
    name = "pcp"

    def ready(self):
        from pcp import checks  # noqa: F401  registers the deploy checks

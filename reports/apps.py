from django.apps import AppConfig
from django.core.checks import Error, Tags, register


class ReportsConfig(AppConfig):
    name = "reports"


@register(Tags.security, deploy=True)
def disclosure_is_safe(app_configs, **kwargs):
    """An error when the settings of disclosure control are below their floors, so that no report could be made."""
    from reports.selection import rules

    try:
        rules()
    except ValueError as problem:
        return [Error(str(problem), hint="Raise it in pcp/settings.py, or leave the default.", id="reports.E001")]
    return []

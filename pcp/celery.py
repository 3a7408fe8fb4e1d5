"""The Celery application. Tasks are found by name in each app's tasks.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcp.settings")

app = Celery("pcp", task_cls="pcp.queue:LastingTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

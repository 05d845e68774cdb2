"""The Celery application: `celery -A backoffice worker` and `celery -A backoffice beat`.

A message only hints that there is work; the database row says what is to be done. So losing one, or getting one
twice, changes nothing but the moment.
"""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")

app = Celery("backoffice")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect
def use_our_logging(**_kwargs: Any) -> None:
    """Keep Celery from installing handlers of its own, so that workers log in the same form as the site."""
    logging.config.dictConfig(settings.LOGGING)

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Money"

    def ready(self) -> None:
        post_migrate.connect(_fill_tables, sender=self)


def _fill_tables(**_given: Any) -> None:
    """Gives a new database the published rates; it has no tables before it is migrated."""
    from billing.services.rates import fill_tables

    fill_tables()

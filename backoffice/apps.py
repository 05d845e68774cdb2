from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from backoffice.terms import registry
from backoffice.terms.book import add_folder, book


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "Back-office"

    def ready(self) -> None:
        """Reads the rules and the book of terms, so that a broken sheet stops the process here and not on payday."""
        from backoffice.discovery import house_apps

        registry.discover(house_apps())
        if settings.TERM_SHEETS_DIR:
            add_folder(Path(settings.TERM_SHEETS_DIR))
        book()

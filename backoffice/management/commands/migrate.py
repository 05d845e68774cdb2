"""Django's command. Django wants it to see changes by the same eyes as the command that writes them down."""

from __future__ import annotations

from django.core.management.commands import migrate

from backoffice.management.commands.makemigrations import WholeTables


class Command(migrate.Command):
    autodetector = WholeTables

"""Django's command, which here writes the constraints and indexes of a new table into the table itself.

Added to a table one by one, each would have SQLite copy it and Django build all its models anew: a first start would
take many seconds longer, and so would every rehearsal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.management.commands import makemigrations
from django.db.migrations import AddConstraint, AddIndex, CreateModel, Migration
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations.fields import FieldOperation


class WholeTables(MigrationAutodetector):
    """Finds what has changed as Django does, and gathers what belongs to a table that is new."""

    def changes(self, *args: Any, **kwargs: Any) -> dict[str, list[Migration]]:
        found = super().changes(*args, **kwargs)
        for app, migrations in found.items():
            for migration in migrations:
                migration.operations = gathered(app, migration.operations)  # type: ignore[misc]
        return found


def gathered(app: str, operations: Iterable[Any]) -> list[Any]:
    """The operations of a migration, with constraints and indexes moved into the creation of their table.

    Those that may speak of a column which is added later stay where they are.
    """
    kept: list[Any] = []
    tables: dict[str, int] = {}
    later: dict[str, set[str]] = defaultdict(set)
    for operation in operations:
        kind = type(operation)
        if kind is CreateModel:
            tables[operation.name_lower] = len(kept)
        elif issubclass(kind, FieldOperation):
            later[operation.model_name_lower].add(operation.name)
        elif kind in (AddConstraint, AddIndex) and operation.model_name_lower in tables:
            added = operation.constraint if kind is AddConstraint else operation.index
            if not any(column in repr(added) for column in later[operation.model_name_lower]):
                place = tables[operation.model_name_lower]
                (kept[place],) = kept[place].reduce(operation, app)
                continue
        kept.append(operation)
    return kept


class Command(makemigrations.Command):
    autodetector = WholeTables

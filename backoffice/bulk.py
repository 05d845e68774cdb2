"""Many new rows at once, of which those that are there already stay as they are.

PostgreSQL takes rows fastest by COPY, which knows no conflicts: they go into a table of the transaction's own, and from
there to where they belong. Other databases take them as Django writes them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def insert_new(rows: Sequence[models.Model]) -> None:
    """Writes new rows of one model but those that meet a unique key which is taken; what is given learns no keys."""
    if not rows:
        return
    model = type(rows[0])
    # Not the proxy that Django calls connection, whose every look costs as much as the value it is asked for.
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        _copy(connection, model, rows)
    else:
        model._default_manager.bulk_create(rows, ignore_conflicts=True)


def _copy(connection: BaseDatabaseWrapper, model: type[models.Model], rows: Sequence[models.Model]) -> None:
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    table, passing = quote(model._meta.db_table), quote(f"new_{model._meta.db_table}")
    columns = ", ".join(quote(field.column) for field in fields)
    # Found once for each field, not once for each row.
    takes = [(field.attname, field.get_db_prep_save) for field in fields]
    with transaction.atomic(), connection.cursor() as cursor:
        # The names are those of our own models.
        shape = f"SELECT {columns} FROM {table} WITH NO DATA"  # noqa: S608
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {passing} ON COMMIT DELETE ROWS AS {shape}")
        with cursor.copy(f"COPY {passing} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([prepared(getattr(row, name), connection) for name, prepared in takes])
        arrived = f"SELECT {columns} FROM {passing}"  # noqa: S608
        cursor.execute(f"INSERT INTO {table} ({columns}) {arrived} ON CONFLICT DO NOTHING")
        cursor.execute(f"TRUNCATE {passing}")

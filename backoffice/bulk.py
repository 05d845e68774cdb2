"""Many new rows at once.

PostgreSQL takes rows fastest by COPY, which knows no conflicts: rows that may be there already go into a table of the
transaction's own, and from there to where they belong. Other databases take them as Django writes them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# What PostgreSQL's driver takes as it is; to ask the field for each value costs more than to write it.
PLAIN = frozenset(
    {
        models.BooleanField,
        models.CharField,
        models.TextField,
        models.DateField,
        models.DateTimeField,
        models.SmallIntegerField,
        models.PositiveSmallIntegerField,
        models.IntegerField,
        models.PositiveIntegerField,
        models.BigIntegerField,
        models.ForeignKey,
    }
)


def insert_all(rows: Sequence[models.Model]) -> None:
    """Writes new rows of one model, none of which may be there already, and gives each its key.

    IntegrityError, and nothing written, where one meets a unique key that is taken.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows)
        return
    table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk
    with transaction.atomic(), connection.cursor() as cursor:
        if isinstance(key, models.AutoField):
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, key.column, len(rows)],
            )
            for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = number
        copy_rows(connection, cursor, table, model._meta.local_concrete_fields, rows)
    for row in rows:
        row._state.adding = False


def copy_rows(
    connection: BaseDatabaseWrapper, cursor: Any, table: str, fields: Sequence[Any], rows: Iterable[models.Model]
) -> None:
    """Streams columns of rows, which hold values of their fields' own types, into a table by COPY."""
    # Found once for each field, not once for each row.
    names = [field.attname for field in fields]
    prepares = [(place, field.get_db_prep_save) for place, field in enumerate(fields) if type(field) not in PLAIN]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            values = [getattr(row, name) for name in names]
            for place, prepared in prepares:
                values[place] = prepared(values[place], connection)
            copy.write_row(values)


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
    with transaction.atomic(), connection.cursor() as cursor:
        # The names are those of our own models.
        shape = f"SELECT {columns} FROM {table} WITH NO DATA"  # noqa: S608
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {passing} ON COMMIT DELETE ROWS AS {shape}")
        copy_rows(connection, cursor, passing, fields, rows)
        arrived = f"SELECT {columns} FROM {passing}"  # noqa: S608
        cursor.execute(f"INSERT INTO {table} ({columns}) {arrived} ON CONFLICT DO NOTHING")
        cursor.execute(f"DELETE FROM {passing}")  # noqa: S608


def update_all(rows: Sequence[models.Model], names: Collection[str]) -> None:
    """Writes some columns of rows that are there, in one statement for all of them where the database can.

    Django's own ``bulk_update`` spells every row out as a case of its own, which costs many times the update.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    connection = connections[DEFAULT_DB_ALIAS]
    quote = connection.ops.quote_name
    fields = [field for field in meta.local_concrete_fields if field.name in names]
    [key] = [field for field in meta.local_concrete_fields if field.primary_key]
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in (*fields, key)
    ]
    columns = [quote(field.column) for field in (*fields, key)]
    table = quote(meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            new = [f"new_{number}" for number in range(len(columns))]
            arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
            sets = ", ".join(f"{column} = {name}" for column, name in zip(columns[:-1], new, strict=False))
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM unnest({arrays}, %s::bigint[]) AS new({', '.join(new)}) "  # noqa: S608
                f"WHERE {table}.{columns[-1]} = {new[-1]}",
                values,
            )
        else:
            sets = ", ".join(f"{column} = %s" for column in columns[:-1])
            cursor.executemany(
                f"UPDATE {table} SET {sets} WHERE {columns[-1]} = %s",  # noqa: S608
                list(zip(*values, strict=True)),
            )

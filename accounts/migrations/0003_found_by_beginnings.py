"""What staff search by the beginning of a name or an address is found by an index, however many rows there are.

PostgreSQL only: its own indexes serve a comparison of beginnings in the C locale alone. SQLite reads the whole column,
which is quick enough for the books that one file holds.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SEARCHED = (
    ("customer", "name"),
    ("customer", "email"),
    ("administrator", "name"),
    ("administrator", "email"),
    ("enduser", "username"),
    ("notice", "recipient"),
    ("ticket", "reporter_email"),
)


def index(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for table, column in SEARCHED:
            # As Django asks for istartswith and iexact.
            editor.execute(
                f"CREATE INDEX {table}_{column}_begins ON accounts_{table} (UPPER({column}::text) text_pattern_ops)"
            )


def unindex(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for table, column in SEARCHED:
            editor.execute(f"DROP INDEX {table}_{column}_begins")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_agreements_stay")]

    operations = [migrations.RunPython(index, unindex)]

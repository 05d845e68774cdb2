"""The database itself refuses to change an issued invoice or its lines, whoever asks and by whatever way.

Only the day on which an invoice's letter was written may still be noted.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "an issued invoice never changes"
# A table that SQLite rebuilds (most later changes of its columns) loses its trigger: such a migration runs this again.
TABLES = {
    "billing_invoice": (
        " OF number, kind, key, customer_id, subscription_id, corrects_id, vendor, sheet, currency, net_minor, tax_minor, "
        "total_minor, issued_on, due_on, pay_by, leave_by, because, created_at"
    ),
    "billing_invoiceline": "",
}
GUARD = {
    "sqlite": [
        f"CREATE TRIGGER {table}_final BEFORE UPDATE{columns} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for table, columns in TABLES.items()
    ],
    "postgresql": [
        "CREATE FUNCTION billing_invoice_final() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        *(
            f"CREATE TRIGGER {table}_final BEFORE UPDATE{columns} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION billing_invoice_final()"
            for table, columns in TABLES.items()
        ),
    ],
}


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in GUARD[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

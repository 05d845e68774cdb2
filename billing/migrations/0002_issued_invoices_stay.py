"""The database itself refuses to change an issued invoice, whoever asks and by whatever way."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "an issued invoice never changes"
# A table that SQLite rebuilds (most later changes of its columns) loses its trigger: such a migration runs this again.
GUARD = {
    "sqlite": [
        "CREATE TRIGGER billing_invoice_final BEFORE UPDATE ON billing_invoice "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION billing_invoice_final() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER billing_invoice_final BEFORE UPDATE ON billing_invoice "
        "FOR EACH ROW EXECUTE FUNCTION billing_invoice_final()",
    ],
}
NO_GUARD = {
    "sqlite": ["DROP TRIGGER billing_invoice_final"],
    "postgresql": [
        "DROP TRIGGER billing_invoice_final ON billing_invoice",
        "DROP FUNCTION billing_invoice_final",
    ],
}


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in GUARD[editor.connection.vendor]:
        editor.execute(statement)


def unguard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in NO_GUARD[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]

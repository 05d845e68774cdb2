"""The database itself refuses to change what the register says of what was disposed of, whoever asks."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "the register of disposals never changes"
# A table that SQLite rebuilds (most later changes of its columns) loses its trigger: such a migration runs this again.
GUARD = {
    "sqlite": [
        "CREATE TRIGGER accounts_disposal_final BEFORE UPDATE ON accounts_disposal "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION accounts_disposal_final() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER accounts_disposal_final BEFORE UPDATE ON accounts_disposal "
        "FOR EACH ROW EXECUTE FUNCTION accounts_disposal_final()",
    ],
}
NO_GUARD = {
    "sqlite": ["DROP TRIGGER accounts_disposal_final"],
    "postgresql": [
        "DROP TRIGGER accounts_disposal_final ON accounts_disposal",
        "DROP FUNCTION accounts_disposal_final",
    ],
}


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in GUARD[editor.connection.vendor]:
        editor.execute(statement)


def unguard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in NO_GUARD[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_found_by_beginnings")]

    operations = [migrations.RunPython(guard, unguard)]

"""The database itself refuses to change what was accepted, whoever asks and by whatever way.

Only the columns that may name a person may be taken away again, when the law says that they must go.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "an agreement never changes"
COLUMNS = (
    "party, customer_id, subscription_id, end_user_id, reseller_id, document_id, sheet, sha256, accepted_at, how, "
    "capacity, evidence"
)
# A table that SQLite rebuilds (most later changes of its columns) loses its trigger: such a migration runs this again.
GUARD = {
    "sqlite": [
        f"CREATE TRIGGER accounts_agreement_final BEFORE UPDATE OF {COLUMNS} ON accounts_agreement "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION accounts_agreement_final() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER accounts_agreement_final BEFORE UPDATE OF {COLUMNS} ON accounts_agreement "
        "FOR EACH ROW EXECUTE FUNCTION accounts_agreement_final()",
    ],
}
NO_GUARD = {
    "sqlite": ["DROP TRIGGER accounts_agreement_final"],
    "postgresql": [
        "DROP TRIGGER accounts_agreement_final ON accounts_agreement",
        "DROP FUNCTION accounts_agreement_final",
    ],
}


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in GUARD[editor.connection.vendor]:
        editor.execute(statement)


def unguard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in NO_GUARD[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]

"""The database itself keeps the ledger: what does not add up is refused, and so is every change of what was posted.

Legs come before or with their entry, in one transaction. On PostgreSQL both are checked as the transaction ends; SQLite
checks no later than at once, so there the legs come first (their foreign key waits until the end) and the entry's own
insert adds them up.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

UNBALANCED = "the legs of a ledger entry add up to nothing in each currency, and there are two or more"
# Names of our own tables, and words of our own.
# ruff: noqa: S608
FINAL = "what was posted to the ledger never changes"

COUNTED = "(SELECT count(*) FROM billing_leg WHERE entry_id = NEW.{key})"
ODD = "EXISTS (SELECT 1 FROM billing_leg WHERE entry_id = NEW.id GROUP BY currency HAVING sum(minor) <> 0)"

SQLITE = [
    f"""
    CREATE TRIGGER billing_entry_balanced AFTER INSERT ON billing_entry
    WHEN {COUNTED.format(key="id")} <> NEW.sides OR {ODD}
    BEGIN SELECT RAISE(ABORT, '{UNBALANCED}'); END
    """,
    f"""
    CREATE TRIGGER billing_leg_with_its_entry BEFORE INSERT ON billing_leg
    WHEN EXISTS (SELECT 1 FROM billing_entry WHERE id = NEW.entry_id)
    BEGIN SELECT RAISE(ABORT, '{FINAL}'); END
    """,
    *(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{FINAL}'); END"
        for table in ("billing_entry", "billing_leg")
        for act in ("UPDATE", "DELETE")
    ),
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION billing_entry_balanced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF {COUNTED.format(key="id")} <> NEW.sides OR {ODD} THEN
        RAISE EXCEPTION '{UNBALANCED}' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NULL;
    END $$
    """,
    # A leg that comes after its entry was checked is one too many.
    f"""
    CREATE FUNCTION billing_leg_with_its_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF {COUNTED.format(key="entry_id")} <> (SELECT sides FROM billing_entry WHERE id = NEW.entry_id) THEN
        RAISE EXCEPTION '{FINAL}' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NULL;
    END $$
    """,
    f"""
    CREATE FUNCTION billing_ledger_final() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{FINAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER billing_entry_balanced AFTER INSERT ON billing_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_entry_balanced()
    """,
    """
    CREATE CONSTRAINT TRIGGER billing_leg_with_its_entry AFTER INSERT ON billing_leg
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_leg_with_its_entry()
    """,
    *(
        f"CREATE TRIGGER {table}_final BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION billing_ledger_final()"
        for table in ("billing_entry", "billing_leg")
    ),
]
GUARD = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in GUARD[editor.connection.vendor]:
        # A percent sign or a semicolon inside is the trigger's own: nothing is to be split or filled in.
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_issued_invoices_stay")]

    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

"""Big books, made of copies: the rows of one contract, as the services wrote them, and as many like them as wanted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.core.management import call_command
from django.db import connection, models

from accounts.models import (
    Administrator,
    Agreement,
    Customer,
    EndUser,
    Licence,
    Notice,
    Period,
    Reseller,
    Subscription,
)
from accounts.services import Signatory, accept, assign_licence
from backoffice import days
from backoffice.models import Run
from backoffice.terms.book import book
from tests.builders import (
    NOON,
    make_administrator,
    make_end_user,
    make_notice,
    make_price,
    make_reseller,
    make_subscription,
    make_text,
)

YEAR = 365
# A month's share of contracts that renew once in two and a half years, which is what the floor invoices as well.
DUE_EVERY = 30
# The reseller of the books sells to every so many-th customer.
SOLD = 10
NAMED = {"name": "'Customer ' || n", "email": "'customer' || n || '@example.com'"}


def due_on_one_day(rows: int) -> None:
    """Customers with a contract each, all of which renew on the same day."""
    call_command("migrate", verbosity=0)
    make_subscription("secureflag")
    copy(rows, Customer, NAMED)
    copy(rows, Subscription, {"customer_id": "n"})
    copy(rows, Period, {"subscription_id": "n"})
    vacuum()


def due_here_and_there(rows: int) -> None:
    """Customers with a contract each, every ``DUE_EVERY``-th of which is charged for its renewal on the same day."""
    call_command("migrate", verbosity=0)
    make_subscription("secureflag")
    make_price("secureflag")
    copy(rows, Customer, NAMED)
    copy(rows, Subscription, {"customer_id": "n"})
    copy(rows, Period, {"subscription_id": "n"}, f"(CASE WHEN n % {DUE_EVERY} = 0 THEN 0 ELSE {YEAR} END)")
    vacuum()


def of_a_year(rows: int) -> None:
    """Customers with a contract each that renew day by day through the coming year, all that hangs on an ordinary
    contract, and the runs of the past year."""
    call_command("migrate", verbosity=0)
    subscription = make_subscription("secureflag")
    make_administrator(subscription)
    make_notice(subscription, state=Notice.State.SENT, sent_at=NOON)
    text = make_text(subscription.sheet)
    accept(document=text, subscription=subscription, by=Signatory("Ada Ader"), how="portal", at=NOON)
    user = make_end_user(subscription.customer)
    assign_licence(licence=Licence.objects.get(), holder=user, asked_by="ada@example.com", on=NOON.date())
    reseller = make_reseller()

    today = date.today()
    moved = f"(n % {YEAR} - {(Period.objects.get().period_end - today).days})"
    copy(rows, Customer, {**NAMED, "reseller_id": f"CASE WHEN n % {SOLD} = 0 THEN {reseller.pk} END"})
    copy(rows, Subscription, {"customer_id": "n"}, moved)
    copy(rows, Period, {"subscription_id": "n"}, moved)
    copy(rows, EndUser, {"customer_id": "n", "username": "'user' || n"})
    copy(rows, Licence, {"subscription_id": "n", "holder_id": "n"})
    copy(rows, Administrator, {"customer_id": "n", "email": "'ada' || n || '@example.com'"})
    copy(rows, Agreement, {"subscription_id": "n", "customer_id": "n"})
    letter = {"obligation": "'renewal/' || n || '/0'", "message_id": "'<' || n || '@example.com>'"}
    copy(rows, Notice, {"subscription_id": "n", "customer_id": "n", "recipient": NAMED["email"], **letter}, moved)
    for ago in range(YEAR, 0, -1):
        day, done = today - timedelta(days=ago), Run.State.DONE
        runs = [
            Run(job=job.name, vendor=vendor, day=day, state=done) for vendor in book().vendors() for job in days.jobs()
        ]
        Run.objects.bulk_create(runs)
    vacuum()


def copy(rows: int, model: type[models.Model], own: Mapping[str, str], moved: str | None = None) -> None:
    """Copies the model's row 1 to the rows from 2 on: ``own`` holds SQL, over ``n``, for columns that differ, and
    every day is ``moved`` by so many days."""
    values = columns(model, {"id": "n", **own})
    if moved:
        for field in model._meta.concrete_fields:
            if type(field) is models.DateField:
                values[f'"{field.column}"'] += f" + {moved}"
    table = model._meta.db_table
    with connection.cursor() as cursor:
        # The copies refer to copies, so nobody has to look whether they are there.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} "
            f"FROM {table} t, generate_series(2, {rows}) n WHERE id = 1"
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def columns(model: type[models.Model], own: Mapping[str, str], without: str = "") -> dict[str, str]:
    """By column of a copied row, where its value comes from."""
    names = [field.column for field in model._meta.concrete_fields if field.column != without]
    return {f'"{name}"': own.get(name, f't."{name}"') for name in names}


def vacuum() -> None:
    """As a server does by itself, in time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def reseller() -> Reseller:
    """The one that sells in the books of a year."""
    return Reseller.objects.get()

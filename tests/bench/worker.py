"""What measurements of big books do in processes of their own: fill a database, and work with it."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from time import perf_counter
from typing import Any

import django

DAY = date(2027, 2, 19)
AT = datetime.combine(DAY, time(12), UTC)


def seed(rows: int) -> None:
    """The books of one subscription, made by the services, and copies of its rows up to the number wanted."""
    from django.core.management import call_command
    from django.db import connection

    from accounts.models import Customer, Period, Subscription
    from tests.builders import make_subscription

    call_command("migrate", verbosity=0)
    make_subscription("secureflag")
    names = {"name": "'Customer ' || n", "email": "'customer' || n || '@example.com'"}
    with connection.cursor() as cursor:
        for model, own in ((Customer, names), (Subscription, {"customer_id": "n"}), (Period, {"subscription_id": "n"})):
            copied = _columns(model, {"id": "n", **own})
            table = model._meta.db_table
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(copied)}) SELECT {', '.join(copied.values())} "
                f"FROM {table} t, generate_series(2, {rows}) n WHERE id = 1"
            )
        cursor.execute("VACUUM ANALYZE")
    json.dump({}, sys.stdout)


def floor(rows: int) -> None:
    """One statement: its rows are copies of the one that the job writes first, with each customer's own names."""
    from django.db import connection, transaction

    from accounts.models import Notice
    from backoffice import days
    from backoffice.models import Event

    days.CHUNK = 1
    with transaction.atomic():
        _job()("secureflag", DAY, AT)
    own_notice = {
        "obligation": "'renewal/' || p.subscription_id || '/' || p.index",
        "customer_id": "s.customer_id",
        "subscription_id": "s.id",
        "recipient": "c.email",
        "body": "replace(t.body, 'Customer 1', c.name)",
        "message_id": "'<' || gen_random_uuid() || '@localhost>'",
    }
    own_event = {
        "key": "'notice/renewal/' || p.subscription_id || '/' || p.index",
        "payload": "jsonb_build_object('obligation', 'renewal/' || p.subscription_id || '/' || p.index)",
    }
    notice, event = _columns(Notice, own_notice, without="id"), _columns(Event, own_event, without="id")
    statement = f"""
        WITH p AS (UPDATE accounts_period SET noticed_on = '{DAY}' WHERE noticed_on IS NULL RETURNING *),
        letters AS (
            INSERT INTO accounts_notice ({", ".join(notice)}) SELECT {", ".join(notice.values())}
            FROM p JOIN accounts_subscription s ON s.id = p.subscription_id
            JOIN accounts_customer c ON c.id = s.customer_id CROSS JOIN accounts_notice t
        )
        INSERT INTO backoffice_event ({", ".join(event)}) SELECT {", ".join(event.values())}
        FROM p CROSS JOIN backoffice_event t"""
    with connection.cursor() as cursor:
        _measure(lambda: cursor.execute(statement), rows)


def job(rows: int) -> None:
    """The job, chunk after chunk, as a day runs it."""
    from django.db import transaction

    work = _job()

    def chunks() -> None:
        done = 1
        while done:
            with transaction.atomic(durable=True):
                done = work("secureflag", DAY, AT)

    _measure(chunks, rows)


def lists(rows: int) -> None:
    """Milliseconds within which pages of the staff's lists come, 95 times of a hundred."""
    from tests import people

    client = people.owner()
    client.defaults["HTTP_HOST"] = "localhost"
    pages = {
        "customers": "customer/",
        "customers, last page": f"customer/?p={min(rows, 10_000) // 50 - 1}",
        "customers, by name": f"customer/?q=customer%20{rows - 1}",
        "customers, by e-mail": f"customer/?q=Customer{rows - 1}@",
        "customers, by number": f"customer/?q={rows // 2}",
        "customers, nobody found": "customer/?q=nobody%20of%20this%20name",
        "customers, filtered": "customer/?verification__exact=refused",
        "subscriptions": "subscription/",
        "subscriptions, by customer": f"subscription/?q=customer%20{rows - 1}",
        "subscriptions, by number": f"subscription/?q={rows // 2}",
        "subscriptions, filtered": "subscription/?state__exact=ended",
        "subscriptions, of a vendor": "subscription/?vendor=cryptopass",
    }
    found = {}
    for name, page in pages.items():
        address = f"/admin/accounts/{page}"
        client.get(address)
        times = []
        for _ in range(40):
            started = perf_counter()
            answer = client.get(address)
            times.append((perf_counter() - started) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")
        found[name] = sorted(times)[37]
    json.dump(found, sys.stdout)


def _job() -> Callable[[str, date, datetime], int]:
    from backoffice import days

    return next(job.work for job in days.jobs() if job.name == "Customers are told of renewals")


def _columns(model: Any, own: dict[str, str], without: str = "") -> dict[str, str]:
    """By column of a copied row, where its value comes from."""
    names = [field.column for field in model._meta.concrete_fields if field.column != without]
    return {f'"{name}"': own.get(name, f't."{name}"') for name in names}


def _measure(work: Callable[[], Any], rows: int) -> None:
    """Prints how long it took, and what memory the process has had at most."""
    from accounts.models import Notice

    started = perf_counter()
    work()
    seconds = perf_counter() - started
    if (written := Notice.objects.count()) != rows:
        raise SystemExit(f"{written} letters were written, not {rows}")
    json.dump({"seconds": seconds, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}, sys.stdout)


if __name__ == "__main__":
    django.setup()
    {"seed": seed, "floor": floor, "job": job, "lists": lists}[sys.argv[1]](int(sys.argv[2]))

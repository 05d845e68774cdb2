"""What measurements of big books do in processes of their own: fill a database, and work with it."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from time import perf_counter
from typing import TYPE_CHECKING, Any

import django
import psycopg

from tests.bench.figures import worked

if TYPE_CHECKING:
    from django.test import Client

PAGES = 40
SINGLES = 5000
DAY = date(2027, 2, 19)
AT = datetime.combine(DAY, time(12), UTC)


def seed(rows: int) -> None:
    """Books whose contracts are all due on one day."""
    from tests.bench import books

    books.due_on_one_day(rows)
    json.dump({}, sys.stdout)


def year(rows: int) -> None:
    """Books with all that hangs on contracts, spread over a year."""
    from tests.bench import books

    books.of_a_year(rows)
    json.dump({}, sys.stdout)


def floor(rows: int) -> None:
    """One statement: its rows are copies of the one that the job writes first, with each customer's own names."""
    from django.db import connection, transaction

    from accounts.models import Notice
    from backoffice import days
    from backoffice.models import Event
    from tests.bench.books import columns

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
    notice, event = columns(Notice, own_notice, without="id"), columns(Event, own_event, without="id")
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


def money(rows: int) -> None:
    """A day's invoices of renewals among so many contracts, and postings of four legs, each beside its floor: how many
    came of it, and the seconds that each took of work and on the wall."""
    from django.db import connection, transaction

    from accounts.models import Period
    from billing import ledger
    from billing.jobs import invoice_renewals
    from billing.models import Account, Entry, Invoice
    from billing.services.invoices import PREFIXES
    from tests.bench import books, floors_money

    books.due_here_and_there(rows)
    day = Period.objects.to_invoice().earliest("invoice_on").invoice_on
    if day is None:
        raise SystemExit("no renewal can be charged")

    def chunks() -> None:
        done = 1
        while done:
            with transaction.atomic(durable=True):
                done = invoice_renewals("secureflag", day, AT)

    def posting(key: str) -> ledger.Posting:
        sides = ((Account.RECEIVABLE, 12000), (Account.REVENUE, -9000), (Account.TAX, -2000), (Account.CREDIT, -1000))
        return ledger.Posting(
            key, Entry.Kind.INVOICE, day, "", [ledger.Side(account, minor, "EUR", 1) for account, minor in sides]
        )

    def bulk() -> None:
        for first in range(0, floors_money.POSTED, 5000):
            ledger.post_all([posting(f"bulk/{number}") for number in range(first, first + 5000)], at=AT)

    def singles() -> None:
        for number in range(SINGLES):
            ledger.post(posting(f"single/{number}"), at=AT)

    found = {"renewals": _taken(chunks)}
    numbers = list(Invoice.objects.order_by("number").values_list("number", flat=True))
    if numbers != [f"{PREFIXES[Invoice.Kind.INVOICE]}-{number:06d}" for number in range(1, len(numbers) + 1)]:
        raise SystemExit("the numbers of the invoices have gaps")
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found |= {"one by one": _taken(singles), "in bulk": _taken(bulk)}
    with psycopg.connect(connection.connection.info.dsn, password=connection.settings_dict["PASSWORD"]) as own:
        own.autocommit = True
        renewed = floors_money.renewals(own, rows, rows // books.DUE_EVERY)
        alone, together = floors_money.one_by_one(own), floors_money.in_bulk(own)
    done = {"renewals": len(numbers), "one by one": SINGLES, "in bulk": floors_money.POSTED}
    floors = {"renewals": renewed, "one by one": alone, "in bulk": together}
    rates = {name: {"rate": done[name] / found[name][0], "floor": floors[name].rate} for name in done}
    walls = {name: {**rates[name], "seconds": found[name][0], "wall": found[name][1]} for name in done}
    json.dump({"mib": mib, **walls}, sys.stdout)


def _taken(work: Callable[[], Any]) -> tuple[float, float]:
    """The seconds of work and on the wall that something takes."""
    before, started = _worked(), perf_counter()
    work()
    return _worked() - before, perf_counter() - started


def lists(rows: int) -> None:
    """By page: how long it takes 95 times of a hundred, in milliseconds of work and on the wall, and its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests import people
    from tests.bench import books

    owner, member = people.owner(), people.member("member", books.reseller())
    found = {}
    for name, (client, address) in _pages(rows, owner, member).items():
        client.get(address, headers={"host": "localhost"})
        with CaptureQueriesContext(connection) as queries:
            client.get(address, headers={"host": "localhost"})
        asked = len(queries)
        works, walls = [], []
        for _ in range(PAGES):
            worked, started = _worked(), perf_counter()
            answer = client.get(address, headers={"host": "localhost"})
            walls.append((perf_counter() - started) * 1000)
            works.append((_worked() - worked) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")
        place = PAGES * 95 // 100 - 1
        found[name] = {"work": sorted(works)[place], "wall": sorted(walls)[place], "queries": asked}
    json.dump(found, sys.stdout)


def _pages(rows: int, owner: Client, member: Client) -> dict[str, tuple[Client, str]]:
    """What staff and a reseller look at, by name: who asks, and the address."""
    last, some, nobody = rows - 1, rows // 2, "nobody%20of%20this%20name"
    lists = {
        "customers": "customer/",
        "customers, last page": f"customer/?p={min(rows, 10_000) // 25}",
        "customers, by name": f"customer/?q=customer%20{last}",
        "customers, by e-mail": f"customer/?q=Customer{last}@",
        "customers, by number": f"customer/?q={some}",
        "customers, nobody found": f"customer/?q={nobody}",
        "customers, refused": "customer/?verification__exact=refused",
        "customers, businesses": "customer/?kind__exact=business",
        "customer, story": f"customer/{some}/story/",
        "subscriptions": "subscription/",
        "subscriptions, by customer": f"subscription/?q=customer%20{last}",
        "subscriptions, by number": f"subscription/?q={some}",
        "subscriptions, ended": "subscription/?state__exact=ended",
        "subscriptions, of another vendor": "subscription/?vendor=cryptopass",
        "subscriptions, to confirm": "subscription/?lacks=confirmation",
        "periods": "period/",
        "periods, ended": "period/?state__exact=ended",
        "periods, of another vendor": "period/?vendor=cryptopass",
        "letters": "notice/",
        "letters, came back": "notice/?state__exact=bounced",
        "letters, of breaches": "notice/?kind__exact=breach",
        "letters, to post": "notice/?paper=waiting",
        "letters, of another vendor": "notice/?vendor=cryptopass",
        "agreements": "agreement/",
        "agreements, on paper": "agreement/?how__exact=paper",
        "agreements, of nobody": "agreement/?lacks=name",
        "agreements, without power": "agreement/?lacks=power",
        "licences": "licence/",
        "licences, gone": "licence/?gone__exact=1",
        "end users": "enduser/",
        "administrators": "administrator/",
        "administrators, of another vendor": "administrator/?vendor=cryptopass",
    }
    sold = some - some % 10
    portal = {
        "portal": "",
        "portal, customers": "customers/",
        "portal, a customer": f"customers/{sold}/",
        "portal, a contract": f"subscriptions/{sold}/",
        "portal, agreements": "agreements/",
        "portal, letters": "notices/",
    }
    return {
        "today": (owner, "/admin/"),
        **{name: (owner, f"/admin/accounts/{page}") for name, page in lists.items()},
        **{name: (member, f"/portal/{page}") for name, page in portal.items()},
    }


def _worked() -> float:
    """Seconds for which this process and its database have worked."""
    from django.db import connection

    connection.ensure_connection()
    return worked(connection.connection.info.backend_pid)


def _job() -> Callable[[str, date, datetime], int]:
    from backoffice import days

    return next(job.work for job in days.jobs() if job.name == "Customers are told of renewals")


def _measure(work: Callable[[], Any], rows: int) -> None:
    """Prints how long it took, of that how long anybody worked, and what memory the process has had at most."""
    from accounts.models import Notice

    worked, started = _worked(), perf_counter()
    work()
    wall, seconds = perf_counter() - started, _worked() - worked
    if (written := Notice.objects.count()) != rows:
        raise SystemExit(f"{written} letters were written, not {rows}")
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"seconds": seconds, "wall": wall, "mib": mib}, sys.stdout)


if __name__ == "__main__":
    django.setup()
    {"seed": seed, "year": year, "floor": floor, "job": job, "lists": lists, "money": money}[sys.argv[1]](
        int(sys.argv[2])
    )

"""The ledger as a plain-text journal, as ``ledger`` and hledger read it: so that somebody else's program can add it up.

An entry is a line with its day, its number and its words, and then one line for each leg. Customers and entries stand
there by their numbers and documents by theirs; nothing in it names a person. The same books make the same journal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import islice

from backoffice.terms.money import from_minor
from billing.models import Account, Entry, Leg

# So many entries are read at a time, with their legs.
CHUNK = 1000
# What each account is in a journal's five trees.
PLACES = {
    Account.RECEIVABLE: "Assets:Receivable",
    Account.BANK: "Assets:Bank",
    Account.CARD: "Assets:Card",
    Account.PAYPAL: "Assets:PayPal",
    Account.BITCOIN: "Assets:Bitcoin",
    Account.CHECK: "Assets:Cheques",
    Account.VENDOR_CLAIMS: "Assets:Vendor claims",
    Account.CREDIT: "Liabilities:Credit",
    Account.UNMATCHED: "Liabilities:Unmatched",
    Account.TAX: "Liabilities:Tax",
    Account.PAYABLE: "Liabilities:Vendors",
    Account.REVENUE: "Income:Sales",
    Account.LATE_CHARGES: "Income:Late charges",
    Account.FEES: "Income:Fees",
    Account.RECOVERY: "Income:Recovery",
    Account.COST: "Expenses:Wholesale",
    Account.REFUNDS: "Expenses:Refunds",
    Account.SERVICE_CREDITS: "Expenses:Service credits",
    Account.UNCOLLECTED: "Expenses:Uncollected",
}


def journal(until: date | None = None, customer: int | None = None) -> Iterator[str]:
    """The lines of the journal, by day: of all entries, of those booked up to a day (that day included), or of those
    that move a customer's accounts, which are then whole."""
    rows = Entry.objects.order_by("on", "id")
    if until is not None:
        rows = rows.filter(on__lte=until)
    if customer is not None:
        rows = rows.filter(pk__in=Leg.objects.filter(customer=customer).values("entry"))
    entries = rows.values_list("pk", "on", "text").iterator(chunk_size=CHUNK)
    while some := list(islice(entries, CHUNK)):
        legs = _legs([key for key, _, _ in some])
        for key, on, text in some:
            yield f"{on} ({key}) {_payee(text)}\n"
            yield from legs[key]
            yield "\n"


def account_name(account: str, customer: int | None, vendor: str) -> str:
    """What an account is called in the journal: each customer has its own, and so has each vendor."""
    whose = f"Customer {customer}" if customer is not None else vendor
    place = PLACES[Account(account)]
    return f"{place}:{whose}" if whose else place


def _legs(entries: list[int]) -> dict[int, list[str]]:
    lines: dict[int, list[str]] = defaultdict(list)
    columns = ("entry", "account", "customer", "vendor", "minor", "currency", "invoice__number")
    for entry, account, customer, vendor, minor, currency, number in (
        Leg.objects.filter(entry__in=entries).order_by("pk").values_list(*columns)
    ):
        name, amount = account_name(account, customer, vendor), from_minor(minor, currency)
        about = f"  ; Document: {number}" if number else ""
        lines[entry].append(f"    {name}  {amount:f} {currency}{about}\n")
    return lines


def _payee(text: str) -> str:
    """An entry's words on one line, in which nothing begins a note."""
    return " ".join(text.replace(";", ",").split())

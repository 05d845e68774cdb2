"""What must hold of the money, asked by ``manage.py verify``: each balance is added up anew from what was posted.

Every question is one statement that the database answers row by row, so a check takes as much memory for a million
documents as for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, Lag, Length, Substr

from backoffice.verify import check
from billing.models import (
    STANDING,
    TO_COUNT,
    UNSPENT,
    Account,
    Allocation,
    BankLine,
    CreditClaim,
    Dispute,
    Entry,
    Invoice,
    InvoiceLine,
    Leg,
    OpenItem,
    Payment,
    Refund,
    Series,
)
from billing.models.invoices import ONE_DAY
from billing.services.invoices import PREFIXES
from billing.services.late import History, ask_charges
from billing.services.rates import Steps

# Rows that are asked about together.
CHUNK = 500
DOCUMENTS = (Entry.Kind.INVOICE, Entry.Kind.CREDIT_NOTE)


def _sum(rows: QuerySet[Leg] | QuerySet[InvoiceLine], by: str, column: str) -> Coalesce:
    """What a column of the rows that belong to one row comes to; 0 where there are none."""
    return Coalesce(Subquery(rows.order_by().values(by).annotate(sum=Sum(column)).values("sum")), Value(0))


@check("Every entry of the ledger adds up to nothing in each currency")
def balanced(at: datetime) -> Iterator[str]:
    sums = Leg.objects.order_by("entry", "currency").values_list("entry", "currency").annotate(sum=Sum("minor"))
    for entry, currency, _ in sums.exclude(sum=0).iterator():
        yield f"ledger entry {entry}: its legs in {currency} do not add up to nothing"


@check("Every entry of the ledger has the legs that it was posted with")
def complete(at: datetime) -> Iterator[str]:
    counted = Entry.objects.order_by("pk").annotate(there=Count("legs")).exclude(there=F("sides"))
    for entry, sides, there in counted.values_list("pk", "sides", "there").iterator():
        yield f"ledger entry {entry}: it was posted with {sides} legs, and has {there}"


@check("Every document is explained by one entry of its total")
def explained(at: datetime) -> Iterator[str]:
    """An invoice makes its customer owe its total, and a credit note takes its total back; nothing else does."""
    of_document = {"entry__key": OuterRef("explains"), "customer": OuterRef("customer")}
    legs = Leg.objects.filter(account__in=[Account.RECEIVABLE, Account.CREDIT], currency=OuterRef("currency"))
    documents = Invoice.objects.order_by("pk").annotate(
        explains=Concat("kind", Value("/"), "key"),
        owes=Case(When(kind=Invoice.Kind.INVOICE, then="total_minor"), default=-F("total_minor")),
        booked=_sum(legs.filter(**of_document), "entry", "minor"),
        there=Exists(Entry.objects.filter(key=OuterRef("explains"), kind=OuterRef("kind"))),
    )
    wrong = documents.exclude(booked=F("owes"), there=True).exclude(total_minor=0, there=False)
    for number, there in wrong.values_list("number", "there").iterator():
        yield f"{number}: {'its entry is of another total' if there else 'no entry explains it'}"
    # The other way round, by the document's own key, which the database finds at once.
    key = Substr(OuterRef("key"), Length(OuterRef("kind")) + 2)
    known = Invoice.objects.filter(kind=OuterRef("kind"), key=key)
    others = Entry.objects.filter(~Exists(known), kind__in=DOCUMENTS).order_by("pk")
    for entry in others.values_list("pk", flat=True).iterator():
        yield f"ledger entry {entry}: there is no document that it explains"


@check("Every document is the sum of its lines and its tax")
def added_up(at: datetime) -> Iterator[str]:
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk"))
    documents = Invoice.objects.order_by("pk").annotate(lines_minor=_sum(lines, "invoice", "net_minor"))
    right = {"net_minor": F("lines_minor"), "total_minor": F("net_minor") + F("tax_minor")}
    for number in documents.exclude(**right).values_list("number", flat=True).iterator():
        yield f"{number}: its lines and its tax do not add up to its total"


@check("The numbers of documents have no gap, up to the counter of their series")
def numbered(at: datetime) -> Iterator[str]:
    counters = dict(Series.objects.values_list("prefix", "next_number"))
    for kind, prefix in PREFIXES.items():
        documents, form = Invoice.objects.filter(kind=kind), rf"^{prefix}-[0-9]+$"
        for key in documents.exclude(number__regex=form).order_by("pk").values_list("pk", flat=True).iterator():
            yield f"{kind.label} {key}: its number is none of the series {prefix}"
        digits = Cast(Substr("number", len(prefix) + 2), BigIntegerField())
        counted = documents.filter(number__regex=form).order_by().annotate(count=digits)
        before = Window(Lag("count", default=0), order_by="count")
        after_gap = counted.annotate(before=before).exclude(count=F("before") + 1).order_by("count")
        for count, last in after_gap.values_list("count", "before").iterator():
            yield f"{prefix}: {_missing(last + 1, count - 1)} missing"
        last = counted.aggregate(last=Max("count"))["last"] or 0
        if (stands_at := counters.get(prefix, 1)) != last + 1:
            yield f"{prefix}: the next number would be {stands_at}, and the last one there is {last}"


def _missing(first: int, last: int) -> str:
    return f"number {first} is" if first == last else f"the numbers {first} to {last} are"


@check("What is still owed on an invoice is what its legs add up to")
def owed(at: datetime) -> Iterator[str]:
    legs = Leg.objects.filter(account=Account.RECEIVABLE)
    of_item = legs.filter(invoice=OuterRef("pk"), customer=OuterRef("customer"), currency=OuterRef("invoice__currency"))
    items = OpenItem.objects.order_by("pk").annotate(
        booked=_sum(of_item, "invoice", "minor"), owes=F("principal_minor") + F("interest_minor") + F("costs_minor")
    )
    for number in items.exclude(booked=F("owes")).values_list("invoice__number", flat=True).iterator():
        yield f"{number}: what is still owed on it is not what its legs add up to"
    no_item = Invoice.objects.filter(kind=Invoice.Kind.INVOICE, item=None).order_by("pk")
    for number in no_item.values_list("number", flat=True).iterator():
        yield f"{number}: nothing says what is still owed on it"
    on_no_invoice = legs.exclude(Exists(OpenItem.objects.filter(pk=OuterRef("invoice"), customer=OuterRef("customer"))))
    for leg in on_no_invoice.order_by("pk").values_list("pk", flat=True).iterator():
        yield f"ledger leg {leg}: it is about no invoice of its customer on which something can be owed"


@check("What was charged for late payment is what was booked")
def charged(at: datetime) -> Iterator[str]:
    legs = Leg.objects.filter(account=Account.LATE_CHARGES, invoice=OuterRef("pk"))
    items = OpenItem.objects.order_by("pk").annotate(
        booked=_sum(legs, "invoice", "minor"), charges=F("interest_charged_minor") + F("costs_charged_minor")
    )
    for number in items.exclude(booked=-F("charges")).values_list("invoice__number", flat=True).iterator():
        yield f"{number}: what was charged for late payment is not what was booked"


@check("What was charged for late payment is what the contract says for the last day counted")
def charged_right(at: datetime) -> Iterator[str]:
    items = OpenItem.objects.filter(TO_COUNT, rate_missing=False, count_on__gt=F("due_on") + ONE_DAY).order_by("pk")
    rows = items.select_related("invoice__subscription").iterator(chunk_size=CHUNK)
    steps = Steps()
    while some := list(islice(rows, CHUNK)):
        history = History(some)
        for item in some:
            charged = ask_charges(item, item.count_on - ONE_DAY, history, steps) if item.count_on else None
            booked = (item.interest_charged_minor, item.costs_charged_minor)
            if charged is None or (charged.interest, charged.costs) != booked:
                yield f"{item.invoice.number}: what was charged for late payment is not what its contract says"


@check("What customers have paid and pays nothing yet is their credit in the ledger")
def credit(at: datetime) -> Iterator[str]:
    unspent = Payment.objects.filter(UNSPENT).order_by("customer", "currency").values_list("customer", "currency")
    legs = Leg.objects.filter(account=Account.CREDIT, customer__isnull=False).order_by("customer", "currency")
    sums = merge(
        unspent.annotate(sum=Sum("left_minor")).iterator(),
        legs.values_list("customer", "currency").annotate(sum=Sum("minor")).iterator(),
    )
    for (customer, currency), both in groupby(sums, itemgetter(0, 1)):
        if sum(minor for _, _, minor in both):
            yield f"customer {customer}: the credit in {currency} is not what its payments have left"
    of_nobody = Leg.objects.filter(account=Account.CREDIT, customer=None).order_by("pk")
    for leg in of_nobody.values_list("pk", flat=True).iterator():
        yield f"ledger leg {leg}: it is the credit of no customer"


@check("Every payment is what it pays, what of it pays nothing yet, and what went back")
def spent(at: datetime) -> Iterator[str]:
    standing = Allocation.objects.filter(STANDING, payment=OuterRef("pk")).order_by().values("payment")
    parts = F("principal_minor") + F("interest_minor") + F("costs_minor")
    pays = Coalesce(Subquery(standing.annotate(sum=Sum(parts)).values("sum")), Value(0))
    right = {"amount_minor": F("left_minor") + F("returned_minor") + F("pays")}
    wrong = Payment.objects.order_by("pk").annotate(pays=pays).exclude(**right)
    for payment in wrong.values_list("pk", flat=True).iterator():
        yield f"payment {payment}: what it pays, has left and gave back is not what it was"


@check("Every bill that was rightly disputed is credited with what was found")
def credited(at: datetime) -> Iterator[str]:
    """A credit that is given is a credit note of that much, which corrects the bill."""
    given = Dispute.objects.filter(credit__isnull=False).order_by("pk")
    right = {"credit__net_minor": F("credit_minor"), "credit__corrects": F("invoice")}
    for number in given.exclude(**right).values_list("invoice__number", flat=True).iterator():
        yield f"{number}: what it was credited with is not what was found"


@check("No month of a contract is credited for outages with more than its fee")
def within_the_fee(at: datetime) -> Iterator[str]:
    """Contracts whose credits are not capped by the month are left out: their rule gives so much for each outage."""
    capped = CreditClaim.objects.filter(credit_minor__gt=0, availability__isnull=False)
    months = capped.order_by("subscription", "month").values_list("subscription", "month")
    sums = months.annotate(sum=Sum("credit_minor"), most=Max("fee_minor"))
    for subscription, month, _, _ in sums.filter(sum__gt=F("most")).iterator():
        yield f"subscription {subscription}: what it was credited with for {month} is more than the month's fee"


@check("Every credit for outages is a credit note of what was granted")
def outages_credited(at: datetime) -> Iterator[str]:
    given = CreditClaim.objects.filter(credit__isnull=False).exclude(credit__net_minor=F("credit_minor")).order_by("pk")
    for claim in given.values_list("pk", flat=True).iterator():
        yield f"claim {claim}: what it was credited with is not what was granted"


@check("Nobody got more back than they had paid")
def given_back(at: datetime) -> Iterator[str]:
    """Of all that a customer paid, what went back of it and what was sent out of our credit is no more."""
    kinds = Payment.objects.order_by("customer", "currency").values_list("customer", "currency")
    own = Q(method=Payment.Method.CREDIT)
    came = Sum(F("amount_minor") - F("returned_minor"), filter=~own, default=0)
    sums = kinds.annotate(came=came, went=Sum("returned_minor", filter=own, default=0)).filter(went__gt=F("came"))
    for customer, currency, *_ in sums.iterator():
        yield f"customer {customer}: more went back in {currency} than was paid"


@check("Every refund that was given is credited with what was quoted")
def refunded(at: datetime) -> Iterator[str]:
    notes = Invoice.objects.filter(key__startswith=Concat(Value("refund/"), OuterRef("key"), Value("/")))
    sums = notes.order_by().values("kind").annotate(sum=Sum("net_minor")).values("sum")
    rows = Refund.objects.filter(executed_on__isnull=False).order_by("pk")
    wrong = rows.annotate(noted=Coalesce(Subquery(sums), Value(0))).exclude(noted=F("amount_minor"))
    for key in wrong.values_list("key", flat=True).iterator():
        yield f"refund {key}: its credit notes are not of what was quoted"


@check("Money of nobody known is what waits on bank statements")
def nobodys(at: datetime) -> Iterator[str]:
    waiting = BankLine.objects.filter(state=BankLine.State.WAITING, minor__gt=0).order_by()
    waits = dict(waiting.values_list("currency").annotate(Sum("minor")))
    legs = Leg.objects.filter(account=Account.UNMATCHED).order_by()
    held = {currency: -minor for currency, minor in legs.values_list("currency").annotate(Sum("minor"))}
    for currency in sorted(waits.keys() | held.keys()):
        if waits.get(currency, 0) != held.get(currency, 0):
            yield f"{currency}: what waits on bank statements is not what the ledger holds for nobody known"

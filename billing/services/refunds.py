"""Refunds are quoted first and then given exactly as quoted, once: a credit note for each invoice, and what of it is
nobody's debt goes out the way it came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Sum

from accounts.models import RUNNING, Customer, Reason, Subscription
from accounts.services import NotPossible, terminate
from backoffice.terms.money import to_minor
from billing.ledger import Posting, Side, post_all
from billing.models import Account, Entry, Invoice, InvoiceLine, Payment, Refund
from billing.services.credits import give_credit
from billing.services.invoices import Bill, Line
from billing.services.payments import MONEY_ACCOUNTS, lock
from billing.services.refund_quotes import Quote, quote_discretion, quote_end, quote_money_back

KEYS = {Refund.Kind.MONEY_BACK: "money-back/{}", Refund.Kind.END: "end/{}"}


@transaction.atomic
def ask_money_back(
    *,
    subscription: Subscription,
    on: date,
    at: datetime,
    domain_retained: bool = False,
    domain_price: Decimal | None = None,
) -> Refund:
    """Notes that a customer asks its money back under the guarantee, and what comes back. NotPossible where the
    contract has none, or it was given already."""
    found = _locked(subscription)
    quote = quote_money_back(found, on=on, domain_retained=domain_retained, domain_price=domain_price)
    asked = {
        "domain_retained": domain_retained,
        "domain_price": str(domain_price) if domain_price is not None else None,
    }
    return _keep(found, quote, KEYS[quote.kind].format(found.pk), on, at, asked=asked)


@transaction.atomic
def quote_after_end(*, subscription: Subscription, on: date, at: datetime) -> Refund:
    """Keeps what comes back after the end of a contract. NotPossible for one that is not over, or that is settled."""
    found = _locked(subscription)
    quote = quote_end(found)
    return _keep(found, quote, KEYS[quote.kind].format(subscription.pk), on, at)


@transaction.atomic
def grant(
    *, subscription: Subscription, amount: Decimal, reason: str, approved_by: Any, on: date, at: datetime
) -> Refund:
    """Gives back what the contract leaves to our discretion, approved by somebody, with their reason."""
    found = _locked(subscription)
    minor = to_minor(amount, found.terms.currency.value)
    quote = quote_discretion(found, minor=minor, on=on)
    number = found.refunds.filter(kind=Refund.Kind.DISCRETION).count() + 1
    key = f"discretion/{subscription.pk}/{number}"
    refund = _keep(found, quote, key, on, at, approved_by=approved_by, reason=reason)
    return give(refund=refund, on=on, at=at)


def _locked(subscription: Subscription) -> Subscription:
    """A contract as it is now, whose customer's money nobody else moves until the transaction ends."""
    lock(subscription.customer)
    return Subscription.objects.select_related("customer").get(pk=subscription.pk)


def _keep(
    subscription: Subscription, quote: Quote, key: str, on: date, at: datetime, *, asked: Any = None, **more: Any
) -> Refund:
    """Writes a quote, in the place of an older one that was not given."""
    known = Refund.objects.filter(key=key).first()
    if known is not None and known.executed_on is not None:
        raise NotPossible(f"{known} was given on {known.executed_on}")
    columns = {
        "subscription": subscription,
        "vendor": subscription.vendor,
        "sheet": subscription.sheet,
        "kind": quote.kind,
        "as_of": quote.as_of,
        "currency": subscription.terms.currency.value,
        "amount_minor": quote.minor,
        "fee_minor": quote.fee_minor,
        "lines": quote.lines,
        "facts": {**quote.facts, "given": asked or {}},
        "says": quote.says[:300],
        "channel": quote.channel,
        "borne_by": quote.borne_by,
        "because": quote.because,
        "mark": quote.mark,
        "quoted_on": on,
        "created_at": at,
        **more,
    }
    refund, _ = Refund.objects.update_or_create(key=key, defaults=columns)
    return refund


def _again(refund: Refund) -> Quote:
    """The quote as it would be made now."""
    subscription = refund.subscription
    if refund.kind == Refund.Kind.END:
        return quote_end(subscription)
    if refund.kind == Refund.Kind.DISCRETION:
        return quote_discretion(subscription, minor=refund.amount_minor, on=refund.as_of)
    given = refund.facts["given"]
    price = Decimal(given["domain_price"]) if given["domain_price"] is not None else None
    return quote_money_back(subscription, on=refund.as_of, domain_retained=given["domain_retained"], domain_price=price)


@transaction.atomic
def give(*, refund: Refund, on: date, at: datetime) -> Refund:
    """Gives a refund exactly as it was quoted: again it changes nothing, and NotPossible where anything that it rests
    on has changed meanwhile. Money that is asked back under the guarantee ends the contract."""
    lock(refund.subscription.customer)
    found = Refund.objects.select_related("subscription__customer").get(pk=refund.pk)
    if found.executed_on is not None:
        return found
    quote = _again(found)
    if quote.mark != found.mark:
        raise NotPossible("what the refund was worked out from has changed meanwhile, so it is to be quoted again")
    notes = give_credit(_notes(found, quote), on=on, at=at)
    found.paid_minor = _pay_out(found, notes, on=on, at=at)
    found.executed_on = on
    found.save(update_fields=["paid_minor", "executed_on"])
    subscription = found.subscription
    if found.kind == Refund.Kind.MONEY_BACK and found.amount_minor and subscription.state in RUNNING:
        terminate(subscription=subscription, reason=Reason.NOTICE, because=found.because, on=on, at=at)
    return found


def _notes(refund: Refund, quote: Quote) -> list[Bill]:
    """A credit note for each invoice of which something comes back."""
    by_invoice: dict[Invoice, list[Line]] = defaultdict(list)
    for share in quote.shares:
        if share.minor:
            line = share.line
            text = f"{line.text}, {refund.get_kind_display()}"[:200]
            taken = Line(InvoiceLine.Kind(line.kind), text, 1, share.minor, share.minor, because=refund.because)
            by_invoice[line.invoice].append(taken)
    return [
        Bill(
            key=f"refund/{refund.key}/{invoice.number}",
            customer=invoice.customer,
            subscription=refund.subscription,
            vendor=refund.vendor,
            sheet=refund.sheet,
            currency=refund.currency,
            due_on=refund.as_of,
            lines=lines,
            because=refund.because,
            corrects=invoice,
            against=Account.REFUNDS,
        )
        for invoice, lines in by_invoice.items()
    ]


def _pay_out(refund: Refund, notes: Sequence[Invoice], *, on: date, at: datetime) -> int:
    """Sends out what credit notes left over once they had paid what was owed, and never more than the customer has paid
    us and has not had back; returns how much."""
    customer, currency = refund.subscription.customer, refund.currency
    keys = [note.entry_key for note in notes]
    credits = list(Payment.objects.filter(key__in=keys, left_minor__gt=0).order_by("id"))
    limit, paid = received(customer, currency), 0
    for credit in credits:
        out = min(credit.left_minor, limit - paid)
        credit.left_minor -= out
        credit.returned_minor += out
        credit.save(update_fields=["left_minor", "returned_minor"])
        paid += out
    if paid:
        sides = (
            Side(Account.CREDIT, paid, currency, customer.pk),
            Side(MONEY_ACCOUNTS[Payment.Method(refund.channel)], -paid, currency),
        )
        posting = Posting(
            key=f"refund/{refund.key}",
            kind=Entry.Kind.REFUND,
            on=on,
            text=f"Refund, {refund.get_kind_display()}",
            vendor=refund.vendor,
            sheet=refund.sheet,
            because=refund.because,
            sides=sides,
        )
        post_all([posting], at=at)
    return paid


def received(customer: Customer, currency: str) -> int:
    """What a customer has paid us and has not had back, in minor units."""
    rows = Payment.objects.filter(customer=customer, currency=currency)
    credit = Q(method=Payment.Method.CREDIT)
    sums = rows.aggregate(
        came=Sum(F("amount_minor") - F("returned_minor"), filter=~credit, default=0),
        went=Sum("returned_minor", filter=credit, default=0),
    )
    return max(int(sums["came"] - sums["went"]), 0)


def settle_ends(vendor: str, day: date, count: int, *, at: datetime) -> int:
    """Gives back what the contracts that are over by a day make due, those of some customers; returns how many there
    were. Their customers are locked first, as everybody does who moves money."""
    due = Subscription.objects.to_settle().filter(vendor=vendor, ends_on__lte=day)
    rows = Customer.objects.filter(pk__in=due.values("customer")).order_by("pk")
    customers = list(rows.select_for_update(of=("self",), skip_locked=True)[:count])
    contracts = list(due.filter(customer__in=customers).select_related("customer").order_by("pk"))
    ahead = InvoiceLine.objects.filter(invoice__subscription=OuterRef("pk"), invoice__kind=Invoice.Kind.INVOICE)
    ahead = ahead.filter(Q(period_end__gt=OuterRef("ends_on")) | Q(invoice__subscription__state="void"))
    given = Refund.objects.filter(subscription=OuterRef("pk"), kind=Refund.Kind.END, executed_on__isnull=False)
    open_ones = due.filter(Exists(ahead), ~Exists(given), customer__in=customers)
    charged = set(open_ones.values_list("pk", flat=True))
    for one in contracts:
        if one.pk in charged:
            give(refund=quote_after_end(subscription=one, on=day, at=at), on=day, at=at)
    Subscription.objects.filter(pk__in=[one.pk for one in contracts]).update(settled_on=day)
    return len(contracts)

"""The invoices of what was just ordered: the first period of a contract, and seats that were added to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from accounts.models import OVER, Reason, SeatChange, Subscription, SubscriptionQuerySet
from accounts.policy.ordering import OrderStanding
from accounts.services import NotPossible, ask_period, seats_on, terminate, together
from accounts.services.contracts import ask_order
from backoffice.terms.decision import Decision
from backoffice.terms.money import to_minor
from billing.models import Invoice, InvoiceLine, Price
from billing.policy.charges import FirstFacts, decide_charge_first
from billing.services.catalogue import Prices
from billing.services.credits import give_credit
from billing.services.invoices import Bill, Line, issue
from billing.services.payments import lock

# Invoices on which something is still owed.
OWED = Q(item__closed_on__isnull=True)


def with_first_price(subscriptions: SubscriptionQuerySet) -> SubscriptionQuerySet:
    """Those whose first period has a price, in force on the day of their order."""
    return subscriptions.filter(_has_price())


def without_first_price(subscriptions: SubscriptionQuerySet) -> SubscriptionQuerySet:
    """Those whose first period has no price."""
    return subscriptions.exclude(_has_price())


def _has_price() -> Exists:
    return Exists(
        Price.objects.filter(
            vendor=OuterRef("vendor"),
            plan=OuterRef("plan"),
            cycle_months=Coalesce(OuterRef("cycle_months"), OuterRef("renewal_months")),
            from_on__lte=OuterRef("accepted_on"),
        )
    )


def claim_orders(vendor: str, day: date, count: int) -> list[Subscription]:
    """Locks some contracts whose first period is to be invoiced by a day, passing over what others hold."""
    due = with_first_price(Subscription.objects.to_charge()).filter(vendor=vendor, accepted_on__lte=day)
    rows = due.select_related("customer").order_by("accepted_on", "id")
    return list(rows.select_for_update(of=("self",), skip_locked=True)[:count])


def issue_first(subscriptions: Sequence[Subscription], *, on: date, at: datetime) -> list[Invoice]:
    """Issues, on a day, the invoice for the first period of each contract; returns those that were not issued before.

    The rows are locked, and each has a price.
    """
    with transaction.atomic():
        invoices = issue(preview_first(subscriptions, on=on), on=on, at=at)
        Subscription.objects.filter(pk__in=[one.pk for one in subscriptions]).update(charged_on=on)
    return invoices


def preview_first(subscriptions: Sequence[Subscription], *, on: date) -> list[Bill]:
    """What would be invoiced for the first period of each, on a day."""
    prices = Prices(subscriptions)
    seats = seats_on([(one, one.accepted_on) for one in subscriptions])
    bills = []
    for one, quantity in zip(subscriptions, seats, strict=True):
        price = prices.of(one, one.cycle_months or one.renewal_months, one.accepted_on)
        if price is not None and (bill := _bill(one, price, quantity, on)):
            bills.append(bill)
    return bills


def _bill(subscription: Subscription, price: Price, quantity: int, on: date) -> Bill | None:
    """The invoice for the first period, as the contract charges it; None where the contract does not say. It is due
    when the contract says, and never before it is issued."""
    facts = FirstFacts(
        currency=price.currency,
        price=price.amount,
        quantity=quantity,
        accepted_on=subscription.accepted_on,
        starts_on=subscription.start,
        commitment=subscription.commitment,
    )
    decision = decide_charge_first(subscription.terms, facts)
    if decision.outcome is None:
        return None
    charge = decision.outcome
    first = ask_period(subscription, 0) if subscription.start is not None else None
    days = f", {charge.days_charged} of {charge.days_in_month} days" if charge.days_charged else ""
    line = Line(
        kind=InvoiceLine.Kind.SERVICE,
        text=f"{subscription.plan}{days}",
        quantity=quantity,
        unit_minor=price.amount_minor,
        net_minor=to_minor(charge.charge, price.currency),
        price=price,
        period=(first.answer.period_start, first.answer.period_end) if first else None,
        because=decision.because,
    )
    return Bill(
        key=f"period/{subscription.pk}/0",
        customer=subscription.customer,
        subscription=subscription,
        vendor=subscription.vendor,
        sheet=subscription.sheet,
        currency=price.currency,
        due_on=max(charge.due_on, on),
        lines=(line,),
        because=together(decision.because, first.because if first else []),
        binds=subscription.start is not None,
    )


def claim_seats(vendor: str, day: date, count: int) -> list[SeatChange]:
    """Locks some seats that were added and are to be invoiced by a day, passing over what others hold."""
    due = SeatChange.objects.to_invoice().filter(vendor=vendor, effective_on__lte=day).order_by("effective_on", "id")
    rows = due.select_related("subscription__customer")
    return list(rows.select_for_update(of=("self",), skip_locked=True)[:count])


def issue_seats(changes: Sequence[SeatChange], *, on: date, at: datetime) -> list[Invoice]:
    """Issues, on a day, the invoice for seats that were added, at what was quoted for them; returns those that were not
    issued before. The rows are locked."""
    with transaction.atomic():
        missed = _renewals_missed([change for change in changes if change.missed_renewal])
        invoices = issue([_seat_bill(change, missed, on) for change in changes], on=on, at=at)
        SeatChange.objects.filter(pk__in=[change.pk for change in changes]).update(invoiced_on=on)
    return invoices


def _renewals_missed(changes: Sequence[SeatChange]) -> dict[int, InvoiceLine]:
    """By change, the line that charged the other seats for the period after the one that the added ones joined."""
    contracts = {change.subscription_id for change in changes}
    lines = InvoiceLine.objects.filter(invoice__subscription__in=contracts, invoice__key__startswith="period/")
    after: dict[int, InvoiceLine] = {}
    for line in lines.select_related("price", "invoice").order_by("-period_start"):
        for change in changes:
            follows = line.period_start and change.charged_until and line.period_start > change.charged_until
            if line.invoice.subscription_id == change.subscription_id and follows:
                after[change.pk] = line
    return after


def _seat_bill(change: SeatChange, missed: dict[int, InvoiceLine], on: date) -> Bill:
    """The invoice for added seats: the rest of the period they join, and the next one where that was invoiced before
    they came."""
    subscription = change.subscription
    part = f", {change.days_charged} of {change.days_in_period} days"
    rest = Line(
        kind=InvoiceLine.Kind.SEAT,
        text=f"{subscription.plan}, added seats{part}",
        quantity=change.seats,
        unit_minor=change.unit_minor or 0,
        net_minor=change.charge_minor or 0,
        period=(change.effective_on, change.charged_until) if change.charged_until else None,
        because=change.because,
    )
    lines = [rest]
    if (other := missed.get(change.pk)) and other.period_start and other.period_end:
        following = Line(
            kind=InvoiceLine.Kind.SEAT,
            text=f"{subscription.plan}, added seats",
            quantity=change.seats,
            unit_minor=other.unit_minor,
            net_minor=other.unit_minor * change.seats,
            price=other.price,
            period=(other.period_start, other.period_end),
        )
        lines.append(following)
    return Bill(
        key=f"seats/{change.pk}",
        customer=subscription.customer,
        subscription=subscription,
        vendor=change.vendor,
        sheet=change.sheet,
        currency=change.currency,
        due_on=max(change.effective_on, on),
        lines=lines,
        because=change.because,
    )


def first_bill(subscription: Subscription) -> Invoice | None:
    """The invoice of a contract's first period while something is owed on it."""
    return Invoice.objects.filter(OWED, key=f"period/{subscription.pk}/0").select_related("customer").first()


@transaction.atomic
def first_payment_failed(*, subscription: Subscription, on: date, at: datetime) -> Decision[OrderStanding]:
    """Notes that the payment of a first period has failed. Where the contract cancels the order over that, it ends at
    once and what it was charged is taken back; elsewhere nothing changes and the answer says so. NotPossible where
    nothing is owed for the first period, or the contract is over."""
    lock(subscription.customer)
    found = Subscription.objects.get(pk=subscription.pk)
    bill = first_bill(found)
    if bill is None or found.state in OVER:
        raise NotPossible(f"nothing is owed for the first period of subscription {found.pk}")
    decision = ask_order(found, "failed")
    if decision.outcome is not None and decision.outcome.cancelled:
        terminate(subscription=found, reason=Reason.UNPAID, because=decision.because, on=on, at=at)
        note = Bill(
            key=f"cancelled/{bill.key}",
            customer=bill.customer,
            subscription=found,
            vendor=bill.vendor,
            sheet=bill.sheet,
            currency=bill.currency,
            due_on=on,
            lines=[Line(InvoiceLine.Kind.SERVICE, f"{found.plan}, cancelled", 1, bill.net_minor, bill.net_minor)],
            because=decision.because,
            corrects=bill,
        )
        give_credit([note], on=on, at=at)
    return decision

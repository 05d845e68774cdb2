"""What a day does with money: invoices what may be charged, notes what is not paid and what that costs, and writes the
letters of what was issued."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db.models import Count, Min
from django.template.defaultfilters import pluralize

from accounts.models import Period, SeatChange, Subscription
from backoffice import days
from backoffice.days import Stuck
from backoffice.terms.words import day_words
from billing.models import (
    TO_COUNT,
    TO_CREDIT,
    TO_TELL,
    TO_TELL_OF,
    TO_VOID,
    Dispute,
    Invoice,
    Maintenance,
    OpenItem,
)
from billing.services import (
    claim_untold,
    disputes,
    dunning,
    fees,
    first_periods,
    issue_renewals,
    outage_credits,
    outages,
    overdue,
    priced,
    rates,
    refunds,
    tell_invoices,
    unpriced,
)
from billing.services import credits as credit_notes
from billing.services.late import count_late


@days.first_days
def first_orders() -> dict[str, date]:
    """The earliest order of each vendor that is not charged yet: one that waits for its payment has not begun."""
    waiting = first_periods.with_first_price(Subscription.objects.to_charge()).order_by()
    return dict(waiting.values_list("vendor").annotate(Min("accepted_on")))


def first_periods_to_invoice(days_: Mapping[str, date]) -> dict[str, int]:
    rows = first_periods.with_first_price(Subscription.objects.to_charge())
    return days.due_rows(rows, "accepted_on", days_)


@days.job("First periods are invoiced", left=first_periods_to_invoice)
def invoice_first_periods(vendor: str, day: date, at: datetime) -> int:
    """Issues the invoice of each contract's first period; one without a price waits for it, and staff are told."""
    orders = first_periods.claim_orders(vendor, day, days.CHUNK)
    if orders:
        first_periods.issue_first(orders, on=day, at=at)
    return len(orders)


def seats_to_invoice(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(SeatChange.objects.to_invoice(), "effective_on", days_)


@days.job("Added seats are invoiced", left=seats_to_invoice)
def invoice_seats(vendor: str, day: date, at: datetime) -> int:
    """Issues the invoice of seats that were added, at what was quoted for them."""
    changes = first_periods.claim_seats(vendor, day, days.CHUNK)
    if changes:
        first_periods.issue_seats(changes, on=day, at=at)
    return len(changes)


def renewals_to_invoice(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Period.objects.to_invoice(), "invoice_on", days_)


@days.job("Renewals are invoiced", left=renewals_to_invoice)
def invoice_renewals(vendor: str, day: date, at: datetime) -> int:
    """Issues the invoice of each next period that may be charged by now; Stuck where a price is missing, once
    everything that has one is invoiced."""
    due = Period.objects.to_invoice().due(vendor, "invoice_on", day)
    periods = priced(due).claim(days.CHUNK)
    if periods:
        issue_renewals(periods, on=day, at=at)
    elif lacking := unpriced(due).select_related("subscription").first():
        plan, months = lacking.subscription.plan, lacking.subscription.renewal_months
        waiting = unpriced(due).count()
        renewals = f"{waiting} renewal{pluralize(waiting, ' waits,s wait')}"
        raise Stuck(
            f"There is no price for the plan {plan!r} over {months} month{pluralize(months)} on "
            f"{day_words(lacking.renews_on)}. Add it under Prices: {renewals}."
        )
    return len(periods)


def disputes_to_credit(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Dispute.objects.filter(TO_CREDIT), "credit_on", days_)


@days.job("Bills that were rightly disputed are credited", left=disputes_to_credit)
def credit_disputes(vendor: str, day: date, at: datetime) -> int:
    """Gives the credit of each dispute that was found right, on the day on which fees are next due."""
    return disputes.credit_disputes(vendor, day, days.CHUNK, at=at)


def maintenance_to_tell(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Maintenance.objects.filter(TO_TELL_OF), "tell_on", days_)


@days.job("Customers are told of maintenance", left=maintenance_to_tell)
def tell_maintenance(vendor: str, day: date, at: datetime) -> int:
    """Writes to the administrators of each contract that work on the service concerns."""
    rows = Maintenance.objects.filter(TO_TELL_OF, vendor=vendor, tell_on__lte=day).order_by("tell_on", "id")
    due = rows.select_for_update(skip_locked=True).first()
    # Work that concerns nobody is done all the same, and counts as one.
    return (outages.tell_maintenance(due, day=day, at=at, count=days.CHUNK) or 1) if due else 0


def outages_to_credit(days_: Mapping[str, date]) -> dict[str, int]:
    return outage_credits.credits_to_apply(list(days_))


@days.job("Outages are credited on the next invoice", left=outages_to_credit)
def credit_outages(vendor: str, day: date, at: datetime) -> int:
    """Gives each credit for outages that was granted, once its contract has its next invoice."""
    return outage_credits.apply_credits(vendor, days.CHUNK, on=day, at=at)


def ends_to_settle(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(Subscription.objects.to_settle(), "ends_on", days_)


@days.job("Ended contracts are settled", left=ends_to_settle)
def settle_ends(vendor: str, day: date, at: datetime) -> int:
    """Works out what comes back after the end of each contract, and gives exactly that back."""
    return refunds.settle_ends(vendor, day, days.CHUNK, at=at)


def conduct_fees_to_charge(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(fees.unbilled_conduct(), "suspended_on", days_)


@days.job("Suspensions over conduct are charged", left=conduct_fees_to_charge)
def charge_conduct_fees(vendor: str, day: date, at: datetime) -> int:
    """Charges what the contract asks for a suspension over a breach of the rules of use."""
    return fees.charge_conduct_fees(vendor, days.CHUNK, on=day, at=at)


def rates_to_look_at(days_: Mapping[str, date]) -> dict[str, int]:
    return {vendor: len(series) for vendor, series in rates.out_of_date(days_).items()}


@days.job("Published rates are looked after", left=rates_to_look_at)
def look_after_rates(vendor: str, day: date, at: datetime) -> int:
    """Raises the alarm about a rate of which nobody has seen for too long what its publisher says."""
    return rates.alarm(rates.out_of_date({vendor: day}).get(vendor, []), on=day)


def charges_to_count(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(OpenItem.objects.filter(TO_COUNT), "count_on", days_)


@days.job("Late payment is charged", left=charges_to_count)
def charge_late(vendor: str, day: date, at: datetime) -> int:
    """Charges each unpaid invoice what its lateness has cost by the end of this day."""
    rows = OpenItem.objects.filter(TO_COUNT, vendor=vendor, count_on__lte=day).order_by("count_on", "invoice_id")
    rows = rows.select_related("invoice__subscription").select_for_update(of=("self",), skip_locked=True)
    items = list(rows[: days.CHUNK])
    if items:
        count_late(items, as_of=day, at=at)
    return len(items)


def credit_to_spend(days_: Mapping[str, date]) -> dict[str, int]:
    return credit_notes.credit_to_spend(list(days_))


@days.job("Customers' credit pays what they owe", left=credit_to_spend)
def spend_credit(vendor: str, day: date, at: datetime) -> int:
    """Lets what customers paid too much, or were given back, pay what was invoiced since."""
    return credit_notes.spend_credit(vendor, days.CHUNK, at=at)


def renewals_to_void(days_: Mapping[str, date]) -> dict[str, int]:
    return days.due_rows(OpenItem.objects.filter(TO_VOID), "void_on", days_)


@days.job("Renewals that were not paid are void", left=renewals_to_void)
def void_renewals(vendor: str, day: date, at: datetime) -> int:
    """Voids the renewals that had to be paid by now to come about, and stops their service."""
    return overdue.void_renewals(vendor, day, days.CHUNK, at=at)


def overdue_to_note(days_: Mapping[str, date]) -> dict[str, int]:
    before = {vendor: day - timedelta(days=1) for vendor, day in days_.items()}
    return days.due_rows(overdue.overdue_to_note(), "due_on", before)


@days.job("What is overdue is noted", left=overdue_to_note)
def note_overdue(vendor: str, day: date, at: datetime) -> int:
    """Notes of contracts that something of them was due before this day and is not paid."""
    return overdue.note_what_is_overdue(vendor, day, days.CHUNK, at=at)


def unpaid_to_warn(days_: Mapping[str, date]) -> dict[str, int]:
    last = {vendor: dunning.last_to_warn(day) for vendor, day in days_.items()}
    return days.due_rows(dunning.to_warn(), "overdue_since", last)


@days.job("Who does not pay is warned of the end", left=unpaid_to_warn)
def warn_unpaid(vendor: str, day: date, at: datetime) -> int:
    """Sends who is overdue for long the notice after which a contract that gives time to pay may be ended."""
    return dunning.warn_unpaid(vendor, day, days.CHUNK, at=at)


def invoices_to_tell(days_: Mapping[str, date]) -> dict[str, int]:
    rows = Invoice.objects.filter(TO_TELL, vendor__in=list(days_)).order_by()
    return dict(rows.values_list("vendor").annotate(Count("pk")))


@days.job("Invoices go to customers", left=invoices_to_tell)
def tell_customers(vendor: str, day: date, at: datetime) -> int:
    """Writes the letter of each document that was issued and has none yet."""
    invoices = claim_untold(vendor, days.CHUNK)
    if invoices:
        tell_invoices(invoices, on=day, at=at)
    return len(invoices)

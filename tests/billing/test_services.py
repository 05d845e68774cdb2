from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import Notice, Period
from accounts.services import ask_period
from backoffice.models import Event
from backoffice.terms.book import book
from backoffice.terms.question import QuestionError
from billing.models import Invoice, InvoiceIsFinal, Price
from billing.services import issue_renewals, priced, unpriced
from tests.builders import NOON, make_price, make_subscription

pytestmark = pytest.mark.django_db

ON = date(2027, 2, 21)


def due() -> list[Period]:
    return list(Period.objects.select_related("subscription__customer"))


def issue() -> Invoice:
    [invoice] = issue_renewals(due(), on=ON, at=NOON)
    return Invoice.objects.get(subscription=invoice.subscription)


def test_a_price_is_kept_in_minor_units() -> None:
    price = make_price(amount=Decimal("675.00"))
    assert (price.amount_minor, price.currency, price.amount) == (67500, "GBP", Decimal("675.00"))
    assert str(price) == "Team, 12 months: 675.00 GBP from 2026-01-01"


def test_a_price_is_in_the_vendors_currency() -> None:
    with pytest.raises(QuestionError, match="this contract's currency is GBP"):
        make_price(currency="EUR")


def test_a_price_has_no_fractions_of_a_penny() -> None:
    with pytest.raises(ValueError, match="minor units"):
        make_price(amount=Decimal("0.005"))


def test_a_price_is_not_negative() -> None:
    with pytest.raises(ValidationError):
        make_price(amount=Decimal("-1.00"))


def test_one_day_has_one_price() -> None:
    make_price()
    with pytest.raises(ValidationError):
        make_price(amount=Decimal("700.00"))


def test_an_invoice_holds_what_decided_it() -> None:
    price, subscription = make_price(), make_subscription(quantity=3)
    invoice = issue()
    period, following = Period.objects.get(), ask_period(subscription, 1)
    assert (invoice.period_start, invoice.period_end) == (date(2027, 3, 1), date(2028, 2, 28))
    assert (invoice.issued_on, invoice.due_on) == (ON, period.due_on)
    assert (invoice.price, invoice.quantity, invoice.amount_minor) == (price, 3, 3 * 67500)
    assert (invoice.amount, invoice.currency, invoice.sheet) == (Decimal("2025.00"), "GBP", subscription.sheet)
    assert invoice.reference == f"{subscription.pk}-1"
    wanted = [*period.because, *following.because, book().sheet(subscription.sheet).currency.citation]
    assert all(item in invoice.because for item in wanted)
    assert len({str(item) for item in invoice.because}) == len(invoice.because)
    assert period.invoiced_on == ON


def test_the_price_is_that_of_the_day_on_which_the_period_begins() -> None:
    for from_on, amount in ((date(2026, 1, 1), "1.00"), (date(2027, 3, 1), "2.00"), (date(2027, 3, 2), "3.00")):
        make_price(from_on=from_on, amount=Decimal(amount))
    make_subscription()
    assert issue().amount == Decimal("2.00")


@pytest.mark.parametrize(
    ("change", "has"),
    [
        ({}, True),
        ({"from_on": date(2027, 3, 1)}, True),
        ({"from_on": date(2027, 3, 2)}, False),
        ({"plan": "Other"}, False),
        ({"cycle_months": 1}, False),
        ({"vendor": "ethicmail"}, False),
    ],
)
def test_which_prices_fit(change: dict[str, object], has: bool) -> None:
    make_subscription()
    make_price(**change)  # type: ignore[arg-type]
    periods = Period.objects.to_invoice()
    assert (priced(periods).exists(), unpriced(periods).exists()) == (has, not has)


def test_a_period_is_invoiced_once_even_if_its_mark_is_lost() -> None:
    make_price()
    make_subscription()
    first = issue()
    Period.objects.update(invoiced_on=None)
    make_price(from_on=date(2027, 1, 1), amount=Decimal("999.00"))
    assert issue() == first
    assert (Invoice.objects.count(), Notice.objects.count(), Event.objects.count()) == (1, 1, 1)
    assert Invoice.objects.get().amount == Decimal("675.00")


def test_the_letter_is_an_obligation_of_its_own() -> None:
    make_price()
    make_subscription()
    invoice = issue()
    notice = Notice.objects.get()
    assert (notice.obligation, notice.because) == (f"invoice/{invoice.subscription_id}/0", invoice.because)


def test_an_issued_invoice_never_changes() -> None:
    make_price()
    make_subscription()
    invoice = issue()
    invoice.amount_minor = 1
    with pytest.raises(InvoiceIsFinal):
        invoice.save()
    with pytest.raises(InvoiceIsFinal):
        invoice.delete()
    with pytest.raises(DatabaseError, match="an issued invoice never changes"), transaction.atomic():
        Invoice.objects.update(due_on=invoice.due_on + timedelta(days=1))
    assert Invoice.objects.get().amount_minor == 67500


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"amount_minor": -1}, "invoice_not_negative"),
        ({"period_end": date(2026, 1, 1)}, "invoice_period_in_order"),
        ({}, "subscription_id"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(change: dict[str, object], constraint: str) -> None:
    make_price()
    make_subscription()
    invoice = issue()
    invoice.pk = None
    invoice.period_index += 1 if change else 0
    with pytest.raises(IntegrityError, match=f"{constraint}|one_invoice_per_period"), transaction.atomic():
        Invoice.objects.bulk_create([invoice.__class__(**{**values(invoice), **change})])


def values(invoice: Invoice) -> dict[str, object]:
    return {field.attname: getattr(invoice, field.attname) for field in Invoice._meta.fields}


def test_a_price_that_was_charged_stays() -> None:
    make_price()
    make_subscription()
    issue()
    with pytest.raises(IntegrityError):
        Price.objects.get().delete()

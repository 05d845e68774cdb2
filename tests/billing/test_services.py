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
from billing.models import Invoice, InvoiceIsFinal, InvoiceLine, Price, Series
from billing.services import issue_renewals, priced, tell_invoices, unpriced
from tests.builders import NOON, make_invoice, make_price, make_subscription

pytestmark = pytest.mark.django_db

ON = date(2027, 2, 21)


def due() -> list[Period]:
    return list(Period.objects.select_related("subscription__customer"))


def issue() -> Invoice:
    [invoice] = issue_renewals(due(), on=ON, at=NOON)
    return Invoice.objects.get(pk=invoice.pk)


def test_a_price_is_kept_in_minor_units() -> None:
    price = make_price(amount=Decimal("675.00"))
    assert (price.amount_minor, price.currency, price.amount) == (67500, "GBP", Decimal("675.00"))
    assert str(price) == "Team, 12 months: 675.00 GBP from 1 January 2026"


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
    line = invoice.lines.get()
    assert (line.period_start, line.period_end) == (date(2027, 3, 1), date(2028, 2, 28))
    assert (invoice.issued_on, invoice.due_on) == (ON, period.due_on)
    assert (line.price, line.quantity, line.unit_minor, line.net_minor) == (price, 3, 67500, 3 * 67500)
    assert (invoice.total, invoice.currency, invoice.sheet) == (Decimal("2025.00"), "GBP", subscription.sheet)
    assert (invoice.number, invoice.key) == ("INV-000001", f"period/{subscription.pk}/1")
    wanted = [*period.because, *following.because, book().sheet(subscription.sheet).currency.citation]
    assert all(item in invoice.because for item in wanted)
    assert len({str(item) for item in invoice.because}) == len(invoice.because)
    assert period.invoiced_on == ON


def test_the_price_is_that_of_the_day_on_which_the_period_begins() -> None:
    for from_on, amount in ((date(2026, 1, 1), "1.00"), (date(2027, 3, 1), "2.00"), (date(2027, 3, 2), "3.00")):
        make_price(from_on=from_on, amount=Decimal(amount))
    make_subscription()
    assert issue().total == Decimal("2.00")


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
    assert issue_renewals(due(), on=ON, at=NOON) == []
    assert Invoice.objects.get() == first and first.total == Decimal("675.00")
    assert Series.objects.get().next_number == 2, "no number is lost"


def test_the_letter_is_an_obligation_of_its_own() -> None:
    make_price()
    make_subscription()
    invoice = issue()
    for _ in range(2):
        tell_invoices([invoice], on=ON, at=NOON)
    notice = Notice.objects.get()
    assert (notice.obligation, notice.because) == (f"invoice/period/{invoice.subscription_id}/1", invoice.because)
    assert Event.objects.count() == 1 and Invoice.objects.get().told_on == ON


def test_an_issued_invoice_never_changes() -> None:
    make_price()
    make_subscription()
    invoice = issue()
    invoice.total_minor = 1
    with pytest.raises(InvoiceIsFinal):
        invoice.save()
    with pytest.raises(InvoiceIsFinal):
        invoice.delete()
    with pytest.raises(DatabaseError, match="an issued invoice never changes"), transaction.atomic():
        Invoice.objects.update(due_on=invoice.due_on + timedelta(days=1))
    with pytest.raises(DatabaseError, match="an issued invoice never changes"), transaction.atomic():
        InvoiceLine.objects.update(net_minor=1)
    assert Invoice.objects.get().total_minor == 67500


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"net_minor": -1, "total_minor": -1}, "invoice_not_negative"),
        ({"tax_minor": 1}, "invoice_total_is_net_and_tax"),
        ({"number": "INV-000001"}, "number"),
        ({"key": "period/1"}, "key"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(change: dict[str, object], constraint: str) -> None:
    make_price()
    subscription = make_subscription()
    first = issue()
    make_invoice(subscription, key="period/1")
    other = values(first) | {"id": None, "number": "INV-9", "key": "period/9"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Invoice.objects.bulk_create([Invoice(**{**other, **change})])


def values(invoice: Invoice) -> dict[str, object]:
    return {field.attname: getattr(invoice, field.attname) for field in Invoice._meta.fields}


def test_a_price_that_was_charged_stays() -> None:
    make_price()
    make_subscription()
    issue()
    with pytest.raises(IntegrityError):
        Price.objects.get().delete()

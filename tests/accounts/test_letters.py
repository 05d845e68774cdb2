from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.letters import renewal_letter
from accounts.models import Notice, Period
from billing.letters import invoice_letter
from billing.services import issue_renewals, tell_invoices
from tests.builders import NOON, make_customer, make_price, make_subscription

pytestmark = pytest.mark.django_db


def test_a_renewal_letter_word_by_word(settings: LazySettings) -> None:
    settings.OPERATOR_NAME = "Example Ltd"
    period = make_subscription(customer=make_customer(name="Ada Ltd")).periods.get()
    because: list[dict[str, Any]] = [
        {"clause": "13.1", "says": "Every renewal is for twelve months"},
        {"clause": "15.5", "says": "Days are those of England", "reading": True},
    ]
    letter = renewal_letter(period, because)
    assert letter.subject == "Your subscription to Team renews on 1 March 2027"
    assert letter.body == (
        "Dear Ada Ltd,\n\n"
        "Your subscription to Team (SecureFlag) runs until 28 February 2027. Unless you tell us otherwise, it renews on "
        "1 March 2027.\n\n"
        "If you do not want it to renew, tell us by 27 February 2027 at the latest.\n\n"
        "Payment for the next period is due on 28 February 2027.\n\n"
        "What this rests on in your contract (SecureFlag), in our words:\n"
        "- 13.1: Every renewal is for twelve months.\n\n"
        "Our reading, where the contract leaves it open:\n"
        "- 15.5: Days are those of England.\n\n"
        "Example Ltd\n"
    )


def test_a_business_is_greeted_by_its_contact_and_billed_where_it_says() -> None:
    customer = make_customer(contact_name="Ada Ader", billing_email="accounts@example.com")
    period = make_subscription(customer=customer).periods.select_related("subscription__customer").get()
    assert renewal_letter(period, []).body.startswith("Dear Ada Ader,\n")
    make_price()
    tell_invoices(issue_renewals([period], on=date(2027, 2, 21), at=NOON), on=date(2027, 2, 21), at=NOON)
    assert Notice.objects.get(kind=Notice.Kind.INVOICE).recipient == "accounts@example.com"


def test_what_people_typed_cannot_break_a_subject_line() -> None:
    period = make_subscription(plan="Team\r\nBcc: all@example.com").periods.get()
    assert "\n" not in renewal_letter(period, period.because).subject


def invoiced(vendor: str, on: date, **changes: Any) -> tuple[str, str]:
    subscription = make_subscription(vendor, **changes)
    make_price(vendor, cycle_months=subscription.renewal_months)
    period = Period.objects.select_related("subscription__customer").get()
    [invoice] = issue_renewals([period], on=on, at=NOON)
    letter = invoice_letter(invoice)
    return letter.subject, letter.body


def test_an_invoice_letter_tells_until_when_one_can_still_leave() -> None:
    subject, body = invoiced("secureflag", date(2027, 2, 21), quantity=3)
    assert subject.endswith(": 2025.00 GBP, due on 28 February 2027")
    assert "- Team, 1 March 2027 to 28 February 2028, 3 at 675.00 GBP each: 2025.00 GBP" in body
    assert "If you do not want to renew, tell us by 27 February 2027 at the latest." in body


def test_an_invoice_letter_does_not_offer_what_is_too_late() -> None:
    _, body = invoiced("ethicmail", date(2026, 4, 1), cycle_months=1)
    assert "do not want to renew" not in body


# 2.2.2: a renewal not paid within five business days is void; Good Friday and Easter Monday are none.
def test_an_invoice_letter_tells_when_a_renewal_is_void() -> None:
    _, body = invoiced("ethicmail", date(2026, 4, 1), cycle_months=1)
    assert "If it is not paid by 10 April 2026, the renewal is void." in body

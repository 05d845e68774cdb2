"""What comes back, from the event to the credit note and the money, with its clause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Reason, StateChange, Subscription
from accounts.services import NotPossible, terminate
from backoffice.verify import checks, verify
from billing.jobs import invoice_first_periods, settle_ends
from billing.ledger import balances
from billing.models import Invoice, InvoiceLine, OpenItem, Payment, Refund
from billing.services import Line, record_payment
from billing.services.refunds import ask_money_back, give, grant, quote_after_end, received
from tests import people
from tests.builders import NOON, make_end, make_invoice, make_price, make_subscription
from tests.stories.living import clauses, noon, stopped
from tests.together import all_at_once

pytestmark = pytest.mark.django_db

START = date(2026, 1, 1)
LEFT = date(2026, 3, 31)


def paid_contract(
    vendor: str = "ethicmail", amount: str = "1000.00", *, paid: bool = True, **order: Any
) -> Subscription:
    """A contract since 1 January 2026 whose first period was invoiced, and paid."""
    order = {"cycle_months": 12, "accepted_on": START, **order}
    contract = make_subscription(vendor, **order)
    make_price(vendor, cycle_months=contract.cycle_months or contract.renewal_months, amount=Decimal(amount))
    with transaction.atomic():
        assert invoice_first_periods(vendor, START, noon(START)) == 1
    if paid:
        pay(contract)
    return contract


def pay(contract: Subscription, on: date = START) -> None:
    owed = OpenItem.objects.filter(invoice__subscription=contract, closed_on=None).select_related("invoice")
    record_payment(
        customer=contract.customer,
        key=f"paid/{contract.pk}/{on}",
        method=contract.method,
        amount=sum((item.owed for item in owed), Decimal(0)),
        currency=contract.terms.currency.value,
        received_on=on,
        at=noon(on),
    )


def leave(contract: Subscription, on: date = LEFT, reason: str = Reason.NOTICE) -> Refund:
    """Ends a contract, and lets the day settle it."""
    terminate(subscription=contract, reason=reason, because=[], on=on, at=noon(on))
    assert settle_ends(contract.vendor, on, noon(on)) == 1
    assert settle_ends(contract.vendor, on, noon(on)) == 0
    assert problems() == []
    return Refund.objects.get(kind="end")


def problems() -> list[str]:
    ours = tuple(one.name for one in checks() if one.look.__module__ == "billing.checks")
    return [words for found in verify(at=NOON, names=ours) for words in found.told]


def attempt(task: Callable[[], Refund]) -> Refund | None:
    try:
        return task()
    except NotPossible:
        return None


def account(name: str) -> Decimal:
    return sum((one.amount for one in balances() if one.account == name), Decimal(0))


# Trap 3 and EM 2.11.2: who leaves early.


def test_trap_3_unused_months_come_back_less_the_fee_by_the_way_they_were_paid() -> None:
    refund = leave(paid_contract())
    assert (str(refund.amount), str(refund.fee), str(refund.paid)) == ("675.00", "75.00", "675.00")
    assert "2.11.2" in clauses(refund) and refund.borne_by == "vendor"
    note = Invoice.objects.get(kind="credit_note")
    assert (str(note.total), note.corrects, note.because) == (
        "675.00",
        Invoice.objects.get(kind="invoice"),
        refund.because,
    )
    assert (account("card"), account("refunds")) == (Decimal("325.00"), Decimal("675.00"))
    credit = Payment.objects.get(method="credit")
    assert (credit.left_minor, credit.returned_minor) == (0, 67500)


def test_trap_3_domains_addresses_and_certificates_are_out_of_the_price_and_assistance_is_in() -> None:
    contract = paid_contract()
    kinds = {"domain_registration": 2000, "ip": 3000, "ssl": 4000, "assistance": 12000}
    lines = [
        Line(InvoiceLine.Kind(kind), kind, 1, minor, minor, period=(START, date(2026, 12, 31)))
        for kind, minor in kinds.items()
    ]
    make_invoice(contract, lines=lines)
    pay(contract, date(2026, 1, 2))
    refund = leave(contract)
    # 9 of 12 months of 1000.00 and of 120.00, each less 7.5 percent.
    assert (str(refund.amount), str(refund.fee)) == ("756.00", "84.00")


def test_trap_3_nothing_comes_back_of_what_was_not_prepaid_and_all_of_it_is_due_in_two_weeks() -> None:
    refund = leave(paid_contract(paid=False))
    assert (refund.amount_minor, refund.says) == (0, "What was not paid is due in full by 14 April 2026.")
    assert clauses(refund) == {"4.3.3"}
    assert OpenItem.objects.get().principal_minor == 100000
    assert not Invoice.objects.filter(kind="credit_note").exists()


def test_when_the_vendor_ends_it_the_unused_months_come_back_without_a_fee() -> None:
    refund = leave(paid_contract(), reason=Reason.SERVICE_END)
    assert (str(refund.amount), str(refund.fee), "1.5.3" in clauses(refund)) == ("750.00", "0.00", True)


def test_a_vendors_own_notice_is_the_vendors_end() -> None:
    contract = paid_contract()
    make_end(contract, LEFT, by="vendor")
    assert str(leave(contract).amount) == "750.00"


def test_who_broke_the_contract_gets_nothing_back() -> None:
    refund = leave(paid_contract(), reason=Reason.BREACH)
    assert (refund.amount_minor, refund.paid_minor, "10.3.3" in clauses(refund)) == (0, 0, True)


# SF 5.4 and the others.


def test_days_come_back_when_the_vendor_ends_training_and_none_when_the_customer_does() -> None:
    contract = paid_contract("secureflag", "365.00", quantity=2)
    refund = leave(contract, date(2026, 12, 21), Reason.SERVICE_END)
    assert (str(refund.amount), "5.4" in clauses(refund)) == ("20.00", True)


def test_who_leaves_training_early_gets_nothing_back() -> None:
    refund = leave(paid_contract("secureflag", "365.00"))
    assert (refund.amount_minor, "5.4" in clauses(refund)) == (0, True)


def test_an_end_without_a_refund_by_its_own_clause_returns_nothing() -> None:
    contract = paid_contract("securegroup", "675.00")
    stopped(contract, "conduct", "end", on=LEFT, since=LEFT)
    assert settle_ends("securegroup", LEFT, noon(LEFT)) == 1
    refund = Refund.objects.get()
    assert refund.amount_minor == 0
    assert refund.because == StateChange.objects.get(nothing_back=True).because


def test_a_period_that_never_begins_is_taken_back_paid_or_not() -> None:
    contract = paid_contract("secureflag", "365.00")
    following = Line(InvoiceLine.Kind.SERVICE, "Next", 1, 36500, 36500, period=(date(2027, 1, 1), date(2027, 12, 31)))
    make_invoice(contract, lines=[following], due_on=date(2026, 12, 31))
    refund = leave(contract, date(2026, 12, 31))
    assert (str(refund.amount), refund.paid_minor) == ("365.00", 0)
    assert OpenItem.objects.filter(closed_on=None).count() == 0


def test_an_order_that_comes_to_nothing_leaves_no_debt() -> None:
    contract = paid_contract(paid=False, payment_confirmed_on=None)
    refund = leave(contract, date(2026, 1, 9), Reason.WITHDRAWN)
    assert (str(refund.amount), refund.paid_minor) == ("1000.00", 0)
    assert OpenItem.objects.get().closed_on is not None


# Row 13: the guarantee.


def ask(contract: Subscription, on: date, **more: Any) -> Refund:
    return give(refund=ask_money_back(subscription=contract, on=on, at=noon(on), **more), on=on, at=noon(on))


def with_set_up(**order: Any) -> Subscription:
    contract = paid_contract("securegroup", "120.00", paid=False, cycle_months=1, **order)
    lines = [
        Line(InvoiceLine.Kind.SETUP, "Setting up", 1, 5000, 5000),
        Line(InvoiceLine.Kind.DOMAIN, "Domain", 1, 500, 500),
    ]
    make_invoice(contract, lines=lines)
    pay(contract)
    return contract


def test_the_guarantee_gives_the_service_back_to_the_card_and_we_bear_it_ourselves() -> None:
    contract = with_set_up()
    refund = ask(contract, date(2026, 1, 8))
    assert (str(refund.amount), str(refund.paid), refund.channel, refund.borne_by) == (
        "120.00",
        "120.00",
        "card",
        "reseller",
    )
    assert {"TOS 8", "REF"} <= clauses(refund)
    contract.refresh_from_db()
    assert (contract.state, contract.ends_on) == ("ended", date(2026, 1, 8))
    assert account("card") == Decimal("55.00")
    assert settle_ends("securegroup", date(2026, 1, 8), noon(START)) == 1
    assert Refund.objects.get(kind="end").amount_minor == 0 and problems() == []


def test_a_domain_that_is_kept_is_deducted_at_its_regular_price() -> None:
    refund = ask(with_set_up(), date(2026, 1, 5), domain_retained=True, domain_price=Decimal("15.00"))
    assert str(refund.amount) == "110.00"


@pytest.mark.parametrize(("method", "day", "says"), [("card", 9, "too late"), ("bitcoin", 2, "bitcoin")])
def test_too_late_or_paid_in_bitcoin_nothing_comes_back_and_the_contract_goes_on(
    method: str, day: int, says: str
) -> None:
    contract = with_set_up(method=method)
    refund = ask(contract, date(2026, 1, day))
    assert (refund.amount_minor, says in refund.says) == (0, True)
    contract.refresh_from_db()
    assert contract.state == "active"


def test_what_was_not_paid_by_card_comes_back_by_cheque() -> None:
    refund = ask(with_set_up(method="paypal"), date(2026, 1, 5))
    assert (refund.channel, account("check")) == ("check", Decimal("-120.00"))


def test_a_contract_without_the_guarantee_gives_nothing_back() -> None:
    with pytest.raises(NotPossible, match="no money-back guarantee"):
        ask(paid_contract(), date(2026, 1, 5))


def test_staff_see_first_what_the_guarantee_gives_and_why() -> None:
    contract = with_set_up(accepted_on=date(2026, 1, 1))
    page = f"/admin/accounts/subscription/{contract.pk}/act/money-back/"
    owner = people.owner()
    shown = owner.post(page, {}).content.decode()
    assert "TOS 8" in shown and not Refund.objects.exists()
    given = {"amount": "20.00", "reason": "They were patient."}
    page = f"/admin/accounts/subscription/{contract.pk}/act/discretion/"
    first = owner.post(page, given)
    assert "Refund of 20.00 USD" in first.content.decode()
    owner.post(page, {**given, "confirm": first.context["preview"].mark})
    refund = Refund.objects.get()
    assert (refund.kind, str(refund.paid), refund.reason) == ("discretion", "20.00", "They were patient.")
    assert refund.approved_by is not None
    assert "20.00 USD" in owner.get("/admin/billing/refund/").content.decode()


# Quotes are given exactly, once, and never more than was paid.


def test_a_quote_is_refused_once_what_it_rests_on_has_changed() -> None:
    contract = paid_contract()
    terminate(subscription=contract, reason=Reason.NOTICE, because=[], on=LEFT, at=noon(LEFT))
    quoted = quote_after_end(subscription=contract, on=LEFT, at=noon(LEFT))
    make_invoice(
        contract, lines=[Line(InvoiceLine.Kind.SERVICE, "More", 1, 100, 100, period=(LEFT, date(2026, 4, 30)))]
    )
    with pytest.raises(NotPossible, match="quoted again"):
        give(refund=quoted, on=LEFT, at=noon(LEFT))
    again = quote_after_end(subscription=contract, on=LEFT, at=noon(LEFT))
    assert again.pk == quoted.pk and again.mark != quoted.mark
    given = give(refund=again, on=LEFT, at=noon(LEFT))
    assert give(refund=given, on=LEFT, at=noon(LEFT)).paid_minor == given.paid_minor
    with pytest.raises(NotPossible, match="was given"):
        quote_after_end(subscription=contract, on=LEFT, at=noon(LEFT))


def test_no_more_goes_out_than_came_in() -> None:
    contract = paid_contract("securegroup", "100.00", paid=False)
    make_invoice(contract)
    pay(contract)
    people.owner()
    user = people.who("owner")
    at = noon(LEFT)
    give_back = partial(grant, subscription=contract, reason="x", approved_by=user, on=LEFT, at=at)
    assert str(give_back(amount=Decimal("150.00")).paid) == "150.00"
    with pytest.raises(NotPossible, match="not so much was charged"):
        give_back(amount=Decimal("50.01"))
    assert received(contract.customer, "USD") == 5000
    assert problems() == []


@pytest.mark.django_db(transaction=True)
def test_refunds_that_are_asked_for_at_once_are_given_once() -> None:
    contract = with_set_up()
    asked = ask_money_back(subscription=contract, on=date(2026, 1, 5), at=noon(START))
    both = partial(give, refund=asked, on=date(2026, 1, 5), at=noon(START))
    people.owner()
    user = people.who("owner")
    more = partial(
        grant, subscription=contract, amount=Decimal("100.00"), reason="x", approved_by=user, on=START, at=noon(START)
    )
    given = all_at_once([partial(attempt, task) for task in [both, more] * 4])
    assert {one.executed_on for one in given if one is not None} <= {START, date(2026, 1, 5)}
    assert Refund.objects.filter(kind="money_back", executed_on__isnull=False).count() <= 1
    went = sum(Refund.objects.values_list("paid_minor", flat=True))
    assert went <= 17500
    assert went + received(contract.customer, "USD") == 17500
    assert problems() == []


def test_the_database_refuses_to_give_the_same_twice() -> None:
    refund = leave(paid_contract())
    refund.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        refund.save(force_insert=True)
    with pytest.raises(IntegrityError, match="refund_at_discretion_is_approved"), transaction.atomic():
        Refund.objects.update(kind="discretion")

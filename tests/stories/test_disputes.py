"""Bills that are disputed and payments that are charged back, from the event to the ledger and the letter."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Notice, ReceivedNotice, Subscription
from accounts.services import NotPossible
from backoffice import verify
from billing import ledger
from billing.models import Chargeback, Dispute, Entry, Invoice, OpenItem, Payment
from billing.services import answer_dispute, charge_back, raise_dispute, record_payment
from tests.builders import make_invoice, make_price, make_subscription
from tests.stories.living import clauses, live, noon, now

pytestmark = pytest.mark.django_db

# A month from 1 March: the next one is charged on 25 March and due on 1 April.
CHARGED, DUE = date(2026, 3, 25), date(2026, 4, 1)
DEADLINE = date(2026, 3, 27)


@pytest.fixture
def contract() -> Subscription:
    make_price("securegroup", cycle_months=1, amount=Decimal("100.00"))
    made = make_subscription("securegroup", cycle_months=1)
    live(date(2026, 3, 1))
    pay(made, date(2026, 3, 1), "first")
    return made


def bill() -> Invoice:
    return Invoice.objects.filter(kind="invoice").latest("id")


def dispute(on: date, **changes: Any) -> Dispute | None:
    known: dict[str, Any] = {"form": "email", "facts": "Ten of the twelve users have left."}
    return raise_dispute(invoice=bill(), received_at=noon(on), at=noon(on), **{**known, **changes}).dispute


def pay(contract: Subscription, on: date, key: str = "card/1") -> Payment:
    wanted: dict[str, Any] = {"method": "card", "amount": Decimal("100.00"), "currency": "USD", "received_on": on}
    return record_payment(customer=contract.customer, key=key, invoice=bill(), at=noon(on), **wanted).payment


def owed(invoice: Invoice) -> int:
    return OpenItem.objects.get(invoice=invoice).owed_minor


def sound() -> None:
    assert [one.told for one in verify.verify(at=noon(date(2026, 7, 1))) if one.wrong] == []


def test_trap_7_who_is_charged_has_two_days_to_dispute_the_bill(contract: Subscription) -> None:
    """TOS 6, 7: charged seven days before it is due, disputed five days before that."""
    live(CHARGED)
    made = dispute(DEADLINE)
    assert made is not None
    assert (bill().issued_on, bill().due_on) == (CHARGED, DUE)
    assert timedelta(days=2) == DEADLINE - CHARGED
    assert (made.state, made.deadline, made.raised_on) == ("open", DEADLINE, DEADLINE)
    assert clauses(made) >= {"TOS 7"}


def test_trap_7_a_late_dispute_is_waived_and_spares_the_fee_of_a_charge_back(contract: Subscription) -> None:
    """TOS 7: a dispute that comes too late changes nothing of the bill; but who told first is charged no fee."""
    live(CHARGED)
    late = DEADLINE + timedelta(days=1)
    made = dispute(late)
    assert made is not None and made.state == Dispute.State.WAIVED
    told = Notice.objects.get(kind=Notice.Kind.DISPUTE)
    assert "It had to come by 27 March 2026, so the bill stands as it is." in told.body
    with pytest.raises(NotPossible, match="raised too late"):
        answer_dispute(dispute=made, right=True, answer="", on=late, at=noon(late))
    payment = pay(contract, late)
    chargeback, _ = charge_back(payment=payment, invoice=bill(), key="x", on=date(2026, 4, 20), at=noon(late))
    assert chargeback.fee is None and owed(bill()) == 10000


def test_trap_7_what_is_found_right_is_credited_when_fees_are_next_due(contract: Subscription) -> None:
    """TOS 7: the bill is due as it stands; the next fees are due on the same day here, in a month where it was paid."""
    live(CHARGED)
    disputed, made = bill(), dispute(CHARGED)
    assert made is not None
    pay(contract, CHARGED)
    found: dict[str, Any] = {
        "answer": "Ten seats were charged too many.",
        "on": date(2026, 4, 2),
        "at": noon(date(2026, 4, 2)),
    }
    live(date(2026, 4, 1))
    answer_dispute(dispute=made, right=True, minor=4000, **found)
    made.refresh_from_db()
    assert (made.state, made.credit_on, made.credit) == ("upheld", date(2026, 5, 1), None)
    assert "We credit you with 40.00 USD on 1 May 2026." in Notice.objects.get(kind=Notice.Kind.DISPUTE).body
    live(date(2026, 4, 30))
    assert not Invoice.objects.filter(kind="credit_note").exists()
    live(date(2026, 5, 1))
    made.refresh_from_db()
    assert made.credit is not None and (made.credit.total_minor, made.credit.corrects) == (4000, disputed)
    assert clauses(made.credit) >= {"TOS 7"}
    following = Invoice.objects.get(kind="invoice", due_on=date(2026, 5, 1))
    assert owed(following) == 6000, "the credit pays what is due on that day"
    live(date(2026, 5, 2))
    assert Invoice.objects.filter(kind="credit_note").count() == 1
    sound()


def test_a_bill_found_wrong_before_it_is_due_is_credited_on_its_own_day(contract: Subscription) -> None:
    live(CHARGED)
    made = dispute(CHARGED)
    assert made is not None
    answer_dispute(dispute=made, right=True, answer="", on=DEADLINE, at=noon(DEADLINE))
    live(DUE)
    assert owed(Invoice.objects.get(kind="invoice", due_on=DUE)) == 0
    sound()


def test_a_dispute_found_wrong_is_told_and_changes_nothing(contract: Subscription) -> None:
    live(CHARGED)
    made = dispute(CHARGED)
    assert made is not None
    answer_dispute(dispute=made, right=False, answer="All were in use.", on=DEADLINE, at=noon(DEADLINE))
    body = Notice.objects.get(kind=Notice.Kind.DISPUTE).body
    assert "the bill stands as it is" in body and "All were in use." in body
    live(DUE)
    assert owed(Invoice.objects.get(due_on=DUE)) == 10000
    with pytest.raises(NotPossible, match="found wrong"):
        answer_dispute(dispute=made, right=True, answer="", on=DUE, at=noon(DUE))


def test_a_dispute_has_facts_comes_in_writing_and_is_kept_once(contract: Subscription) -> None:
    live(CHARGED)
    with pytest.raises(ValidationError, match="says what is wrong"):
        dispute(CHARGED, facts=" ")
    for minor in (0, 10001):
        with pytest.raises(ValidationError, match="no more than all of it"):
            dispute(CHARGED, minor=minor)
    assert dispute(CHARGED, form="phone") is None
    assert not ReceivedNotice.objects.get(purpose="dispute").counts
    first = dispute(CHARGED)
    assert first is not None and dispute(DUE, facts="Again.") == first
    with pytest.raises(ValidationError, match="no more than all of it"):
        answer_dispute(dispute=first, right=True, answer="", minor=10001, on=DUE, at=noon(DUE))


def test_trap_7_a_charge_back_that_nobody_told_of_costs_two_hundred_dollars(contract: Subscription) -> None:
    """TOS 7: the payment is gone, the bill is owed again, the contract is past due, and the fee comes on top."""
    live(CHARGED)
    charged, payment = bill(), pay(contract, CHARGED)
    live(DUE)
    on = date(2026, 4, 20)
    for _ in range(2):
        charge_back(payment=payment, invoice=charged, key="visa/7", on=on, at=noon(on))
    made = Chargeback.objects.get()
    assert made.fee is not None and (made.fee.total_minor, made.fee.lines.get().kind) == (20000, "fee")
    assert clauses(made.fee) >= {"TOS 7"}
    assert owed(charged) == 10000 and owed(made.fee) == 20000
    assert (now(contract).state, now(contract).overdue_since) == (Subscription.State.PAST_DUE, date(2026, 4, 2))
    balances = {one.account: one.minor for one in ledger.balances()}
    assert (balances["fees"], balances["card"], balances["receivable"]) == (-20000, 10000, 30000)
    assert Entry.objects.filter(kind=Entry.Kind.RETURN).count() == 2
    sound()


def test_a_charge_back_up_to_the_last_day_for_a_dispute_costs_nothing(contract: Subscription) -> None:
    live(CHARGED)
    payment = pay(contract, CHARGED)
    made, decision = charge_back(payment=payment, invoice=bill(), key="x", on=DEADLINE, at=noon(DEADLINE))
    assert made.fee is None and decision.answer.fee == 0
    with pytest.raises(NotPossible, match="pays nothing of"):
        charge_back(payment=payment, invoice=bill(), key="y", on=DEADLINE, at=noon(DEADLINE))


def test_where_a_contract_says_nothing_of_disputes_they_are_answered_at_once() -> None:
    subscription = make_subscription("cryptopass")
    make_price("cryptopass", cycle_months=1)
    invoice = make_invoice(subscription)
    at = noon(date(2026, 5, 1))
    made = raise_dispute(invoice=invoice, form="email", facts="Paid before.", received_at=at, at=at).dispute
    assert made is not None and (made.state, made.deadline) == ("open", None)
    answer_dispute(dispute=made, right=True, answer="", on=at.date(), at=at)
    made.refresh_from_db()
    assert made.credit_on == at.date()
    pay_by = record_payment(
        customer=subscription.customer, key="p", method="card", amount=Decimal("100.00"), currency="EUR",
        received_on=at.date(), at=at,
    ).payment  # fmt: skip
    assert charge_back(payment=pay_by, invoice=invoice, key="c", on=at.date(), at=at)[0].fee is None
    live(at.date())
    with pytest.raises(NotPossible, match="is no bill"):
        note = Invoice.objects.get(kind="credit_note")
        raise_dispute(invoice=note, form="email", facts="x", received_at=at, at=at)

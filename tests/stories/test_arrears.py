"""What follows when nobody pays, from the day after it was due to the end: the ledger, the states and the letters."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import Breach, Notice, Period, StateChange, Subscription
from accounts.services import end_over, stop_at_once
from backoffice import verify
from billing import ledger
from billing.models import Account, Invoice, OpenItem, Payment
from billing.models.invoices import InvoiceLine
from billing.services import note_recovery_cost, record_payment
from billing.services.credits import give_credit
from billing.services.dunning import quote_reinstatement, steps_of
from billing.services.invoices import Bill, Line
from billing.services.returns import return_payment
from tests import people
from tests.builders import make_price, make_subscription
from tests.stories.living import clauses, live, noon, now

pytestmark = pytest.mark.django_db

# A month from 1 March; Good Friday 3 April and Easter Monday 6 April are no business days in Gibraltar.
RENEWS = date(2026, 4, 1)


def monthly(vendor: str, **changes: Any) -> Subscription:
    """A contract by the month whose first month is paid."""
    make_price(vendor, cycle_months=1, amount=Decimal("100.00"))
    contract = make_subscription(vendor, cycle_months=1, **changes)
    live(date(2026, 3, 1))
    pay(contract, date(2026, 3, 1))
    return contract


def bill(contract: Subscription) -> Invoice:
    return Invoice.objects.filter(subscription=contract, kind="invoice").latest("id")


def item(contract: Subscription) -> OpenItem:
    return OpenItem.objects.get(invoice=bill(contract))


def pay(contract: Subscription, on: date, amount: str = "100.00", received_on: date | None = None) -> Payment:
    known: dict[str, Any] = {"method": "card", "currency": contract.terms.currency.value}
    known |= {"key": f"card/{on}", "received_on": received_on or on, "amount": Decimal(amount)}
    return record_payment(customer=contract.customer, at=noon(on), **known).payment


def read(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def sound(on: date) -> None:
    assert [one.told for one in verify.verify(at=noon(on)) if one.wrong] == []


def test_who_has_not_paid_is_past_due_from_the_day_after_and_no_more_once_it_is_paid() -> None:
    """TOS 6: the account is delinquent when the fees are not paid on the due date."""
    contract = monthly("securegroup")
    live(RENEWS)
    assert now(contract).state == Subscription.State.ACTIVE and item(contract).due_on == RENEWS
    live(date(2026, 4, 2))
    assert (now(contract).state, now(contract).overdue_since) == ("past_due", date(2026, 4, 2))
    live(date(2026, 4, 5))
    pay(contract, date(2026, 4, 5), item(contract).owed.to_eng_string())
    live(date(2026, 4, 6))
    assert (now(contract).state, now(contract).overdue_since) == ("active", None)
    changes = StateChange.objects.filter(subscription=contract).values_list("to_state", "reason", "on")
    assert list(changes)[1:] == [("past_due", "overdue", date(2026, 4, 2)), ("active", "paid", date(2026, 4, 5))]
    sound(date(2026, 4, 6))


def test_what_is_paid_in_part_stays_overdue_since_its_first_day() -> None:
    contract = monthly("securegroup")
    live(date(2026, 4, 3))
    pay(contract, date(2026, 4, 3), "40.00")
    live(date(2026, 4, 9))
    assert (now(contract).state, now(contract).overdue_since) == ("past_due", date(2026, 4, 2))
    sound(date(2026, 4, 9))


def test_a_suspended_contract_is_overdue_too_and_its_fees_run_on() -> None:
    """TOS 6: fees accrue while the service is suspended; nothing is set off against them."""
    contract = monthly("securegroup")
    live(date(2026, 4, 4))
    known: dict[str, Any] = {"ground": "unpaid", "since": date(2026, 4, 2), "how": "suspend"}
    stop_at_once(subscription=contract, **known, on=date(2026, 4, 4), at=noon(date(2026, 4, 4)))
    assert now(contract).state == Subscription.State.SUSPENDED
    live(date(2026, 5, 2))
    periods = [one.lines.get().period_start for one in Invoice.objects.filter(subscription=contract).order_by("id")]
    assert periods == [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]
    assert [one.principal_minor for one in OpenItem.objects.filter(closed_on=None)] == [10000, 10000]
    sound(date(2026, 5, 2))


def test_a_contract_that_is_suspended_for_something_else_is_noted_as_overdue() -> None:
    contract = monthly("securegroup")
    known: dict[str, Any] = {"ground": "conduct", "since": date(2026, 3, 9), "how": "suspend"}
    stop_at_once(subscription=contract, **known, on=date(2026, 3, 9), at=noon(date(2026, 3, 9)))
    live(date(2026, 4, 2))
    assert (now(contract).state, now(contract).overdue_since) == ("suspended", date(2026, 4, 2))


def test_fees_run_on_while_a_service_is_stopped_for_its_use() -> None:
    """EM 4.2.2: the fee is counted as if the service were provided."""
    contract = monthly("ethicmail")
    known: dict[str, Any] = {"ground": "conduct", "since": date(2026, 3, 9), "how": "suspend"}
    stop_at_once(subscription=contract, **known, on=date(2026, 3, 9), at=noon(date(2026, 3, 9)))
    for day in (date(2026, 4, 2), date(2026, 5, 2)):
        live(day)
        pay(contract, day)
    assert now(contract).state == Subscription.State.SUSPENDED
    assert Period.objects.filter(state="open").get().period_start == date(2026, 5, 1)
    assert Notice.objects.filter(kind="invoice", subscription=contract).count() == 3


# Row 121: access stops until it is paid, and the contract fifteen days after its notice.

ACCESS_OFF = date(2026, 4, 2)
WARNED = date(2026, 4, 16)


def unpaid_access() -> Subscription:
    """A contract whose month of April is not paid, and whose users have no access until it is."""
    contract = monthly("cryptopass")
    live(ACCESS_OFF)
    known: dict[str, Any] = {"ground": "unpaid", "since": RENEWS, "how": "suspend"}
    stop_at_once(subscription=contract, **known, on=ACCESS_OFF, at=noon(ACCESS_OFF))
    assert now(contract).state == Subscription.State.SUSPENDED
    return contract


def test_who_does_not_pay_is_warned_and_may_lose_the_contract_fifteen_days_later() -> None:
    """CP 5.3, 4.1.3: access may stop at once, the agreement after fifteen days from the notice."""
    contract = unpaid_access()
    live(date(2026, 4, 15))
    assert not Breach.objects.exists()
    live(WARNED)
    breach = Breach.objects.get()
    assert (breach.kind, breach.noticed_on, breach.state) == ("payment", WARNED, "open")
    assert breach.cure_by == breach.received_on + timedelta(days=15)
    assert "5.3" in clauses(breach)
    told = Notice.objects.get(kind="breach").body
    assert f"{bill(contract).number}: {item(contract).owed} EUR, due on 1 April 2026" in told
    live(breach.cure_by)
    assert end_over(breach=breach, on=breach.cure_by, at=noon(breach.cure_by)).answer.reason == "still_time"
    after = breach.cure_by + timedelta(days=1)
    live(after)
    breach.refresh_from_db()
    assert (breach.state, Breach.objects.count()) == ("due", 1)
    assert end_over(breach=breach, on=after, at=noon(after)).answer.may_end
    assert (now(contract).state, now(contract).ends_reason) == ("ended", "unpaid")


def test_who_pays_after_the_warning_has_access_again_and_put_it_right() -> None:
    contract = unpaid_access()
    live(date(2026, 4, 20))
    pay(contract, date(2026, 4, 20), str(item(contract).owed))
    assert now(contract).state == Subscription.State.ACTIVE
    breach = Breach.objects.get()
    assert (breach.state, breach.put_right_on) == ("put_right", date(2026, 4, 20))
    live(date(2026, 4, 30))
    assert Breach.objects.count() == 1, "nothing is owed any more"
    live(date(2026, 5, 16))
    assert Breach.objects.filter(state="open").count() == 1, "the next month is not paid either"


def test_who_pays_too_late_after_the_warning_may_still_lose_the_contract() -> None:
    contract = unpaid_access()
    late = date(2026, 5, 3)
    live(WARNED)
    live(late)
    pay(contract, late, "500.00")
    assert Breach.objects.get().state == "due"
    live(date(2026, 5, 4))
    assert Breach.objects.get().put_right_on == late


def test_no_warning_where_the_contract_gives_no_time_to_pay() -> None:
    """TOS 8: without notice."""
    contract = monthly("securegroup")
    live(date(2026, 5, 20))
    assert now(contract).state == Subscription.State.PAST_DUE
    assert not Breach.objects.exists()


# Row 10: what has to be paid to be served again.


def test_what_reinstates_a_delinquent_account_is_told_line_by_line() -> None:
    """TOS 6: the fees, the interest and each cost of paying late."""
    contract = monthly("securegroup")
    live(date(2026, 4, 30))
    late = Invoice.objects.get(subscription=contract, due_on=RENEWS)
    for kind in ("returned_check", "investigation"):
        note_recovery_cost(invoice=late, kind=kind, on=date(2026, 4, 30), at=noon(date(2026, 4, 30)))
    day = date(2026, 5, 2)
    live(day)
    first = Invoice.objects.get(subscription=contract, due_on=RENEWS).number
    quote = quote_reinstatement(contract, day)
    assert [(line.words, line.minor) for line in quote.lines if first in line.words] == [
        (f"{first}, fees, due on 1 April 2026", 10000),
        (f"{first}, interest", 187),
        (f"{first}, other costs of paying late", 9500),
    ]
    assert quote.told[-1] == f"Together: {Decimal(quote.total_minor).scaleb(-2)} USD"
    assert quote.total_minor == sum(one.owed_minor for one in OpenItem.objects.filter(closed_on=None))
    pay(contract, day, str(Decimal(quote.total_minor).scaleb(-2)))
    assert now(contract).state == Subscription.State.ACTIVE
    assert quote_reinstatement(contract, day).lines == []


def test_the_page_of_a_bill_tells_what_follows_while_it_is_not_paid() -> None:
    contract = monthly("securegroup")
    owner = people.owner()
    address = f"/admin/billing/invoice/{bill(contract).pk}/change/"
    assert "Nothing, since nothing is owed." in read(owner, address)
    live(date(2026, 4, 2))
    page = read(owner, f"/admin/billing/invoice/{bill(contract).pk}/change/")
    for words in (
        "2 April 2026: the contract is past due.",
        "2 April 2026: the service may be suspended.",
        "TOS 8",
        f"{bill(contract).number}, fees, due on 1 April 2026: 100.00 USD",
        "Together: ",
    ):
        assert words in page
    note = give_back(contract)
    assert "Nothing, since nothing is owed." in read(owner, f"/admin/billing/invoice/{note.pk}/change/")


def give_back(contract: Subscription) -> Invoice:
    """A credit note over what is owed."""
    owed = bill(contract)
    line = Line(InvoiceLine.Kind.SERVICE, "Given back", 1, owed.total_minor, owed.total_minor)
    known: dict[str, Any] = {
        name: getattr(owed, name) for name in ("customer", "vendor", "sheet", "currency", "due_on")
    }
    note = Bill(key="back", subscription=contract, lines=[line], because=owed.because, corrects=owed, **known)
    return give_credit([note], on=owed.due_on, at=noon(owed.due_on))[0]


# Trap 2: the renewal that nobody pays.


def test_trap_2_an_unpaid_renewal_is_void_after_five_business_days() -> None:
    """EM 2.2.2: there is no debt then, so its late charges and its fees unwind, and the service stops."""
    contract = monthly("ethicmail")
    live(RENEWS)
    invoice = bill(contract)
    assert invoice.pay_by == date(2026, 4, 10)
    live(date(2026, 4, 10))
    assert now(contract).state == Subscription.State.PAST_DUE
    # A fifth of what is unpaid on top, by 4.5.
    assert item(contract).costs_charged_minor == 2000
    live(date(2026, 4, 11))
    ended = now(contract)
    assert (ended.state, ended.ends_on, ended.ends_reason) == ("ended", date(2026, 4, 11), "renewal_void")
    note = Invoice.objects.get(kind="credit_note")
    assert (note.corrects, note.total_minor) == (invoice, invoice.total_minor)
    assert "2.2.2" in clauses(note)
    left = OpenItem.objects.get(invoice=invoice)
    assert (left.owed_minor, left.interest_charged_minor, left.costs_charged_minor, left.count_on) == (0, 0, 0, None)
    assert left.closed_on == date(2026, 4, 11)
    accounts = {row.account: row.minor for row in ledger.balances()}
    assert (accounts[Account.RECEIVABLE], accounts[Account.LATE_CHARGES], accounts[Account.CREDIT]) == (0, 0, 0)
    assert (accounts[Account.REVENUE], accounts[Account.UNCOLLECTED]) == (-20000, 10000)
    assert "its renewal was not paid" in Notice.objects.get(kind="termination").body
    assert Notice.objects.filter(kind="invoice", subscription=contract).count() == 3
    live(date(2026, 6, 30))
    assert Invoice.objects.count() == 3, "nothing is charged any more"
    sound(date(2026, 6, 30))


@pytest.mark.parametrize("amount", ["1.00", "100.00"])
def test_a_renewal_of_which_something_was_paid_in_time_stands(amount: str) -> None:
    contract = monthly("ethicmail")
    live(date(2026, 4, 10))
    pay(contract, date(2026, 4, 10), amount)
    live(date(2026, 4, 20))
    assert now(contract).state in ("active", "past_due")
    assert not Invoice.objects.filter(kind="credit_note").exists()
    assert not OpenItem.objects.filter(void_on__isnull=False, closed_on=None).exists()


def test_a_renewal_whose_payment_goes_back_later_is_owed_and_not_void() -> None:
    contract = monthly("ethicmail")
    live(date(2026, 4, 8))
    payment = pay(contract, date(2026, 4, 8), str(item(contract).owed))
    live(date(2026, 4, 15))
    return_payment(payment=payment, key="back", on=date(2026, 4, 15), at=noon(date(2026, 4, 15)))
    assert "void" not in rungs(bill(contract), date(2026, 4, 15))
    live(date(2026, 4, 17))
    assert now(contract).state == Subscription.State.PAST_DUE
    assert not Invoice.objects.filter(kind="credit_note").exists()


def test_the_steps_of_a_renewal_end_with_its_being_void_until_something_is_paid() -> None:
    contract = monthly("ethicmail")
    live(date(2026, 4, 8))
    assert "void" in rungs(bill(contract), date(2026, 4, 8))
    pay(contract, date(2026, 4, 8), "1.00")
    assert "void" not in rungs(bill(contract), date(2026, 4, 8))


def rungs(invoice: Invoice, day: date) -> list[str]:
    return [one.kind for one in steps_of(OpenItem.objects.get(invoice=invoice), day)]


def test_who_pays_too_late_has_a_credit_and_no_contract() -> None:
    contract = monthly("ethicmail")
    live(date(2026, 4, 11))
    assert pay(contract, date(2026, 4, 13)).left_minor == 10000
    live(date(2026, 4, 14))
    assert now(contract).state == Subscription.State.ENDED
    assert ledger.credit_of(contract.customer_id, "USD") == 10000
    sound(date(2026, 4, 14))


def test_a_contract_that_is_over_already_is_not_ended_again_by_its_void_renewal() -> None:
    contract = monthly("ethicmail")
    live(date(2026, 4, 8))
    due = bill(contract)
    known: dict[str, Any] = {"ground": "insolvent", "since": date(2026, 4, 8), "how": "end"}
    stop_at_once(subscription=contract, **known, on=date(2026, 4, 8), at=noon(date(2026, 4, 8)))
    was = now(contract)
    assert was.state == Subscription.State.ENDED
    live(date(2026, 4, 12))
    assert (now(contract).ends_on, now(contract).ends_reason) == (was.ends_on, was.ends_reason)
    assert OpenItem.objects.get(invoice=due).owed_minor == 0
    sound(date(2026, 4, 12))

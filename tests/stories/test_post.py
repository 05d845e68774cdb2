"""Rows 19 and 87 and trap T5: addresses that are wrong, letters that come back, and when a letter counts as received."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from accounts import inbound
from accounts.models import ContactDoubt, Customer, Notice, Period, ReceivedNotice, Subscription
from accounts.policy.agreements import OrderFacts, decide_documents_order
from accounts.policy.amendment import AmendmentFacts, decide_amendment
from accounts.policy.breach import BreachFacts, decide_breach_cure
from accounts.policy.helpdesk import OverdueFacts, decide_support_overdue
from accounts.staff.notices import stuck
from backoffice import timeline
from backoffice.pages.today import counted
from backoffice.terms.book import book
from tests import people
from tests.mails import OURS
from tests.mails import mail as raw_mail

pytestmark = pytest.mark.django_db


def play(*lines: dict[str, Any], until: date | None = None) -> None:
    for _ in timeline.play(timeline.read_lines(json.dumps(line).encode() for line in lines), until):
        pass


def customer(ref: str = "c", **changes: Any) -> dict[str, Any]:
    known = {
        "on": "2026-03-01", "do": "customer", "ref": ref, "name": "Acme", "email": f"{ref}@acme.example",
        "country": "GB", "time_zone": "Europe/London",
    }  # fmt: skip
    return {**known, **changes}


def order(ref: str = "s", **changes: Any) -> dict[str, Any]:
    known = {
        "on": "2026-03-01", "do": "subscription", "ref": ref, "customer": "c", "vendor": "secureflag", "plan": "Team",
        "method": "card", "agreed_start": changes.get("on", "2026-03-01"),
        "payment_confirmed_on": changes.get("on", "2026-03-01"),
    }  # fmt: skip
    return {**known, **changes}


PRICE = {
    "on": "2026-03-01", "do": "price", "vendor": "secureflag", "plan": "Team", "months": 12, "currency": "GBP",
    "amount": "675.00",
}  # fmt: skip


def clauses(because: list[dict[str, Any]]) -> set[str]:
    return {item["clause"] for item in because}


def shown_as_stuck() -> dict[str, int]:
    people.owner()
    return {one.words: one.number for one in map(counted, stuck(people.who("owner")))}


def test_trap_5_a_renewal_falls_on_the_last_day_also_on_the_29th_of_february() -> None:
    play(PRICE, customer(), order(on="2027-03-01"), {"on": "2028-02-29", "do": "notice to stop", "subscription": "s"})
    leap = Period.objects.get(index=0)
    assert (leap.period_end, leap.due_on, leap.non_renewal_by) == (
        date(2028, 2, 29),
        date(2028, 2, 29),
        date(2028, 2, 28),
    )
    # The switch was turned on the renewal date itself, which is a day too late: the next anniversary has no 29th.
    assert Subscription.objects.get().ends_on == date(2029, 2, 28)
    assert ReceivedNotice.objects.get().form == "account_page"


def test_trap_5_a_notice_that_is_due_on_a_sunday_leaves_on_friday_and_counts_then() -> None:
    play(PRICE, customer(), order(), until=date(2027, 2, 19))
    notice = Notice.objects.get(kind="renewal")
    assert (notice.due_on, notice.written_on, notice.state) == (date(2027, 2, 21), date(2027, 2, 19), "sent")
    assert notice.deemed_at == datetime(2027, 2, 19, 12, tzinfo=UTC)
    assert "13.2" in clauses(notice.because) and "15.5" in clauses(notice.deemed_because)


def test_trap_5_it_counts_in_the_hours_and_on_the_working_days_of_the_recipient() -> None:
    # Due on 14 July, a holiday in France and none in England: in France it has to leave the day before.
    french = customer("f", country="FR", time_zone="Europe/Paris")
    later = {"on": "2026-07-22", "agreed_start": "2026-07-22"}
    play(
        {**PRICE},
        customer(on="2026-07-22"),
        {**french, "on": "2026-07-22"},
        order(**later),
        order("t", customer="f", **later),
    )
    english, abroad = Period.objects.order_by("id")
    assert (english.renewal_notice_on, english.tell_on) == (date(2027, 7, 14), date(2027, 7, 14))
    assert (abroad.renewal_notice_on, abroad.tell_on) == (date(2027, 7, 14), date(2027, 7, 13))


def test_trap_5_a_notice_that_comes_back_counts_no_longer_and_raises_the_alarm(settings: Any) -> None:
    settings.MAIL_AUTHSERV_ID, settings.DEFAULT_FROM_EMAIL = OURS, "backoffice@backoffice.example"
    play(PRICE, customer(), order(), until=date(2027, 2, 19))
    notice = Notice.objects.get(kind="renewal")
    raw = raw_mail("postfix", message_id=notice.message_id, recipient=notice.recipient)
    inbound.take_in(raw=raw, at=datetime(2027, 2, 19, 13, tzinfo=UTC))
    notice.refresh_from_db()
    assert (notice.state, notice.deemed_at) == ("bounced", None)
    assert "15.5" in clauses(notice.deemed_because) and notice.result.startswith("5.1.1")
    assert ContactDoubt.objects.get().part == "email"
    assert shown_as_stuck()["letters that came back"] == 1


def price_told(on: date) -> date:
    facts = AmendmentFacts(
        subject="price",
        published_on=on,
        emergency=False,
        material=True,
        exempt=False,
        period_end=date(2027, 2, 28),
        old_price=Decimal("675.00"),
        new_price=Decimal("700.00"),
    )
    decision = decide_amendment(book().newest("secureflag"), facts)
    assert "5.5" in clauses(decision.because)
    return decision.answer.effective_on


def test_trap_5_a_price_told_too_late_to_leave_waits_a_year() -> None:
    assert price_told(date(2027, 2, 26)) == date(2027, 2, 28)
    assert price_told(date(2027, 2, 28)) == date(2028, 2, 28)


def test_trap_5_support_and_termination_each_have_their_own_thirty_days() -> None:
    sheet, told = book().newest("secureflag"), date(2027, 3, 1)
    ends = decide_breach_cure(sheet, BreachFacts(kind="payment", notified_on=told, remediable=True))
    assert (ends.answer.cure_by, clauses(ends.because)) == (date(2027, 3, 31), {"13.4"})
    last, first = (
        decide_support_overdue(sheet, OverdueFacts(noticed_on=told, on=on))
        for on in (date(2027, 3, 30), date(2027, 4, 1))
    )
    assert (last.answer.answered, first.answer.answered, clauses(first.because)) == (True, False, {"6.3"})


def test_a_failed_delivery_puts_the_address_in_doubt_until_it_is_corrected() -> None:
    back = {"on": "2027-02-20", "do": "letter comes back", "subscription": "s", "said": "550 5.1.1"}
    again = {"on": "2027-02-22", "do": "letter sent again", "subscription": "s", "recipient": "new@acme.example"}
    changed = {"on": "2027-02-22", "do": "contact data changed", "customer": "c", "email": "new@acme.example"}
    play(PRICE, customer(), order(), back, changed, again)
    doubt = ContactDoubt.objects.get()
    assert (doubt.why, doubt.since, doubt.settled) == ("came_back", date(2027, 2, 20), "corrected")
    notice = Notice.objects.get(kind="renewal")
    assert (notice.state, notice.attempt, notice.deemed_at) == ("sent", 2, datetime(2027, 2, 22, 12, tzinfo=UTC))
    assert [letter.to for letter in mail.outbox if letter.subject == notice.subject] == [
        ["c@acme.example"],
        ["new@acme.example"],
    ]
    assert Customer.objects.get().email == "new@acme.example"


# TOS 13.1: the address for notices is the customer's to keep current.
def test_a_letter_to_a_wrong_address_names_the_clause_about_it() -> None:
    price = {**PRICE, "vendor": "securegroup", "months": 1, "currency": "USD"}
    back = {"on": "2026-03-26", "do": "letter comes back", "subscription": "s", "kind": "invoice"}
    play(price, customer(), order(vendor="securegroup"), back)
    assert clauses(ContactDoubt.objects.get().because) == {"TOS 13.1"}


# 2.9.1 and 2.9.2: changes are told at once, and documents may be asked for; 5.3 of another contract asks for no proof.
def test_proof_of_an_address_is_asked_for_and_given_where_the_contract_says_so() -> None:
    asked = {"on": "2026-03-02", "do": "proof asked for", "customer": "c", "part": "bank"}
    given = {"on": "2026-03-09", "do": "proof given", "customer": "c", "part": "bank"}
    play(customer(), {**asked, "vendor": "cryptopass"}, {**asked, "vendor": "ethicmail"}, given)
    doubt = ContactDoubt.objects.get()
    assert (doubt.asked_on, doubt.settled, doubt.settled_on) == (date(2026, 3, 2), "proven", date(2026, 3, 9))
    assert clauses(doubt.because) == {"2.9.1", "2.9.2"}


def test_bank_details_are_the_customer_s_to_keep_current() -> None:
    contact = book().newest("cryptopass").contact
    assert contact is not None and contact.keep_current is not None
    assert "bank" in contact.keep_current.value and contact.keep_current.clause == "5.3"


def test_staff_see_where_vendors_take_notices() -> None:
    owner = people.owner()
    for sheet, address in (
        ("securegroup/2015-01-01", "legal@securegroup.com"),
        ("secureflag/2024-01-01", "directors@secureflag.com"),
    ):
        assert address in owner.get(f"/admin/terms/{sheet}/").content.decode()


def test_a_registered_letter_counts_when_it_is_delivered_in_business_hours() -> None:
    back = {"on": "2027-02-20", "do": "letter comes back", "subscription": "s"}
    again = {
        "on": "2027-02-20", "do": "letter sent again", "subscription": "s", "channel": "registered",
        "recipient": "Acme", "address": "1 High Street",
    }  # fmt: skip
    posted = {"on": "2027-02-20", "do": "letter posted", "subscription": "s", "tracking": "RR 123"}
    arrives = {"on": "2027-02-27", "do": "letter arrives", "subscription": "s", "said": "signed for"}
    play(PRICE, customer(), order(), back, again, posted, arrives)
    notice = Notice.objects.get(kind="renewal")
    # 27 February 2027 is a Saturday.
    assert (notice.state, notice.deemed_at) == ("delivered", datetime(2027, 3, 1, 9, tzinfo=UTC))
    assert "15.5" in clauses(notice.deemed_because)


# 15.4: the agreement is varied in writing by both; what was only said does not count beside it.
def test_a_variation_that_was_only_spoken_does_not_count() -> None:
    sheet = book().newest("secureflag")
    spoken, written = (
        decide_documents_order(sheet, OrderFacts(special_terms=True, in_writing=in_writing, customers_terms=False))
        for in_writing in (False, True)
    )
    assert ("special_terms" in spoken.answer.left_out, "15.4" in clauses(spoken.because)) == (True, True)
    assert written.answer.order[0] == "special_terms"

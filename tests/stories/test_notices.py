"""Row 8: in which form a notice counts, contract by contract, from the notice to the record with its clause."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from accounts.models import ReceivedNotice, Subscription
from backoffice import timeline

pytestmark = pytest.mark.django_db

CUSTOMER = {
    "on": "2026-03-02", "do": "customer", "ref": "c", "name": "Acme", "email": "c@acme.example", "country": "FR",
    "business_attested_on": "2026-03-01", "time_zone": "Europe/Paris", "vat_id": "FR40303265045",
}  # fmt: skip


def play(*lines: dict[str, Any]) -> list[ReceivedNotice]:
    for _ in timeline.play(timeline.read_lines(json.dumps(line).encode() for line in lines)):
        pass
    return list(ReceivedNotice.objects.order_by("id"))


def order(vendor: str, **changes: Any) -> dict[str, Any]:
    known = {
        "on": "2026-03-02", "do": "subscription", "ref": "s", "customer": "c", "vendor": vendor, "plan": "Team",
        "method": "card", "payment_confirmed_on": "2026-03-02", "agreed_start": "2026-03-02",
    }  # fmt: skip
    return {**known, **changes}


def stop(form: str, on: str = "2026-03-10", **changes: Any) -> dict[str, Any]:
    return {"on": on, "do": "notice to stop", "subscription": "s", "form": form, **changes}


def clauses(notice: ReceivedNotice) -> set[str]:
    return {item["clause"] for item in notice.because}


def last_day() -> date | None:
    return Subscription.objects.get().ends_on


def test_only_writing_ends_a_secure_group_term() -> None:
    spoken, written = play(CUSTOMER, order("securegroup"), stop("phone"), stop("email"))
    assert (spoken.counts, spoken.ends_on, clauses(spoken)) == (False, None, {"TOS 8"})
    assert (written.counts, written.ends_on) == (True, date(2026, 4, 1))
    assert last_day() == date(2026, 4, 1)


def test_only_the_account_page_switches_a_secureflag_renewal_off() -> None:
    mailed, switched = play(CUSTOMER, order("secureflag"), stop("email"), stop("account_page"))
    assert (mailed.counts, clauses(mailed)) == (False, {"13.2"})
    assert (switched.counts, last_day()) == (True, date(2027, 3, 1))


def test_only_a_ticket_ends_an_ethicmail_contract() -> None:
    mailed, asked = play(CUSTOMER, order("ethicmail"), stop("letter"), stop("ticket"))
    assert (mailed.counts, clauses(mailed)) == (False, {"2.2.2"})
    assert (asked.counts, last_day()) == (True, date(2026, 4, 1))


def test_only_registered_letters_or_deleted_accounts_end_a_commitment() -> None:
    plain, registered = play(
        CUSTOMER, order("cryptopass", commitment=True), stop("letter"), stop("registered_letter", by="vendor")
    )
    assert (plain.counts, clauses(plain)) == (False, {"4.1.2"})
    assert (registered.counts, last_day()) == (True, date(2027, 3, 1))


def test_without_commitment_only_deleted_accounts_end_it() -> None:
    registered, deleted = play(
        CUSTOMER, order("cryptopass"), stop("registered_letter"), stop("deletion_of_accounts", "2026-03-11")
    )
    assert (registered.counts, clauses(registered)) == (False, {"4.1.1"})
    assert (deleted.counts, last_day()) == (True, date(2026, 3, 31))


def test_late_delivery_and_defects_of_devices_are_told_in_writing() -> None:
    told = {"on": "2026-03-10", "do": "notice from customer", "subscription": "s"}
    late, again, defect = play(
        CUSTOMER,
        order("securegroup_devices"),
        {**told, "purpose": "default", "form": "phone"},
        {**told, "purpose": "default", "form": "registered_letter"},
        {"on": "2026-03-10", "do": "notice from end user", "customer": "c", "vendor": "securegroup_devices",
         "purpose": "complaint", "form": "phone"},
    )  # fmt: skip
    assert (late.counts, clauses(late), again.counts) == (False, {"DEV 9.5"}, True)
    assert (defect.counts, clauses(defect)) == (False, {"DEV 10.2"})


def test_notices_from_vendors_are_kept_with_what_the_contract_says_of_their_form() -> None:
    told = {"on": "2026-03-10", "do": "notice from vendor"}
    page, mail, about_one = play(
        CUSTOMER,
        order("securegroup"),
        {**told, "vendor": "securegroup", "purpose": "amendment", "form": "account_page"},
        {**told, "vendor": "securegroup", "purpose": "amendment", "form": "email"},
        {**told, "vendor": "securegroup", "purpose": "non_renewal", "form": "email", "subscription": "s"},
    )
    assert (page.counts, page.customer, mail.counts) == (True, None, False)
    assert clauses(mail) == {"TOS preamble"}
    assert (about_one.ends_on, last_day()) == (date(2026, 4, 1), date(2026, 4, 1))

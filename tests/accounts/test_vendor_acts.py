"""What staff note of our own contracts with vendors, on the contract's page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from accounts.models import VendorClock, VendorContract
from accounts.services import Supply, sign_vendor_contract
from tests import people
from tests.accounts.acts import ask, do, mark, page, words
from tests.builders import make_reseller

pytestmark = pytest.mark.django_db

FIFTH = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fifth_of_january() -> Any:
    with time_machine.travel(FIFTH, tick=False):
        yield


def sign(vendor: str = "securegroup", reference: str = "K-1") -> VendorContract:
    supply = Supply(vendor=vendor, reference=reference, start=date(2026, 1, 1), cycle_months=1)
    return sign_vendor_contract(supply=supply, at=FIFTH)


def clock(kind: str, about: str) -> VendorClock:
    return VendorClock.objects.get(kind=kind, about=about)


def test_a_vendors_bill_gives_us_its_days_once_they_were_read() -> None:
    contract, client = sign(), people.owner()
    bill = {"number": "7", "due_on": "2026-01-20"}
    told = ask(client, contract, "bill", **bill)
    assert "15 January 2026" in told and "TOS 7" in told
    assert "Payment due (bill 7), 20 January 2026" in told
    assert "Last day to dispute a bill (bill 7), 15 January 2026" in told
    assert not VendorClock.objects.filter(about="bill 7").exists()
    do(client, contract, "bill", **bill)
    assert (clock("payment", "bill 7").due_on, clock("dispute", "bill 7").due_on) == (
        date(2026, 1, 20), date(2026, 1, 15),
    )  # fmt: skip
    assert "Nothing would change." in ask(client, contract, "bill", **bill)


def test_a_vendors_outage_gives_us_a_day_to_claim_by() -> None:
    contract, client = sign(), people.owner()
    told = ask(client, contract, "outage", service="email", ended_on="2026-01-04")
    assert "SLA 2.7" in told
    assert "Last day to claim credits" in told
    do(client, contract, "outage", service="email", ended_on="2026-01-04")
    assert VendorClock.objects.get(kind="credit_claim").due_on == date(2026, 2, 7)


def test_an_outage_that_is_still_to_end_or_gives_no_claim_changes_nothing() -> None:
    contract, client = sign(), people.owner()
    later = client.post(page(contract, "outage"), {"service": "email", "ended_on": "2026-01-06"})
    assert "This is still to come." in words(later) and not mark(later)
    silent = ask(client, sign("cryptopass", "K-2"), "outage", service="voice", ended_on="2026-01-04")
    assert "The contract does not say." in silent and "Nothing would change." in silent
    assert not VendorClock.objects.filter(kind="credit_claim").exists()


def test_our_notice_to_stop_is_read_with_the_day_that_follows() -> None:
    contract, client = sign(), people.owner()
    told = ask(client, contract, "stop")
    assert "The service ends on 31 January 2026" in told and "TOS 8" in told
    do(client, contract, "stop")
    contract.refresh_from_db()
    assert (contract.ends_on, clock("non_renewal", "period 0").state) == (date(2026, 1, 31), "met")
    assert client.get(page(contract, "stop")).status_code == 404


def test_a_notice_of_the_vendors_is_written_down_with_what_is_known_filled_in() -> None:
    contract, client = sign(), people.owner()
    text = words(client.get(f"/admin/accounts/vendorcontract/{contract.pk}/change/"))
    address = "/admin/accounts/receivednotice/add/?sender=vendor&vendor=securegroup&subscription="
    assert address in text
    initial = client.get(address).context["adminform"].form
    assert (initial["sender"].value(), initial["vendor"].value()) == ("vendor", "securegroup")


@pytest.mark.parametrize("act", ["bill", "outage", "stop"])
def test_who_may_only_look_notes_nothing(act: str) -> None:
    contract = sign()
    assert people.clerk().get(page(contract, act)).status_code == 403
    assert people.member("reseller", make_reseller()).get(page(contract, act)).status_code == 302
    assert people.owner().get(page(VendorContract(pk=999_999), act)).status_code == 404

"""What a referred purchase earns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from affiliates.policy.commissions import Earning, tell_commission
from backoffice.terms.book import SHEETS, Book, book
from backoffice.terms.interpreter import answer
from backoffice.terms.sheet import Sheet, read_sheet

CAD = "securegroup"
USD = "ethicmail"
GOOD: dict[str, Any] = {"amount": "120.00", "currency": "USD", "kind": "first", "agreed_fee": "40.00"}


def ask(vendor: str, **changes: Any) -> dict[str, Any]:
    return answer(book(), {"rule": "commission.amount", "vendor": vendor, "facts": {**GOOD, **changes}})


@pytest.mark.parametrize(
    ("vendor", "changes", "commission"),
    [
        pytest.param(USD, {}, "18.00", id="11.2.1: 15% of a first payment"),
        pytest.param(USD, {"kind": "renewal"}, "18.00", id="11.2.1: 15% of a renewal"),
        pytest.param(USD, {"kind": "additional"}, "0.00", id="11.2.2: nothing for additional products"),
        pytest.param(USD, {"amount": "0.10"}, "0.02", id="11.2.1: 0.015 is half a cent and rounds up"),
        pytest.param(USD, {"amount": "0.09"}, "0.01", id="11.2.1: 0.0135 rounds down"),
        pytest.param(USD, {"amount": "0.00"}, "0.00", id="11.2.1: a share of nothing"),
        pytest.param(USD, {"amount": "999999999999999.99"}, "150000000000000.00", id="11.2.1: exact to the cent"),
        pytest.param(USD, {"agreed_fee": None}, "18.00", id="11.2.1: no fee is agreed"),
        pytest.param(CAD, {}, "40.00", id="AFF grant: the fee agreed with the partner"),
        pytest.param(CAD, {"kind": "renewal"}, "0.00", id="AFF 2: nothing for a renewal"),
        pytest.param(CAD, {"kind": "additional", "agreed_fee": None}, "0.00", id="AFF 2: no fee needed for nothing"),
        pytest.param(CAD, {"currency": "JPY", "amount": "12000"}, "40.00", id="AFF grant: paid in any currency"),
    ],
)
def test_commission(vendor: str, changes: dict[str, Any], commission: str) -> None:
    given = ask(vendor, **changes)
    assert given["outcome"] == {"commission": commission}
    assert given["because"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"currency": "EUR"}, "currency_mismatch"),
        ({"currency": "CAD", "kind": "additional"}, "currency_mismatch"),
        ({"currency": "JPY", "amount": "12000"}, "currency_mismatch"),
        ({"currency": "JPY"}, "bad_type"),
        ({"currency": "dollars"}, "bad_type"),
        ({"amount": "120"}, "bad_type"),
        ({"amount": "-1.00"}, "bad_type"),
        ({"kind": "second"}, "bad_type"),
        ({"agreed_fee": "40"}, "bad_type"),
        ({"currency": "EUR", "note": 1}, "unknown_fact"),
    ],
)
def test_a_share_is_of_a_payment_in_the_currency_of_balances(changes: dict[str, Any], code: str) -> None:
    assert ask(USD, **changes)["error"]["code"] == code


@pytest.mark.parametrize("changes", [{}, {"currency": "EUR"}, {"amount": "0.00"}])
def test_an_agreed_fee_must_be_given_where_the_purchase_earns(changes: dict[str, Any]) -> None:
    error = ask(CAD, **{"agreed_fee": None, **changes})["error"]
    assert (error["code"], error["field"]) == ("fee_missing", "agreed_fee")


@pytest.mark.parametrize("vendor", ["securegroup_devices", "secureflag", "securepacket", "cryptopass"])
def test_a_contract_without_partners_is_silent(vendor: str) -> None:
    assert ask(vendor, currency="EUR", agreed_fee=None)["outcome"] == {"covered": False}


def moved(**sections: Any) -> Book:
    sheet: Sheet = read_sheet(SHEETS / USD / "2016-10-20.toml")
    return Book([("moved", sheet.model_copy(update=sections))])


def test_a_share_that_the_contract_does_not_name_is_not_invented() -> None:
    commission = book().newest(USD).commission
    assert commission is not None
    silent = moved(commission=commission.model_copy(update={"share": None}))
    given = answer(silent, {"rule": "commission.amount", "vendor": USD, "facts": GOOD})
    assert given["outcome"] == {"covered": False}


@pytest.mark.parametrize(("kind", "commission"), [("first", "40.00"), ("renewal", "0.00")])
def test_without_payouts_balances_are_in_the_currency_of_the_contract(kind: str, commission: str) -> None:
    agreed = book().newest(CAD).commission
    facts = {**GOOD, "kind": kind}
    given = answer(moved(commission=agreed, payout=None), {"rule": "commission.amount", "vendor": USD, "facts": facts})
    assert given["outcome"] == {"commission": commission}
    shared = answer(moved(payout=None), {"rule": "commission.amount", "vendor": USD, "facts": GOOD})
    assert shared["outcome"] == {"commission": "18.00"}
    assert "4.9" in {item["clause"] for item in shared["because"]}


def test_it_is_told_in_sentences() -> None:
    assert tell_commission(Earning(Decimal("18.00"))) == "The commission is 18.00."
    assert tell_commission(Earning(Decimal("0.00"))) == "This purchase earns no commission."

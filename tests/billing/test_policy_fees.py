"""What work and use beside the service costs, and what comes before it is charged."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from backoffice.terms.book import book
from backoffice.terms.sections.fees import Fee, Fees
from billing.policy.fees import FeeFacts, decide_fee_service, tell_fee

SG = book().newest("securegroup")
APPROVED = datetime(2026, 4, 8, 15, tzinfo=UTC)


def facts(**changes: Any) -> FeeFacts:
    known = {"kind": "restoration", "units": Decimal("1.5"), "unit_price": None, "approved_at": APPROVED}
    return FeeFacts(**{**known, "warned_of_loss": True, "backup_confirmed": False, **changes})


@pytest.mark.parametrize(
    ("changes", "amount", "lacks"),
    [
        pytest.param({}, "225.00", (), id="SLA 3.4 an hour"),
        pytest.param({"units": Decimal("0.5")}, "100.00", (), id="SLA 3.4 least"),
        pytest.param({"approved_at": None}, "225.00", ("approval",), id="SLA 3.4 approval"),
        pytest.param({"warned_of_loss": False}, "225.00", ("encrypted_loss",), id="SLA 3.4 warning"),
        pytest.param({"kind": "migration", "unit_price": Decimal(4)}, "6.00", ("backup",), id="SLA 1.5"),
        pytest.param({"kind": "support"}, None, ("price",), id="SLA 1.4"),
        pytest.param({"kind": "bandwidth", "unit_price": Decimal(2)}, "3.00", (), id="TOS 9"),
    ],
)
def test_the_contract_says_what_it_costs_and_what_comes_before(
    changes: dict[str, Any], amount: str | None, lacks: tuple[str, ...]
) -> None:
    answer = decide_fee_service(SG, facts(**changes)).answer
    assert (answer.amount, answer.lacks) == (None if amount is None else Decimal(amount), lacks)


def test_a_restoration_is_done_within_96_hours_of_its_approval() -> None:
    assert decide_fee_service(SG, facts()).answer.do_by == datetime(2026, 4, 12, 15, tzinfo=UTC)


def test_a_contract_that_charges_nothing_for_it_is_silent() -> None:
    assert not decide_fee_service(SG, facts(kind="licence")).covered
    assert not decide_fee_service(book().newest("cryptopass"), facts()).covered
    assert decide_fee_service(book().newest("securepacket"), facts(kind="licence", unit_price=Decimal(9))).covered
    assert not decide_fee_service(SG.model_copy(update={"fees": Fees(support=Fee())}), facts(kind="support")).covered
    assert SG.fees is not None and SG.fees.support is not None and SG.fees.support.agreed is not None
    never = Fee(agreed=SG.fees.support.agreed.model_copy(update={"value": False}))
    assert not decide_fee_service(SG.model_copy(update={"fees": Fees(support=never)}), facts(kind="support")).covered


def test_a_fee_in_words() -> None:
    assert tell_fee(decide_fee_service(SG, facts()).answer) == (
        "It costs 225.00. It is done by 12 April 2026 at 11:00 (EDT)."
    )
    assert tell_fee(decide_fee_service(SG, facts(kind="support")).answer) == (
        "No price is set. Before it is charged it lacks a price that was set for it."
    )

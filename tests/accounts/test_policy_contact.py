"""What a customer must tell of itself, where a contract speaks of some of it only."""

from __future__ import annotations

import pytest

from accounts.policy.contact import ContactDuty, ContactFacts, Part, decide_contact_duty, tell_contact
from backoffice.terms.book import book
from backoffice.terms.sheet import Sheet
from tests.accounts.sheets import changed

FLAG = book().newest("secureflag")
ALL = dict.fromkeys(("keep_current", "proof_of", "ownership_current"))
PRESENT = {key: None for key in ALL if getattr(FLAG.contact, key)}
OWNERS = changed("secureflag", "contact", **{**PRESENT, "ownership_current": True})
SILENT = changed("secureflag", "contact", **PRESENT)


@pytest.mark.parametrize(
    ("sheet", "part", "outcome"),
    [
        pytest.param(OWNERS, "ownership", ContactDuty(True, False), id="owners only: who owns it"),
        pytest.param(OWNERS, "email", None, id="owners only: an address"),
        pytest.param(SILENT, "ownership", None, id="neither: who owns it"),
        pytest.param(SILENT, "email", None, id="neither: an address"),
    ],
)
def test_what_a_contract_does_not_speak_of_is_not_covered(
    sheet: Sheet, part: Part, outcome: ContactDuty | None
) -> None:
    decision = decide_contact_duty(sheet, ContactFacts(part=part))
    assert decision.outcome == outcome
    assert bool(decision.because) == decision.covered


def test_a_duty_in_words() -> None:
    assert tell_contact(ContactDuty(True, False)) == (
        "The customer must keep it current, and cannot be asked to prove it."
    )

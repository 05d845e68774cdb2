"""Whether a customer may leave because of what a third party does."""

from __future__ import annotations

from typing import Literal

import pytest

from accounts.policy.third_parties import ThirdParty, ThirdPartyFacts, decide_third_party_change, tell_third_party
from backoffice.terms.book import book
from backoffice.terms.sheet import Sheet
from tests.accounts.sheets import changed

Event = Literal["change", "end"]
GROUP = book().newest("securegroup")
LEAVING = changed("securegroup", "third_parties", change_may_leave=True, end_is_breach=True)

STAYS = "It is no breach, and the customer may not leave because of it."
LEAVES = "It is no breach, and the customer may leave because of it."
BREACH = "It is a material breach, so the customer may leave unless it is cured."


@pytest.mark.parametrize(
    ("sheet", "event", "material", "outcome", "clause", "sentence"),
    [
        pytest.param(GROUP, "change", True, ThirdParty(False, False), "TOS 3", STAYS, id="TOS 3"),
        pytest.param(GROUP, "end", True, ThirdParty(False, False), "TOS 8", STAYS, id="TOS 8"),
        pytest.param(LEAVING, "change", True, ThirdParty(True, False), "X 1", LEAVES, id="a grave change"),
        pytest.param(LEAVING, "change", False, ThirdParty(False, False), "X 1", STAYS, id="a slight change"),
        pytest.param(LEAVING, "end", True, ThirdParty(True, True), "X 1", BREACH, id="a grave end"),
        pytest.param(LEAVING, "end", False, ThirdParty(False, False), "X 1", STAYS, id="a slight end"),
    ],
)
def test_what_a_third_party_does(
    sheet: Sheet, event: Event, material: bool, outcome: ThirdParty, clause: str, sentence: str
) -> None:
    decision = decide_third_party_change(sheet, ThirdPartyFacts(event=event, material=material))
    assert decision.outcome == outcome
    assert [item["clause"] for item in decision.because] == [clause]
    assert tell_third_party(outcome) == sentence


@pytest.mark.parametrize("event", ["change", "end"])
def test_a_contract_that_is_silent_about_third_parties(event: Event) -> None:
    assert (
        decide_third_party_change(book().newest("ethicmail"), ThirdPartyFacts(event=event, material=True)).outcome
        is None
    )

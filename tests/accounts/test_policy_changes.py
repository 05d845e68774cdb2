"""Whether a change may be waived for one customer."""

from __future__ import annotations

import tomllib

import pytest

from accounts.policy.changes import Waiving, WaivingFacts, decide_amendment_waive
from backoffice.terms.book import SHEETS, book
from backoffice.terms.sheet import Sheet, parse_sheet

PACKET = book().newest("securepacket")


def never_waiving() -> Sheet:
    raw = tomllib.loads(max((SHEETS / "securepacket").glob("*.toml")).read_text())
    raw["amendment"]["aup"]["may_waive"]["value"] = False
    return parse_sheet(raw, "changed")


@pytest.mark.parametrize(
    ("sheet", "severe", "outcome"),
    [
        pytest.param(PACKET, True, Waiving(True, "severe"), id="10 severe"),
        pytest.param(PACKET, False, Waiving(False, "not_severe"), id="10 not severe"),
        pytest.param(never_waiving(), True, Waiving(False, "never"), id="10 never"),
    ],
)
def test_a_change_is_waived_for_who_it_would_harm_severely(sheet: Sheet, severe: bool, outcome: Waiving) -> None:
    decision = decide_amendment_waive(sheet, WaivingFacts(subject="aup", severe=severe))
    assert decision.outcome == outcome
    assert [item["clause"] for item in decision.because] == ["10"]

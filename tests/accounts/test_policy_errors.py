"""When errors of a product are taken, by when they are corrected, and who else is told."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.policy.errors import (
    Correction,
    CorrectionFacts,
    Found,
    FoundFacts,
    Intake,
    IntakeFacts,
    decide_errors_correct,
    decide_errors_elsewhere,
    decide_errors_intake,
    tell_correction,
    tell_found,
    tell_intake,
)
from backoffice.terms.book import book
from backoffice.terms.sheet import Sheet
from tests.accounts.sheets import changed

DEVICES = book().newest("securegroup_devices")
BY_DAY = changed("securegroup_devices", "errors", taken_always=False)
NEXT = date(2026, 6, 1)
LEARNED = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("sheet", "working_hours", "outcome", "clauses", "sentence"),
    [
        pytest.param(
            DEVICES, True, Intake(True, False), {"DEV 21.3"},
            "The error is taken, as at any hour of any day.", id="DEV 21.3 by day",
        ),
        pytest.param(
            DEVICES, False, Intake(True, True), {"DEV 21.3"},
            "The error is taken by e-mail, as at any hour of any day.", id="DEV 21.3 by night",
        ),
        pytest.param(
            changed("securegroup_devices", "errors", outside_hours_by_email=None), False, Intake(True, False),
            {"DEV 21.3"}, "The error is taken, as at any hour of any day.", id="no word of e-mail",
        ),
        pytest.param(
            BY_DAY, False, Intake(False, False), {"X 1"},
            "Errors are taken within working hours only.", id="by day only, at night",
        ),
    ],
)  # fmt: skip
def test_an_error_is_taken(
    sheet: Sheet, working_hours: bool, outcome: Intake, clauses: set[str], sentence: str
) -> None:
    decision = decide_errors_intake(sheet, IntakeFacts(working_hours=working_hours))
    assert decision.outcome == outcome
    assert {item["clause"] for item in decision.because} == clauses
    assert tell_intake(outcome) == sentence


@pytest.mark.parametrize(
    ("sheet", "worked_around", "planned", "outcome", "clause", "sentence"),
    [
        pytest.param(
            DEVICES, True, NEXT, Correction(True, NEXT), "DEV 21.5",
            "The error is corrected for good by 1 June 2026, in place of the work-around.", id="DEV 21.5 worked around",
        ),
        pytest.param(
            DEVICES, False, None, Correction(False, None), "DEV 21.5",
            "The error is corrected for good.", id="DEV 21.5 no release planned",
        ),
        pytest.param(
            changed("securegroup_devices", "errors", fixed_by_next_release=False), False, NEXT, Correction(False, None),
            "X 1", "The error is corrected for good.", id="not by the next release",
        ),
    ],
)  # fmt: skip
def test_an_error_is_corrected_for_good(
    sheet: Sheet, worked_around: bool, planned: date | None, outcome: Correction, clause: str, sentence: str
) -> None:
    decision = decide_errors_correct(sheet, CorrectionFacts(worked_around=worked_around, next_release_on=planned))
    assert decision.outcome == outcome
    assert {item["clause"] for item in decision.because} == {clause}
    assert tell_correction(outcome) == sentence


@pytest.mark.parametrize(
    ("sheet", "outcome", "clause", "sentence"),
    [
        pytest.param(
            DEVICES, Found(True, LEARNED), "DEV 21.6",
            "Every customer of the product is told from 2 March 2026 on.", id="DEV 21.6",
        ),
        pytest.param(
            changed("securegroup_devices", "errors", told_to_all=False), Found(False, None), "X 1",
            "Other customers need not be told.", id="nobody is told",
        ),
    ],
)  # fmt: skip
def test_an_error_found_elsewhere(sheet: Sheet, outcome: Found, clause: str, sentence: str) -> None:
    decision = decide_errors_elsewhere(sheet, FoundFacts(learned_on=LEARNED))
    assert decision.outcome == outcome
    assert {item["clause"] for item in decision.because} == {clause}
    assert tell_found(outcome) == sentence


@pytest.mark.parametrize("vendor", ["securegroup", "secureflag", "securepacket", "ethicmail", "cryptopass"])
def test_other_contracts_do_not_speak_of_errors(vendor: str) -> None:
    sheet = book().newest(vendor)
    assert decide_errors_intake(sheet, IntakeFacts(working_hours=True)).outcome is None
    assert decide_errors_correct(sheet, CorrectionFacts(worked_around=True, next_release_on=NEXT)).outcome is None
    assert decide_errors_elsewhere(sheet, FoundFacts(learned_on=LEARNED)).outcome is None

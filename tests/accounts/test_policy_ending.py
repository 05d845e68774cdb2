"""What stops a service at once, what takes an end back, when one is complete, and who takes an account over."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from accounts.policy.ending import (
    Completed,
    CompleteFacts,
    Stopping,
    Succeeding,
    SuccessionFacts,
    Withdrawal,
    WithdrawFacts,
    decide_succession,
    decide_term_complete,
    decide_term_withdraw,
    tell_stop,
    tell_succession,
    tell_withdrawal,
)
from backoffice.terms.book import book
from backoffice.terms.registry import rules
from backoffice.terms.sheet import Sheet
from tests.accounts.sheets import changed

TOLD = date(2026, 5, 4)
SENT = datetime.fromisoformat("2026-05-08T22:30:00+00:00")


@pytest.mark.parametrize(
    ("suspend", "end", "nothing_back", "sentence"),
    [
        (True, True, True, "The service may be suspended and the contract ended without notice, counted from 4 May 2026 on"
         "; nothing that was paid comes back."),
        (True, False, None, "The service may be suspended without notice, but the contract not ended, counted from "
         "4 May 2026 on."),
        (False, True, False, "The contract may be ended without notice, but the service not suspended, counted from "
         "4 May 2026 on."),
        (False, False, None, "Neither may the service be suspended nor the contract ended without notice, counted from "
         "4 May 2026 on."),
    ],
)  # fmt: skip
def test_a_stop_in_words(suspend: bool, end: bool, nothing_back: bool | None, sentence: str) -> None:
    assert tell_stop(Stopping(suspend, end, TOLD, nothing_back)) == sentence


# The service would end on 28 February 2027: 13.2 lets the switch be used until the day before.
@pytest.mark.parametrize(
    ("sheet", "on", "outcome", "clauses", "sentence"),
    [
        pytest.param(
            book().newest("secureflag"), date(2027, 2, 27), Withdrawal(True, date(2027, 2, 27)), {"13.1", "13.2"},
            "The notice may be taken back, until 27 February 2027.", id="13.2 last day",
        ),
        pytest.param(
            book().newest("secureflag"), date(2027, 2, 28), Withdrawal(False, date(2027, 2, 27)), {"13.1", "13.2"},
            "The notice may not be taken back any more; 27 February 2027 was the last day for that.", id="13.2 too late",
        ),
        pytest.param(
            changed("secureflag", "renewal_switch", on_again=False), date(2026, 12, 1), Withdrawal(False, None), {"X 1"},
            "The notice may not be taken back.", id="never",
        ),
    ],
)  # fmt: skip
def test_a_notice_is_taken_back(sheet: Sheet, on: date, outcome: Withdrawal, clauses: set[str], sentence: str) -> None:
    decision = decide_term_withdraw(sheet, WithdrawFacts(ends_on=date(2027, 2, 28), on=on))
    assert decision.outcome == outcome
    assert {item["clause"] for item in decision.because} == clauses
    assert tell_withdrawal(outcome) == sentence


@pytest.mark.parametrize(
    ("sheet", "sent_at", "ended_on", "clauses", "sentence"),
    [
        pytest.param(
            book().newest("ethicmail"), SENT, date(2026, 5, 9), {"2.11.1", "12.1"},
            "It is complete on 9 May 2026.", id="2.11.1 the day in Gibraltar",
        ),
        pytest.param(
            book().newest("ethicmail"), None, None, {"2.11.1"}, "It is not complete yet.", id="2.11.1 not told yet"
        ),
        pytest.param(
            book().newest("ethicmail").model_copy(update={"time_zone": None}), SENT, date(2026, 5, 8), {"2.11.1"},
            "It is complete on 8 May 2026.", id="2.11.1 the day in UTC without a zone",
        ),
        pytest.param(
            changed("ethicmail", "completion", when="request"), SENT, TOLD, {"X 1"},
            "It is complete on 4 May 2026.", id="with the request",
        ),
    ],
)  # fmt: skip
def test_an_end_is_complete(
    sheet: Sheet, sent_at: datetime | None, ended_on: date | None, clauses: set[str], sentence: str
) -> None:
    decision = decide_term_complete(sheet, CompleteFacts(asked_on=TOLD, sent_at=sent_at))
    assert decision.outcome == Completed(ended_on)
    assert {item["clause"] for item in decision.because} == clauses
    assert rules()["term.complete"].tell(Completed(ended_on)) == sentence


@pytest.mark.parametrize(
    ("sheet", "facts", "outcome", "clauses", "sentence"),
    [
        pytest.param(
            book().newest("ethicmail"), SuccessionFacts(event="death", told_on=TOLD, in_writing=False),
            Succeeding(True, True, True, None), {"2.10.1"},
            "The contract ends at once, and its data is deleted.", id="2.10.1 death",
        ),
        pytest.param(
            changed("ethicmail", "succession", death_deletes=None),
            SuccessionFacts(event="death", told_on=TOLD, in_writing=True),
            Succeeding(True, False, True, None), {"2.10.1"}, "The contract ends at once.", id="death deletes nothing",
        ),
        pytest.param(
            changed("ethicmail", "succession", death_ends=False),
            SuccessionFacts(event="death", told_on=TOLD, in_writing=True),
            Succeeding(False, False, True, None), {"X 1"}, "The contract goes on.", id="death ends nothing",
        ),
        pytest.param(
            book().newest("ethicmail"), SuccessionFacts(event="merger", told_on=TOLD, in_writing=False),
            Succeeding(False, False, False, None), {"2.10.2"},
            "It counts only when it is told in writing.", id="2.10.2 by word of mouth",
        ),
        pytest.param(
            book().newest("ethicmail"), SuccessionFacts(event="merger", told_on=TOLD, in_writing=True),
            Succeeding(False, False, True, date(2026, 5, 18)), {"2.10.2"},
            "The vendor may end the contract until 18 May 2026; otherwise who follows takes it over.", id="2.10.2",
        ),
    ],
)  # fmt: skip
def test_a_death_or_a_merger(
    sheet: Sheet, facts: SuccessionFacts, outcome: Succeeding, clauses: set[str], sentence: str
) -> None:
    decision = decide_succession(sheet, facts)
    assert decision.outcome == outcome
    assert {item["clause"] for item in decision.because} == clauses
    assert tell_succession(outcome) == sentence

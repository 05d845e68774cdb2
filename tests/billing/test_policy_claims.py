"""What a claim must hold, when it is answered, how much may be credited; and what counts as maintenance."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from backoffice.terms.book import book
from backoffice.terms.sections.availability import Maintenance
from backoffice.terms.sheet import Sheet
from billing.policy.claims import CapFacts, CreditClaimFacts, decide_sla_cap, decide_sla_claim, tell_cap, tell_claim
from billing.policy.maintenance import MaintenanceFacts, decide_maintenance_counts, tell_maintenance
from tests.billing.asking import clauses, outcome

SG = book().newest("securegroup")


def claim(**changes: Any) -> CreditClaimFacts:
    known = {"began_on": date(2026, 4, 8), "claimed_on": date(2026, 5, 4), "start_told": True, "end_told": True}
    return CreditClaimFacts(**{"service": "email", "traceroutes": 3, **known, **changes})


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({}, ()),
        ({"traceroutes": 2}, ("traceroutes",)),
        ({"end_told": False}, ("end",)),
        ({"start_told": False, "end_told": False, "traceroutes": 0}, ("start", "end", "traceroutes")),
    ],
    ids=["complete", "SLA 2.7 traceroutes", "SLA 2.7 end", "nothing"],
)
def test_what_a_claim_lacks(changes: dict[str, Any], lacks: tuple[str, ...]) -> None:
    answer = decide_sla_claim(SG, claim(**changes)).answer
    assert answer.lacks == lacks
    days = (answer.report_by, answer.answer_from, answer.answer_by)
    assert days == (date(2026, 4, 23), date(2026, 5, 14), date(2026, 5, 19))


def by_month(**changes: Any) -> Sheet:
    """The sheet with other terms of credits."""
    assert SG.service_credit is not None and SG.service_credit.by_month is not None
    terms = SG.service_credit.by_month.model_copy(update=changes)
    return SG.model_copy(update={"service_credit": SG.service_credit.model_copy(update={"by_month": terms})})


def test_a_contract_may_name_no_days_and_no_traceroutes() -> None:
    changes = dict.fromkeys(("report_days", "answer_from_days", "answer_by_days", "traceroutes"))
    answer = decide_sla_claim(by_month(**changes), claim(traceroutes=0)).answer
    assert answer == (None, (), None, None)
    assert not decide_sla_claim(by_month(claim_holds=None), claim()).covered
    assert not decide_sla_claim(book().newest("ethicmail"), claim()).covered


def test_a_claim_in_words() -> None:
    assert tell_claim(decide_sla_claim(SG, claim(traceroutes=0, end_told=False)).answer) == (
        "It lacks when it was over and traceroutes taken meanwhile. The outage has to be reported by 23 April 2026. "
        "It is answered by 19 May 2026."
    )
    silent = decide_sla_claim(by_month(report_days=None, answer_by_days=None), claim()).answer
    assert tell_claim(silent) == "It is complete."


# SLA 1.10: credits and refunds of a month together are no more than its fee.
@pytest.mark.parametrize(
    ("given", "credit", "left"), [("0.00", "4.50", "4.50"), ("88.00", "4.50", "2.00"), ("95.00", "4.50", "0.00")]
)
def test_no_month_gives_back_more_than_its_fee(given: str, credit: str, left: str) -> None:
    facts = {"service": "email", "monthly_fee": "90.00", "given": given, "credit": credit}
    assert outcome("sla.cap", "securegroup", facts) == {"credit": left}
    assert clauses("sla.cap", "securegroup", facts) == {"SLA 1.10"}


def test_a_cap_in_words_and_where_there_is_none() -> None:
    facts = CapFacts(service="email", monthly_fee=Decimal(90), given=Decimal(0), credit=Decimal("4.50"))
    assert tell_cap(decide_sla_cap(SG, facts).answer) == "4.50 of it may be credited."
    assert not decide_sla_cap(book().newest("ethicmail"), facts).covered
    assert not decide_sla_cap(book().newest("secureflag"), facts).covered


def work(hour: int, until: int, day: int = 11, told_on: date | None = None, kind: Any = "planned") -> MaintenanceFacts:
    """Hours of Toronto's clock in summer, on a day of April 2026; the 11th is a Saturday."""
    begin, end = datetime(2026, 4, day, hour + 4, tzinfo=UTC), datetime(2026, 4, day, until + 4, tzinfo=UTC)
    return MaintenanceFacts(kind=kind, begins_at=begin, ends_at=end, told_on=told_on)


@pytest.mark.parametrize(
    ("facts", "counts", "notice_by", "usual"),
    [
        (work(1, 3, told_on=date(2026, 4, 9)), True, date(2026, 4, 9), True),
        (work(1, 3, told_on=date(2026, 4, 10)), False, date(2026, 4, 9), True),
        (work(1, 4, told_on=date(2026, 4, 1)), True, date(2026, 4, 9), False),
        (work(1, 3, day=8), False, date(2026, 4, 6), False),
        (work(0, 1, day=9, kind="hot_fix"), True, None, True),
        (work(2, 3, day=9, kind="hot_fix"), True, None, False),
    ],
)
def test_planned_maintenance_is_told_two_days_before(
    facts: MaintenanceFacts, counts: bool, notice_by: date | None, usual: bool
) -> None:
    decision = decide_maintenance_counts(SG, facts)
    assert decision.answer == (counts, notice_by, usual)
    assert "SLA 2.4" in {item["clause"] for item in decision.because}


def test_a_contract_may_ask_for_no_notice_or_say_nothing_of_it() -> None:
    assert decide_maintenance_counts(book().newest("ethicmail"), work(1, 3)).answer == (True, None, None)
    assert not decide_maintenance_counts(book().newest("cryptopass"), work(1, 3)).covered
    assert not decide_maintenance_counts(SG.model_copy(update={"maintenance": Maintenance()}), work(1, 3)).covered
    assert SG.maintenance is not None
    only_fixes = SG.maintenance.model_copy(update={"notice_days": None})
    sheet = SG.model_copy(update={"maintenance": only_fixes, "time_zone": None})
    assert decide_maintenance_counts(sheet, work(1, 3)).answer[:2] == (False, None)
    told = SG.model_copy(update={"time_zone": None})
    assert decide_maintenance_counts(told, work(1, 3, told_on=date(2026, 4, 9))).answer.counts


def test_maintenance_in_words() -> None:
    known = decide_maintenance_counts(SG, work(1, 3)).answer
    assert tell_maintenance(known) == (
        "It counts as an outage: it was not told in time. It has to be told by 9 April 2026. It lies in the usual hours."
    )
    fix = decide_maintenance_counts(SG, work(2, 3, kind="hot_fix")).answer
    assert tell_maintenance(fix) == "It counts as maintenance. It lies outside the usual hours."

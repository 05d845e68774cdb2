"""Who bears a refund, and until when what was not paid is due."""

from __future__ import annotations

from datetime import date

from backoffice.terms.book import book
from backoffice.terms.registry import rules
from billing.policy.ends import BearerFacts, UnpaidFacts, decide_end_unpaid, decide_refund_borne
from tests.accounts.sheets import changed


def test_a_guarantee_that_resellers_need_not_honour_is_the_vendors() -> None:
    sheet = changed("securegroup", "money_back", reseller_honours=False)
    assert decide_refund_borne(sheet, BearerFacts(bought_from="reseller")).answer.by == "vendor"


def test_a_guarantee_is_borne_by_whom_the_service_was_bought_from() -> None:
    sheet = book().newest("securegroup")
    decision = decide_refund_borne(sheet, BearerFacts(bought_from="reseller"))
    assert rules()["refund.borne"].tell(decision.answer) == "The reseller bears what comes back."
    silent = changed("securegroup", "money_back", reseller_honours=None)
    assert not decide_refund_borne(silent, BearerFacts(bought_from="reseller")).covered


def test_what_was_not_paid_is_due_two_weeks_after_the_end() -> None:
    decision = decide_end_unpaid(book().newest("ethicmail"), UnpaidFacts(ended_on=date(2026, 3, 31)))
    says = "All of the period is due by 14 April 2026, and nothing of it comes back."
    assert rules()["end.unpaid"].tell(decision.answer) == says
    assert {item["clause"] for item in decision.because} == {"4.3.3"}

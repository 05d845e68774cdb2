"""The letters that contracts ask for, word by word: one module a noun."""

from accounts.letters.amendments import amendment_letter
from accounts.letters.announcements import announcement_letter
from accounts.letters.breaches import breach_letter, overdue_letter
from accounts.letters.conduct import (
    conduct_suspension_letter,
    evidence_letter,
    refused_report_letter,
    revocation_letter,
    warning_letter,
)
from accounts.letters.identity import eligibility_letter, eligibility_lost_letter, verification_letter
from accounts.letters.renewals import renewal_letter
from accounts.letters.states import completion_letter, resumption_letter, suspension_letter, termination_letter
from accounts.letters.writing import Letter, contract_name, letter, letter_about, one_line, pay_by, reasons

__all__ = [
    "Letter",
    "amendment_letter",
    "announcement_letter",
    "breach_letter",
    "completion_letter",
    "conduct_suspension_letter",
    "contract_name",
    "eligibility_letter",
    "eligibility_lost_letter",
    "evidence_letter",
    "letter",
    "letter_about",
    "one_line",
    "overdue_letter",
    "pay_by",
    "reasons",
    "refused_report_letter",
    "renewal_letter",
    "resumption_letter",
    "revocation_letter",
    "suspension_letter",
    "termination_letter",
    "verification_letter",
    "warning_letter",
]

"""The letters that contracts ask for, word by word: one module a noun."""

from accounts.letters.renewals import renewal_letter
from accounts.letters.states import resumption_letter, suspension_letter, termination_letter
from accounts.letters.writing import Letter, contract_name, letter, letter_about, one_line, pay_by, reasons

__all__ = [
    "Letter",
    "contract_name",
    "letter",
    "letter_about",
    "one_line",
    "pay_by",
    "reasons",
    "renewal_letter",
    "resumption_letter",
    "suspension_letter",
    "termination_letter",
]

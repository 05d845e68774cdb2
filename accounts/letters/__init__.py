"""The letters that contracts ask for, word by word: one module a noun."""

from accounts.letters.renewals import renewal_letter
from accounts.letters.writing import Letter, contract_name, letter, one_line, pay_by, reasons

__all__ = ["Letter", "contract_name", "letter", "one_line", "pay_by", "reasons", "renewal_letter"]

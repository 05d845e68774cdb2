"""Whether a customer may subscribe at all, and what must be shown by when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import phonenumbers
from stdnum.eu import vat

from backoffice.terms.calendar import days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Country, Date, Facts, Flag, Text, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words, listed, spoken


class EligibilityFacts(Facts):
    country: Country = fact("Country of the registered office", "FR")
    phone: Text | None = fact("Telephone number, international", "+33612345678")
    vat_number: Text | None = fact("VAT number", "FR40303265045")
    effective_on: Date = fact("The agreement took effect on", "2026-02-01")
    documents_on: Date | None = fact("The documents came on", None)
    reminded_on: Date | None = fact("The reminder was sent on", None)


class Eligibility(NamedTuple):
    eligible: bool
    reasons: tuple[str, ...]
    documents_by: date
    may_terminate_from: date | None


def tell_eligibility(outcome: Eligibility) -> str:
    told = (
        "The customer is eligible"
        if outcome.eligible
        else f"The customer is not eligible ({listed([*map(spoken, outcome.reasons)])})"
    )
    told += f"; the documents must come by {day_words(outcome.documents_by)}"
    if outcome.may_terminate_from:
        told += f", and the agreement may be ended from {day_words(outcome.may_terminate_from)} on"
    return f"{told}."


@rule("eligibility.check", "May this customer subscribe, and what must be shown by when?", tell_eligibility)
def decide_eligibility(sheet: Sheet, facts: EligibilityFacts) -> Decision[Eligibility]:
    """Eligibility by registered office and contact; by when proof is due; from when its lack may end the contract."""
    terms = sheet.eligibility
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    reasons = []
    if facts.country not in cite(terms.countries):
        reasons.append("outside_territory")
    by_phone = facts.phone is not None and has_region(facts.phone, cite(terms.phone_regions))
    if not by_phone and not (
        facts.vat_number is not None and cite(terms.vat_number) and is_vat_number(facts.vat_number)
    ):
        reasons.append("no_european_contact")
    documents_by = days_after(facts.effective_on, cite(terms.documents_days))
    may_terminate_from = None
    if facts.reminded_on is not None and facts.reminded_on > documents_by:
        patience = days_after(facts.reminded_on, cite(terms.reminder_days))
        if facts.documents_on is None or facts.documents_on > patience:
            may_terminate_from = days_after(patience, 1)
    return decided(sheet, cite, Eligibility(not reasons, tuple(reasons), documents_by, may_terminate_from))


def has_region(phone: str, regions: Collection[str]) -> bool:
    """Whether an E.164 number is valid and belongs to one of the regions."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) and phonenumbers.region_code_for_number(number) in regions


def is_vat_number(number: str) -> bool:
    """Whether this is a VAT number of a member state of the European Union, check digits included."""
    return bool(vat.is_valid(number))


class LapseFacts(Facts):
    eligible: Flag = fact("The customer is still eligible", True)
    silent: Flag = fact("Nothing was shown, the letter and its days notwithstanding", False)


class Lapse(NamedTuple):
    ends: bool
    refund_lost: bool
    review: bool


def tell_lapse(outcome: Lapse) -> str:
    if outcome.ends:
        back = "; nothing is paid back" if outcome.refund_lost else ""
        return f"The agreement may be ended, because nothing was shown{back}."
    if outcome.review:
        return "The customer is not eligible any more, although it has to be for the whole term."
    return "The agreement goes on."


@rule("eligibility.lapse", "What follows where a customer shows nothing, or is not eligible any more?", tell_lapse)
def decide_eligibility_lapse(sheet: Sheet, facts: LapseFacts) -> Decision[Lapse]:
    """What a missing proof costs, and whether eligibility must last as long as the contract does."""
    terms = sheet.eligibility
    if terms is None or (terms.throughout is None and terms.no_refund is None):
        return not_covered(sheet)
    cite = Citations()
    forfeits = terms.no_refund is not None and cite(terms.no_refund)
    lasting = terms.throughout is not None and cite(terms.throughout)
    return decided(sheet, cite, Lapse(facts.silent, facts.silent and forfeits, lasting and not facts.eligible))


class OptionFacts(Facts):
    needs_domain: Flag = fact("The option is one of those that need an eligible domain", True)
    domain_eligible: Flag = fact("The domain of the customer's e-mail address is eligible", False)


class OptionAnswer(NamedTuple):
    allowed: bool
    reason: str


OPTION_WORDS = {
    "any_domain": "The option may be ordered, because it asks for no particular domain.",
    "eligible_domain": "The option may be ordered, because the customer's e-mail domain is eligible.",
    "domain_not_eligible": "The option may not be ordered, because the customer's e-mail domain is not eligible.",
}


@rule("eligibility.option", "May this customer order this option?", lambda given: OPTION_WORDS[given.reason])
def decide_eligibility_option(sheet: Sheet, facts: OptionFacts) -> Decision[OptionAnswer]:
    """Whether an option that needs an e-mail address of an eligible domain may be ordered."""
    if sheet.eligibility is None or sheet.eligibility.options_need_domain is None:
        return not_covered(sheet)
    cite = Citations()
    needed = cite(sheet.eligibility.options_need_domain) and facts.needs_domain
    if not needed:
        return decided(sheet, cite, OptionAnswer(True, "any_domain"))
    allowed = facts.domain_eligible
    return decided(sheet, cite, OptionAnswer(allowed, "eligible_domain" if allowed else "domain_not_eligible"))

"""Where the data of users goes, and to whom it is given."""

from __future__ import annotations

from typing import NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Country, Facts, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.circumstances import Purpose
from backoffice.terms.sheet import Sheet


class TransferFacts(Facts):
    country: Country = fact("Country of the user", "FR")


class Transfer(NamedTuple):
    """``consented`` is None where nothing leaves the country, so that no consent is needed."""

    to: str
    consented: bool | None


def tell_transfer(outcome: Transfer) -> str:
    if outcome.consented is None:
        return f"The data stays in {outcome.to}."
    by = "who uses the service consents to it" if outcome.consented else "the user has to consent to it first"
    return f"The data goes to {outcome.to}; {by}."


@rule("user_data.transfer", "Where does a user's data go, and who consents?", tell_transfer)
def decide_user_data_transfer(sheet: Sheet, facts: TransferFacts) -> Decision[Transfer]:
    """The country in which data of users is processed, and whether the use of the service is consent to that."""
    terms = sheet.user_data
    if terms is None or terms.processed_in is None:
        return not_covered(sheet)
    cite = Citations()
    to = cite(terms.processed_in)
    if facts.country == to:
        return decided(sheet, cite, Transfer(to, None))
    return decided(sheet, cite, Transfer(to, terms.use_is_consent is not None and cite(terms.use_is_consent)))


class SharingFacts(Facts):
    purpose: Purpose = fact("What a third party would get it for", "advertising")


class Sharing(NamedTuple):
    allowed: bool


@rule(
    "user_data.share",
    "May a user's data be given to a third party?",
    lambda outcome: f"The data may {'' if outcome.allowed else 'not '}be given to a third party for this.",
)
def decide_user_data_share(sheet: Sheet, facts: SharingFacts) -> Decision[Sharing]:
    """Whether data of users may be given to a third party, which only happens for the purposes that are named."""
    if sheet.user_data is None or sheet.user_data.shared_for is None:
        return not_covered(sheet)
    cite = Citations()
    return decided(sheet, cite, Sharing(facts.purpose in cite(sheet.user_data.shared_for)))

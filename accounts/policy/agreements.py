"""What a contract says about itself: its texts and their rank, who accepts them, its form, its promises, its courts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, NamedTuple

from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts, Flag, Listed, Rate, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.agreements import Cause, CustomerClass, DocumentKind
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import listed, percent_words

NAMES = {
    "special_terms": "special terms",
    "order": "the order",
    "terms": "the terms",
    "reseller_agreement": "the re-seller agreement",
    "aup": "the acceptable use policy",
    "privacy": "the privacy policy",
    "sla": "the service levels",
    "eula": "the end-user licence",
    "terms_of_use": "the terms of use",
}
"""How a sentence calls the texts."""


class OrderFacts(Facts):
    special_terms: Flag = fact("Special terms were agreed", False)
    in_writing: Flag = fact("They were agreed in writing", True)
    customers_terms: Flag = fact("The customer has sent its own terms", False)


class DocumentOrder(NamedTuple):
    order: tuple[str, ...]
    left_out: tuple[str, ...]
    version: str | None


def tell_order(outcome: DocumentOrder) -> str:
    rank = [NAMES[kind] for kind in outcome.order]
    says = f"What prevails comes first: {', then '.join(rank)}." if rank else "The contract ranks no texts."
    if outcome.version is not None:
        says += f" The version that counts is the {'one agreed to' if outcome.version == 'agreed' else 'newest'}."
    if "special_terms" in outcome.left_out:
        says += " The special terms do not count, because they were not agreed in writing."
    return says + (" The customer's own terms do not count." if "customers_terms" in outcome.left_out else "")


@rule("documents.order", "Which of the contract's texts prevails?", tell_order)
def decide_documents_order(sheet: Sheet, facts: OrderFacts) -> Decision[DocumentOrder]:
    """The texts in the order in which they prevail, and what does not count at all."""
    terms = sheet.documents
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    order: list[str] = list(cite(terms.order))
    left_out = []
    if facts.special_terms and terms.special_terms is not None:
        if cite(terms.special_terms) == "as_agreed" or facts.in_writing:
            order.insert(0, "special_terms")
        else:
            left_out.append("special_terms")
    excluded = terms.customers_terms_excluded
    if facts.customers_terms and excluded is not None and cite(excluded):
        left_out.append("customers_terms")
    version = cite(terms.version) if terms.version else None
    return decided(sheet, cite, DocumentOrder(tuple(order), tuple(left_out), version))


class AcceptanceFacts(Facts):
    accepted: Annotated[tuple[DocumentKind, ...], Listed] = fact("Texts that the user has accepted", ["terms"])


class UserAcceptance(NamedTuple):
    may_use: bool
    missing: tuple[str, ...]
    answers: str | None


ANSWERS = {
    "vendor": "The vendor has them accepted.",
    "customer": "The customer answers for it that its users accept.",
    "reseller": "The customer, and a reseller for those it serves, answers for it that users accept.",
}


def tell_acceptance(outcome: UserAcceptance) -> str:
    missing = [NAMES[kind] for kind in outcome.missing]
    if not outcome.may_use:
        says = f"The user may not use the service before accepting {listed(missing)}."
    elif missing:
        says = f"The user may use the service, and has yet to accept {listed(missing)}."
    else:
        says = "The user has accepted all that there is to accept, and may use the service."
    return f"{says} {ANSWERS[outcome.answers]}" if outcome.answers else says


@rule("acceptance.user", "Has this user accepted what must be accepted before use?", tell_acceptance)
def decide_acceptance_user(sheet: Sheet, facts: AcceptanceFacts) -> Decision[UserAcceptance]:
    """What a user has yet to accept, and whether the service may be used meanwhile."""
    terms = sheet.acceptance
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    asked = {
        "terms": terms.terms,
        "aup": terms.aup,
        "privacy": terms.privacy,
        "eula": terms.eula,
        "terms_of_use": terms.terms_of_use,
    }
    missing = tuple(
        kind for kind, term in asked.items() if term is not None and cite(term) and kind not in facts.accepted
    )
    may_use = not missing or not cite(terms.before_use)
    answers = cite(terms.answers) if terms.answers else None
    if not cite.terms():
        return not_covered(sheet)
    return decided(sheet, cite, UserAcceptance(may_use, missing, answers))


class ConfirmationFacts(Facts):
    customer_class: CustomerClass = fact("Class of the customer", "smb")
    business_use: Flag = fact("It is for use in a business, trade or profession", True)


class FormNeeded(NamedTuple):
    confirmed: bool
    reason: str
    names: tuple[str, ...]


CONFIRMED = {
    "consumer": "The service is for use in a business, trade or profession only, so the order cannot be confirmed.",
    "other_class": "These terms are not made for customers of this class, so the order cannot be confirmed.",
}


def tell_confirmation(outcome: FormNeeded) -> str:
    names = [f"the {name}" for name in outcome.names]
    return CONFIRMED.get(outcome.reason) or f"A confirmation form is part of the contract; it names {listed(names)}."


@rule("confirmation.form", "What does the confirmation of this order name?", tell_confirmation)
def decide_confirmation_form(sheet: Sheet, facts: ConfirmationFacts) -> Decision[FormNeeded]:
    """Whether an order can be confirmed for such a customer, and what the form says."""
    terms = sheet.confirmation
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    if facts.customer_class not in cite(terms.classes):
        return decided(sheet, cite, FormNeeded(False, "other_class", ()))
    if cite(terms.business_use) and not facts.business_use:
        return decided(sheet, cite, FormNeeded(False, "consumer", ()))
    names: tuple[str, ...] = cite(terms.holds)
    if facts.customer_class in cite(terms.licences_of):
        names = (*names, "licences")
    return decided(sheet, cite, FormNeeded(True, "form", names or ("order",)))


class PromiseFacts(Facts):
    available: Rate | None = fact("Share of the time that it was available", "0.991")
    cause: Cause | None = fact("What a failure comes from", None)


class Promised(NamedTuple):
    uptime_percent: Decimal | None
    over: bool
    met: bool | None
    credited: bool | None
    availability: bool | None
    emergency_calls: bool | None
    not_answered_for: tuple[str, ...]
    answered: bool


CAUSES = {
    "own_network": "the customer's own network",
    "training": "training of users",
    "negligence": "negligence",
    "misuse": "a use that is not permitted",
    "hosting": "hosting",
    "maintenance_refused": "maintenance that the customer prevented",
    "beyond_control": "what is beyond control",
    "out_of_hours": "hours outside the office's",
}


def tell_promised(outcome: Promised) -> str:
    says = []
    if outcome.uptime_percent is not None:
        share = percent_words(outcome.uptime_percent / 100)
        says.append(f"The service aims to be available {'more than ' if outcome.over else ''}{share} of the time.")
    if outcome.met is not None:
        says.append("It was." if outcome.met else "It was not.")
    if outcome.credited is not None:
        says.append(f"A shortfall is {'' if outcome.credited else 'not '}credited.")
    if outcome.availability is not None:
        says.append(f"Being available is {'' if outcome.availability else 'not '}promised.")
    if outcome.emergency_calls is not None:
        says.append(f"Emergency services can{'' if outcome.emergency_calls else 'not'} be called with it.")
    if outcome.not_answered_for:
        says.append(f"Support owes nothing for {listed([CAUSES[cause] for cause in outcome.not_answered_for])}.")
    return " ".join(says) + ("" if outcome.answered else " Support owes nothing here.")


@rule("service.promised", "What does the contract promise of the service?", tell_promised)
def decide_service_promised(sheet: Sheet, facts: PromiseFacts) -> Decision[Promised]:
    """What is promised and what is not, and whether a month's availability and a failure's cause fall under it."""
    terms = sheet.promises
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    percent = cite(terms.uptime_percent) if terms.uptime_percent else None
    over = terms.uptime_over is not None and cite(terms.uptime_over)
    met = None
    if percent is not None and facts.available is not None:
        met = facts.available * 100 > percent or (not over and facts.available * 100 == percent)
    credited = cite(terms.uptime_credited) if terms.uptime_credited else None
    availability = cite(terms.availability) if terms.availability else None
    emergency = cite(terms.emergency_calls) if terms.emergency_calls else None
    excluded = cite(terms.not_answered_for) if terms.not_answered_for else ()
    if not cite.terms():
        return not_covered(sheet)
    answered = facts.cause not in excluded
    return decided(sheet, cite, Promised(percent, over, met, credited, availability, emergency, excluded, answered))


class DisputeFacts(Facts):
    amicable_tried: Flag = fact("Both have tried to settle it amicably", True)


class Venue(NamedTuple):
    open: bool
    law: str | None
    courts: str | None
    vendor_chooses: bool | None


def tell_venue(outcome: Venue) -> str:
    says = [] if outcome.open else ["Both must first try to settle it amicably."]
    if outcome.law is not None:
        says.append(f"The law that applies: {outcome.law}.")
    if outcome.courts is not None:
        says.append(f"Disputes go to: {outcome.courts}.")
    if outcome.vendor_chooses is not None:
        says.append(f"The vendor may {'' if outcome.vendor_chooses else 'not '}choose the courts.")
    return " ".join(says) or "It may go to court."


@rule("dispute.venue", "Where does a dispute go, and under which law?", tell_venue)
def decide_dispute_venue(sheet: Sheet, facts: DisputeFacts) -> Decision[Venue]:
    """Which law and which courts, and whether the way to them is open yet."""
    terms = sheet.disputes
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    law = cite(terms.law) if terms.law else None
    courts = cite(terms.courts) if terms.courts else None
    chooses = cite(terms.vendor_chooses) if terms.vendor_chooses else None
    first = terms.amicable_first is not None and cite(terms.amicable_first)
    if not cite.terms():
        return not_covered(sheet)
    return decided(sheet, cite, Venue(facts.amicable_tried or not first, law, courts, chooses))

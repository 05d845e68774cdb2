"""Personal data: what may be held, who is told that it is, requests of persons, breaches, and the end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from backoffice.terms.calendar import months_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Flag, Moment, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.privacy import DataKind
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words, moment_words

# What the law asks of everybody, whatever a contract says (GDPR 12(3), 33(1)).
LAW_MONTHS, LAW_MORE_MONTHS, LAW_HOURS = 1, 2, 72
LAW_REQUEST = {
    "clause": "GDPR 12(3)",
    "says": "A request is answered in one month, or in three where that is told with its reason",
}
LAW_AUTHORITY = {"clause": "GDPR 33(1)", "says": "The authority is told within 72 hours, unless a risk is unlikely"}
LAW_CUSTOMER = {
    "clause": "GDPR 33(2)",
    "says": "Who processes data for another tells it of a breach without undue delay",
}
LAW_PERSONS = {
    "clause": "GDPR 34(1)",
    "says": "The persons are told without undue delay where the risk to them is high",
}


class DataRequestFacts(Facts):
    received_on: Date = fact("The request was received on", "2026-01-31")
    extended: Flag = fact("The person was told that it takes longer, and why", False)


class DataRequestDue(NamedTuple):
    customer_told: bool
    answer_by: date


def tell_request(outcome: DataRequestDue) -> str:
    told = " The customer is told of it without delay." if outcome.customer_told else ""
    return f"The request is answered by {day_words(outcome.answer_by)}.{told}"


@rule("personal_data.request", "By when is a person's request about its data answered, and who is told?", tell_request)
def decide_data_request(sheet: Sheet, facts: DataRequestFacts) -> Decision[DataRequestDue]:
    """The last day for the answer, and whether the customer hears of the request."""
    terms = sheet.personal_data.requests if sheet.personal_data else None
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    months = cite(terms.months)
    if facts.extended and terms.more_months:
        months += cite(terms.more_months)
    return decided(sheet, cite, DataRequestDue(cite(terms.customer_told), months_after(facts.received_on, months)))


def request_by_law(facts: DataRequestFacts) -> tuple[DataRequestDue, list[dict[str, Any]]]:
    """What the law says where a contract says nothing."""
    months = LAW_MONTHS + (LAW_MORE_MONTHS if facts.extended else 0)
    return DataRequestDue(True, months_after(facts.received_on, months)), [LAW_REQUEST]


class DataBreachFacts(Facts):
    noticed_at: Moment = fact("The breach was noticed at", "2026-03-06T17:00:00+01:00")
    risk: Literal["unlikely", "likely", "high"] = fact("Risk to the persons", "likely")


class DataBreachDue(NamedTuple):
    customer_told: bool
    authority_by: datetime | None
    persons_told: bool


def tell_breach(outcome: DataBreachDue) -> str:
    by = outcome.authority_by
    authority = f"The authority is told by {moment_words(by)}." if by else "The authority need not be told."
    told = [who for who, is_told in (("customer", outcome.customer_told), ("persons", outcome.persons_told)) if is_told]
    others = f" Told without undue delay: the {' and the '.join(told)}." if told else ""
    return authority + others


@rule("personal_data.breach", "Who is told of a breach of personal data, and by when?", tell_breach)
def decide_data_breach(sheet: Sheet, facts: DataBreachFacts) -> Decision[DataBreachDue]:
    """The moment by which the authority is told, in elapsed hours; and who else is."""
    terms = sheet.personal_data.breaches if sheet.personal_data else None
    if terms is None or not (terms.customer_told or terms.authority_hours or terms.persons_told):
        return not_covered(sheet)
    cite = Citations()
    authority_by = None
    if terms.authority_hours:
        hours = cite(terms.authority_hours)
        if facts.risk != "unlikely":
            authority_by = facts.noticed_at + timedelta(hours=hours)
    persons = terms.persons_told is not None and cite(terms.persons_told) and facts.risk == "high"
    customer = terms.customer_told is not None and cite(terms.customer_told)
    return decided(sheet, cite, DataBreachDue(customer, authority_by, persons))


def breach_by_law(facts: DataBreachFacts) -> tuple[DataBreachDue, list[dict[str, Any]]]:
    """What the law says in any case."""
    authority_by = None if facts.risk == "unlikely" else facts.noticed_at + timedelta(hours=LAW_HOURS)
    due = DataBreachDue(True, authority_by, facts.risk == "high")
    return due, [LAW_AUTHORITY, LAW_CUSTOMER, *([LAW_PERSONS] if due.persons_told else [])]


class InformingFacts(Facts):
    person: Literal["contact", "user"] = fact("Who the person is", "contact")


class Informed(NamedTuple):
    told_by: Literal["vendor", "customer"]


TOLD_BY = {
    "vendor": "The person is told by us at the first contact that its data is held, and of its rights.",
    "customer": "The person is told by the customer, when the customer gives us its data.",
}


@rule("personal_data.inform", "Who tells a person that its data is held?", lambda given: TOLD_BY[given.told_by])
def decide_informing(sheet: Sheet, facts: InformingFacts) -> Decision[Informed]:
    """Who informs a person whose data somebody else gave."""
    terms = sheet.personal_data.informed if sheet.personal_data else None
    by = terms and (terms.contacts if facts.person == "contact" else terms.users)
    if not by:
        return not_covered(sheet)
    cite = Citations()
    return decided(sheet, cite, Informed(cite(by)))


class HoldingFacts(Facts):
    kind: DataKind = fact("What is to be held", "email")


class MayHold(NamedTuple):
    allowed: bool


@rule(
    "personal_data.hold",
    "May this be held of a user?",
    lambda o: "It may be held." if o.allowed else "It may not be held: the contract does not name it.",
)
def decide_holding(sheet: Sheet, facts: HoldingFacts) -> Decision[MayHold]:
    """Whether a kind of data is among those that the contract names."""
    if sheet.personal_data is None or sheet.personal_data.kinds is None:
        return not_covered(sheet)
    cite = Citations()
    return decided(sheet, cite, MayHold(facts.kind in cite(sheet.personal_data.kinds)))


class AtEndFacts(Facts):
    wanted: Literal["delete", "return", "nothing_said"] = fact("What the customer wants", "nothing_said")
    ended: Flag = fact("The contract is over", True)


class AtEnd(NamedTuple):
    action: Literal["delete", "return", "wait"]


AT_END = {
    "delete": "The data is deleted.",
    "return": "The data is given to the customer, and is then no longer held.",
    "wait": "The data stays until the contract is over.",
}


@rule("personal_data.at_end", "What becomes of the data of users?", lambda given: AT_END[given.action])
def decide_at_end(sheet: Sheet, facts: AtEndFacts) -> Decision[AtEnd]:
    """What the customer chose of what the contract offers; the first of it where nothing was said."""
    terms = sheet.personal_data
    if terms is None or not (terms.ends and terms.ends.value):
        return not_covered(sheet)
    cite = Citations()
    if not facts.ended:
        if terms.any_time is None:
            return not_covered(sheet)
        if not cite(terms.any_time) or facts.wanted == "nothing_said":
            return decided(sheet, cite, AtEnd("wait"))
    offered = cite(terms.ends)
    return decided(sheet, cite, AtEnd(facts.wanted if facts.wanted in offered else offered[0]))

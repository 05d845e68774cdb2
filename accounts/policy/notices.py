"""In which form a notice counts, and when it counts as received."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from backoffice.terms.calendar import knows_holidays, next_opening, time_zones, working_days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Country, FactKind, Facts, Flag, Moment, Party, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.notices import FormList, NoticeForm, NoticePurpose, Notices
from backoffice.terms.sheet import Sheet
from backoffice.terms.term import Term
from backoffice.terms.words import moment_words

# A message waits for somebody to open it; a switch or a ticket of the vendor's own works when it is used.
MESSAGES = ("email", "letter", "registered_letter")
# What counts on delivery, or unless it comes back; a posted letter counts some days after it was posted.
LOST_WHEN_RETURNED = ("courier", "email")
FORMS: dict[NoticeForm, str] = {
    "email": "by e-mail",
    "letter": "by letter",
    "registered_letter": "by registered letter",
    "account_page": "on the account page",
    "ticket": "by the ticket system",
    "deletion_of_accounts": "by having all accounts deleted",
    "phone": "by telephone",
    "other": "in another form",
}


def _known_zone(name: str) -> str:
    if name not in time_zones():
        raise PydanticCustomError("wrong_fact", "a time zone is written as Europe/Paris")
    return name


ZoneName = Annotated[str, AfterValidator(_known_zone), FactKind("text")]


class DeemedFacts(Facts):
    method: Literal["courier", "email", "post", "airmail"] = fact("Sent by", "email")
    sent_at: Moment = fact("Sent (by courier: delivered) at", "2026-04-08T18:30:00+01:00")
    came_back: Flag = fact("It came back", False, default=False)
    received_in: Country | None = fact("Country of the place of receipt (empty for the vendor's)", None, default=None)
    received_zone: ZoneName | None = fact("Time zone of that place (empty for the vendor's)", None, default=None)


class Deemed(NamedTuple):
    deemed_at: datetime | None


def tell_deemed(outcome: Deemed) -> str:
    if outcome.deemed_at is None:
        return "It does not count as received, because it came back."
    return f"It counts as received on {moment_words(outcome.deemed_at)}."


@rule("notice.deemed", "When does a notice count as received?", tell_deemed)
def decide_notice_deemed(sheet: Sheet, facts: DeemedFacts) -> Decision[Deemed]:
    """The moment of receipt, always inside the hours of a working day where the notice arrives; None for one that came
    back and counts only where it arrived, or as long as it does not come back."""
    terms = sheet.deemed
    days: Term[int] | None = getattr(terms, facts.method) if terms else None
    if terms is None or days is None:
        return not_covered(sheet)
    cite = Citations()
    after = cite(days)
    if facts.came_back and facts.method in LOST_WHEN_RETURNED:
        return decided(sheet, cite, Deemed(None))
    there = terms.where_received is not None and cite(terms.where_received)
    zone = ZoneInfo(facts.received_zone) if there and facts.received_zone else _zone(sheet, cite)
    holidays = _holidays(sheet, facts.received_in if there else None, cite)
    opens, closes = cite(terms.opens), cite(terms.closes)
    arrives = facts.sent_at.astimezone(zone)
    if after:
        arrives = datetime.combine(working_days_after(arrives.date(), after, holidays), opens, zone)
    return decided(sheet, cite, Deemed(next_opening(arrives, opens, closes, holidays, zone)))


def _zone(sheet: Sheet, cite: Citations) -> ZoneInfo:
    return ZoneInfo(cite(sheet.time_zone)) if sheet.time_zone else sheet.zone


def _holidays(sheet: Sheet, country: str | None, cite: Citations) -> str:
    """Whose public holidays count: the vendor's own, also for a place in its country; none where no calendar knows."""
    own = sheet.public_holidays
    if country is None or (own is not None and country == own.value.partition("-")[0]):
        return cite(own) if own else ""
    return country if knows_holidays(country) else ""


class CountsFacts(Facts):
    purpose: NoticePurpose = fact("The notice is about", "non_renewal")
    form: NoticeForm = fact("It came", "email")
    by: Party = fact("The notice is given by the", "customer")
    commitment: Flag = fact("With commitment", False)
    received_at: Moment = fact("It came at", "2026-04-08T18:30:00+01:00")


class Counting(NamedTuple):
    counts: bool
    forms: FormList
    counts_at: datetime | None


def tell_counting(outcome: Counting) -> str:
    if outcome.counts_at is None:
        only = " or ".join(FORMS[form] for form in outcome.forms)
        return f"It does not count: such a notice counts only {only}." if only else "It does not count in any form."
    return f"It counts from {moment_words(outcome.counts_at)} on."


@rule("notice.counts", "Does a notice count in the form in which it came?", tell_counting)
def decide_notice_counts(sheet: Sheet, facts: CountsFacts) -> Decision[Counting]:
    """Whether a notice counts, in which forms such a one would, and from when on: a message that comes outside the
    hours that the contract names counts from the next opening, all else at once."""
    named = _forms(sheet, facts)
    if named is None:
        return not_covered(sheet)
    cite = Citations()
    forms = cite(named)
    if facts.form not in forms:
        return decided(sheet, cite, Counting(False, forms, None))
    counts_at = facts.received_at.astimezone(_zone(sheet, cite))
    if sheet.deemed is not None and facts.form in MESSAGES:
        holidays = _holidays(sheet, None, cite)
        opens, closes = cite(sheet.deemed.opens), cite(sheet.deemed.closes)
        counts_at = next_opening(counts_at, opens, closes, holidays, sheet.zone)
    return decided(sheet, cite, Counting(True, forms, counts_at))


def _forms(sheet: Sheet, facts: CountsFacts) -> Term[FormList] | None:
    """The forms of such a notice, else those of every other notice; None where the contract asks for none."""
    terms: Notices | None = sheet.notices
    if not facts.commitment and sheet.notices_uncommitted is not None:
        terms = sheet.notices_uncommitted
    for kind in (facts.purpose, "other"):
        forms = getattr(terms, kind, None)
        named: Term[FormList] | None = getattr(forms, facts.by, None)
        if named is not None:
            return named
    return None

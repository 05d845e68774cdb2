"""What a customer who sends to many must have, by when consent is shown, and other things that need a permission."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from backoffice.terms.calendar import elapsed_hours_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Count, Date, Facts, Flag, Moment, fact
from backoffice.terms.registry import rule
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import listed, moment_words


class BulkFacts(Facts):
    privacy_policy: Flag = fact("A privacy policy stands on the domain", True)
    complaints_address: Flag = fact("An address for complaints stands on the website", True)
    confirmed_consent: Flag = fact("Recipients have confirmed that they want it", True)
    recipient_shown: Flag = fact("The recipient's address stands in the mail", True)
    number: Count = fact("Recipients, subscribers or messages", 500, 20_000)
    limit: Count | None = fact("Limit that the vendor has set (empty for none)", None, 10_000)


class BulkAllowed(NamedTuple):
    allowed: bool
    lacks: tuple[str, ...]


LACKS = {
    "privacy-policy": "no privacy policy stands on the domain",
    "complaints": "no address for complaints stands on the website",
    "consent": "the recipients' consent is not confirmed",
    "recipient": "the recipient's address does not stand in the mail",
    "limit": "it exceeds the limit that the vendor has set",
}


def tell_bulk(outcome: BulkAllowed) -> str:
    if outcome.allowed:
        return "The mailing is allowed."
    return f"The mailing is not allowed: {listed([LACKS[code] for code in outcome.lacks])}."


@rule("mail.bulk", "Is this mailing to many allowed?", tell_bulk)
def decide_mail_bulk(sheet: Sheet, facts: BulkFacts) -> Decision[BulkAllowed]:
    """Whether a mailing has all the contract wants, and which of its violations it is otherwise."""
    terms = sheet.conduct.bulk_mail if sheet.conduct else None
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    needs = {
        "privacy-policy": (terms.privacy_policy, facts.privacy_policy),
        "complaints": (terms.complaints_address, facts.complaints_address),
        "consent": (terms.confirmed_consent, facts.confirmed_consent),
        "recipient": (terms.recipient_shown, facts.recipient_shown),
        "limit": (terms.limits, facts.limit is None or facts.number <= facts.limit),
    }
    lacks = tuple(code for code, (term, met) in needs.items() if term is not None and cite(term) and not met)
    return decided(sheet, cite, BulkAllowed(not lacks, lacks)) if cite.terms() else not_covered(sheet)


class EvidenceFacts(Facts):
    asked_at: Moment = fact("Evidence was asked for at", "2026-03-02T12:00:00+00:00")


class EvidenceDue(NamedTuple):
    due_at: datetime | None
    counts_as: str | None


def tell_evidence(outcome: EvidenceDue) -> str:
    due = f"by {moment_words(outcome.due_at)}" if outcome.due_at else "when it is asked for"
    kinds = {"spam": "unsolicited", "consent": "sent without consent"}
    otherwise = f"; otherwise the mail counts as {kinds[outcome.counts_as]}" if outcome.counts_as else ""
    return f"The recipients' consent is to be shown {due}{otherwise}."


@rule("consent.evidence", "By when must recipients' consent be shown, and what if it is not?", tell_evidence)
def decide_consent_evidence(sheet: Sheet, facts: EvidenceFacts) -> Decision[EvidenceDue]:
    """By when consent must be shown (None where the contract gives no time), and the violation that it is otherwise."""
    terms = sheet.conduct.bulk_mail if sheet.conduct else None
    if terms is None or not (terms.evidence_hours or terms.no_evidence_is):
        return not_covered(sheet)
    cite = Citations()
    counts_as = cite(terms.no_evidence_is) if terms.no_evidence_is else None
    if terms.evidence_hours is None:
        return decided(sheet, cite, EvidenceDue(None, counts_as))
    due_at = elapsed_hours_after(facts.asked_at.astimezone(sheet.zone), cite(terms.evidence_hours))
    if sheet.time_zone:
        cite(sheet.time_zone)
    return decided(sheet, cite, EvidenceDue(due_at, counts_as))


class VulnerabilityFacts(Facts):
    consent: Literal["none", "oral", "written"] = fact("The consent that was given", "written", "oral")
    consent_on: Date | None = fact("It was given on", "2026-03-02")
    own_system: Flag = fact("The customer's own system is tested", True)
    tested_on: Date = fact("The test is made on", "2026-03-09")


class VulnerabilityTest(NamedTuple):
    allowed: bool
    reason: str
    violation: str | None


TESTED = {
    "consented": "The test is allowed, because consent was given before it.",
    "no_consent": "The test is not allowed, because the consent that the contract wants was not given before it.",
    "not_own": "The test is not allowed, because only the customer's own system may be tested.",
}


@rule("test.permission", "May the vulnerability of this system be tested?", lambda given: TESTED[given.reason])
def decide_test_permission(sheet: Sheet, facts: VulnerabilityFacts) -> Decision[VulnerabilityTest]:
    """Whether a test is allowed: whose system it is comes first, then the consent that was given before."""
    terms = sheet.conduct.testing if sheet.conduct else None
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    if terms.own_system_only and cite(terms.own_system_only) and not facts.own_system:
        return decided(sheet, cite, VulnerabilityTest(False, "not_own", cite(terms.counts_as)))
    enough = facts.consent == "written" or (facts.consent == "oral" and cite(terms.consent) == "express")
    cite(terms.consent)
    before = facts.consent_on is not None and facts.consent_on <= facts.tested_on
    if enough and before:
        return decided(sheet, cite, VulnerabilityTest(True, "consented", None))
    return decided(sheet, cite, VulnerabilityTest(False, "no_consent", cite(terms.counts_as)))


class MisuseFacts(Facts):
    known_at: Moment = fact("The customer knew of it at", "2026-03-02T08:00:00+00:00")
    reported_at: Moment = fact("It was reported at", "2026-03-02T12:00:00+00:00")


class MisuseReported(NamedTuple):
    due_at: datetime
    in_time: bool
    customer_answers: bool


def tell_misuse(outcome: MisuseReported) -> str:
    came = "in time" if outcome.in_time else "late"
    answers = "; the customer answers for what was done with its account" if outcome.customer_answers else ""
    return f"The report came {came}: it was due by {moment_words(outcome.due_at)}{answers}."


@rule("misuse.report", "Was the use of an account by others reported in time?", tell_misuse)
def decide_misuse_report(sheet: Sheet, facts: MisuseFacts) -> Decision[MisuseReported]:
    """Whether a report came at once, as the contract wants it."""
    terms = sheet.conduct.misuse if sheet.conduct else None
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    due_at = elapsed_hours_after(facts.known_at.astimezone(sheet.zone), cite(terms.report_hours))
    if sheet.time_zone:
        cite(sheet.time_zone)
    answers = terms.customer_answers is not None and cite(terms.customer_answers)
    return decided(sheet, cite, MisuseReported(due_at, facts.reported_at <= due_at, answers))


class RecordFacts(Facts):
    asked_by: Literal["registrant", "administrative_contact", "other"] = fact(
        "Who asks, as the domain's register has it", "registrant"
    )


class RecordChanged(NamedTuple):
    allowed: bool


RECORD = {
    True: "The record may be changed, because the register names who asks.",
    False: "The record is not changed, because the register does not name who asks.",
}


@rule("dns.change", "May a domain's record be changed at this person's request?", lambda o: RECORD[o.allowed])
def decide_dns_change(sheet: Sheet, facts: RecordFacts) -> Decision[RecordChanged]:
    """Whether who asks may have a record changed."""
    terms = sheet.conduct.names if sheet.conduct else None
    if terms is None or terms.changed_for is None:
        return not_covered(sheet)
    cite = Citations()
    return decided(sheet, cite, RecordChanged(facts.asked_by in cite(terms.changed_for)))

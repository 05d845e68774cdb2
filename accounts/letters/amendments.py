"""The letter about a change of a contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from accounts.letters.writing import Letter, letter_about, one_line
from accounts.models import Amendment, AmendmentNotice
from accounts.policy.amendment import Subject
from accounts.policy.changes import ToldFacts, change_of, decide_amendment_notice
from backoffice.terms.words import day_words


def amendment_letter(notice: AmendmentNotice) -> Letter:
    """Tells what changes with both values, from when on, and what the customer may do about it until when."""
    amendment, contract = notice.amendment, notice.subscription
    plan = one_line(contract.plan)
    subject = f"A change of your contract for {plan}: {amendment.get_subject_display()}"
    text = [amendment.text, _changes(amendment), *_days(notice), *_rights(notice)]
    return letter_about(subject, contract, [part for part in text if part], notice.because)


def _changes(amendment: Amendment) -> str:
    lines = [_line(change) for change in amendment.changes]
    if amendment.prices:
        old, new = amendment.prices
        lines.append(
            f"- The price of one whole period: {old} {amendment.currency} until now, then {new} {amendment.currency}."
        )
    return "\n".join(["What changes:", *lines]) if lines else ""


def _line(change: Mapping[str, str]) -> str:
    if not change["old"]:
        return f"- {change['label']}: {change['new']}, which is new ({change['clause']})."
    if not change["new"]:
        return f"- {change['label']}: {change['old']} until now, then no more ({change['clause']})."
    return f"- {change['label']}: {change['old']} until now, then {change['new']} ({change['clause']})."


def _days(notice: AmendmentNotice) -> Iterator[str]:
    if notice.effective_on is None:
        yield "Your contract does not let this be changed by a notice: it takes effect only if you agree to it."
    elif notice.amendment.subject == Amendment.Subject.SERVICE_END:
        yield f"{day_words(notice.effective_on)} is the last day of service."
    else:
        yield f"The change takes effect on {day_words(notice.effective_on)}."
    if notice.keep_until:
        yield f"You may go on under the version before until {day_words(notice.keep_until)}."


def _rights(notice: AmendmentNotice) -> Iterator[str]:
    sheet, subject = notice.terms, cast(Subject, notice.amendment.subject)
    change = change_of(sheet, subject)
    if notice.leave_until:
        whom = "If it materially affects your use of the service, you may" if notice.only_if_material else "You may"
        written = change is not None and change.leave_in_writing is not None and change.leave_in_writing.value
        how = "tell us so in writing" if written else "tell us so"
        yield f"{whom} leave because of this change: {how} by {day_words(notice.leave_until)} at the latest."
    if notice.may_dissolve:
        yield "As the price rises by more than your contract lets it, you may dissolve the contract: tell us so."
    told = decide_amendment_notice(sheet, ToldFacts(subject=subject))
    if told.outcome and told.outcome.archive:
        yield "The versions before this one stay in an archive, where you can read them."

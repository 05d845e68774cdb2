"""What becomes of data when a contract is over, and what can still be restored before."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from backoffice.terms.calendar import days_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Date, Facts, Flag, fact
from backoffice.terms.registry import rule
from backoffice.terms.sections.ending import Disposition
from backoffice.terms.sections.service import Keeping
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import day_words, listed


class DataFacts(Facts):
    ended_on: Date = fact("Last day of the contract", "2026-03-31")
    abuse: Flag = fact("It was ended for abuse", False)
    death: Flag = fact("It ended with the account holder's death", False)


class DataEnd(NamedTuple):
    close_on: date | None
    disconnect_on: date | None
    migrate_until: date | None
    delete_on: date | None
    backups_gone_on: date | None
    forwarded: bool | None
    restored: bool | None


def tell_data_end(outcome: DataEnd) -> str:
    steps = [
        (outcome.close_on, "the account is closed on {}"),
        (outcome.disconnect_on, "its users are disconnected on {}"),
        (outcome.migrate_until, "data may be moved until {}"),
        (outcome.delete_on, "it is deleted on {}"),
        (outcome.backups_gone_on, "it is gone from the backups on {}"),
    ]
    told = [words.format(day_words(day)) for day, words in steps if day]
    told += ["messages are not forwarded"] if outcome.forwarded is False else []
    told += ["nothing is restored or handed over"] if outcome.restored is False else []
    sentence = listed(told) if told else "nothing is said of this case"
    return f"{sentence[0].upper()}{sentence[1:]}."


@rule("data.end", "What becomes of the account and its data at the end?", tell_data_end)
def decide_data_end(sheet: Sheet, facts: DataFacts) -> Decision[DataEnd]:
    """The first day without the account, without its users, the last day to move data, and the first day without it;
    None for what the contract does not speak of."""
    heirs = sheet.succession.death_deletes if sheet.succession and facts.death else None
    terms = sheet.disposition or Disposition()
    cite = Citations()
    after = days_after(facts.ended_on, 1)
    gone_at_once = bool(heirs and cite(heirs))
    migrate_until = None if gone_at_once else _migrate_until(terms, facts, cite)
    deletes = gone_at_once or bool(terms.deletes and cite(terms.deletes))
    delete_on = days_after(migrate_until or facts.ended_on, 1) if deletes else None
    backup = sheet.retention.backup if sheet.retention else None
    gone_on = days_after(delete_on, cite(backup.days)) if delete_on and backup and backup.days else None
    outcome = DataEnd(
        close_on=after if terms.closes and cite(terms.closes) else None,
        disconnect_on=after if terms.disconnects and cite(terms.disconnects) else None,
        migrate_until=migrate_until,
        delete_on=delete_on,
        backups_gone_on=gone_on,
        forwarded=cite(terms.forwards) if terms.forwards else None,
        restored=cite(terms.restores) if terms.restores else None,
    )
    return decided(sheet, cite, outcome) if cite.terms() else not_covered(sheet)


def _migrate_until(terms: Disposition, facts: DataFacts, cite: Citations) -> date | None:
    if terms.migration_days is None:
        return None
    if facts.abuse and terms.none_after_abuse and cite(terms.none_after_abuse):
        return None
    return days_after(facts.ended_on, cite(terms.migration_days))


class RestoreFacts(Facts):
    data: Literal["backup", "exchange_backup", "deleted_items", "messages"] = fact("Which data", "exchange_backup")
    deleted_on: Date = fact("It was deleted on", "2026-05-04")
    on: Date = fact("Asked on", "2026-05-08")
    excluded: Flag = fact("It was excluded from the backups on request", False)


class Restoring(NamedTuple):
    possible: bool | None
    reason: Literal["kept", "gone", "excluded", "not_on_request"]
    kept_until: date | None
    within_hours: int | None


def tell_restoring(outcome: Restoring) -> str:
    if outcome.reason == "excluded":
        return "It is gone, because it was excluded from the backups."
    if outcome.reason == "not_on_request":
        return "It is not restored on request."
    if outcome.reason == "gone":
        return (
            f"It is gone: it was kept until {day_words(outcome.kept_until)}." if outcome.kept_until else "It is gone."
        )
    kept = f"It is kept until {day_words(outcome.kept_until)}" if outcome.kept_until else "It is kept"
    if outcome.possible is None:
        return f"{kept}; whether it is restored on request, the contract does not say."
    hours = f" within {outcome.within_hours} hours" if outcome.within_hours else ""
    return f"{kept}, and restored{hours} on request."


@rule("data.restore", "Can something that was deleted still be restored?", tell_restoring)
def decide_data_restore(sheet: Sheet, facts: RestoreFacts) -> Decision[Restoring]:
    """Whether a restore may still be asked for on a day, and until when the data is kept. ``possible`` is None where it
    is still kept, and the contract does not say that it is restored for who asks."""
    keeping: Keeping | None = getattr(sheet.retention, facts.data) if sheet.retention else None
    if sheet.retention is None or keeping is None or not (keeping.days or keeping.on_request):
        return not_covered(sheet)
    cite = Citations()
    exclusion = sheet.retention.exclusion
    if facts.excluded and exclusion is not None and cite(exclusion):
        return decided(sheet, cite, Restoring(False, "excluded", facts.deleted_on, None))
    until = days_after(facts.deleted_on, cite(keeping.days)) if keeping.days else None
    if keeping.on_request is not None and not cite(keeping.on_request):
        return decided(sheet, cite, Restoring(False, "not_on_request", until, None))
    if until is not None and facts.on > until:
        return decided(sheet, cite, Restoring(False, "gone", until, None))
    hours = cite(keeping.within_hours) if keeping.within_hours else None
    return decided(sheet, cite, Restoring(True if keeping.on_request else None, "kept", until, hours))

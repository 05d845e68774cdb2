"""Breaches of personal data: told to customers at once, to the authority in its time, to persons at high risk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.letters.privacy import breach_letter, breach_letter_to
from accounts.models import Administrator, DataBreach, Notice, Subscription
from accounts.notices import Draft, write_notices
from accounts.policy.personal_data import DataBreachFacts, breach_by_law, decide_data_breach
from accounts.services.clauses import together
from accounts.services.customers import NotPossible
from accounts.services.data_clocks import stop, wind
from backoffice.terms.book import book

# Letters of one write: enough that a breach at a big vendor is told in minutes, few enough for any memory.
BATCH = 500


class Noticed(NamedTuple):
    """What is known of a breach when it is taken down; nobody is named in it."""

    what: str
    categories: str
    risk: str
    persons: int = 0
    measures: str = ""
    vendor: str = ""


@transaction.atomic
def notice_breach(*, noticed: Noticed, noticed_at: datetime, at: datetime) -> DataBreach:
    """Takes a breach down, winds its clock, and tells the customers whom it may concern without undue delay: those
    with a contract with the vendor that runs, or all where it was our own systems.

    ValidationError names what is not right. Contract and law are both asked; the earlier deadline counts.
    """
    if noticed_at > at:
        raise ValidationError({"noticed_at": "A breach cannot have been noticed later than it is written down."})
    if noticed.vendor and noticed.vendor not in book().vendors():
        raise ValidationError({"vendor": "The book has no such vendor."})
    breach = DataBreach(noticed_at=noticed_at, created_at=at, **noticed._asdict())
    facts = DataBreachFacts(noticed_at=noticed_at, risk=noticed.risk)  # type: ignore[arg-type]
    due, because = breach_by_law(facts)
    authority_by, persons = due.authority_by, due.persons_told
    if noticed.vendor:
        sheet = book().newest(noticed.vendor)
        breach.sheet, said = sheet.id, decide_data_breach(sheet, facts)
        because = together(said.because, because)
        if said.outcome is not None:
            authority_by = min(filter(None, (authority_by, said.outcome.authority_by)), default=None)
            persons = persons or said.outcome.persons_told
    breach.because, breach.persons_to_tell = because, persons
    wind(breach, noticed_at, authority_by)
    breach.full_clean()
    breach.save()
    _tell(breach, facts, at)
    return breach


def concerned(breach: DataBreach) -> QuerySet[Subscription]:
    """The contracts whose customers a breach may concern."""
    running = Subscription.objects.running().select_related("customer").order_by("id")
    return running.filter(vendor=breach.vendor) if breach.vendor else running


def _tell(breach: DataBreach, facts: DataBreachFacts, at: datetime) -> None:
    """Writes to every customer and, where the risk is high, to every person who has an address with us."""
    batch: list[Draft] = []
    for contract in concerned(breach).iterator(chunk_size=BATCH):
        batch += _drafts(breach, contract, facts, at)
        if len(batch) >= BATCH:
            write_notices(batch, at=at)
            batch = []
    write_notices(batch, at=at)
    breach.customers_told_at = at
    breach.persons_told_at = at if breach.persons_to_tell else None
    breach.save(update_fields=["customers_told_at", "persons_told_at"])


def _drafts(breach: DataBreach, contract: Subscription, facts: DataBreachFacts, at: datetime) -> Iterator[Draft]:
    said = decide_data_breach(contract.terms, facts)
    because = together(said.because, breach_by_law(facts)[1])
    today = at.astimezone(contract.terms.zone).date()
    whole = Draft(
        kind=Notice.Kind.DATA_BREACH,
        about=f"{breach.pk}/{contract.pk}",
        sheet=contract.sheet,
        because=because,
        due_on=today,
        written_on=today,
        letter=breach_letter(breach, contract, because),
        recipient=contract.customer.email,
        customer=contract.customer,
        subscription=contract,
    )
    yield whole
    if breach.persons_to_tell:
        serving = Administrator.objects.filter(customer=contract.customer_id, vendor=contract.vendor, removed_on=None)
        for person in serving.order_by("id"):
            letter = breach_letter_to(breach, person, contract, because)
            about = f"{breach.pk}/{contract.pk}/{person.pk}"
            yield whole._replace(about=about, letter=letter, recipient=person.email)


@transaction.atomic
def tell_authority(*, breach: DataBreach, told_at: datetime, at: datetime, late_because: str = "") -> DataBreach:
    """Notes that the authority was told, which silences the clock; NotPossible twice, before the breach was noticed,
    in the future, or late without saying why (GDPR 33(1))."""
    found: DataBreach = DataBreach.objects.select_for_update().get(pk=breach.pk)
    if found.authority_told_at is not None or not found.noticed_at <= told_at <= at:
        raise NotPossible(f"the authority cannot have been told of breach {found.pk} then")
    if found.due_at is not None and told_at > found.due_at and not late_because.strip():
        raise NotPossible(f"the authority is told of breach {found.pk} late, which needs a reason")
    found.authority_told_at, found.late_because = told_at, late_because.strip()
    stop(found)
    found.save(update_fields=["authority_told_at", "late_because", "alarm_at"])
    return found

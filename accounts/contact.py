"""What is done about how customers are reached: doubts about their data, proof that is asked for, corrections."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple, cast

from django.db import transaction

from accounts.models import ContactDoubt, Customer, Notice
from accounts.policy.contact import ContactDuty, ContactFacts, decide_contact_duty
from accounts.refusals import NotPossible
from backoffice.terms.book import book
from backoffice.terms.decision import Decision
from backoffice.terms.sections.contact import ContactPart

Part, Why, Settled = ContactDoubt.Part, ContactDoubt.Why, ContactDoubt.Settled
# Which part of the contact data each column of a customer belongs to.
COLUMNS: dict[str, ContactDoubt.Part] = {
    "name": Part.NAME,
    "email": Part.EMAIL,
    "billing_email": Part.BILLING,
    "vat_id": Part.BILLING,
    "street": Part.POSTAL,
    "postcode": Part.POSTAL,
    "city": Part.POSTAL,
    "region": Part.POSTAL,
    "country": Part.POSTAL,
    "phone": Part.PHONE,
}


class Asked(NamedTuple):
    """The doubt that proof was asked about, or None where the contract gives no right to it; and what it says."""

    doubt: ContactDoubt | None
    decision: Decision[ContactDuty]


def doubt(notice: Notice, at: datetime) -> ContactDoubt | None:
    """Notes that an address of a customer is in doubt since a letter came back from it; None for a letter to somebody
    else, or to an address that the customer has changed since."""
    customer = notice.customer
    if customer is None or notice.party != Notice.Party.CUSTOMER:
        return None
    if notice.channel != Notice.Channel.EMAIL:
        part = Part.POSTAL
    elif notice.recipient in (customer.email, customer.invoice_email):
        part = Part.EMAIL if notice.recipient == customer.email else Part.BILLING
    else:
        return None
    try:
        sheet = book().sheet(notice.sheet)
    except KeyError:
        because, since = [], at.date()
    else:
        because = decide_contact_duty(sheet, ContactFacts(part=cast(ContactPart, part.value))).because
        since = at.astimezone(sheet.zone).date()
    known = {
        "why": Why.CAME_BACK,
        "vendor": notice.vendor,
        "sheet": notice.sheet,
        "because": because,
        "notice": notice,
        "since": since,
    }
    return ContactDoubt.objects.get_or_create(customer=customer, part=part, settled_on=None, defaults=known)[0]


@transaction.atomic
def ask_proof(*, customer: Customer, vendor: str, part: ContactPart, on: date) -> Asked:
    """Notes that a customer was asked on a day to prove a part of its data, where the terms of that day allow it."""
    sheet = book().sheet_for(vendor, on)
    decision = decide_contact_duty(sheet, ContactFacts(part=part))
    if decision.outcome is None or not decision.outcome.prove:
        return Asked(None, decision)
    known = {"why": Why.ASKED, "vendor": vendor, "sheet": sheet.id, "because": decision.because, "since": on}
    found, _ = ContactDoubt.objects.select_for_update().get_or_create(
        customer=customer, part=part, settled_on=None, defaults={**known, "asked_on": on}
    )
    if found.asked_on is None:
        found.asked_on = on
        found.save(update_fields=["asked_on"])
    return Asked(found, decision)


@transaction.atomic
def note_proof(*, doubt: ContactDoubt, on: date) -> ContactDoubt:
    """Notes that the data was proven; NotPossible where it is settled already, or on a day before the doubt."""
    found = ContactDoubt.objects.select_for_update().get(pk=doubt.pk)
    if found.settled:
        raise NotPossible(f"the doubt is settled already: {found.get_settled_display()}")
    if on < found.since:
        raise NotPossible("it cannot have been proven before it was in doubt")
    found.settled, found.settled_on = Settled.PROVEN, on
    found.save(update_fields=["settled", "settled_on"])
    return found


@transaction.atomic
def change(*, customer: Customer, changes: Mapping[str, str], on: date) -> Customer:
    """Notes other contact data, which settles the doubts about the old; ValidationError names each field that is not
    right."""
    found = Customer.objects.select_for_update().get(pk=customer.pk)
    for column, value in changes.items():
        setattr(found, column, value)
    found.full_clean()
    found.save(update_fields=list(changes))
    corrected(found, changes, on)
    return found


def corrected(customer: Customer, columns: Collection[str], on: date) -> int:
    """Settles the doubts about what of a customer's data was just changed; returns how many there were. What proof was
    asked of stays in doubt until it comes."""
    parts = {COLUMNS[column] for column in columns if column in COLUMNS}
    open_doubts = ContactDoubt.objects.filter(customer=customer, part__in=parts, settled_on=None, asked_on=None)
    return open_doubts.update(settled=Settled.CORRECTED, settled_on=on)

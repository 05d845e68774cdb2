"""Who customers are: they are asked, shown documents are weighed, and what has run out is asked anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from accounts.letters import verification_letter
from accounts.models import Customer, IdentityDocument, Notice, Subscription, Verification
from accounts.notices import Draft, write_notices
from accounts.policy.identity import Identity, IdentityFacts, Shown, decide_identity_required
from accounts.services.customers import NotPossible
from backoffice.terms.book import book
from backoffice.terms.decision import Decision
from backoffice.terms.sheet import Sheet

State = Verification.State
# What shows who a person is, and who a business is.
PROOFS = {
    Customer.Kind.INDIVIDUAL: (IdentityDocument.Kind.PASSPORT, IdentityDocument.Kind.IDENTITY_CARD),
    Customer.Kind.BUSINESS: (IdentityDocument.Kind.REGISTER,),
}
# How far the customer's own state says what the rule asks; a verification that ran out is one that is asked for.
SHOWN: dict[str, Shown] = {"none": "not_asked", "asked": "asked", "verified": "verified", "refused": "declined"}


class Asked(NamedTuple):
    """The verification that was begun, or None where the contract lets nothing be asked for; and what it says."""

    verification: Verification | None
    decision: Decision[Identity]


def ask_identity(
    customer: Customer, sheet: Sheet, *, changed: bool = False, found_false: bool = False
) -> Decision[Identity]:
    """What a contract asks of a customer about who it is, as the books know the customer now."""
    facts = IdentityFacts(
        shown=SHOWN[customer.verification],
        address_on_file=bool(customer.street and customer.city),
        users_known=customer.users_known_on is not None,
        changed=changed,
        found_false=found_false,
    )
    return decide_identity_required(sheet, facts)


def terms_for(customer: Customer, vendor: str, on: date) -> Sheet:
    """The terms that a customer agreed to last with a vendor, or those in force for one who is about to."""
    agreed = Subscription.objects.filter(customer=customer, vendor=vendor).order_by("-accepted_on", "-id").first()
    return agreed.terms if agreed else book().sheet_for(vendor, on)


@transaction.atomic
def ask_for_documents(*, customer: Customer, vendor: str, on: date, at: datetime, changed: bool = False) -> Asked:
    """Asks a customer, in a letter, to show who it is, where its contract allows that.

    ``changed``: because its name or address did. Somebody who is asked already is not asked again.
    """
    known = Customer.objects.select_for_update().get(pk=customer.pk)
    decision = ask_identity(known, terms_for(known, vendor, on), changed=changed)
    if decision.outcome is None or not decision.outcome.may_ask:
        return Asked(None, decision)
    if open_one := known.verifications.filter(vendor=vendor, state=State.ASKED).first():
        return Asked(open_one, decision)
    return Asked(_ask(known, vendor, decision, on, at), decision)


def _ask(customer: Customer, vendor: str, decision: Decision[Identity], on: date, at: datetime) -> Verification:
    in_force = customer.verifications.filter(vendor=vendor, state=State.VERIFIED)
    in_force.update(state=State.EXPIRED)
    asked = Verification.objects.create(
        customer=customer,
        vendor=vendor,
        asked_on=on,
        sheet=decision.sheet,
        because=decision.because,
        created_at=at,
    )
    _note(customer, Customer.Verification.ASKED, on)
    number = customer.verifications.filter(vendor=vendor).count()
    draft = Draft(
        kind=Notice.Kind.VERIFICATION,
        about=f"{customer.pk}/{vendor}/{number}",
        sheet=asked.sheet,
        because=asked.because,
        due_on=on,
        written_on=on,
        letter=verification_letter(asked),
        recipient=customer.email,
        customer=customer,
    )
    write_notices([draft], at=at)
    return asked


def _note(customer: Customer, state: Customer.Verification, on: date) -> None:
    """The customer's own state is that of the last question about it."""
    Customer.objects.filter(pk=customer.pk).update(verification=state, verification_on=on)
    customer.verification, customer.verification_on = state, on


@transaction.atomic
def verify(*, verification: Verification, on: date, by: Any = None) -> Verification:
    """Accepts what a customer showed: it is verified until the first of its documents runs out, or as long as the
    operator lets a verification last.

    NotPossible for a question that is answered already, or where nothing that shows who it is was seen.
    """
    found = _open(verification)
    papers = _papers(found, on)
    last = on + timedelta(days=settings.IDENTITY_VERIFIED_DAYS)
    found.state, found.decided_on, found.decided_by = State.VERIFIED, on, by
    found.until_on = min([last, *(paper.expires_on for paper in papers if paper.expires_on)])
    found.save(update_fields=["state", "decided_on", "decided_by", "until_on"])
    found.documents.set(papers)
    _note(found.customer, Customer.Verification.VERIFIED, on)
    return found


def _papers(verification: Verification, on: date) -> list[IdentityDocument]:
    """What the customer showed under this contract and what is valid; NotPossible unless it shows who it is."""
    customer = verification.customer
    shown = customer.identity_documents.filter(vendor=verification.vendor, purged_on=None)
    papers = [one for one in shown if one.expires_on is None or one.expires_on >= on]
    needed = PROOFS[Customer.Kind(customer.kind)]
    if not any(paper.kind in needed for paper in papers):
        words = " or ".join(kind.label for kind in needed)
        raise NotPossible(f"no valid {words} of customer {customer.pk} was shown")
    return papers


@transaction.atomic
def refuse(*, verification: Verification, on: date, by: Any = None, false_identity: bool = False) -> Verification:
    """Does not accept what a customer showed, or did not show; a false identity is a breach, with its clause.

    NotPossible for a question that is answered already.
    """
    found = _open(verification)
    found.state, found.decided_on, found.decided_by = State.REFUSED, on, by
    _note(found.customer, Customer.Verification.REFUSED, on)
    decision = ask_identity(found.customer, book().sheet(found.sheet), found_false=false_identity)
    found.because = decision.because
    found.false_identity = decision.outcome is not None and decision.outcome.breach
    found.save(update_fields=["state", "decided_on", "decided_by", "because", "false_identity"])
    return found


def _open(verification: Verification) -> Verification:
    rows = Verification.objects.select_for_update(of=("self", "customer")).select_related("customer")
    found = rows.get(pk=verification.pk)
    if found.state != State.ASKED:
        raise NotPossible(f"verification {found.pk} is {found.get_state_display()}")
    return found


def ask_again(verifications: Sequence[Verification], *, on: date, at: datetime) -> None:
    """Lets verifications run out whose last day is over, and asks again; their rows and customers are locked."""
    for one in verifications:
        decision = ask_identity(one.customer, book().sheet(one.sheet))
        _ask(one.customer, one.vendor, decision, on, at)

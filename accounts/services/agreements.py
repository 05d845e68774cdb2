"""What is done with agreements: who accepts which texts, what is yet to accept, and who owns a service."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, cast

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import (
    OF_AGENT,
    OF_NOBODY,
    Agreement,
    Amendment,
    ContractDocument,
    Customer,
    EndUser,
    Ownership,
    Reseller,
    SignedPower,
    Subscription,
)
from accounts.policy.agreements import AcceptanceFacts, UserAcceptance, decide_acceptance_user
from accounts.policy.contact import ContactDuty, ContactFacts, decide_contact_duty
from accounts.services.customers import NotPossible
from backoffice.terms.decision import Decision
from backoffice.terms.sections.agreements import DocumentKind

# What somebody accepts by ordering; the rest is for those who use the service, or for who passes it on.
OF_CUSTOMERS = ("terms", "order", "aup", "privacy", "sla")


class Signatory(NamedTuple):
    """Who accepted: the person, what he or she is there, how that stands to whom it binds, and by what authority."""

    name: str = ""
    role: str = ""
    capacity: str = Agreement.Capacity.SELF
    authority: str = ""


class Owned(NamedTuple):
    """Who owns a service now, and what the contract says about keeping that true."""

    ownership: Ownership
    decision: Decision[ContactDuty]


class ToAccept(NamedTuple):
    """A text that is yet to be accepted for a subscription; ``document`` is None where the books do not hold it."""

    subscription: Subscription
    kind: str
    document: ContractDocument | None
    because: list[dict[str, Any]]


@transaction.atomic
def accept(
    *,
    document: ContractDocument,
    by: Signatory,
    how: str,
    at: datetime,
    subscription: Subscription | None = None,
    end_user: EndUser | None = None,
    reseller: Reseller | None = None,
    told_by: str = "",
    evidence: str = "",
) -> Agreement:
    """Records that a text was accepted for a subscription, by an end user, or by who resells: exactly one of them.

    ``told_by`` and ``evidence`` say who passed the text on and where the proof of its acceptance is kept. Accepting
    again changes nothing. NotPossible where the text belongs to no contract of theirs.
    """
    if sum(party is not None for party in (subscription, end_user, reseller)) != 1:
        raise NotPossible("a text is accepted for one subscription, by one user, or by one reseller")
    customer = subscription.customer if subscription else end_user.customer if end_user else None
    _check_text(document, customer, subscription)
    if how == Agreement.How.PASSED_ON and not evidence:
        raise NotPossible("what somebody else tells of an acceptance needs its proof")
    told = {"how": how, "accepted_at": at, "told_by": told_by, "evidence": evidence}
    return _keep(document, by, told, subscription=subscription, end_user=end_user, reseller=reseller)


def _keep(
    document: ContractDocument,
    by: Signatory,
    told: dict[str, Any],
    *,
    subscription: Subscription | None = None,
    end_user: EndUser | None = None,
    reseller: Reseller | None = None,
) -> Agreement:
    """The agreement of one party with a text, made unless there is one; ValidationError names what cannot be so."""
    parties = {
        Agreement.Party.CUSTOMER: subscription,
        Agreement.Party.END_USER: end_user,
        Agreement.Party.RESELLER: reseller,
    }
    mine: dict[str, Any] = {
        "party": next(party for party, one in parties.items() if one is not None),
        "subscription": subscription,
        "end_user": end_user,
        "reseller": reseller,
        "document": document,
    }
    known = {
        "customer": subscription.customer if subscription else end_user.customer if end_user else None,
        "sheet": document.sheet,
        "sha256": document.sha256,
        "accepted_by": by.name,
        "accepted_role": by.role,
        "capacity": by.capacity,
        "authority": by.authority,
        **told,
    }
    Agreement(**mine, **known).full_clean(validate_unique=False, validate_constraints=False)
    return Agreement.objects.get_or_create(**mine, defaults=known)[0]


def accept_change(
    amendment: Amendment, subscription: Subscription, *, by: Signatory, how: str, at: datetime
) -> list[Agreement]:
    """Records that a customer accepted the texts of a change of its contract: what customers accept of the new version,
    and the text that was published with it. One that was accepted before stays as it is."""
    texts = newest_texts(amendment.new_sheet, OF_CUSTOMERS) if amendment.new_sheet else []
    if amendment.document is not None and amendment.document not in texts:
        texts.append(amendment.document)
    return [_keep(text, by, {"how": how, "accepted_at": at}, subscription=subscription) for text in texts]


def _check_text(document: ContractDocument, customer: Customer | None, subscription: Subscription | None) -> None:
    if customer is None:
        if document.kind != ContractDocument.Kind.RESELLER_AGREEMENT:
            raise NotPossible(f"{document} is no agreement about reselling")
    elif subscription is not None:
        if subscription.sheet != document.sheet:
            raise NotPossible(f"{document} is no text of subscription {subscription.pk}")
    elif not Subscription.objects.filter(customer=customer, sheet=document.sheet).exists():
        raise NotPossible(f"{document} is no text of a contract of {customer.pk}")


def accept_order(subscription: Subscription, *, by: Signatory, at: datetime) -> None:
    """Records that the order accepted the newest text of each document that customers accept."""
    customer = subscription.customer
    name = by.name or customer.contact_name or (customer.name if customer.kind == Customer.Kind.INDIVIDUAL else "")
    Agreement.objects.bulk_create(
        Agreement(
            customer=customer,
            subscription=subscription,
            document=document,
            sheet=document.sheet,
            sha256=document.sha256,
            accepted_at=at,
            how=Agreement.How.ORDER,
            accepted_by=name,
            accepted_role=by.role,
            capacity=by.capacity,
            authority=by.authority,
        )
        for document in newest_texts(subscription.sheet, OF_CUSTOMERS)
    )


def newest_texts(sheet: str, kinds: Iterable[str]) -> list[ContractDocument]:
    """The newest text of each title among some kinds of a version's documents."""
    newest: dict[str, ContractDocument] = {}
    for document in ContractDocument.objects.filter(sheet=sheet, kind__in=tuple(kinds)).order_by("id"):
        newest[document.title] = document
    return list(newest.values())


def documents_to_accept(of: Customer | EndUser) -> list[ToAccept]:
    """What a customer or an end user has yet to accept, contract by contract.

    A customer accepts by ordering; what was added to its contracts since is still to accept. A user accepts what the
    contracts of the licences that name it ask of users.
    """
    return _of_user(of) if isinstance(of, EndUser) else _of_customer(of)


def _of_customer(customer: Customer) -> list[ToAccept]:
    missing = []
    for subscription in Subscription.objects.running().filter(customer=customer).order_by("id"):
        accepted = set(subscription.agreements.values_list("document__title", flat=True))
        texts = newest_texts(subscription.sheet, OF_CUSTOMERS)
        missing += [ToAccept(subscription, one.kind, one, []) for one in texts if one.title not in accepted]
    return missing


def _of_user(user: EndUser) -> list[ToAccept]:
    missing = []
    held = Subscription.objects.running().filter(licences__holder=user).order_by("id")
    for subscription in held:
        decision = user_acceptance(user, subscription)
        for kind in decision.outcome.missing if decision.outcome else ():
            texts = newest_texts(subscription.sheet, [kind])
            missing.append(ToAccept(subscription, kind, texts[-1] if texts else None, decision.because))
    return missing


def user_acceptance(user: EndUser, subscription: Subscription, on: date | None = None) -> Decision[UserAcceptance]:
    """What the contract says about what a user has accepted of its texts, up to a day where one is given."""
    terms = subscription.terms
    made = user.agreements.filter(sheet=subscription.sheet)
    if on is not None:
        made = made.filter(accepted_at__lt=datetime.combine(on + timedelta(days=1), time.min, terms.zone))
    kinds = set(made.values_list("document__kind", flat=True))
    accepted = cast("tuple[DocumentKind, ...]", tuple(sorted(kinds)))
    return decide_acceptance_user(terms, AcceptanceFacts(accepted=accepted))


@transaction.atomic
def file_power(*, agreement: Agreement, reference: str, on: date) -> SignedPower:
    """Notes where an agent's power is kept; NotPossible for who is no agent, ValidationError for a second one."""
    if agreement.capacity != Agreement.Capacity.AGENT:
        raise NotPossible(f"agreement {agreement.pk} was not made by an agent")
    power = SignedPower(agreement=agreement, reference=reference, filed_on=on)
    power.full_clean()
    power.save()
    return power


@transaction.atomic
def record_owner(
    *, subscription: Subscription, owner: Customer, from_on: date, at: datetime, controller: str = "", told_by: str = ""
) -> Owned:
    """Notes that a service is somebody's from a day on, and who controls it where that is not its owner.

    Who owned it before did until that day. NotPossible for a day before the last change, and for what is so already.
    """
    locked = Subscription.objects.select_for_update().get(pk=subscription.pk)
    now = Ownership.objects.filter(subscription=locked, until_on=None)
    if now.filter(from_on__gt=from_on).exists():
        raise NotPossible(f"the owner of subscription {locked.pk} changed after {from_on} already")
    if now.filter(owner=owner, controller=controller).exists():
        raise NotPossible(f"subscription {locked.pk} is owned and controlled so already")
    now.update(until_on=from_on)
    made = Ownership.objects.create(
        subscription=locked, owner=owner, controller=controller, from_on=from_on, told_by=told_by, created_at=at
    )
    return Owned(made, decide_contact_duty(locked.terms, ContactFacts(part="ownership")))


def without_power() -> QuerySet[Agreement]:
    """Agreements that an agent made for a customer, and whose signed power is not on file."""
    return Agreement.objects.filter(OF_AGENT, power=None)


def without_name() -> QuerySet[Agreement]:
    """Agreements of customers of which nobody knows who accepted them."""
    return Agreement.objects.filter(OF_NOBODY)

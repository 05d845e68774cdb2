"""What is done with agreements: who accepts which texts, what is yet to accept, and who owns a service."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, cast

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import (
    Agreement,
    ContractDocument,
    Customer,
    EndUser,
    Ownership,
    Reseller,
    SignedPower,
    Subscription,
)
from accounts.policy.agreements import AcceptanceFacts, UserAcceptance, decide_acceptance_user
from accounts.services.customers import NotPossible
from backoffice.terms.decision import Decision
from backoffice.terms.sections.agreements import DocumentKind

# What somebody accepts by ordering; the rest is for those who use the service, or for who passes it on.
OF_CUSTOMERS = ("terms", "order", "aup", "privacy", "sla")


class Signatory(NamedTuple):
    """Who accepted: the person, what he or she is there, and for whom."""

    name: str = ""
    role: str = ""
    capacity: str = Agreement.Capacity.SELF


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
    parties: dict[str, Subscription | EndUser | Reseller | None] = {
        Agreement.Party.CUSTOMER: subscription,
        Agreement.Party.END_USER: end_user,
        Agreement.Party.RESELLER: reseller,
    }
    given = [party for party, one in parties.items() if one is not None]
    if len(given) != 1:
        raise NotPossible("a text is accepted for one subscription, by one user, or by one reseller")
    customer = subscription.customer if subscription else end_user.customer if end_user else None
    _check_text(document, customer, subscription)
    mine: dict[str, Any] = {
        "party": given[0],
        "subscription": subscription,
        "end_user": end_user,
        "reseller": reseller,
        "document": document,
    }
    known = {
        "customer": customer,
        "sheet": document.sheet,
        "sha256": document.sha256,
        "accepted_at": at,
        "how": how,
        "accepted_by": by.name,
        "accepted_role": by.role,
        "capacity": by.capacity,
        "told_by": told_by,
        "evidence": evidence,
    }
    Agreement(**mine, **known).full_clean(validate_unique=False, validate_constraints=False)
    if how == Agreement.How.PASSED_ON and not evidence:
        raise NotPossible("what somebody else tells of an acceptance needs its proof")
    return Agreement.objects.get_or_create(**mine, defaults=known)[0]


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
) -> Ownership:
    """Notes that a service is somebody's from a day on, and who controls it where that is not its owner.

    Who owned it before did until that day. NotPossible for a day before the last change.
    """
    Subscription.objects.select_for_update().get(pk=subscription.pk)
    now = Ownership.objects.filter(subscription=subscription, until_on=None)
    if now.filter(from_on__gt=from_on).exists():
        raise NotPossible(f"the owner of subscription {subscription.pk} changed after {from_on} already")
    now.update(until_on=from_on)
    return Ownership.objects.create(
        subscription=subscription, owner=owner, controller=controller, from_on=from_on, told_by=told_by, created_at=at
    )


def without_power() -> QuerySet[Agreement]:
    """Agreements that an agent made for a customer, and whose signed power is not on file."""
    return Agreement.objects.filter(capacity=Agreement.Capacity.AGENT, power=None)


def without_name() -> QuerySet[Agreement]:
    """Agreements of customers of which nobody knows who accepted them."""
    return Agreement.objects.filter(party=Agreement.Party.CUSTOMER, accepted_by="")

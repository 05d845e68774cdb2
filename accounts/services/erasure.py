"""Erasing what is held of a person: what has to stay stays sealed under the person's own key, all else goes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from accounts.disposal import Part, dispose, opened_record
from accounts.models import (
    OVER,
    Administrator,
    Customer,
    Disposal,
    EndUser,
    Erasure,
    KeptRecord,
    Membership,
    PersonKey,
    SealedOpening,
    SealedRecord,
    Subscription,
    User,
)
from accounts.policy.erasure import decide_erasure, keep_until
from accounts.policy.retention import RetentionFacts, decide_retention
from accounts.services.clauses import together
from accounts.services.customers import NotPossible
from accounts.services.persons import rows_of
from backoffice import sealed
from backoffice.privacy import bars, holdings
from backoffice.terms.book import book

Because = list[dict[str, Any]]
ON_REQUEST = "Erased on request"


class Kept(NamedTuple):
    """Until when something of a person stays, and why."""

    until: date
    basis: str
    sheet: str
    because: Because


def customer_of(person: Any) -> Customer | None:
    """The customer whom a person belongs to, which may be the customer itself; None for who signs in."""
    return person if isinstance(person, Customer) else getattr(person, "customer", None)


def was_erased(person: Any) -> bool:
    """Whether a person's data was erased at some time; what has come since is another matter."""
    kind = person._meta.label_lower
    let_go = KeptRecord.objects.filter(model=kind, row=person.pk, disposal__isnull=False)
    done = Erasure.objects.filter(state=Erasure.State.DONE, subject=kind, subject_id=person.pk)
    return done.exists() or let_go.exists()


@transaction.atomic
def erase(
    *,
    subject: Any,
    on: date,
    at: datetime,
    kind: Disposal.Kind = Disposal.Kind.ERASURE,
    basis: str = ON_REQUEST,
    because: Because | None = None,
    sheet: str = "",
) -> Erasure:
    """Erases what is held of a person, or says why not now. A customer is erased with all its people.

    What a retention keeps is sealed under the person's own key, one for each retention; everything else is replaced by
    neutral words. Whoever was erased before stays so: what has come since goes the same way.
    """
    customer = customer_of(subject)
    if customer is not None:
        customer = Customer.objects.select_for_update().get(pk=customer.pk)
    found = type(subject)._base_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    said = decide_erasure(bars(found, on))
    answer = {
        "subject": found._meta.label_lower,
        "subject_id": found.pk,
        "customer": customer,
        "because": said.because,
        "asked_on": on,
        "created_at": at,
    }
    if said.reason:
        return Erasure.objects.create(**answer, state=Erasure.State.REFUSED, refused_for=said.reason)
    persons = [*people_of(found), found]
    parts = [part for person in persons for part in parts_of(person, customer, on, at)]
    cited = together(said.because, because or [])
    judged_by = sheet or _last_sheet(customer)
    disposal = dispose(
        kind=kind,
        basis=basis,
        because=cited,
        parts=parts,
        vendor=judged_by.partition("/")[0],
        sheet=judged_by,
        on=on,
        at=at,
    )
    known = {"subject": answer.pop("subject"), "subject_id": answer.pop("subject_id"), "state": Erasure.State.DONE}
    erasure, _ = Erasure.objects.update_or_create(**known, defaults=answer | {"disposal": disposal})
    return erasure


@transaction.atomic
def erase_person(*, subject: Any, on: date, at: datetime) -> Erasure:
    """Erases whatever rows a person is known by, or none of them where something stands in the way of one."""
    rows = [one for one in rows_of(subject) if isinstance(one, type(subject)) or not isinstance(one, User)]
    in_the_way = next((one for one in rows if bars(one, on)), None)
    if in_the_way is not None:
        return erase(subject=in_the_way, on=on, at=at)
    # The given row is the first, and the last to go: others are found by what it says.
    return [erase(subject=one, on=on, at=at) for one in reversed(rows)][-1]


def people_of(person: Any) -> list[Any]:
    """Who is erased with a person, each under a key of their own: a customer's people, and who signs in for them."""
    if isinstance(person, Administrator):
        return list(_signing_in(person.customer).filter(email__iexact=person.email))
    if isinstance(person, Customer):
        known = Administrator.objects.filter(customer=person), EndUser.objects.filter(customer=person)
        return [one for rows in (*known, _signing_in(person)) for one in rows.order_by("pk")]
    return []


def _signing_in(customer: Customer) -> QuerySet[User]:
    """Who signs in for this customer only."""
    elsewhere = Membership.objects.exclude(customer=customer).values("user")
    return User.objects.filter(memberships__customer=customer, is_staff=False).exclude(pk__in=elsewhere)


def parts_of(person: Any, customer: Customer | None, on: date, at: datetime) -> list[Part]:
    """What hangs on a person, each with the key of the retention that keeps it, where one still does."""
    found = []
    for holding in holdings():
        hangs = holding.hangs.get(type(person))
        if hangs is None:
            continue
        if holding.model._base_manager.filter(hangs(person)).exists():
            retention = holding.retention if holding.columns else ""
            found.append(Part(holding, person, _key(person, retention, customer, on, at)))
    return found


def _key(person: Any, retention: str, customer: Customer | None, on: date, at: datetime) -> PersonKey | None:
    """The person's key for a retention, made where there is none yet; None where nothing keeps anything any more."""
    kept = what_keeps(customer, retention, on)
    if kept is None:
        return None
    named = {"subject": person._meta.label_lower, "subject_id": person.pk, "retention": retention}
    key = PersonKey.objects.filter(**named).first()
    if key is not None:
        return key if key.destroyed_on is None else None
    key = PersonKey(
        **named,
        customer=customer,
        basis=kept.basis,
        vendor=_last_vendor(customer),
        sheet=kept.sheet,
        because=kept.because,
        keep_until=kept.until,
        created_at=at,
    )
    key.house_key, key.wrapped = sealed.wrap_key(sealed.new_key(), key.place)
    key.save()
    return key


def what_keeps(customer: Customer | None, retention: str, on: date) -> Kept | None:
    """Until when a named retention keeps something of a customer, counted from the end of its last contract, or from
    that day where there never was one; None where it keeps nothing, or not beyond a day."""
    ends = customer.subscriptions.values_list("ends_on", flat=True) if customer is not None else ()
    ended_on = max((end for end in ends if end is not None), default=on)
    if retention == "contact":
        kept = _kept_by_contract(customer, ended_on) if customer is not None else None
    elif retention:
        years, basis = settings.RETENTIONS[retention]
        kept = Kept(keep_until(ended_on, years), basis, "", [])
    else:
        kept = None
    return kept if kept is not None and kept.until > on else None


def _kept_by_contract(customer: Customer, ended_on: date) -> Kept | None:
    """What the contracts themselves say of contacts: the longest of them; None where none says anything. While a
    contract of an affiliate keeps them, they stay as long as if it ended now."""
    answers = []
    _, last = affiliates(customer)
    for name in set(customer.subscriptions.values_list("sheet", flat=True)):
        facts = RetentionFacts(data="contact", ended_on=ended_on, affiliates_ended_on=max(ended_on, last or ended_on))
        decision = decide_retention(book().sheet(name), facts)
        if decision.outcome is not None and decision.outcome.erase_on is not None:
            answers.append(Kept(decision.outcome.erase_on, "Kept as the contract says", name, decision.because))
    return max(answers, key=lambda kept: (kept.until, kept.sheet), default=None)


def group_of(customer: Customer) -> QuerySet[Customer]:
    """The customer and its affiliates."""
    head = customer.affiliate_of_id or customer.pk
    return Customer.objects.filter(Q(pk=head) | Q(affiliate_of=head))


def affiliates(customer: Customer) -> tuple[bool, date | None]:
    """Whether a contract with an affiliate still runs, and when the last of those that are over ended."""
    theirs = Subscription.objects.filter(customer__in=group_of(customer).exclude(pk=customer.pk))
    return theirs.exclude(state__in=OVER).exists(), theirs.over().aggregate(last=Max("ends_on"))["last"]


def _last_sheet(customer: Customer | None) -> str:
    """The terms of the newest contract of a customer; empty where there never was one."""
    sheets = customer.subscriptions.order_by("-id").values_list("sheet", flat=True) if customer is not None else ()
    return next(iter(sheets[:1]), "")


def _last_vendor(customer: Customer | None) -> str:
    """The vendor whose day looks after what stays: that of the newest contract, or any where there never was one."""
    return _last_sheet(customer).partition("/")[0] or book().vendors()[0]


@transaction.atomic
def open_record(*, record: SealedRecord, by: Any, reason: str, at: datetime) -> dict[str, Any]:
    """What a sealed record holds, for a member of the staff who says what for, which is kept; NotPossible without a
    reason, or once its key is destroyed."""
    if not reason.strip():
        raise NotPossible("a sealed record is opened for a reason only")
    found = SealedRecord.objects.select_related("key").select_for_update(of=("self",)).get(pk=record.pk)
    if found.key.destroyed_on is not None:
        raise NotPossible(f"the key of {found} was destroyed on {found.key.destroyed_on}")
    SealedOpening.objects.create(record=found, opened_by=by, reason=reason.strip(), opened_at=at)
    return opened_record(found)


@transaction.atomic
def destroy_keys(vendor: str, day: date, at: datetime, count: int) -> int:
    """Destroys keys whose time is over on a vendor's day, with all that they seal; returns how many."""
    due = PersonKey.objects.filter(vendor=vendor, keep_until__lte=day, destroyed_on=None).order_by("keep_until", "id")
    keys = list(due.select_for_update(skip_locked=True)[:count])
    for basis in sorted({key.basis for key in keys}):
        those = [key for key in keys if key.basis == basis]
        because = together(*(key.because for key in those))
        sheet = book().newest(vendor).id
        dispose(
            kind=Disposal.Kind.KEY, basis=basis, keys=those, because=because, vendor=vendor, sheet=sheet, on=day, at=at
        )
    return len(keys)

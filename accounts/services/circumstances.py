"""What is done about what comes from outside: events are told, force majeure moves deadlines, contracts pass on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from accounts.letters import announcement_letter
from accounts.models import (
    RUNNING,
    Announcement,
    Assignment,
    Breach,
    Customer,
    ForceMajeure,
    Handover,
    Licence,
    MovedDeadline,
    Notice,
    Subscription,
    Ticket,
    TransferConsent,
)
from accounts.notices import about_contract, write_notices
from accounts.policy.assigning import Assigned, AssigningFacts, decide_contract_assign
from accounts.policy.errors import FoundFacts, decide_errors_elsewhere, tell_found
from accounts.policy.force_majeure import Excuse, ForceMajeureFacts, decide_force_majeure
from accounts.policy.third_parties import ThirdPartyFacts, decide_third_party_change, tell_third_party
from accounts.policy.user_data import TransferFacts, decide_user_data_transfer
from accounts.services.customers import NotPossible, locked_customer
from backoffice.terms.book import book
from backoffice.terms.decision import Decision
from backoffice.terms.facts import Party
from backoffice.terms.sections.circumstances import NewParty
from backoffice.terms.sheet import Sheet

Because = list[dict[str, Any]]


class Answer(NamedTuple):
    """What a contract says of an event: in a sentence, empty where it is silent, and with its clauses."""

    told: bool
    says: str
    because: Because


def announce(
    *, vendor: str, kind: str, text: str, happened_on: date, on: date, at: datetime, plan: str = ""
) -> Announcement:
    """Notes an event that the vendor's next days tell every customer of; ValidationError names what is not right."""
    made = Announcement(
        vendor=vendor, kind=kind, plan=plan, text=text, happened_on=happened_on, tell_on=on, created_at=at
    )
    made.full_clean()
    made.save()
    return made


def tell_announcement(announcement: Announcement, *, day: date, at: datetime, count: int) -> int:
    """Tells some more customers of an event, and returns how many contracts it was; the event is locked."""
    rows = Subscription.objects.running().filter(vendor=announcement.vendor, pk__gt=announcement.reached)
    if announcement.plan:
        rows = rows.filter(plan=announcement.plan)
    found = list(rows.select_related("customer").order_by("pk")[: count + 1])
    answers: dict[str, Answer] = {}
    drafts = []
    for contract in found[:count]:
        answer = answers.setdefault(contract.sheet, _answer(announcement, contract.terms))
        if answer.told:
            letter = announcement_letter(announcement, contract, answer.says, answer.because)
            about = f"{announcement.pk}"
            kind = Notice.Kind.ANNOUNCEMENT
            drafts.append(about_contract(kind, contract, about, answer.because, on=day, letter=letter))
    write_notices(drafts, at=at)
    over = {"told_on": day} if len(found) <= count else {}
    last = found[:count][-1].pk if found else F("reached")
    Announcement.objects.filter(pk=announcement.pk).update(reached=last, **over)
    return len(found[:count])


def _answer(announcement: Announcement, sheet: Sheet) -> Answer:
    kind, happened_on = announcement.kind, announcement.happened_on
    if kind == Announcement.Kind.KNOWN_ERROR:
        found = decide_errors_elsewhere(sheet, FoundFacts(learned_on=happened_on))
        told = found.outcome is None or found.outcome.told
        return Answer(told, tell_found(found.outcome) if found.outcome else "", found.because)
    if kind == Announcement.Kind.FORCE_MAJEURE:
        excuse = _excuse(sheet, "vendor", happened_on, announcement.tell_on, None, announcement.tell_on, happened_on)
        return Answer(True, "", excuse.because)
    event = "change" if kind == Announcement.Kind.THIRD_PARTY_CHANGE else "end"
    answer = decide_third_party_change(sheet, ThirdPartyFacts(event=event, material=True))  # type: ignore[arg-type]  # one of two words
    return Answer(True, tell_third_party(answer.outcome) if answer.outcome else "", answer.because)


@transaction.atomic
def note_force_majeure(
    *, vendor: str, text: str, began_on: date, on: date, at: datetime, subscription: Subscription | None = None
) -> ForceMajeure:
    """Notes what lies beyond the control of the vendor's side, whose customers are told of it, or of one customer, who
    told us of it on this day; the contract says by when that had to be."""
    by: Party = "vendor" if subscription is None else "customer"
    sheet = subscription.terms if subscription else book().sheet_for(vendor, began_on)
    excuse = _excuse(sheet, by, began_on, on, None, on, began_on)
    event = ForceMajeure(
        vendor=vendor,
        by=by,
        subscription=subscription,
        text=text,
        sheet=sheet.id,
        began_on=began_on,
        told_on=on,
        tell_by=excuse.outcome.tell_by if excuse.outcome else None,
        because=excuse.because,
        created_at=at,
    )
    event.full_clean(exclude=["subscription"])
    event.save()
    if subscription is None:
        kind = Announcement.Kind.FORCE_MAJEURE
        announce(vendor=vendor, kind=kind, text=text, happened_on=began_on, on=on, at=at)
    return event


@transaction.atomic
def end_force_majeure(*, event: ForceMajeure, over_on: date) -> list[MovedDeadline]:
    """Notes the first day without it, and moves the deadlines of the party that it excused: what support has to answer,
    and what is to be put right. Each deadline's own contract says whether it moves. NotPossible where it is over."""
    found = ForceMajeure.objects.select_for_update().get(pk=event.pk)
    if found.over_on is not None or over_on < found.began_on:
        raise NotPossible(f"the force majeure of {found.began_on} cannot be over on {over_on}")
    end = _excuse(book().sheet(found.sheet), found.by, found.began_on, found.told_on, over_on, over_on, found.began_on)
    found.over_on = over_on
    found.dissolve_from = end.outcome.dissolve_from if end.outcome else None
    found.because = end.because
    found.save(update_fields=["over_on", "dissolve_from", "because"])
    moved = [*_move_tickets(found, over_on), *_move_breaches(found, over_on)]
    return MovedDeadline.objects.bulk_create(moved)


def _move_tickets(event: ForceMajeure, over_on: date) -> list[MovedDeadline]:
    """Tickets that wait for our answer; a customer's force majeure moves none."""
    if event.by != "vendor":
        return []
    moved, changed = [], []
    waiting = Ticket.objects.waiting().filter(vendor=event.vendor, due_at__isnull=False)
    for ticket in waiting.select_for_update(of=("self",)).select_related("subscription"):
        due_at = ticket.due_at
        if due_at is None or (row := _moved(event, ticket.terms, due_at.date(), over_on)) is None:
            continue
        later = timedelta(days=(row.new_due_on - row.old_due_on).days)
        ticket.due_at, ticket.alarmed = due_at + later, 0
        ticket.warn_at = ticket.warn_at + later if ticket.warn_at else None
        ticket.alarm_at = ticket.warn_at
        row.ticket = ticket
        moved.append(row)
        changed.append(ticket)
    Ticket.objects.bulk_update(changed, ["due_at", "warn_at", "alarm_at", "alarmed"])
    return moved


def _move_breaches(event: ForceMajeure, over_on: date) -> list[MovedDeadline]:
    """The times in which the prevented party was to put a breach right."""
    moved, changed = [], []
    open_ones = Breach.objects.filter(vendor=event.vendor, by=event.by, state=Breach.State.OPEN, cure_by__isnull=False)
    if event.subscription_id is not None:
        open_ones = open_ones.filter(subscription=event.subscription_id)
    for breach in open_ones.select_for_update(of=("self",)):
        row = _moved(event, book().sheet(breach.sheet), breach.cure_by, over_on) if breach.cure_by else None
        if row is None or breach.cure_by is None:
            continue
        later = row.new_due_on - row.old_due_on
        breach.cure_by = row.new_due_on
        breach.may_end_from = breach.may_end_from + later if breach.may_end_from else None
        row.breach = breach
        moved.append(row)
        changed.append(breach)
    Breach.objects.bulk_update(changed, ["cure_by", "may_end_from"])
    return moved


def _moved(event: ForceMajeure, sheet: Sheet, due_on: date, over_on: date) -> MovedDeadline | None:
    decision = _excuse(sheet, event.by, event.began_on, event.told_on, over_on, over_on, due_on)
    if decision.outcome is None or decision.outcome.due_on <= due_on:
        return None
    return MovedDeadline(
        event=event,
        old_due_on=due_on,
        new_due_on=decision.outcome.due_on,
        sheet=decision.sheet,
        because=decision.because,
    )


def _excuse(
    sheet: Sheet, by: str, began_on: date, told_on: date | None, over_on: date | None, as_of: date, due_on: date
) -> Decision[Excuse]:
    facts = {"contract": "service", "by": by, "duty": "other", "lack_of_funds": False}
    days = {"began_on": began_on, "told_on": told_on, "over_on": over_on, "as_of": as_of, "due_on": due_on}
    return decide_force_majeure(sheet, ForceMajeureFacts.model_validate({**facts, **days}))


class Handed(NamedTuple):
    """What a wish to hand a contract on came to."""

    handover: Handover
    decision: Decision[Assigned]


@transaction.atomic
def hand_contract_on(
    *,
    subscription: Subscription,
    to: Customer,
    relation: NewParty,
    on: date,
    at: datetime,
    consent: bool = False,
    told_in_writing: bool = False,
    bound: bool = False,
) -> Handed:
    """Puts another customer in the place of the one that a contract has, if the contract lets it; a "no" is kept too.

    Where the contract is silent it takes the vendor's consent. Licences become free, as they named people of the one
    before, and its administrators stay with it. NotPossible for a contract that does not run, or is that customer's.
    """
    contract = Subscription.objects.select_for_update(of=("self",)).select_related("customer").get(pk=subscription.pk)
    locked_customer(to)
    if contract.state not in RUNNING or contract.customer_id == to.pk:
        raise NotPossible(f"subscription {contract.pk} cannot be handed on to {to.pk}")
    facts = AssigningFacts(
        contract="service",
        by="customer",
        to=relation,
        consent=consent,
        told_in_writing=told_in_writing,
        bound=bound,
    )
    decision = decide_contract_assign(contract.terms, facts)
    allowed = decision.outcome.allowed if decision.outcome else consent
    handover = Handover.objects.create(
        subscription=contract,
        from_customer=contract.customer,
        to_customer=to,
        relation=relation,
        consent=consent,
        told_in_writing=told_in_writing,
        bound=bound,
        on=on,
        allowed=allowed,
        reason=decision.outcome.reason if decision.outcome else "silent",
        sheet=decision.sheet,
        because=decision.because,
        created_at=at,
    )
    if allowed:
        held = Licence.objects.filter(subscription=contract, holder__isnull=False)
        Assignment.objects.filter(licence__in=held, until_on=None).update(until_on=on)
        held.update(holder=None, assigned_on=None)
        Subscription.objects.filter(pk=contract.pk).update(customer=to)
    return Handed(handover, decision)


def note_transfer_consent(subscription: Subscription) -> None:
    """Keeps that a customer who begins to use a service consents to its data going where the vendor processes it."""
    country = subscription.customer.country
    decision = decide_user_data_transfer(subscription.terms, TransferFacts(country=country))
    if decision.outcome is not None and decision.outcome.consented:
        TransferConsent.objects.get_or_create(
            customer=subscription.customer,
            vendor=subscription.vendor,
            defaults={
                "to_country": decision.outcome.to,
                "on": subscription.start,
                "sheet": decision.sheet,
                "because": decision.because,
            },
        )

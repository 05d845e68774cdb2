"""What is done about outages and maintenance: recorded once, imported, planned, told to administrators."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.models import Administrator, ConductCase, Notice, Subscription, VendorContract
from accounts.notices import Draft, about_contract, write_notices
from accounts.services import note_vendor_outage
from backoffice.terms.book import book
from backoffice.terms.decision import Decision
from billing.letters import maintenance_letter
from billing.models import Maintenance, Outage
from billing.policy.maintenance import MaintenanceAnswer, MaintenanceFacts, decide_maintenance_counts

# The services that a vendor's claim window is asked for where an outage was of all of them.
EVERY_SERVICE = ("voice", "chat", "email", "exchange")
COLUMNS = ("key", "service", "server", "from", "to", "cause")


class Found(NamedTuple):
    """An outage as it was recorded, and whether it is new or was known."""

    outage: Outage
    new: bool


@transaction.atomic
def record_outage(
    *,
    vendor: str,
    key: str,
    began_at: datetime,
    cause: str,
    at: datetime,
    ended_at: datetime | None = None,
    service: str = "",
    server: str = "",
    maintenance: Maintenance | None = None,
    case: ConductCase | None = None,
) -> Found:
    """Records an outage, and our own last days for claiming a credit from the vendor.

    The same key again tells when an outage that lasted was over; nothing else of it changes. ValidationError for one
    that ends before it begins, or whose service or cause there is not.
    """
    known = Outage.objects.select_for_update().filter(key=key).first()
    if known is not None:
        if known.ended_at is None and ended_at is not None:
            known.ended_at = ended_at
            known.full_clean()
            known.save(update_fields=["ended_at"])
            _claim_from_vendor(known, at)
        return Found(known, new=False)
    outage = Outage(
        key=key,
        vendor=vendor,
        service=service,
        server=server,
        began_at=began_at,
        ended_at=ended_at,
        cause=cause,
        maintenance=maintenance,
        case=case,
        created_at=at,
    )
    outage.full_clean()
    outage.save()
    _claim_from_vendor(outage, at)
    return Found(outage, new=True)


def _claim_from_vendor(outage: Outage, at: datetime) -> None:
    """What a vendor owes us for an outage is another question than what we owe customers: it has its own last day."""
    if outage.cause != "server" or outage.ended_at is None:
        return
    for contract in VendorContract.objects.filter(vendor=outage.vendor, ends_on=None):
        ended_on = outage.ended_at.astimezone(contract.terms.zone).date()
        for service in [outage.service] if outage.service else EVERY_SERVICE:
            note_vendor_outage(contract=contract, service=service, ended_on=ended_on, at=at)


class Imported(NamedTuple):
    """What a file of outages brought: new ones, those that were known, and what is wrong, by line."""

    new: int
    known: int
    wrong: Sequence[tuple[int, str]]


@transaction.atomic
def import_outages(*, vendor: str, lines: Iterable[str], at: datetime) -> Imported:
    """Records the outages of a CSV file: a key, the service, the server, from and to (moments with their offset, the
    second empty while it lasts) and the cause, under these headings. Nothing is recorded where a line is wrong; the
    same file again changes nothing. KeyError for a vendor that there is not."""
    book().newest(vendor)
    rows = csv.DictReader(lines)
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        return Imported(0, 0, [(1, f"the column {missing[0]!r} is missing")])
    new = known = 0
    wrong: list[tuple[int, str]] = []
    for row in rows:
        try:
            with transaction.atomic():
                found = record_outage(vendor=vendor, at=at, **_read(row))
        except (ValueError, ValidationError) as refusal:
            wrong.append((rows.line_num, _reason(refusal)))
        else:
            new, known = new + found.new, known + (not found.new)
    if wrong:
        transaction.set_rollback(True)
        return Imported(0, 0, wrong)
    return Imported(new, known, ())


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """One line of a file; ValueError for what cannot be read."""
    if None in row or None in row.values():
        raise ValueError("the line has another number of columns than the heading")
    return {
        "key": row["key"],
        "service": row["service"],
        "server": row["server"],
        "began_at": _moment(row["from"]),
        "ended_at": _moment(row["to"]) if row["to"] else None,
        "cause": row["cause"],
    }


def _moment(words: str) -> datetime:
    moment = datetime.fromisoformat(words)
    if moment.tzinfo is None:
        raise ValueError(f"{words} has no offset")
    return moment


def _reason(refusal: ValueError | ValidationError) -> str:
    if isinstance(refusal, ValidationError):
        field, reasons = next(iter(refusal.message_dict.items()))
        return f"{field}: {reasons[0]}"
    return str(refusal)


def plan_maintenance(
    *,
    vendor: str,
    begins_at: datetime,
    ends_at: datetime,
    tell_on: date,
    at: datetime,
    kind: str = Maintenance.Kind.PLANNED,
    service: str = "",
    server: str = "",
    text: str = "",
) -> Maintenance:
    """Puts maintenance into the calendar; the vendor's next days tell its customers' administrators.

    ValidationError for a window that ends before it begins, or is in the calendar already.
    """
    made = Maintenance(
        vendor=vendor,
        service=service,
        server=server,
        kind=kind,
        begins_at=begins_at,
        ends_at=ends_at,
        text=text,
        tell_on=tell_on,
        created_at=at,
    )
    made.full_clean()
    made.save()
    return made


def tell_maintenance(maintenance: Maintenance, *, day: date, at: datetime, count: int) -> int:
    """Tells some more customers of maintenance, and returns how many contracts it was; its row is locked.

    Each administrator is written to; where a customer has none, its own address is.
    """
    rows = Subscription.objects.running().filter(vendor=maintenance.vendor, pk__gt=maintenance.reached)
    found = list(rows.select_related("customer").order_by("pk")[: count + 1])
    some = found[:count]
    administrators: dict[int, list[str]] = defaultdict(list)
    named = Administrator.objects.filter(
        customer__in={one.customer_id for one in some}, vendor=maintenance.vendor, removed_on=None
    )
    for customer, email in named.order_by("pk").values_list("customer", "email"):
        administrators[customer].append(email)
    drafts: list[Draft] = []
    for one in some:
        because = ask_maintenance(maintenance, one, day).because
        letter = maintenance_letter(maintenance, one, because)
        for place, email in enumerate(administrators[one.customer_id] or [one.customer.email]):
            about = _about(maintenance, place)
            draft = about_contract(Notice.Kind.MAINTENANCE, one, about, because, on=day, letter=letter)
            drafts.append(draft._replace(recipient=email))
    write_notices(drafts, at=at)
    over = {"told_on": day} if len(found) <= count else {}
    last = some[-1].pk if some else F("reached")
    Maintenance.objects.filter(pk=maintenance.pk).update(reached=last, **over)
    return len(some)


def _about(maintenance: Maintenance, place: int) -> str:
    return f"{maintenance.pk}/{place}"


def ask_maintenance(
    maintenance: Maintenance, subscription: Subscription, told_on: date | None
) -> Decision[MaintenanceAnswer]:
    """Whether maintenance counts as such for a customer who was told on a day, or not at all."""
    facts = MaintenanceFacts(
        kind=maintenance.kind,  # type: ignore[arg-type]  # one of the two that the database lets be
        begins_at=maintenance.begins_at,
        ends_at=maintenance.ends_at,
        told_on=told_on,
    )
    return decide_maintenance_counts(subscription.terms, facts)


def told_of(maintenance: Maintenance, subscription: Subscription) -> date | None:
    """The day on which a customer counts as told of maintenance: when the first letter of it counts as received, else
    left; None where none did, or all came back."""
    names = f"{Notice.Kind.MAINTENANCE}/{subscription.pk}/{maintenance.pk}/"
    letters = Notice.objects.filter(subscription=subscription, obligation__startswith=names, sent_at__isnull=False)
    reached = letters.exclude(state__in=[Notice.State.BOUNCED, Notice.State.FAILED])
    moments = [letter.deemed_at or letter.sent_at for letter in reached]
    days = [moment.astimezone(subscription.terms.zone).date() for moment in moments if moment is not None]
    return min(days, default=None)


class Counted(NamedTuple):
    """An outage as it counts for one customer: its cause, and the clauses where that is another than was recorded."""

    outage: Outage
    cause: str
    because: Sequence[dict[str, Any]]


def count_outages(subscription: Subscription, service: str, month: date) -> list[Counted]:
    """The outages that may touch a service of a customer's in a month (by its first day), each by its cause for that
    customer: maintenance that it was not told of in time counts as an outage of the servers, and an outage that its own
    breach caused earns it nothing."""
    zone = subscription.terms.zone
    first = datetime(month.year, month.month, 1, tzinfo=zone)
    # Outages that touch are one, which may have begun in the month before.
    window = (first - LONGEST, first + LONGEST)
    rows = Outage.objects.filter(vendor=subscription.vendor, service__in=["", service], began_at__range=window)
    rows = rows.filter(ended_at__isnull=False).select_related("maintenance", "case").order_by("began_at", "id")
    return [_counted(outage, subscription) for outage in rows]


LONGEST = timedelta(days=33)


def _counted(outage: Outage, subscription: Subscription) -> Counted:
    if outage.case is not None and outage.case.subscription_id == subscription.pk:
        return Counted(outage, "aup_breach", outage.case.because)
    if outage.cause not in ("planned_maintenance", "hot_fix"):
        return Counted(outage, outage.cause, ())
    if outage.maintenance is None:
        return Counted(outage, "server", ())
    decision = ask_maintenance(outage.maintenance, subscription, told_of(outage.maintenance, subscription))
    if decision.outcome is None or decision.outcome.counts:
        return Counted(outage, outage.cause, decision.because)
    return Counted(outage, "server", decision.because)

"""Books for which a day has something to do in nearly every job: a few rows for each, of whichever vendors' contracts know
it. What a day finds must be long under way, so some dates are moved to where time would have brought them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import (
    Amendment,
    ConductCase,
    Customer,
    IdentityDocument,
    KeptRecord,
    PersonKey,
    PlannedDisposal,
    Reason,
    Screening,
    SeatChange,
    Subscription,
    Verification,
)
from accounts.services import (
    Publication,
    Supply,
    add_seats,
    announce,
    assign_licence,
    give_notice,
    note_overdue,
    note_succession,
    publish_amendment,
    sign_vendor_contract,
    suspend,
    tell_breach,
    terminate,
)
from accounts.services.amendment_plans import plan_notices
from accounts.services.amendments import tell_customers
from accounts.services.conduct import suspend_for
from accounts.services.documents import Shown, add_document_of
from accounts.services.eligibility import open_case
from accounts.services.erasure import erase
from accounts.services.files import note_loose_files
from accounts.services.retention import plan_disposals
from accounts.services.screenings import screen
from backoffice import outbox
from billing.models import CreditClaim, Dispute
from billing.services import Incident, answer_dispute, file_claim, plan_maintenance, raise_dispute, record_payment
from tests.builders import (
    make_administrator,
    make_case,
    make_customer,
    make_end,
    make_end_user,
    make_invoice,
    make_price,
    make_subscription,
)

DAY = date(2027, 2, 21)
BEFORE = DAY - timedelta(days=1)
# The day on which contracts begin whose first year is over when DAY begins, and the one of those that run on.
OVER_BY_THEN, STILL_RUNNING = date(2026, 2, 21), date(2026, 3, 1)
# When that was done which DAY finds under way.
THEN = date(2026, 6, 1)
# Of each kind; more of the commonest, so that they take more than one chunk.
SOME = 3


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def fill(renewals: int) -> None:
    make_price()
    renew_or_end(renewals)
    for do in (
        add_some_seats,
        sign_ours,
        change_terms,
        tell_of_an_event,
        look_at_customers,
        stop_contracts,
        let_data_go,
        leave_files,
        dispute_bills,
        owe,
        work_on_services,
        suspend_over_spam,
    ):
        do()
    # Only what the day itself writes is to leave after it.
    outbox.deliver(at=noon(BEFORE))


def renew_or_end(count: int) -> None:
    """A third each: is told of its renewal and invoiced, renews and has seats leave, ends."""
    for number in range(count):
        due = number % 3 == 0
        subscription = make_subscription(accepted_on=STILL_RUNNING if due else OVER_BY_THEN, quantity=1 + number)
        if number % 3 == 1:
            leaving = SeatChange.objects.create(
                subscription=subscription,
                vendor=subscription.vendor,
                kind=SeatChange.Kind.GIVEN_UP,
                seats=1,
                asked_on=DAY,
                effective_on=DAY,
                sheet=subscription.sheet,
                created_at=noon(DAY),
            )
            subscription.licences.filter(number=1).update(given_up=leaving)
        if number % 3 == 2:
            give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="customer")


def add_some_seats() -> None:
    """Seats that DAY invoices, for customers who have paid some of it before."""
    for one in some():
        make_administrator(one)
        add_seats(subscription=one, seats=1, unit_price=Decimal(99), asked_by="ada@example.com", on=DAY, at=noon(DAY))
        received: dict[str, Any] = {"method": "card", "currency": "GBP", "received_on": BEFORE, "at": noon(BEFORE)}
        record_payment(customer=one.customer, key=f"before {one.pk}", amount=Decimal(10), **received)


def some(vendor: str = "secureflag", **changes: Any) -> list[Subscription]:
    """Contracts that have nothing else to do on DAY, under a plan of their own."""
    return [make_subscription(vendor, **{"plan": "Quiet", "accepted_on": THEN, **changes}) for _ in range(SOME)]


def sign_ours() -> None:
    """Our own contracts with vendors: a year is over, and its deadlines come near or have passed."""
    for number in range(SOME):
        supply = Supply("secureflag", f"Folder {number}", OVER_BY_THEN, cycle_months=12)
        sign_vendor_contract(supply=supply, at=noon(OVER_BY_THEN))
    # Behind these stands a customer whose own year is over: its last day for a notice is another one then.
    for one in some(plan="Team", accepted_on=OVER_BY_THEN):
        supply = Supply("secureflag", f"For {one.pk}", STILL_RUNNING, cycle_months=12, subscription=one)
        sign_vendor_contract(supply=supply, at=noon(STILL_RUNNING))


def change_terms() -> None:
    """A price that DAY has to tell of, and one that was told of and begins with the next year."""
    some(plan="Told")
    change = Publication("secureflag", "price", DAY, "It rises.", plan="Told")
    publish_amendment(change=change, on=BEFORE, at=noon(BEFORE))
    make_price(plan="Begins")
    some(plan="Begins", accepted_on=OVER_BY_THEN)
    change = Publication("secureflag", "price", THEN, "It rises.", plan="Begins")
    told: Amendment = publish_amendment(change=change, on=THEN, at=noon(THEN))
    plan_notices(told, day=THEN, count=SOME)
    tell_customers(list(told.notices.select_related("amendment", "subscription__customer")), day=THEN, at=noon(THEN))


def tell_of_an_event() -> None:
    some(plan="Hears")
    known = {"vendor": "secureflag", "kind": "end", "text": "A supplier is gone.", "plan": "Hears"}
    announce(**known, happened_on=BEFORE, on=DAY, at=noon(BEFORE))


def look_at_customers() -> None:
    """Another list of the barred, documents that were not shown, an identity that has run out, a file to be destroyed."""
    for one in some():
        screen(customer=one.customer, vendor=one.vendor, on=THEN, at=noon(THEN))
        Verification.objects.create(
            customer=one.customer,
            vendor=one.vendor,
            state=Verification.State.VERIFIED,
            asked_on=THEN,
            decided_on=THEN,
            until_on=BEFORE,
            sheet=one.sheet,
            created_at=noon(THEN),
        )
        shown = Shown("passport", b"%PDF-1.4\n" + str(one.pk).encode() + b"\n%%EOF\n")
        add_document_of(customer=one.customer, vendor=one.vendor, shown=shown, on=THEN, at=noon(THEN))
    Screening.objects.update(list_sha256="0" * 64)
    IdentityDocument.objects.update(purge_on=DAY)
    for _ in range(SOME):
        customer = make_customer(phone="+33612345678")
        contract = make_subscription(
            "cryptopass", customer=customer, accepted_on=date(2027, 1, 20), plan="Quiet", commitment=True
        )
        open_case(contract, on=date(2027, 1, 20), at=noon(THEN))


def stop_contracts() -> None:
    """A suspension that is over, a case that is to be looked at, an end that has come, a breach, a merger."""
    for one in some():
        note_overdue(subscription=one, since=THEN, on=THEN, at=noon(THEN))
    for one in some():
        suspend(subscription=one, reason=Reason.UNPAID, because=[], until=BEFORE, on=THEN, at=noon(THEN))
    for one in some():
        make_case("secureflag", subscription=one, violation="copying", on=THEN, at=noon(THEN))
    ConductCase.objects.update(look_on=DAY)
    for one in some("securepacket"):
        make_end(one, BEFORE, told_on=THEN)
    for one in some():
        tell_breach(subscription=one, kind="material", detail="It is resold.", on=THEN, at=noon(THEN))
    for one in some("ethicmail", cycle_months=12):
        note_succession(subscription=one, event="merger", in_writing=True, on=THEN, at=noon(THEN))


def dispute_bills() -> None:
    """Bills that were rightly disputed, to be credited."""
    for one in some():
        at = noon(THEN)
        raised = raise_dispute(invoice=make_invoice(one), form="email", facts="Paid twice.", received_at=at, at=at)
        assert raised.dispute is not None
        answer_dispute(dispute=raised.dispute, right=True, answer="", on=THEN, at=at)
    Dispute.objects.update(credit_on=DAY)


def owe() -> None:
    """Renewals that had to be paid by the day before, and bills that fall late on DAY; what is disputed above is overdue
    too."""
    for one in some():
        make_invoice(one, due_on=THEN, pay_by=BEFORE)
    for one in some("ethicmail", cycle_months=12):
        make_invoice(one, due_on=BEFORE)
    # And who has owed for so long that a warning is due.
    for one in some():
        make_invoice(one, due_on=THEN)
        note_overdue(subscription=one, since=THEN + timedelta(days=1), on=THEN, at=noon(THEN))


def suspend_over_spam() -> None:
    """Suspensions whose fees no bill charges yet."""
    for one in some("ethicmail", cycle_months=12):
        case = make_case("ethicmail", subscription=one, on=THEN, at=noon(THEN))
        suspend_for(case=case, on=THEN, at=noon(THEN))


def work_on_services() -> None:
    """Maintenance to be told of, and credits that wait for a contract's next invoice, which is there."""
    begins = noon(DAY + timedelta(days=2))
    plan_maintenance(
        vendor="secureflag", begins_at=begins, ends_at=begins + timedelta(hours=2), tell_on=DAY, at=noon(BEFORE)
    )
    for one in some():
        incident = Incident(started_at=noon(THEN))
        filed = file_claim(subscription=one, service="email", incident=incident, on=THEN, at=noon(THEN))
        CreditClaim.objects.filter(pk=filed.claim.pk).update(state="granted", decided_on=THEN, credit_minor=100)
        make_invoice(one, on=THEN)


@transaction.atomic
def let_data_go() -> None:
    """Contracts that have just ended, with users; one whose data is kept no longer; an erased customer's keys."""
    for one in some("cryptopass", commitment=True):
        make_administrator(one, f"ada{one.pk}@example.com")
        licence, holder = one.licences.get(), make_end_user(one.customer, on=THEN)
        assign_licence(licence=licence, holder=holder, asked_by=f"ada{one.pk}@example.com", on=THEN)
        terminate(subscription=one, reason=Reason.NOTICE, because=[], on=BEFORE, at=noon(BEFORE))
    old = [*some("cryptopass", commitment=True), *some()]
    for one in old:
        terminate(subscription=one, reason=Reason.NOTICE, because=[], on=THEN, at=noon(THEN))
    outbox.deliver(at=noon(BEFORE))
    plan_disposals(list(Subscription.objects.filter(pk__in=[one.pk for one in old[:SOME]])), day=THEN, at=noon(THEN))
    PlannedDisposal.objects.update(due_on=DAY)
    for one in old[SOME:]:
        erase(subject=Customer.objects.get(pk=one.customer_id), on=THEN, at=noon(THEN))
    PersonKey.objects.update(keep_until=DAY)


def leave_files() -> None:
    """Files that something left which failed: one that was noted and goes on DAY, and one that DAY finds."""
    default_storage.save("sealed/noted", ContentFile(b"x"))
    note_loose_files(["sealed/noted"], vendor="secureflag", day=THEN, at=noon(THEN))
    KeptRecord.objects.update(goes_on=DAY)
    default_storage.save("sealed/found", ContentFile(b"x"))

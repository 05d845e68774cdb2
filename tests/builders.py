"""Things to test with: each is valid as it comes, and a test names only what matters to it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import (
    ConductCase,
    ContractDocument,
    Customer,
    EndUser,
    Notice,
    PlannedEnd,
    Reason,
    ReceivedNotice,
    ResalePermission,
    Reseller,
    Subscription,
    Ticket,
)
from accounts.services import (
    Incoming,
    Order,
    Person,
    Signatory,
    accept,
    add_document,
    designate_administrator,
    documents_to_accept,
    plan_ends,
    receive_notice,
    record_permission,
    register_customer,
    register_end_user,
    register_reseller,
    subscribe,
)
from accounts.services.conduct import Found, open_case
from accounts.services.contracts import Passing
from accounts.tickets import Request, is_administrator, report
from backoffice.terms.book import book
from billing.models import Invoice, InvoiceLine, Price
from billing.services import Bill, Line, issue, set_price

# Noon of an ordinary day; nothing in a test depends on when it runs.
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_numbers = count(1)


def make_customer(**changes: Any) -> Customer:
    number = next(_numbers)
    known: dict[str, Any] = {"name": f"Customer {number}", "email": f"customer{number}@example.com", "country": "FR"}
    return register_customer(**{**known, "at": NOON, **changes})


def make_reseller(**changes: Any) -> Reseller:
    number = next(_numbers)
    known: dict[str, Any] = {"name": f"Reseller {number}", "email": f"reseller{number}@example.com", "country": "FR"}
    return register_reseller(**{**known, "at": NOON, **changes})


def make_subscription(vendor: str = "secureflag", *, customer: Customer | None = None, **changes: Any) -> Subscription:
    """A running subscription; by default accepted, paid for and begun on 1 March 2026."""
    accepted_on = changes.get("accepted_on", date(2026, 3, 1))
    known = {"plan": "Team", "method": "card", "accepted_on": accepted_on, "payment_confirmed_on": accepted_on}
    order = Order(vendor=vendor, **{**known, "agreed_start": accepted_on, **changes})
    customer = customer or make_customer()
    if customer.reseller is None:
        return subscribe(customer=customer, order=order, at=NOON)
    return subscribe(customer=customer, order=order, at=NOON, passing=Passing(allow_resale(vendor)))


def allow_resale(vendor: str) -> ResalePermission:
    """Lets everybody pass a vendor's service on, from the beginning of its contract."""
    kind, reference = ResalePermission.Kind.RESELLER_AGREEMENT, "Folder 1"
    given = ResalePermission.objects.filter(vendor=vendor, reference=reference).first()
    from_on = book().versions(vendor)[0].from_
    known: dict[str, Any] = {"vendor": vendor, "kind": kind, "reference": reference, "from_on": from_on}
    return given or record_permission(**known, at=NOON)


def make_notice(subscription: Subscription, **changes: Any) -> Notice:
    """A renewal notice that waits to be sent."""
    known: dict[str, Any] = {
        "obligation": f"renewal/{subscription.pk}/0",
        "subscription": subscription,
        "customer": subscription.customer,
        "kind": Notice.Kind.RENEWAL,
        "vendor": subscription.vendor,
        "sheet": subscription.sheet,
        "because": subscription.start_because,
        "due_on": date(2027, 2, 21),
        "recipient": subscription.customer.email,
        "language": "en",
        "subject": "Your renewal",
        "body": "It renews.",
        "written_on": date(2027, 2, 21),
        "created_at": NOON,
        "message_id": f"<{subscription.pk}@example.com>",
    }
    return Notice.objects.create(**{**known, **changes})


def make_received(subscription: Subscription | None = None, **changes: Any) -> ReceivedNotice:
    """A customer's notice of a breach, which came by e-mail at noon."""
    known: dict[str, Any] = {"purpose": "breach", "form": "email", "received_at": NOON, "subscription": subscription}
    return receive_notice(incoming=Incoming(**{**known, **changes}), at=NOON).notice


def make_end(subscription: Subscription, ends_on: date, **changes: Any) -> PlannedEnd:
    """A notice of the customer's, told on 2 March 2026, after which a contract ends."""
    known: dict[str, Any] = {
        "reason": Reason.NOTICE,
        "by": "customer",
        "told_on": NOON.date(),
        "sheet": subscription.sheet,
    }
    subscription.refresh_from_db()
    end = PlannedEnd(subscription=subscription, ends_on=ends_on, **{**known, **changes})
    plan_ends([end])
    subscription.refresh_from_db()
    return end


def make_end_user(customer: Customer, **changes: Any) -> EndUser:
    known: dict[str, Any] = {"username": f"user{next(_numbers)}", "on": date(2026, 3, 1)}
    return register_end_user(customer=customer, **{**known, **changes})


def make_text(sheet: str, kind: str = "terms", **changes: Any) -> ContractDocument:
    """A text of a contract, like no other."""
    number = next(_numbers)
    file = ContentFile(f"Text {number}".encode(), f"{kind}.txt")
    known = {"title": kind.capitalize(), "version": "1", "file": file, "at": NOON}
    return add_document(sheet=sheet, kind=kind, **{**known, **changes})


def accept_texts(user: EndUser, at: datetime = NOON) -> None:
    """Makes a person accept all that the contracts of its licences want accepted before use."""
    for missing in documents_to_accept(user):
        text = missing.document or make_text(missing.subscription.sheet, missing.kind)
        accept(document=text, end_user=user, by=Signatory(user.username), how="portal", at=at)


def make_price(vendor: str = "secureflag", **changes: Any) -> Price:
    """A price of the plan that ``make_subscription`` takes, for renewals of a year."""
    currency = book().newest(vendor).currency.value
    known = {"plan": "Team", "cycle_months": 12, "amount": Decimal("675.00"), "currency": currency}
    return set_price(vendor=vendor, **{**known, "from_on": date(2026, 1, 1), **changes})


def make_invoice(subscription: Subscription, /, *, on: date = date(2026, 4, 1), **changes: Any) -> Invoice:
    """An invoice over one line of 100.00 for a contract, issued and due on 1 April 2026."""
    currency = subscription.terms.currency.value
    line = Line(InvoiceLine.Kind.SERVICE, subscription.plan, 1, 10000, 10000)
    known: dict[str, Any] = {
        "key": f"made/{next(_numbers)}",
        "customer": subscription.customer,
        "subscription": subscription,
        "vendor": subscription.vendor,
        "sheet": subscription.sheet,
        "currency": currency,
        "due_on": date(2026, 4, 1),
        "lines": [line],
        "because": [subscription.terms.currency.citation],
    }
    [invoice] = issue([Bill(**{**known, **changes})], on=on, at=NOON)
    return invoice


def make_administrator(subscription: Subscription, email: str = "ada@example.com") -> None:
    """Makes somebody an administrator of a subscription's customer from 1 March 2026 on, unless they are one."""
    if not is_administrator(subscription, email, NOON):
        designate_administrator(
            customer=subscription.customer,
            vendor=subscription.vendor,
            person=Person(name="Ada Ader", email=email),
            on=date(2026, 3, 1),
            at=NOON,
        )


def make_ticket(
    vendor: str = "secureflag",
    *,
    subscription: Subscription | None = None,
    by_administrator: bool = True,
    reported_at: datetime = NOON,
    **changes: Any,
) -> Ticket:
    """A request for support that an administrator made at noon, with all that any contract wants of it."""
    known: dict[str, Any] = {
        "reporter_name": "Ada Ader", "reporter_email": "ada@example.com", "subject": "No mail", "text": "None since today.",
        "reason": "Mail does not arrive", "severity": "high", "type": "fault",
    }  # fmt: skip
    subscription = subscription or make_subscription(vendor)
    request = Request(**{**known, **changes})
    if by_administrator:
        make_administrator(subscription, request.reporter_email)
    return report(subscription=subscription, request=request, reported_at=reported_at, at=reported_at)


def make_case(
    vendor: str = "securegroup",
    *,
    subscription: Subscription | None = None,
    violation: str = "spam",
    on: date = date(2026, 3, 2),
    at: datetime = NOON,
    **changes: Any,
) -> ConductCase:
    """A case about spam that was found on the day after the contract began."""
    found = Found(**{"violation": violation, "facts": "4,000 unsolicited messages an hour.", **changes})
    return open_case(subscription=subscription or make_subscription(vendor), found=found, on=on, at=at)


def make_order(vendor: str = "secureflag", **changes: Any) -> Order:
    """An order, paid for, of 1 March 2026."""
    on = date(2026, 3, 1)
    known = {"plan": "Team", "method": "card", "accepted_on": on, "payment_confirmed_on": on, "agreed_start": on}
    return Order(vendor=vendor, **{**known, **changes})

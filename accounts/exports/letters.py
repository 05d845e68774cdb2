"""What letters hold of persons: to whom, and every word."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from accounts.models import AbuseReport, Administrator, Customer, Notice
from backoffice.privacy import Hangs, Holding, blank, no_address, nobody

COLUMNS = {
    "recipient": no_address,
    "address": blank,
    "subject": nobody,
    "body": blank,
    "tracking": blank,
    "result": blank,
}
ISSUED = Q(kind=Notice.Kind.INVOICE)


def to_customer(which: Q) -> Hangs:
    return lambda person: which & (Q(customer=person.pk) | Q(subscription__customer=person.pk))


def to_administrator(which: Q) -> Hangs:
    return lambda person: which & Q(customer=person.customer_id, recipient__iexact=person.email)


def answer_to(report: AbuseReport) -> str:
    """The obligation of the letter to who reported a violation."""
    return f"{Notice.Kind.ABUSE_REPORT}/{report.pk}"


def to_reporter(report: AbuseReport) -> Q:
    return Q(obligation=answer_to(report))


def words(notice: Any) -> Iterator[tuple[str, bytes]]:
    """The letter as it went out."""
    text = f"{notice.recipient}\n{notice.address}\n\n{notice.subject}\n\n{notice.body}"
    yield f"{notice.pk}.txt", text.encode()


HOLDINGS = (
    Holding(
        Notice,
        "Invoices by letter or e-mail, word for word.",
        {Customer: to_customer(ISSUED), Administrator: to_administrator(ISSUED)},
        COLUMNS,
        retention="accounting",
        documents=words,
    ),
    Holding(
        Notice,
        "All other letters and e-mails, word for word.",
        {Customer: to_customer(~ISSUED), Administrator: to_administrator(~ISSUED), AbuseReport: to_reporter},
        COLUMNS,
        retention="proof",
        documents=words,
    ),
)

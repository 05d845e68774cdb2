"""What the post, in and out, holds of persons beside the letters themselves."""

from django.db.models import Q

from accounts.models import Administrator, Customer, InboundMail, Notice, NoticeAttempt
from backoffice.privacy import Hangs, Holding, blank, no_address, on

COLUMNS = {"recipient": no_address, "address": blank, "tracking": blank, "result": blank}
OF_INVOICES = Q(notice__kind=Notice.Kind.INVOICE)


def to_customer(which: Q) -> Hangs:
    return lambda person: which & (Q(notice__customer=person.pk) | Q(notice__subscription__customer=person.pk))


def to_administrator(which: Q) -> Hangs:
    return lambda person: which & Q(notice__customer=person.customer_id, recipient__iexact=person.email)


ATTEMPTS = tuple(
    Holding(
        NoticeAttempt,
        says,
        {Customer: to_customer(which), Administrator: to_administrator(which)},
        COLUMNS,
        retention=retention,
    )
    for says, which, retention in (
        ("Where invoices went before they were sent again.", OF_INVOICES, "accounting"),
        ("Where other letters went before they were sent again.", ~OF_INVOICES, "proof"),
    )
)


# A mail of somebody whom nobody knows hangs on no person; staff file it, and it is not kept for long.
MAILS = Holding(
    InboundMail,
    "Mail that came in: answers to letters and tickets, and word of what became of letters.",
    {
        Customer: on("customer"),
        Administrator: lambda person: Q(customer=person.customer_id, sender__iexact=person.email),
    },
    {"sender": no_address, "subject": blank, "text": blank, "result": blank},
)

HOLDINGS = (*ATTEMPTS, MAILS)

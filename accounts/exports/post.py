"""What the post, in and out, holds of persons beside the letters themselves."""

from django.db.models import Model, Q

from accounts.exports.letters import answer_to
from accounts.models import AbuseReport, Administrator, Customer, InboundMail, Notice, NoticeAttempt
from backoffice.privacy import Hangs, Holding, blank, no_address, on

COLUMNS = {"recipient": no_address, "address": blank, "tracking": blank, "result": blank}
OF_INVOICES = Q(notice__kind=Notice.Kind.INVOICE)


def to_customer(which: Q) -> Hangs:
    return lambda person: which & (Q(notice__customer=person.pk) | Q(notice__subscription__customer=person.pk))


def to_reporter(report: AbuseReport) -> Q:
    return Q(notice__obligation=answer_to(report))


def to_administrator(which: Q) -> Hangs:
    return lambda person: which & Q(notice__customer=person.customer_id, recipient__iexact=person.email)


OF_REPORTERS: dict[type[Model], Hangs] = {AbuseReport: to_reporter}
ATTEMPTS = tuple(
    Holding(
        NoticeAttempt,
        says,
        {Customer: to_customer(which), Administrator: to_administrator(which), **others},
        COLUMNS,
        retention=retention,
    )
    for says, which, retention, others in (
        ("Where invoices went before they were sent again.", OF_INVOICES, "accounting", {}),
        ("Where other letters went before they were sent again.", ~OF_INVOICES, "proof", OF_REPORTERS),
    )
)


# A mail of somebody whom nobody knows is a person of its own, with a day on which it goes (accounts.services.strays).
MAILS = Holding(
    InboundMail,
    "Mail that came in: answers to letters and tickets, and word of what became of letters.",
    {
        InboundMail: on("pk"),
        Customer: on("customer"),
        Administrator: lambda person: Q(customer=person.customer_id, sender__iexact=person.email),
    },
    {"sender": no_address, "subject": blank, "text": blank, "result": blank},
)

HOLDINGS = (*ATTEMPTS, MAILS)

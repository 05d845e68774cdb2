"""Letters as obligations: written once in the transaction that makes them due, and sent through the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage

from accounts import delivery
from accounts.letters import Letter
from accounts.models import Customer, Notice, Period, Subscription
from backoffice import outbox
from backoffice.bulk import insert_new
from backoffice.outbox import Payload

KIND = delivery.KIND


class Draft(NamedTuple):
    """A letter before it is an obligation of its own.

    ``about`` is what tells one obligation of a kind from the next: the subscription and its period, say. ``sheet`` is
    the version of the terms that makes it due, ``because`` its clauses, ``due_on`` the day it is due.
    """

    kind: Notice.Kind
    about: str
    sheet: str
    because: list[dict[str, Any]]
    due_on: date
    written_on: date
    letter: Letter
    recipient: str
    customer: Customer | None = None
    subscription: Subscription | None = None
    party: Notice.Party = Notice.Party.CUSTOMER
    channel: Notice.Channel = Notice.Channel.EMAIL
    address: str = ""

    @property
    def obligation(self) -> str:
        return f"{self.kind}/{self.about}"


def about_period(
    kind: Notice.Kind, period: Period, because: list[dict[str, Any]], *, due_on: date, written_on: date, letter: Letter
) -> Draft:
    """A letter by e-mail to a customer about a period of its contract; invoices go where it wants them."""
    subscription = period.subscription
    customer = subscription.customer
    return Draft(
        kind=kind,
        about=f"{subscription.pk}/{period.index}",
        sheet=period.sheet,
        because=because,
        due_on=due_on,
        written_on=written_on,
        letter=letter,
        recipient=customer.invoice_email if kind == Notice.Kind.INVOICE else customer.email,
        customer=customer,
        subscription=subscription,
    )


def about_contract(
    kind: Notice.Kind,
    subscription: Subscription,
    about: str,
    because: list[dict[str, Any]],
    *,
    on: date,
    letter: Letter,
) -> Draft:
    """A letter by e-mail to a customer about its contract, due on the day it is written.

    ``about`` tells one letter of its kind from the next."""
    return Draft(
        kind=kind,
        about=f"{subscription.pk}/{about}" if about else f"{subscription.pk}",
        sheet=subscription.sheet,
        because=because,
        due_on=on,
        written_on=on,
        letter=letter,
        recipient=subscription.customer.email,
        customer=subscription.customer,
        subscription=subscription,
    )


def write_notices(drafts: Iterable[Draft], *, at: datetime) -> None:
    """Keeps the letters and puts those that leave by e-mail into the outbox, in two queries however many there are.

    A letter whose obligation was met before stays as it is: it is not sent again.
    """
    notices = [_notice(draft, at) for draft in drafts]
    insert_new(notices)
    mails = [notice.obligation for notice in notices if notice.channel == Notice.Channel.EMAIL]
    outbox.post(KIND, [(f"{KIND}/{name}", {"obligation": name}) for name in mails], at=at)


def _notice(draft: Draft, at: datetime) -> Notice:
    return Notice(
        obligation=draft.obligation,
        party=draft.party,
        customer=draft.customer,
        subscription=draft.subscription,
        kind=draft.kind,
        vendor=draft.sheet.partition("/")[0],
        sheet=draft.sheet,
        because=draft.because,
        due_on=draft.due_on,
        channel=draft.channel,
        recipient=draft.recipient,
        address=draft.address,
        language=draft.customer.language if draft.customer else settings.LANGUAGE_CODE,
        subject=draft.letter.subject,
        body=draft.letter.body,
        written_on=draft.written_on,
        created_at=at,
        message_id=delivery.message_id(draft.obligation, 1),
    )


def _attempt(payload: Payload) -> tuple[str, int]:
    """Which letter a payload means, and which attempt of it."""
    return payload["obligation"], payload.get("attempt", 1)


def send(payload: Payload) -> None:
    """Sends one letter by e-mail, unless a later attempt took its place; raises where the mail server does not take
    it."""
    obligation, attempt = _attempt(payload)
    notice = Notice.objects.get(obligation=obligation)
    if notice.attempt == attempt:
        headers = {"Message-ID": notice.message_id, "Content-Language": notice.language}
        EmailMessage(notice.subject, notice.body, to=[notice.recipient], headers=headers).send()


def sent(payload: Payload, at: datetime) -> None:
    """Notes on the letter that it went out, and when it counts as received."""
    delivery.note_sent(*_attempt(payload), at)


def gave_up(payload: Payload, at: datetime) -> None:
    """Notes on the letter that it could not be sent, so that staff see it."""
    delivery.note_failed(*_attempt(payload))

"""Letters as obligations: written once in the transaction that makes them due, and sent through the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from email.utils import parseaddr
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet

from accounts.letters import Letter
from accounts.models import Notice, Period
from backoffice import outbox
from backoffice.outbox import Payload

KIND = "notice"


class Draft(NamedTuple):
    """A letter about a period, before it is an obligation of its own."""

    period: Period
    kind: Notice.Kind
    because: list[dict[str, Any]]
    due_on: date
    letter: Letter


def write_notices(drafts: Iterable[Draft], *, at: datetime) -> None:
    """Keeps the letters and puts them into the outbox, in three queries however many there are.

    A letter that was written before (same subscription, kind and period) stays as it is: it is not sent again.
    """
    notices = [_notice(draft, at) for draft in drafts]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    outbox.post(KIND, [(f"{KIND}/{'/'.join(map(str, key.values()))}", key) for key in map(_key, notices)], at=at)


def _key(notice: Notice) -> dict[str, Any]:
    return {"subscription": notice.subscription_id, "kind": str(notice.kind), "period": notice.period_index}


def _notice(draft: Draft, at: datetime) -> Notice:
    subscription = draft.period.subscription
    customer = subscription.customer
    notice = Notice(
        subscription=subscription,
        kind=draft.kind,
        period_index=draft.period.index,
        sheet=draft.period.sheet,
        because=draft.because,
        due_on=draft.due_on,
        recipient=customer.invoice_email if draft.kind == Notice.Kind.INVOICE else customer.email,
        language=customer.language,
        subject=draft.letter.subject,
        body=draft.letter.body,
        created_at=at,
    )
    # Fixed when the letter is written, so that a mailbox knows a letter that had to be sent a second time.
    name = uuid5(NAMESPACE_URL, f"notice:{'/'.join(map(str, _key(notice).values()))}")
    notice.message_id = f"<{name}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}>"
    return notice


def _rows(payload: Payload) -> QuerySet[Notice]:
    return Notice.objects.filter(
        subscription=payload["subscription"], kind=payload["kind"], period_index=payload["period"]
    )


def send(payload: Payload) -> None:
    """Sends one letter by e-mail; raises where the mail server does not take it."""
    notice = _rows(payload).get()
    headers = {"Message-ID": notice.message_id, "Content-Language": notice.language}
    EmailMessage(notice.subject, notice.body, to=[notice.recipient], headers=headers).send()


def sent(payload: Payload, at: datetime) -> None:
    """Notes on the letter that it went out."""
    _rows(payload).update(state=Notice.State.SENT, sent_at=at)


def gave_up(payload: Payload, at: datetime) -> None:
    """Notes on the letter that it could not be sent, so that staff see it."""
    _rows(payload).update(state=Notice.State.FAILED)

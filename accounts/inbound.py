"""What is done with mail that comes in: word of a delivery changes its letter, an answer is laid to what it answers.

Only what our own server vouches for acts by itself; the rest waits for staff.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from accounts import delivery
from accounts.mail import Mail, Status, domain_of, read_mail, within
from accounts.models import Customer, InboundMail, KeptRecord, Notice, NoticeAttempt, Ticket
from accounts.refusals import NotPossible
from accounts.services import strays
from accounts.services.erasure import was_erased

Kind, State = InboundMail.Kind, InboundMail.State


class Taken(NamedTuple):
    """A mail that came in, and whether it came for the first time."""

    mail: InboundMail
    is_new: bool


class _Found(NamedTuple):
    """What a mail is about."""

    notice: Notice | None
    attempt: int
    ticket: Ticket | None
    customer: Customer | None


@transaction.atomic
def take_in(*, raw: bytes, at: datetime) -> Taken:
    """Keeps one raw mail and does what it asks for, if our own server vouches for it; one that came before changes
    nothing more. ``accounts.mail.Unreadable`` for what is no mail."""
    mail = read_mail(raw, settings.MAIL_AUTHSERV_ID)
    found = _find(mail)
    status = _status_about(mail, found.notice)
    kind = Kind.STATUS if status else Kind.REPLY if found.notice or found.ticket else Kind.OTHER
    vouched = bool(mail.vouched) and (status is None or _may_tell(mail, found.notice))
    known = {
        "received_at": at,
        "kind": kind,
        "vouched": vouched,
        "sender": mail.sender,
        "subject": "" if status else mail.subject,
        "text": "" if status else mail.text,
        "action": status.action[:20] if status else "",
        "result": status.result[: delivery.RESULT_LENGTH] if status else "",
        "notice": found.notice,
        "attempt": found.attempt,
        "ticket": found.ticket,
        "customer": found.customer,
        "state": State.WAITING,
    }
    rows = InboundMail.objects.select_for_update(of=("self",))
    kept, is_new = rows.get_or_create(message_id=mail.message_id, sha256=mail.sha256, defaults=known)
    if is_new and (found.customer is None or was_erased(found.customer)):
        vendor = found.notice.vendor if found.notice else ""
        strays.keep(kept, retention=KeptRecord.Retention.MAIL, came_on=at.date(), at=at, vendor=vendor)
    # A stranger who sends a copy ahead of a genuine mail does not take its place.
    if vouched and not kept.vouched and kept.state == State.WAITING:
        kept.vouched = True
        kept.save(update_fields=["vouched"])
    if kept.vouched and kept.kind == Kind.STATUS and kept.state == State.WAITING and kept.notice is not None:
        _apply(kept, at)
    return Taken(kept, is_new)


@transaction.atomic
def believe(*, mail: InboundMail, at: datetime) -> InboundMail:
    """Does what a word of a delivery says that waited for staff; NotPossible for any other mail."""
    found = _waiting(mail)
    if found.kind != Kind.STATUS or found.notice is None:
        raise NotPossible(f"mail {found.pk} tells of no delivery of ours")
    _apply(found, at)
    return found


@transaction.atomic
def file(*, mail: InboundMail, at: datetime) -> InboundMail:
    """Notes that staff have read a mail, which does nothing by itself; NotPossible for one that does not wait."""
    found = _waiting(mail)
    _settle(found, State.FILED, at)
    return found


def _waiting(mail: InboundMail) -> InboundMail:
    found = InboundMail.objects.select_for_update(of=("self",)).select_related("notice").get(pk=mail.pk)
    if found.state != State.WAITING:
        raise NotPossible(f"mail {found.pk} is {found.get_state_display()} already")
    return found


def _find(mail: Mail) -> _Found:
    notice, attempt = None, 1
    for name in mail.about:
        if (notice := Notice.objects.select_related("customer").filter(message_id=name).first()) is not None:
            attempt = notice.attempt
            break
        earlier = NoticeAttempt.objects.select_related("notice__customer").filter(message_id=name).first()
        if earlier is not None:
            notice, attempt = earlier.notice, earlier.number
            break
    ticket = Ticket.objects.filter(reference__in=mail.references).select_related("subscription__customer").first()
    customer = ticket.subscription.customer if ticket else notice.customer if notice else None
    return _Found(notice, attempt, ticket, customer)


def _status_about(mail: Mail, notice: Notice | None) -> Status | None:
    """What a notification says of our letter's own recipient, else the first failure that it tells of."""
    own = [one for one in mail.statuses if notice is not None and one.recipient == notice.recipient.lower()]
    failed = [one for one in mail.statuses if one.action == "failed"]
    return next(iter([*own, *failed, *mail.statuses]), None)


def _may_tell(mail: Mail, notice: Notice | None) -> bool:
    """Whether a server may tell of this letter: our own that sent it, or that of its recipient."""
    ours = domain_of(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    theirs = domain_of(notice.recipient) if notice else ""
    servers = (ours, settings.MAIL_AUTHSERV_ID.lower(), theirs)
    return any(within(mail.vouched, server) or within(server, mail.vouched) for server in servers if server)


def _apply(mail: InboundMail, at: datetime) -> None:
    """Does what a word of a delivery says to its letter; what changes nothing any more is filed."""
    try:
        changed = mail.notice is not None and _note(mail, mail.notice, at)
    except NotPossible:
        # It came back before, say: two servers may tell of one failure.
        changed = False
    _settle(mail, State.ACTED if changed else State.FILED, at)


def _note(mail: InboundMail, notice: Notice, at: datetime) -> bool:
    """Notes on the letter or its earlier attempt what became of it; tells whether that changed anything."""
    attempt = NoticeAttempt.objects.filter(notice=notice, number=mail.attempt).first()
    if attempt is not None and mail.action == "failed":
        delivery.late_bounce(attempt=attempt, result=mail.result)
    elif attempt is None and mail.action == "failed":
        delivery.came_back(notice=notice, at=at, result=mail.result)
    elif attempt is None and mail.action == "delivered":
        delivery.delivered(notice=notice, at=at, result=mail.result)
    else:
        return False
    return True


def _settle(mail: InboundMail, state: str, at: datetime) -> None:
    mail.state, mail.settled_at = state, at
    mail.save(update_fields=["state", "settled_at"])

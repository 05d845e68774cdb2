"""How a letter leaves and what becomes of it: sent, delivered, or come back; and when it counts as received.

Whatever becomes of it, it stays the same obligation. Sending it again, to a corrected address or by another way, is
another attempt of the same letter: what became of the earlier one is kept beside it.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from functools import cache
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction

from accounts import contact
from accounts.models import Customer, Notice, NoticeAttempt
from accounts.policy.notices import Deemed, DeemedFacts, decide_notice_deemed
from accounts.refusals import NotPossible
from backoffice import outbox
from backoffice.terms.book import book
from backoffice.terms.decision import Decision

KIND = "notice"
State, Channel = Notice.State, Notice.Channel
# By which of the contract's ways a letter goes, as far as contracts tell of any.
METHODS = {Channel.EMAIL: "email", Channel.LETTER: "post", Channel.AIRMAIL: "airmail", Channel.REGISTERED: "courier"}
PAPER = (Channel.LETTER, Channel.AIRMAIL, Channel.REGISTERED)
RESULT_LENGTH = 1000


class Destination(NamedTuple):
    """Where the next attempt goes: an e-mail address, or a name and the lines of a postal address."""

    channel: str
    recipient: str
    address: str = ""


def message_id(obligation: str, attempt: int) -> str:
    """The name of one attempt's e-mail: the same however often its sending is tried, so that a mailbox knows it."""
    again = "" if attempt == 1 else f"#{attempt}"
    return f"<{uuid5(NAMESPACE_URL, f'notice:{obligation}{again}')}@{_house(settings.DEFAULT_FROM_EMAIL)}>"


@cache
def _house(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def deemed_facts(method: Any, sent_at: datetime, customer: Customer | None, came_back: bool = False) -> DeemedFacts:
    """What the contract is asked about a letter: the place of receipt is the customer's."""
    return DeemedFacts(
        method=method,
        sent_at=sent_at,
        came_back=came_back,
        received_in=customer.country if customer else None,
        received_zone=customer.time_zone if customer else None,
    )


def ask_deemed(notice: Notice, at: datetime, came_back: bool = False) -> Decision[Deemed] | None:
    """When a letter counts as received that was sent (a registered one: delivered) at a moment; None where the contract
    cannot say, because it is not told of this way or its version is gone from the book."""
    method = METHODS.get(Channel(notice.channel))
    try:
        sheet = book().sheet(notice.sheet)
    except KeyError:
        return None
    place = notice.customer if notice.party == Notice.Party.CUSTOMER else None
    return decide_notice_deemed(sheet, deemed_facts(method, at, place, came_back)) if method else None


def _deem(notice: Notice, at: datetime, came_back: bool = False) -> dict[str, Any]:
    decision = ask_deemed(notice, at, came_back)
    if decision is None:
        return {"deemed_at": None, "deemed_because": []}
    deemed_at = decision.outcome.deemed_at if decision.outcome else None
    return {"deemed_at": deemed_at, "deemed_because": decision.because}


def note_sent(obligation: str, attempt: int, at: datetime) -> None:
    """Notes that an e-mail went out, and when it counts as received; an attempt that another one has followed, or whose
    failure came back sooner than this note, stays as it is."""
    rows = Notice.objects.filter(obligation=obligation, attempt=attempt, state__in=[State.WAITING, State.FAILED])
    for notice in rows.select_related("customer"):
        rows.update(state=State.SENT, sent_at=at, **_deem(notice, at))


def note_failed(obligation: str, attempt: int) -> None:
    """Notes that an e-mail was given up after many tries, so that staff see it."""
    waiting = Notice.objects.filter(obligation=obligation, attempt=attempt, state=State.WAITING)
    waiting.update(state=State.FAILED)


@transaction.atomic
def came_back(*, notice: Notice, at: datetime, result: str) -> Notice:
    """Notes that a letter came back: it counts as received no longer where the contract says so, and its customer's
    address is in doubt from then on. NotPossible for one that never left or came back already."""
    found = _locked(notice, (State.WAITING, State.SENT, State.DELIVERED), "has not come back now")
    if found.state == State.WAITING and found.channel in PAPER:
        raise NotPossible(f"letter {found.pk} was not posted, so it cannot have come back")
    sent_at = found.sent_at or at
    deemed = _deem(found, sent_at, came_back=True)
    _write(found, state=State.BOUNCED, sent_at=sent_at, result=result[:RESULT_LENGTH], **deemed)
    contact.doubt(found, at)
    return found


@transaction.atomic
def delivered(*, notice: Notice, at: datetime, result: str = "") -> Notice:
    """Notes that a letter arrived; a registered one counts as received from then on. NotPossible for one that did not
    leave, and for a delivery before it left."""
    found = _locked(notice, (State.SENT,), "was not on its way")
    if found.sent_at is not None and at < found.sent_at:
        raise NotPossible(f"letter {found.pk} cannot have arrived before it left")
    deemed = _deem(found, at) if found.channel == Channel.REGISTERED else {}
    _write(found, state=State.DELIVERED, delivered_at=at, result=result[:RESULT_LENGTH], **deemed)
    return found


@transaction.atomic
def posted(*, notice: Notice, at: datetime, tracking: str = "") -> Notice:
    """Notes that a letter on paper was handed to the post; by ordinary mail it counts as received some days later.
    NotPossible for an e-mail or one that left already, and for a registered letter without its number."""
    found = _locked(notice, (State.WAITING,), "left already")
    if found.channel not in PAPER:
        raise NotPossible(f"letter {found.pk} goes out by itself")
    if found.channel == Channel.REGISTERED and not tracking.strip():
        raise NotPossible("a registered letter has a tracking number")
    deemed = {} if found.channel == Channel.REGISTERED else _deem(found, at)
    _write(found, state=State.SENT, sent_at=at, tracking=tracking.strip(), **deemed)
    return found


@transaction.atomic
def send_again(*, notice: Notice, to: Destination, at: datetime) -> Notice:
    """Sends the same letter once more, to another address or by another way; its obligation stays one.

    NotPossible for one that neither came back nor could not be sent, and for a letter on paper without an address.
    """
    found = _locked(notice, (State.BOUNCED, State.FAILED), "neither came back nor failed")
    if to.channel in PAPER and not to.address.strip():
        raise NotPossible("a letter on paper needs a postal address")
    NoticeAttempt.objects.create(
        notice=found,
        number=found.attempt,
        **{name: getattr(found, name) for name in NoticeAttempt.KEPT},
    )
    number = found.attempt + 1
    _write(
        found,
        **to._asdict(),
        attempt=number,
        message_id=message_id(found.obligation, number),
        state=State.WAITING,
        sent_at=None,
        tracking="",
        delivered_at=None,
        deemed_at=None,
        deemed_because=[],
        result="",
    )
    if to.channel == Channel.EMAIL:
        payload = {"obligation": found.obligation, "attempt": number}
        outbox.post(KIND, [(f"{KIND}/{found.obligation}#{number}", payload)], at=at)
    return found


def late_bounce(*, attempt: NoticeAttempt, result: str) -> None:
    """Notes that an attempt failed after all; the letter stays where the attempt that followed it brought it."""
    NoticeAttempt.objects.filter(pk=attempt.pk).update(state=State.BOUNCED, result=result[:RESULT_LENGTH])


def _locked(notice: Notice, states: tuple[Notice.State, ...], otherwise: str) -> Notice:
    """The letter as it is now, locked until the transaction ends; NotPossible where it is in none of the states."""
    rows = Notice.objects.select_for_update(of=("self",)).select_related("customer")
    found = rows.get(pk=notice.pk)
    if found.state not in states:
        raise NotPossible(f"letter {found.pk} is “{found.get_state_display()}”: it {otherwise}")
    return found


def _write(notice: Notice, **columns: Any) -> None:
    Notice.objects.filter(pk=notice.pk).update(**columns)
    for name, value in columns.items():
        setattr(notice, name, value)

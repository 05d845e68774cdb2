"""What is done with notices that come to us: each is kept with the contract's answer, whether it counts or not."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Customer, ReceivedNotice, Subscription
from accounts.policy.notices import CountsFacts, decide_notice_counts
from accounts.services.contracts import stop
from accounts.services.vendors import plan_on_vendors_notice
from backoffice.terms.book import book
from backoffice.terms.decision import Decision
from backoffice.terms.facts import Party
from backoffice.terms.sections.notices import NoticeForm, NoticePurpose
from backoffice.terms.sheet import Sheet

NOON = time(12)


class Incoming(NamedTuple):
    """A notice as it came: what it is for, its form, when it came, and from whom about what.

    ``vendor`` is needed where it is about no single subscription; ``filed`` says where the original lies.
    """

    purpose: NoticePurpose
    form: NoticeForm
    received_at: datetime
    sender: str = ReceivedNotice.Sender.CUSTOMER.value
    subscription: Subscription | None = None
    customer: Customer | None = None
    vendor: str = ""
    filed: str = ""


class Noted(NamedTuple):
    """What was written down, and the answer that settled it: whether it counts, else what it led to."""

    notice: ReceivedNotice
    decision: Decision[Any]


@transaction.atomic
def receive_notice(*, incoming: Incoming, at: datetime) -> Noted:
    """Writes a notice down, and whether it counts in its form; where the contract names no form, any counts.

    One not to renew that counts ends its subscription when the contract says. The same notice given again stays as it
    is. ValidationError for one that is still to come, that says not from whom or about what, or by which an end user
    would end a contract; NotPossible for one that stops what does not run.
    """
    _check(incoming, at)
    sheet = _sheet(incoming)
    facts = CountsFacts(
        purpose=incoming.purpose,
        form=incoming.form,
        by=_party(incoming),
        commitment=incoming.subscription.commitment if incoming.subscription else False,
        received_at=incoming.received_at,
    )
    decision: Decision[Any] = decide_notice_counts(sheet, facts)
    counts_at: datetime | None = decision.outcome.counts_at if decision.outcome else incoming.received_at
    counts_on = counts_at.astimezone(sheet.zone).date() if counts_at else None
    customer = incoming.subscription.customer if incoming.subscription else incoming.customer
    notice, is_new = ReceivedNotice.objects.get_or_create(
        key=_key(incoming, sheet.vendor),
        defaults={
            "sender": incoming.sender,
            "purpose": incoming.purpose,
            "form": incoming.form,
            "vendor": sheet.vendor,
            "sheet": sheet.id,
            "customer": customer,
            "subscription": incoming.subscription,
            "received_at": incoming.received_at,
            "counts": counts_at is not None,
            "counts_at": counts_at,
            "counts_on": counts_on,
            "because": decision.because,
            "filed": incoming.filed,
            "created_at": at,
        },
    )
    if is_new:
        plan_on_vendors_notice(notice=notice, at=at)
    if is_new and incoming.purpose == "non_renewal" and incoming.subscription is not None and counts_on is not None:
        decision = stop(subscription=incoming.subscription, notice_on=counts_on, by=facts.by)
        notice.ends_on = decision.outcome.ends_on if decision.outcome else None
        notice.save(update_fields=["ends_on"])
    return Noted(notice, decision)


def give_notice(
    *, subscription: Subscription, notice_on: date, by: Party, form: NoticeForm | None = None
) -> Decision[Any]:
    """Notes a notice to stop that came on a day, and returns the answer that settled it.

    In a ``form`` that the contract does not let count it is written down and changes nothing, and the answer is that of
    ``notice.counts``; otherwise it is that of ``term.end``. Without a form it is taken to have come in the right one.
    NotPossible for a subscription that is not running, QuestionError for a notice before it began.
    """
    if form is None:
        return stop(subscription=subscription, notice_on=notice_on, by=by)
    received_at = datetime.combine(notice_on, NOON, subscription.terms.zone)
    incoming = Incoming("non_renewal", form, received_at, sender=by, subscription=subscription)
    return receive_notice(incoming=incoming, at=received_at).decision


def right_form(subscription: Subscription, purpose: NoticePurpose, by: Party, at: datetime) -> NoticeForm:
    """The first form in which such a notice counts; e-mail where the contract names none."""
    facts = CountsFacts(purpose=purpose, form="other", by=by, commitment=subscription.commitment, received_at=at)
    decision = decide_notice_counts(subscription.terms, facts)
    return decision.outcome.forms[0] if decision.outcome and decision.outcome.forms else "email"


def _check(incoming: Incoming, at: datetime) -> None:
    if incoming.received_at > at:
        raise ValidationError({"received_at": "A notice cannot have come later than it is written down."})
    about = incoming.subscription or (incoming.vendor if incoming.sender == "vendor" else incoming.customer)
    if not about or not (incoming.subscription or incoming.vendor):
        raise ValidationError({"subscription": "Say which subscription it is about, or whose contract."})
    if incoming.sender == "end_user" and incoming.purpose in ("non_renewal", "termination"):
        raise ValidationError({"sender": "An end user has no contract to end; only the customer has."})


def _sheet(incoming: Incoming) -> Sheet:
    """The terms that judge it: the subscription's own, else those in force on the day it came."""
    if incoming.subscription is not None:
        return incoming.subscription.terms
    zone = book().newest(incoming.vendor).zone
    return book().sheet_for(incoming.vendor, incoming.received_at.astimezone(zone).date())


def _party(incoming: Incoming) -> Party:
    """Which side of the contract it comes from; end users stand on the customer's."""
    return "vendor" if incoming.sender == "vendor" else "customer"


def _key(incoming: Incoming, vendor: str) -> str:
    about = f"subscription {incoming.subscription.pk}" if incoming.subscription else "-"
    if incoming.subscription is None and incoming.customer is not None:
        about = f"customer {incoming.customer.pk}"
    parts = (incoming.sender, vendor, about, incoming.purpose, incoming.form, incoming.received_at.isoformat())
    return "/".join(parts)

"""What is told to who has not paid, and since when it counts as told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.letters import overdue_letter
from accounts.models import Notice, Subscription
from accounts.notices import Draft, about_contract, write_notices
from accounts.policy.helpdesk import OverdueFacts, OverdueSupport, decide_support_overdue
from accounts.services.customers import NotPossible
from accounts.services.states import locked
from backoffice.terms.decision import Decision


@transaction.atomic
def tell_overdue(*, subscription: Subscription, on: date, at: datetime) -> Notice:
    """Tells a customer in writing of what is overdue, once for each time that something is; what may stop because of it
    is counted from its receipt. NotPossible where nothing is overdue."""
    found = locked(subscription)
    if found.overdue_since is None:
        raise NotPossible(f"nothing of subscription {found.pk} is overdue")
    write_notices([_draft(found, found.overdue_since, ask_support(found, on).because, on)], at=at)
    return Notice.objects.get(obligation=_obligation(found))


def tell_where_due(contracts: Sequence[Subscription], *, day: date, at: datetime) -> None:
    """Tells the customers of some contracts of what is overdue, where the contract asks for that before support may
    stop; of the others only staff tell. The rows are locked."""
    drafts = []
    for one in contracts:
        # Nothing was told yet, so nothing is looked up.
        support = decide_support_overdue(one.terms, OverdueFacts(noticed_on=None, on=day))
        if one.overdue_since is not None and support.covered:
            drafts.append(_draft(one, one.overdue_since, support.because, day))
    write_notices(drafts, at=at)
    Subscription.objects.filter(pk__in=[one.pk for one in contracts]).update(overdue_told_on=day)


def _draft(contract: Subscription, since: date, because: list[dict[str, Any]], on: date) -> Draft:
    letter = overdue_letter(contract, since, because)
    return about_contract(Notice.Kind.OVERDUE, contract, since.isoformat(), because, on=on, letter=letter)


def ask_support(subscription: Subscription, on: date) -> Decision[OverdueSupport]:
    """Whether a customer with something overdue is still owed support on a day."""
    facts = OverdueFacts(noticed_on=told_on(subscription), on=on)
    return decide_support_overdue(subscription.terms, facts)


def told_on(subscription: Subscription) -> date | None:
    """When the notice of what is overdue now counts as received; None where none was sent, or it came back."""
    notice = Notice.objects.filter(obligation=_obligation(subscription)).first()
    if notice is None or notice.sent_at is None or notice.state in (Notice.State.BOUNCED, Notice.State.FAILED):
        return None
    moment = notice.deemed_at or notice.sent_at
    return moment.astimezone(subscription.terms.zone).date()


def _obligation(subscription: Subscription) -> str:
    return f"{Notice.Kind.OVERDUE}/{subscription.pk}/{subscription.overdue_since}"

"""The portal's page that disputes a bill, and its last day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.portal.asking import Answer, Asking, ask, now_of, why_of
from accounts.portal.scope import Scope, act_on, acting
from accounts.services import NotPossible
from accounts.services.received import right_form
from backoffice.portal import Deadline
from backoffice.terms.money import minor_digits, to_minor
from backoffice.terms.words import day_words
from billing.models import Invoice
from billing.portal.bills import documents
from billing.services import dispute_deadline, raise_dispute

# No start page names more deadlines of one kind.
MOST = 20


class Disputed(forms.Form):
    """What is wrong with a bill."""

    facts = forms.CharField(label="What is wrong with it", widget=forms.Textarea)
    amount = forms.DecimalField(label="How much you dispute (empty for all of it)", min_value=0, required=False)


def dispute(request: HttpRequest, number: int) -> HttpResponse:
    """Disputes a bill, in time or not: what the contract says of that stands there before it is confirmed."""
    user: Any = request.user
    bill = act_on(_bills(Scope(user)), _bills(acting(user)), number)
    now = now_of(bill.vendor)

    def act(entered: dict[str, Any]) -> Answer:
        subscription, amount = bill.subscription, entered["amount"]
        form = right_form(subscription, "dispute", "customer", now.at) if subscription else "email"
        try:
            minor = None if amount is None else to_minor(amount, bill.currency)
        except ValueError:
            raise NotPossible(f"{bill.currency} has {minor_digits(bill.currency)} decimals") from None
        raised = raise_dispute(
            invoice=bill, form=form, facts=entered["facts"], minor=minor, received_at=now.at, at=now.at
        )
        if raised.dispute is None:
            return Answer(False, "This does not count as a dispute.", [], why_of("notice.counts", raised.decision))
        made = raised.dispute
        late = made.state == made.State.WAIVED
        follows = "It came too late to change the bill" if late else "We look into it and write to you by e-mail"
        lines = [
            ("Bill", f"{bill.number}, {bill.total} {bill.currency}, due on {day_words(bill.due_on)}"),
            ("Disputed", f"{made.disputed} {bill.currency}"),
            ("Had to come by", day_words(made.deadline) if made.deadline else "any day"),
            ("What comes next", follows),
        ]
        told = "we keep what you told us, and the bill stands" if late else f"you dispute {bill.number}"
        why = why_of("dispute.window", raised.decision) if raised.decision.outcome is not None else None
        return Answer(True, f"If you confirm, {told}.", lines, why)

    asking = Asking(
        title=f"Dispute bill {bill.number}",
        form=lambda data: Disputed(data),
        act=act,
        back=reverse("portal:home"),
        button="Dispute it",
        said="We have your dispute, and write to you by e-mail.",
    )
    return ask(request, asking)


def _bills(scope: Scope) -> QuerySet[Invoice]:
    return documents(scope).filter(kind=Invoice.Kind.INVOICE)


def ahead(user: Any, first: date, last: date) -> Iterator[Deadline]:
    """Last days to dispute a bill, where its contract names one."""
    bills = _bills(Scope(user)).filter(dispute=None, due_on__gte=first).select_related("subscription__customer")
    for bill in bills.order_by("due_on")[:MOST]:
        by = dispute_deadline(bill)
        if by is not None and first <= by <= last:
            about = f"{bill.customer}, {bill.number}"
            yield Deadline(by, "Last day to dispute the bill", about, reverse("portal:dispute", args=(bill.pk,)), True)

"""What is done about fees beside the service: work is quoted, approved and charged; a suspension's fees are charged by
the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import ConductCase, Notice, Subscription
from accounts.notices import about_contract, write_notices
from accounts.services import NotPossible, together
from accounts.tickets import is_administrator
from backoffice.terms.decision import Decision
from backoffice.terms.money import to_minor
from backoffice.terms.words import listed
from billing.letters import quote_letter
from billing.models import Account, FeeOrder, Invoice, InvoiceLine
from billing.policy.fees import LACKING, FeeAnswer, FeeFacts, decide_fee_service
from billing.services.invoices import Bill, Line, issue


@transaction.atomic
def quote_fee(
    *,
    subscription: Subscription,
    kind: str,
    text: str,
    estimate: Decimal,
    on: date,
    at: datetime,
    unit_price: Decimal | None = None,
) -> FeeOrder:
    """Tells a customer what work, or use beyond its service, is expected to cost and what it has to know before.

    NotPossible where the contract charges nothing for it, or no price is set; ValueError for a price with fractions of
    a minor unit.
    """
    currency = subscription.terms.currency.value
    order = FeeOrder(
        subscription=subscription,
        vendor=subscription.vendor,
        sheet=subscription.sheet,
        kind=kind,
        text=text,
        estimate=estimate,
        unit_minor=None if unit_price is None else to_minor(unit_price, currency),
        told_on=on,
        created_at=at,
    )
    order.full_clean(exclude=["subscription"])
    decision = ask_fee(order, estimate)
    if decision.outcome is None:
        raise NotPossible("the contract charges nothing for this")
    if decision.outcome.amount is None:
        raise NotPossible("the contract has no price for this, so one is to be set")
    order.because = decision.because
    order.save()
    letter = quote_letter(order, decision.outcome)
    draft = about_contract(Notice.Kind.FEE, subscription, f"{order.pk}", order.because, on=on, letter=letter)
    write_notices([draft], at=at)
    return order


def ask_fee(order: FeeOrder, units: Decimal) -> Decision[FeeAnswer]:
    """What an order costs for so many units, and what it lacks; whoever was told of it was warned."""
    facts = FeeFacts(
        kind=cast(Any, order.kind),
        units=units,
        unit_price=order.unit_price,
        approved_at=order.approved_at,
        warned_of_loss=order.pk is not None,
        backup_confirmed=order.backup_confirmed,
    )
    return decide_fee_service(order.subscription.terms, facts)


@transaction.atomic
def approve_fee(*, order: FeeOrder, administrator: str, backup_confirmed: bool, at: datetime) -> Decision[FeeAnswer]:
    """Notes that an administrator of the customer approved a fee, from when on the time to do the work runs.

    NotPossible for anybody else, and for an order that was approved or charged.
    """
    found = _locked(order)
    if found.approved_at is not None or found.bill_id is not None:
        raise NotPossible("it was approved already")
    if not is_administrator(found.subscription, administrator, at):
        raise NotPossible(f"{administrator} is no administrator of this customer")
    found.approved_at, found.approved_by, found.backup_confirmed = at, administrator, backup_confirmed
    decision = ask_fee(found, found.estimate)
    found.do_by = decision.answer.do_by
    found.because = together(found.because, decision.because)
    found.save()
    return decision


@transaction.atomic
def charge_fee(*, order: FeeOrder, units: Decimal, on: date, at: datetime) -> Decision[FeeAnswer]:
    """Charges for work that was done, or use that there was, by what it really was.

    NotPossible for an order that was charged, or that lacks something the contract wants before.
    """
    found = _locked(order)
    if found.bill_id is not None:
        raise NotPossible("it was charged already")
    decision = ask_fee(found, units)
    answer = decision.answer
    if answer.lacks or answer.amount is None:
        raise NotPossible(f"it lacks {listed([LACKING[one] for one in answer.lacks])}")
    subscription, minor = found.subscription, to_minor(answer.amount, found.subscription.terms.currency.value)
    line = Line(InvoiceLine.Kind.FEE, found.get_kind_display().capitalize(), 1, minor, minor, because=decision.because)
    found.units, found.charged_on = units, on
    found.because = together(found.because, decision.because)
    [found.bill] = issue([_bill(f"fee/{found.pk}", subscription, [line], found.because, on)], on=on, at=at)
    found.save()
    return decision


def _locked(order: FeeOrder) -> FeeOrder:
    rows = FeeOrder.objects.select_for_update(of=("self",)).select_related("subscription__customer")
    return rows.get(pk=order.pk)


def _bill(key: str, subscription: Subscription, lines: Sequence[Line], because: list[dict[str, Any]], on: date) -> Bill:
    """A bill over fees, due when it is issued: no contract gives them a day of their own."""
    terms = subscription.terms
    return Bill(
        key=key,
        customer=subscription.customer,
        subscription=subscription,
        vendor=subscription.vendor,
        sheet=subscription.sheet,
        currency=terms.currency.value,
        due_on=on,
        lines=lines,
        because=together(because, [terms.currency.citation]),
        against=Account.FEES,
    )


def unbilled_conduct() -> QuerySet[ConductCase]:
    """Cases whose suspension costs something that no bill charges yet."""
    key = Concat(Value("conduct/"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    cases = ConductCase.objects.filter(suspended_on__isnull=False).exclude(fees=[])
    return cases.filter(~Exists(Invoice.objects.filter(key=key)))


def charge_conduct_fees(vendor: str, count: int, *, on: date, at: datetime) -> int:
    """Charges what some suspensions for a breach of the rules of use cost; returns how many cases there were."""
    due = unbilled_conduct().filter(vendor=vendor, suspended_on__lte=on).order_by("id")
    rows = due.select_related("subscription__customer")
    cases = list(rows.select_for_update(of=("self",), skip_locked=True)[:count])
    issue([_conduct_bill(case, on) for case in cases], on=on, at=at)
    return len(cases)


def _conduct_bill(case: ConductCase, on: date) -> Bill:
    lines = [
        Line(InvoiceLine.Kind.FEE, f"{fee['kind'].capitalize()} over {case.violation}", 1, minor, minor)
        for fee in case.fees
        for minor in [to_minor(Decimal(fee["amount"]), fee["currency"])]
    ]
    return _bill(f"conduct/{case.pk}", case.subscription, lines, case.because, on)

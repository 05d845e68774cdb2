"""What would come back, worked out before it is given: under the guarantee, after an end, or at our discretion.

Nothing here writes. A quote names the lines it takes back and all that it was worked out from, so that whoever gives
it can see that nothing has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django.db.models import Sum

from accounts.models import Breach, PlannedEnd, Reason, StateChange, Subscription
from accounts.services import NotPossible, together
from backoffice.terms.facts import Method, Party
from backoffice.terms.money import from_minor, to_minor
from backoffice.terms.sections.money import LineKind, Product
from backoffice.terms.words import day_words
from billing.models import STANDING, Allocation, Invoice, InvoiceLine, Payment, Refund
from billing.policy.ends import BearerFacts, UnpaidFacts, decide_end_unpaid, decide_refund_borne
from billing.policy.refunds import (
    Cause,
    MoneyBackFacts,
    TerminationFacts,
    decide_early_termination,
    decide_money_back,
    tell_money_back,
    tell_refund,
)
from billing.policy.refunds import Line as Charge

Kind = InvoiceLine.Kind
# What a line is for the guarantee; what is none of these is set up or bought once, and does not come back.
GUARANTEED: dict[str, LineKind] = {
    Kind.SERVICE: "service",
    Kind.SEAT: "service",
    Kind.DOMAIN: "domain_registration",
    Kind.DEVICE: "device",
}
# What a line is when a contract ends; other lines are for nothing that runs on.
PRODUCTS: dict[str, Product] = {
    Kind.SERVICE: "service",
    Kind.SEAT: "service",
    Kind.ASSISTANCE: "assistance",
    Kind.DOMAIN: "domain",
    Kind.IP: "ip",
    Kind.SSL: "ssl",
}
# Ends over what the customer did, and those that the vendor brings about for nobody's fault.
FAULTS = {
    Reason.UNPAID, Reason.BREACH, Reason.IRREMEDIABLE, Reason.CONDUCT, Reason.FALSE_DETAILS, Reason.INELIGIBLE,
    Reason.DEFAMATION, Reason.UNSUITABLE, Reason.HINDRANCE,
}  # fmt: skip
LEAVES = {Reason.NOTICE, Reason.CHANGE, Reason.DEATH, Reason.WITHDRAWN}


class Share(NamedTuple):
    """How much of one line comes back, and the fee that was kept of it, in minor units."""

    line: InvoiceLine
    minor: int
    fee_minor: int = 0


class Quote(NamedTuple):
    """What comes back as of a day, and why; ``facts`` is what it was worked out from."""

    kind: Refund.Kind
    as_of: date
    shares: Sequence[Share]
    channel: str
    borne_by: Refund.Bearer
    says: str
    because: list[dict[str, Any]]
    facts: dict[str, Any]

    @property
    def minor(self) -> int:
        return sum(share.minor for share in self.shares)

    @property
    def fee_minor(self) -> int:
        return sum(share.fee_minor for share in self.shares)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [
            {"invoice": share.line.invoice.number, "position": share.line.position, "minor": share.minor}
            for share in self.shares
        ]

    @property
    def mark(self) -> str:
        """A digest of all that it says and of what it was worked out from."""
        said = [self.kind, self.as_of, self.lines, self.channel, self.borne_by, self.because, self.facts]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def quote_money_back(
    subscription: Subscription, *, on: date, domain_retained: bool = False, domain_price: Decimal | None = None
) -> Quote:
    """What comes back when a customer asks its money back on a day. NotPossible for a contract without the guarantee,
    or that has not begun."""
    if subscription.start is None:
        raise NotPossible(f"subscription {subscription.pk} has not begun, so there is nothing to give back")
    lines, paid_by = _lines(subscription), _paid_by(subscription)
    currency = subscription.terms.currency.value
    facts = MoneyBackFacts(
        effective_on=subscription.start,
        requested_on=on,
        method=cast(Method, paid_by),
        lines=tuple(Charge(kind=GUARANTEED.get(line.kind, "setup"), amount=line.net) for line in lines),
        domain_retained=domain_retained,
        domain_regular_price=domain_price if domain_price is not None else from_minor(0, currency),
    )
    decision = decide_money_back(subscription.terms, facts)
    if decision.outcome is None:
        raise NotPossible(f"the contract of subscription {subscription.pk} has no money-back guarantee")
    borne = decide_refund_borne(subscription.terms, BearerFacts(bought_from="reseller"))
    because, says = together(decision.because, borne.because), tell_money_back(decision.outcome)
    refund = to_minor(decision.outcome.refund, currency)
    if forfeit := _forfeited(subscription):
        because, says, refund = together(forfeit, because), "Nothing comes back: the rules of use were broken.", 0
    covered = [line for line in lines if GUARANTEED.get(line.kind) == "service"]
    return Quote(
        kind=Refund.Kind.MONEY_BACK,
        as_of=on,
        shares=_spread(refund, covered),
        channel=decision.outcome.channel or "",
        borne_by=Refund.Bearer(borne.outcome.by if borne.outcome else "vendor"),
        says=says,
        because=because,
        facts={"asked": facts.model_dump(mode="json"), "owed": _owed(lines)},
    )


def quote_end(subscription: Subscription) -> Quote:
    """What comes back after a contract has ended: the unused part, as its terms say, and all of a period that never
    begins. NotPossible for one that is not over."""
    ended_on = subscription.ends_on
    if subscription.state not in (Subscription.State.ENDED, Subscription.State.VOID) or ended_on is None:
        raise NotPossible(f"subscription {subscription.pk} is {subscription.state}, so nothing is to be settled yet")
    void = subscription.state == Subscription.State.VOID
    by, cause = _who_ended(subscription)
    forfeit = _forfeited(subscription)
    shares: list[Share] = []
    because: list[dict[str, Any]] = []
    said: list[str] = []
    asked: list[Any] = []
    lines = [line for line in _lines(subscription) if void or (line.period_end and line.period_end > ended_on)]
    for line in lines:
        if void or (line.period_start and line.period_start > ended_on):
            shares.append(Share(line, line.net_minor))
            said.append("What never begins is not owed.")
        elif forfeit:
            because = together(because, forfeit)
            said.append("Nothing comes back, as the contract says of this end.")
        elif line.kind in PRODUCTS:
            share, why, words = _unused(subscription, line, by, cause)
            shares.append(share)
            because = together(because, why)
            said.append(words)
            asked.append([line.invoice.number, line.position, by, cause])
    return Quote(
        kind=Refund.Kind.END,
        as_of=ended_on,
        shares=_capped(shares),
        channel=_paid_by(subscription),
        borne_by=Refund.Bearer.VENDOR,
        says=" ".join(dict.fromkeys(said)) or "Nothing was paid ahead.",
        because=because,
        facts={"asked": asked, "owed": _owed(lines)},
    )


def quote_discretion(subscription: Subscription, *, minor: int, on: date) -> Quote:
    """What we give back although the contract does not make us. NotPossible for nothing, and for more than was charged
    and not taken back."""
    lines = list(reversed(_lines(subscription)))
    shares = _spread(minor, lines)
    if minor <= 0 or sum(share.minor for share in shares) != minor:
        raise NotPossible(f"not so much was charged for subscription {subscription.pk}")
    terms = subscription.terms.early_termination
    return Quote(
        kind=Refund.Kind.DISCRETION,
        as_of=on,
        shares=shares,
        channel=_paid_by(subscription),
        borne_by=Refund.Bearer.RESELLER,
        says="It is given back although the contract does not ask for it.",
        because=[terms.customer_leaves.citation] if terms else [],
        facts={"owed": _owed(lines)},
    )


def _unused(
    subscription: Subscription, line: InvoiceLine, by: Party, cause: Cause
) -> tuple[Share, list[dict[str, Any]], str]:
    """What comes back of a line whose period was running when the contract ended."""
    ended_on, terms = subscription.ends_on, subscription.terms
    assert ended_on is not None and line.period_start is not None  # noqa: S101  # both are what brought us here
    unpaid = decide_end_unpaid(terms, UnpaidFacts(ended_on=ended_on))
    if unpaid.outcome is not None and line.invoice.item.principal_minor:
        return (
            Share(line, 0),
            unpaid.because,
            f"What was not paid is due in full by {day_words(unpaid.outcome.due_by)}.",
        )
    period = subscription.periods.filter(period_start__lte=line.period_start, period_end__gte=line.period_start).first()
    months = subscription.renewal_months or 1
    if period is not None and not period.index:
        months = subscription.cycle_months or months
    facts = TerminationFacts(
        price=from_minor(line.unit_minor * line.quantity, line.invoice.currency),
        currency=line.invoice.currency,
        start=period.period_start if period else line.period_start,
        cycle_months=months,
        terminated_on=ended_on,
        by=by,
        cause=cause,
        product=PRODUCTS[line.kind],
    )
    decision = decide_early_termination(terms, facts)
    if decision.outcome is None:
        return Share(line, 0), [], "The contract says nothing of a refund."
    minor, fee = (to_minor(amount, line.invoice.currency) for amount in (decision.outcome.refund, decision.outcome.fee))
    return Share(line, minor, fee), decision.because, tell_refund(decision.outcome)


def _who_ended(subscription: Subscription) -> tuple[Party, Cause]:
    """Who ended a contract, and over what."""
    reason = Reason(subscription.ends_reason)
    if subscription.breaches.filter(by=Breach.By.VENDOR, state=Breach.State.ENDED).exists():
        return "customer", "vendor_breach"
    if reason in FAULTS:
        return "vendor", "customer_breach"
    if reason == Reason.SERVICE_END:
        return "vendor", "service_end"
    if reason not in LEAVES:
        return "vendor", "convenience"
    notice = subscription.planned_ends.standing().first()
    by_vendor = notice is not None and notice.by == PlannedEnd.By.VENDOR and notice.ends_on == subscription.ends_on
    return ("vendor" if by_vendor and reason == Reason.NOTICE else "customer"), "convenience"


def _forfeited(subscription: Subscription) -> list[dict[str, Any]]:
    """The clauses by which nothing comes back after the end of a contract, if it ended so."""
    end = StateChange.objects.filter(subscription=subscription, nothing_back=True).first()
    return end.because if end else []


def _lines(subscription: Subscription) -> list[InvoiceLine]:
    """What a contract was charged, the first first; late charges are none of it."""
    rows = InvoiceLine.objects.filter(invoice__subscription=subscription, invoice__kind=Invoice.Kind.INVOICE)
    rows = rows.exclude(kind=Kind.FEE).select_related("invoice__item", "invoice__customer")
    return list(rows.order_by("invoice", "position"))


def _paid_by(subscription: Subscription) -> str:
    """How a contract was last paid for, which is how money goes back."""
    paid = Allocation.objects.filter(STANDING, invoice__subscription=subscription)
    newest = paid.exclude(payment__method=Payment.Method.CREDIT).order_by("-id").select_related("payment").first()
    return newest.payment.method if newest else subscription.method


def _room(invoices: Iterable[Invoice]) -> dict[int, int]:
    """How much of each invoice was not taken back yet, net."""
    nets = {one.pk: one.net_minor for one in invoices}
    taken = Invoice.objects.filter(corrects__in=nets).order_by().values_list("corrects").annotate(sum=Sum("net_minor"))
    return {key: net - dict(taken).get(key, 0) for key, net in nets.items()}


def _capped(shares: Sequence[Share]) -> list[Share]:
    """The shares, each no more than its line, and together no more than is left of each invoice."""
    room, capped = _room(share.line.invoice for share in shares), []
    for share in shares:
        minor = min(share.minor, share.line.net_minor, room[share.line.invoice_id])
        room[share.line.invoice_id] -= minor
        capped.append(share._replace(minor=minor))
    return capped


def _spread(minor: int, lines: Sequence[InvoiceLine]) -> list[Share]:
    """An amount spread over lines, the first ones first, as far as they hold it."""
    shares: list[Share] = []
    for share in _capped([Share(line, line.net_minor) for line in lines]):
        taken = min(minor, share.minor)
        minor -= taken
        if taken:
            shares.append(share._replace(minor=taken))
    return shares


def _owed(lines: Sequence[InvoiceLine]) -> list[list[Any]]:
    """What was paid of the invoices that a quote looks at, and what was taken back of them."""
    invoices = {line.invoice_id: line.invoice for line in lines}
    room = _room(invoices.values())
    return [[one.number, one.item.owed_minor, room[key]] for key, one in sorted(invoices.items())]

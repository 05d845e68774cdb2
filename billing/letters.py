"""The letters that go with documents about money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from accounts.letters import Letter, one_line, reasons
from accounts.letters.writing import letter_about
from accounts.models import Subscription
from backoffice.terms.book import book
from backoffice.terms.words import day_words, moment_words, spoken
from billing.models import CreditClaim, Dispute, FeeOrder, Invoice, InvoiceLine, Maintenance
from billing.policy.fees import FeeAnswer


def invoice_letter(invoice: Invoice) -> Letter:
    """Tells what is charged for, until when it is to be paid, and how not to owe it where it is not too late; or what a
    credit note takes back."""
    customer = invoice.customer
    total = f"{invoice.total} {invoice.currency}"
    if invoice.kind == Invoice.Kind.CREDIT_NOTE:
        return _credit_letter(invoice, total)
    pay = [f"It is due on {day_words(invoice.due_on)}."]
    if invoice.pay_by:
        pay.append(f"If it is not paid by {day_words(invoice.pay_by)}, the renewal is void.")
    text = [
        f"Here is invoice {invoice.number}: {total}.",
        "\n".join(f"- {line_words(line)}" for line in invoice.lines.all()),
        " ".join(pay),
    ]
    if invoice.leave_by and invoice.issued_on <= invoice.leave_by:
        text.append(f"If you do not want to renew, tell us by {day_words(invoice.leave_by)} at the latest.")
    contract = book().sheet(invoice.sheet).name
    greeting = f"Dear {one_line(customer.contact_name or customer.name)},"
    parts = [greeting, *text, *reasons(contract, invoice.because), settings.OPERATOR_NAME]
    return Letter(f"Invoice {invoice.number}: {total}, due on {day_words(invoice.due_on)}", "\n\n".join(parts) + "\n")


def _credit_letter(note: Invoice, total: str) -> Letter:
    of = f" It takes back what {note.corrects.number} charged:" if note.corrects else ""
    text = [
        f"Here is credit note {note.number}: {total}.{of}",
        "\n".join(f"- {line_words(line)}" for line in note.lines.all()),
        "It pays what you owe us first. What is left of it is your credit, unless we send it back the way you paid.",
    ]
    greeting = f"Dear {one_line(note.customer.contact_name or note.customer.name)},"
    contract = book().sheet(note.sheet).name
    parts = [greeting, *text, *reasons(contract, note.because), settings.OPERATOR_NAME]
    return Letter(f"Credit note {note.number}: {total}", "\n\n".join(parts) + "\n")


def line_words(line: InvoiceLine) -> str:
    """One line of a document as a sentence shows it: what, how many, for which days, and its amount."""
    many = f", {line.quantity} at {line.unit} {line.invoice.currency} each" if line.quantity != 1 else ""
    days = ""
    if line.period_start and line.period_end:
        days = f", {day_words(line.period_start)} to {day_words(line.period_end)}"
    return f"{one_line(line.text)}{days}{many}: {line.net} {line.invoice.currency}"


def dispute_letter(dispute: Dispute) -> Letter:
    """Tells a customer what became of its dispute of a bill."""
    invoice = dispute.invoice
    text = [f"You disputed {dispute.disputed} {invoice.currency} of our bill {invoice.number}."]
    if dispute.state == Dispute.State.WAIVED and dispute.deadline:
        received, deadline = day_words(dispute.raised_on), day_words(dispute.deadline)
        text.append(f"We received that on {received}. It had to come by {deadline}, so the bill stands as it is.")
    elif dispute.state == Dispute.State.UPHELD and dispute.credit_on:
        credited = f"{dispute.credit_amount} {invoice.currency}"
        text.append(f"You are right. We credit you with {credited} on {day_words(dispute.credit_on)}.")
    else:
        text.append("We looked into it, and the bill stands as it is.")
    if dispute.answer.strip():
        text.append(dispute.answer.strip())
    greeting = f"Dear {one_line(invoice.customer.contact_name or invoice.customer.name)},"
    contract = book().sheet(dispute.sheet).name
    parts = [greeting, *text, *reasons(contract, dispute.because), settings.OPERATOR_NAME]
    return Letter(f"Your dispute of bill {invoice.number}", "\n\n".join(parts) + "\n")


def maintenance_letter(
    maintenance: Maintenance, subscription: Subscription, because: Sequence[dict[str, Any]]
) -> Letter:
    """Tells when a service will be down for work on it."""
    plan, zone = one_line(subscription.plan), subscription.terms.zone
    begins, ends = (moment_words(moment.astimezone(zone)) for moment in (maintenance.begins_at, maintenance.ends_at))
    what = maintenance.get_service_display() or "all services"
    text = [
        f"This concerns your subscription to {plan}: {what} may not be available from {begins} to {ends}.",
        *([maintenance.text.strip()] if maintenance.text.strip() else []),
    ]
    return letter_about(f"Maintenance of {plan}", subscription, text, because)


def claim_letter(claim: CreditClaim) -> Letter:
    """Tells a customer what became of its claim for an outage."""
    subscription = claim.subscription
    asked = f"You claimed a credit for {claim.get_service_display()} in {claim.month}."
    if claim.state == CreditClaim.State.GRANTED:
        told = f"We credit you with {claim.credit_amount} {claim.currency} on the next invoice."
    elif claim.state == CreditClaim.State.WAITS:
        told = "It waits until the breach of your contract is cured; then we look at it again."
    else:
        told = f"Nothing is credited: {spoken(claim.reason)}."
    return letter_about(f"Your claim for {claim.month}", subscription, [asked, told], claim.because)


# What a customer has to know before a fee is charged.
WARNINGS = {
    "encrypted_loss": "What is encrypted with a key that was lost cannot be restored.",
    "backup": "Make a reliable backup before, and tell us that you have it: data may be lost.",
}


def quote_letter(order: FeeOrder, answer: FeeAnswer) -> Letter:
    """Tells what work or use is expected to cost, what to know before, and who has to approve it."""
    subscription = order.subscription
    text = [
        f"This is about your subscription to {one_line(subscription.plan)}: {order.get_kind_display()}.",
        order.text.strip(),
        f"We expect {order.estimate.normalize():f} hours or units, which cost {answer.amount} "
        f"{subscription.terms.currency.value}. What is charged is what it really was.",
    ]
    terms = getattr(subscription.terms.fees, order.kind)
    text += [WARNINGS[warning] for warning in (terms.warned.value if terms.warned else ())]
    if "approval" in answer.lacks:
        text.append("One of your designated administrators has to approve the fee before we begin.")
    return letter_about(f"What it costs: {order.get_kind_display()}", subscription, text, order.because)

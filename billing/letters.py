"""The letters that go with documents about money."""

from __future__ import annotations

from django.conf import settings

from accounts.letters import Letter, one_line, reasons
from backoffice.terms.book import book
from backoffice.terms.words import day_words
from billing.models import Dispute, Invoice, InvoiceLine


def invoice_letter(invoice: Invoice) -> Letter:
    """Tells what is charged for, until when it is to be paid, and how not to owe it where it is not too late."""
    customer = invoice.customer
    total = f"{invoice.total} {invoice.currency}"
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

"""The staff's list of invoices and credit notes: read-only, with their why beside them."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.admin.acts import ActsMixin
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, VendorFilter, money
from backoffice.days import today
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel
from billing.admin.dispute_acts import DISPUTE_ACTS
from billing.admin.recovery_acts import RECOVERY_ACTS
from billing.admin.statements import statement_csv, statement_page
from billing.letters import line_words
from billing.models import Invoice, InvoiceLine
from billing.services.dunning import quote_reinstatement, steps_of


def _owes(invoice: Invoice) -> bool:
    return invoice.kind == Invoice.Kind.INVOICE and invoice.item.closed_on is None


class LinesInline(ReadOnlyInline):
    """What a document charges for, line by line."""

    model = InvoiceLine
    fields = ("text", "quantity", "unit_words", "net_words", "period_start", "period_end")
    readonly_fields = ("unit_words", "net_words")

    @admin.display(description="price of one")
    def unit_words(self, line: InvoiceLine) -> SafeString:
        return money(line.unit, line.invoice.currency)

    @admin.display(description="net")
    def net_words(self, line: InvoiceLine) -> SafeString:
        return money(line.net, line.invoice.currency)


@admin.register(Invoice)
class InvoiceAdmin(ActsMixin, ReadOnlyAdmin):
    section = "Money"
    about = (
        "Invoices and credit notes, which never change once they are issued. The daily run writes them; open "
        "one for its lines and their why."
    )
    icon = "receipt_long"
    list_display = ("number", "kind", "customer", "contract", "total_words", "open_words", "issued_on", "due_on")
    list_filter = (VendorFilter,)
    list_select_related = ("customer", "item")
    ordering = ("-id",)
    inlines = (LinesInline,)
    search_help_text = "A document's number, a subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("number", "customer__name__istartswith")
    acts = (*DISPUTE_ACTS, *RECOVERY_ACTS)
    shown = ()
    made = ("dispute", "chargebacks", "recovery_costs", "customer.invoices")
    fieldsets = (
        (
            None,
            {"fields": ("number", "kind", "customer", "subscription", "contract", "corrects", "account", "buttons")},
        ),
        ("Amounts", {"fields": ("net_words", "tax_words", "total_words", "open_words")}),
        ("Days", {"fields": ("issued_on", "due_on", "pay_by", "told_on")}),
        ("While it is not paid", {"fields": ("steps", "quote")}),
        ("Why", {"fields": ("why",)}),
    )
    readonly_fields = (
        "contract",
        "account",
        "buttons",
        "net_words",
        "tax_words",
        "total_words",
        "open_words",
        "steps",
        "quote",
        "why",
    )

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("account/<int:pk>/", guarded(statement_page), name="billing_statement"),
            path("account/<int:pk>.csv", guarded(statement_csv), name="billing_statement_csv"),
            *super().get_urls(),
        ]

    @admin.display(description="account")
    def account(self, invoice: Invoice) -> SafeString:
        address = reverse("admin:billing_statement", args=(invoice.customer_id,))
        return format_html('<a href="{}">statement of account</a>', address)

    @admin.display(description="net")
    def net_words(self, invoice: Invoice) -> SafeString:
        return money(invoice.net, invoice.currency)

    @admin.display(description="tax")
    def tax_words(self, invoice: Invoice) -> SafeString:
        return money(invoice.tax, invoice.currency)

    @admin.display(description="total")
    def total_words(self, invoice: Invoice) -> SafeString:
        return money(invoice.total, invoice.currency)

    @admin.display(description="still owed")
    def open_words(self, invoice: Invoice) -> SafeString | str:
        if invoice.kind != Invoice.Kind.INVOICE:
            return "nothing"
        return money(invoice.item.owed, invoice.currency)

    @admin.display(description="what follows")
    def steps(self, invoice: Invoice) -> SafeString | str:
        """Each step of the contract's while it stays unpaid, with its clauses."""
        if not _owes(invoice):
            return "Nothing, since nothing is owed."
        day = today(invoice.vendor, timezone.now())
        told = (panel(of_row(one.told(day), invoice.sheet, one.because)) for one in steps_of(invoice.item, day))
        return format_html_join("", "{}", ((one,) for one in told))

    @admin.display(description="to be served again")
    def quote(self, invoice: Invoice) -> SafeString | str:
        """What is to be paid for the contract, line by line, until it is not past due any more."""
        contract = invoice.subscription
        if not _owes(invoice) or contract is None or contract.overdue_since is None:
            return "Nothing is past due."
        found = quote_reinstatement(contract, today(invoice.vendor, timezone.now()))
        lines = format_html_join("", "<li>{}</li>", ((line,) for line in found.told))
        return format_html("<ul>{}</ul>", lines)

    @admin.display(description="why")
    def why(self, invoice: Invoice) -> SafeString:
        told = "; ".join(line_words(line) for line in invoice.lines.all())
        sentence = f"{told}. {invoice.total} {invoice.currency} are due on {day_words(invoice.due_on)}."
        return panel(of_row(sentence, invoice.sheet, invoice.because))

"""The staff's lists of customers, contracts, notices and keys; what was decided is read-only, its why beside it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminSelectWidget

from accounts import keys, services
from accounts.models import SCOPES, Agreement, ApiKey, ContractDocument, Customer, Notice, Period, Subscription
from accounts.policy.term import Start, TermPeriod, tell_period, tell_start
from backoffice.admin import ReadOnlyAdmin, StaffAdmin, VendorFilter, vendor_name
from backoffice.pages.shell import page
from backoffice.terms.book import book
from backoffice.terms.words import day_words
from backoffice.why import of_row, panel


class ReadOnlyInline(TabularInline):
    """Rows of another list, shown beside the row that they belong to."""

    extra = 0
    per_page = 20
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SubscriptionInline(ReadOnlyInline):
    model = Subscription
    fields = ("plan", "vendor", "quantity", "state", "start", "ends_on")


class PeriodInline(ReadOnlyInline):
    model = Period
    fields = ("index", "state", "period_start", "period_end", "non_renewal_by", "due_on")


class AgreementInline(ReadOnlyInline):
    model = Agreement
    fields = ("document", "accepted_on")
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("document")


@admin.register(Customer)
class CustomerAdmin(StaffAdmin):
    icon = "groups"
    list_display = ("name", "email", "country", "language", "created_at")
    ordering = ("-id",)
    search_help_text = "A customer's number, or the beginning of a name or an address."
    text_lookups = ("name__istartswith", "email__istartswith")
    fields = ("name", "email", "language", "country", "created_at")
    readonly_fields = ("created_at",)
    inlines = (SubscriptionInline,)

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = timezone.now()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    icon = "autorenew"
    list_display = ("__str__", "customer", "contract", "quantity", "state", "start", "ends_on")
    list_filter = ("state", VendorFilter)
    list_select_related = ("customer",)
    search_help_text = "A subscription's or a customer's number, the beginning of a customer's name, or a plan."
    number_lookups = ("pk", "customer_id")
    text_lookups = ("customer__name__istartswith", "plan__iexact")
    fieldsets = (
        (None, {"fields": ("customer", "contract", "sheet", "plan", "quantity", "method", "state")}),
        ("What was agreed", {"fields": ("accepted_on", "cycle_months", "renewal_months", "commitment", "created_at")}),
        ("Its beginning", {"fields": ("start", "start_why")}),
        ("Its end", {"fields": ("notice_on", "ends_on", "end_why")}),
    )
    readonly_fields = ("contract", "start_why", "end_why")
    inlines = (PeriodInline, AgreementInline)

    @admin.display(description="contract", ordering="vendor")
    def contract(self, subscription: Subscription) -> str:
        return vendor_name(subscription.vendor)

    @admin.display(description="why")
    def start_why(self, subscription: Subscription) -> SafeString | str:
        if not subscription.start_because:
            return "The contract does not say when a term begins: it began when it was accepted."
        return panel(of_row(tell_start(Start(subscription.start)), subscription.sheet, subscription.start_because))

    @admin.display(description="why")
    def end_why(self, subscription: Subscription) -> SafeString | str:
        if subscription.ends_on is None or subscription.notice_on is None:
            return "No notice to stop was given: it goes on renewing."
        notice, end = day_words(subscription.notice_on), day_words(subscription.ends_on)
        sentence = f"The notice to stop came on {notice}; {end} is the last day of service."
        return panel(of_row(sentence, subscription.sheet, subscription.ends_because))


@admin.register(Period)
class PeriodAdmin(ReadOnlyAdmin):
    icon = "date_range"
    list_display = (
        "__str__",
        "customer",
        "contract",
        "state",
        "period_start",
        "period_end",
        "non_renewal_by",
        "due_on",
    )
    list_filter = ("state", VendorFilter)
    list_select_related = ("subscription__customer",)
    ordering = ("-id",)
    search_help_text = "A subscription's number, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("subscription__customer__name__istartswith",)
    fieldsets = (
        (None, {"fields": ("subscription", "contract", "sheet", "index", "state", "why")}),
        (
            "Days",
            {"fields": ("period_start", "period_end", "closes_on", "renews_on", "due_on", "invoice_on", "pay_by")},
        ),
        ("Notices", {"fields": ("non_renewal_by", "renewal_notice_on", "noticed_on", "invoiced_on")}),
    )
    readonly_fields = ("contract", "why")

    @admin.display(description="customer")
    def customer(self, period: Period) -> str:
        return period.subscription.customer.name

    @admin.display(description="contract", ordering="vendor")
    def contract(self, period: Period) -> str:
        return vendor_name(period.vendor)

    @admin.display(description="why")
    def why(self, period: Period) -> SafeString:
        outcome = TermPeriod(**{name: getattr(period, name) for name in TermPeriod._fields})
        return panel(of_row(tell_period(outcome), period.sheet, period.because))


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    icon = "mail"
    list_display = ("subject", "recipient", "kind", "due_on", "state", "sent_at")
    list_filter = ("state", "kind")
    search_help_text = "A subscription's number, an address, or the beginning of a customer's name."
    number_lookups = ("subscription_id",)
    text_lookups = ("recipient__iexact", "subscription__customer__name__istartswith")
    fieldsets = (
        (None, {"fields": ("subscription", "kind", "state", "due_on", "sent_at", "recipient", "language")}),
        ("Why", {"fields": ("why",)}),
        ("The letter, word for word", {"fields": ("subject", "letter", "message_id")}),
    )
    readonly_fields = ("why", "letter")

    @admin.display(description="why")
    def why(self, notice: Notice) -> SafeString:
        sentence = f"This {notice.get_kind_display()} was due by {day_words(notice.due_on)}."
        return panel(of_row(sentence, notice.sheet, notice.because))

    @admin.display(description="text")
    def letter(self, notice: Notice) -> SafeString:
        return format_html('<div class="letter">{}</div>', notice.body)


class DocumentForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A contract's text for one version of the book."""

    class Meta:
        model = ContractDocument
        fields = ("sheet", "title", "version", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "sheet" in self.fields:
            self.fields["sheet"] = forms.ChoiceField(
                choices=[(sheet.id, f"{sheet.name}, version of {day_words(sheet.from_)}") for sheet in book()],
                widget=UnfoldAdminSelectWidget,
                help_text="The version of the terms that was made from this text.",
            )


@admin.register(ContractDocument)
class ContractDocumentAdmin(StaffAdmin):
    icon = "description"
    form = DocumentForm
    list_display = ("title", "version", "sheet", "sha256", "uploaded_at")
    search_help_text = "The beginning of a title, a sheet, or a SHA-256."
    text_lookups = ("title__istartswith", "sheet", "sha256")
    readonly_fields = ("sha256", "uploaded_at", "download")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("sheet", "title", "version", "file")
        return ("sheet", "title", "version", "download", "sha256", "uploaded_at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ContractDocument, form: Any, change: bool) -> None:
        kept = services.add_document(
            sheet=obj.sheet,
            title=obj.title,
            version=obj.version,
            file=form.cleaned_data["file"],
            at=timezone.now(),
        )
        if (kept.title, kept.version) != (obj.title, obj.version):
            self.message_user(request, f"This very text was there already, as “{kept}”.", messages.WARNING)
        obj.__dict__ |= kept.__dict__

    @admin.display(description="file")
    def download(self, document: ContractDocument) -> SafeString:
        address = reverse("admin:accounts_contractdocument_file", args=(document.pk,))
        return format_html('<a class="underline" href="{}">Download</a>', address)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.send_file))
        own = path("<int:number>/file/", view, name="accounts_contractdocument_file")
        return [own, *super().get_urls()]

    def send_file(self, request: HttpRequest, number: int) -> FileResponse:
        """Sends the file to be saved, never to be shown: what was uploaded must not run as a page of this site."""
        document = get_object_or_404(ContractDocument, pk=number)
        name = f"{slugify(f'{document.title} {document.version}')}{document.file.name[document.file.name.rfind('.') :]}"
        return FileResponse(
            document.file.open(), as_attachment=True, filename=name, content_type="application/octet-stream"
        )


class KeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new key: whose, for what, until when."""

    scopes = forms.MultipleChoiceField(
        choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple, initial=list(SCOPES)
    )

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "expires_at")


@admin.register(ApiKey)
class ApiKeyAdmin(StaffAdmin):
    icon = "key"
    form = KeyForm
    list_display = ("name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
    ordering = ("-id",)
    search_help_text = "The beginning of a name, or a key's first characters."
    text_lookups = ("name__istartswith", "prefix")
    number_lookups = ("pk",)
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("name", "scopes", "expires_at")
        return ("name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is revoked from the list; nothing else about it ever changes."""
        return obj is None and super().has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        key, secret = keys.make_key(name=obj.name, scopes=obj.scopes, expires_at=obj.expires_at, at=timezone.now())
        obj.__dict__ |= key.__dict__ | {"secret": secret}

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """Shows the secret this once: it goes into no message, cookie or session that would outlive the page."""
        title = f"The key “{obj.name}” was made"
        return page(request, "key.html", title, key=obj, secret=obj.__dict__["secret"])

    @admin.action(description="Revoke the chosen keys for good", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        now = timezone.now()
        for key in queryset:
            keys.revoke(key, at=now)
            self.log_change(request, key, "Revoked.")
        self.message_user(request, "The chosen keys open nothing any more.", messages.SUCCESS)

"""The documents that show who customers are, and the questions they answer. A file is opened for a reason, which is
kept, and only ever saved: nothing that was uploaded is shown by this site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from accounts.models import DocumentOpening, IdentityDocument, Verification
from accounts.policy.identity import Identity, tell_identity
from accounts.services import NotPossible
from accounts.services.documents import Shown, add_document_of, open_document
from accounts.services.verification import refuse, verify
from accounts.uploads import form_of
from backoffice.admin import ReadOnlyAdmin, ReadOnlyInline, StaffAdmin, VendorFilter
from backoffice.days import today
from backoffice.why import of_row, panel

SHOWN_FIELDS = ("customer", "vendor", "kind", "issued_on", "expires_on", "file")


class DocumentForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A document as a customer showed it."""

    file = forms.FileField(help_text="A PDF, a PNG or a JPEG, of 10 MB at most. Its name is not kept.")

    class Meta:
        model = IdentityDocument
        fields = SHOWN_FIELDS

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        form_of(file.read())
        file.seek(0)
        return file


class OpeningInline(ReadOnlyInline):
    model = DocumentOpening
    fields = ("opened_at", "opened_by", "reason")
    show_change_link = False
    verbose_name_plural = "who opened it, and what for"


@admin.register(IdentityDocument)
class IdentityDocumentAdmin(StaffAdmin):
    section = "Identity"
    about = (
        "Papers with which customers showed who they are. Each is kept sealed, opened only for a reason, and "
        "destroyed on its day."
    )
    icon = "badge"
    form = DocumentForm
    list_display = ("kind", "customer", "contract", "uploaded_on", "expires_on", "purge_on", "purged_on")
    list_filter = ("kind", VendorFilter)
    list_select_related = ("customer",)
    ordering = ("-id",)
    search_help_text = "A customer's number, or a SHA-256."
    number_lookups = ("customer_id",)
    text_lookups = ("sha256",)
    autocomplete_fields = ("customer",)
    readonly_fields = ("contract", "open_it")
    inlines = (OpeningInline,)

    def get_fieldsets(self, request: HttpRequest, obj: IdentityDocument | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": SHOWN_FIELDS}),)
        return (
            (None, {"fields": ("customer", "contract", "kind", "form", "issued_on", "expires_on", "open_it")}),
            (
                "How it is kept",
                {"fields": ("uploaded_on", "uploaded_by", "purge_on", "purge_basis", "purged_on", "sha256")},
            ),
        )

    def get_inlines(self, request: HttpRequest, obj: IdentityDocument | None) -> Any:
        return self.inlines if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: IdentityDocument, form: Any, change: bool) -> None:
        given, now = form.cleaned_data, timezone.now()
        shown = Shown(given["kind"], given["file"].read(), given["issued_on"], given["expires_on"])
        kept = add_document_of(
            customer=obj.customer, vendor=obj.vendor, shown=shown, on=today(obj.vendor, now), at=now, by=request.user
        )
        obj.__dict__ |= kept.__dict__

    @admin.display(description="open it")
    def open_it(self, document: IdentityDocument) -> SafeString | str:
        if not document.file:
            return "It is gone."
        return format_html(
            '<label>What for <input type="text" name="reason" required maxlength="200"></label> '
            '<button type="submit" formaction="{}" formmethod="post">'
            "Save a copy</button>",
            reverse("admin:accounts_identitydocument_open", args=(document.pk,)),
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.send_file))
        own = path("<int:number>/open/", view, name="accounts_identitydocument_open")
        return [own, *super().get_urls()]

    def send_file(self, request: HttpRequest, number: int) -> HttpResponse:
        """Sends the document to be saved, never to be shown: what was uploaded must not run as a page of this site."""
        if not request.user.has_perm("accounts.add_documentopening"):
            raise PermissionDenied
        document = get_object_or_404(IdentityDocument, pk=number)
        reason = request.POST.get("reason", "")
        if not reason.strip() or not document.file:
            return HttpResponse("A reason is needed, and a document that is still there.", status=400)
        content = open_document(document=document, reason=reason[:200], by=request.user, at=timezone.now())
        return HttpResponse(
            content,
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="document-{document.pk}.{document.form}"',
                "Content-Security-Policy": "sandbox; default-src 'none'",
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store, private",
            },
        )


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    section = "Identity"
    about = (
        "Customers who were asked to show who they are, and how it ended. A contract that asks for it opens one "
        "by itself; choose rows to decide them."
    )
    icon = "verified_user"
    list_display = ("customer", "contract", "state", "asked_on", "decided_on", "until_on", "false_identity")
    list_filter = ("state", VendorFilter)
    list_select_related = ("customer",)
    ordering = ("-id",)
    search_help_text = "A customer's number."
    number_lookups = ("customer_id",)
    fieldsets = (
        (None, {"fields": ("customer", "contract", "sheet", "state", "asked_on", "why")}),
        ("How it ended", {"fields": ("decided_on", "decided_by", "until_on", "false_identity", "documents")}),
    )
    readonly_fields = ("contract", "why")
    actions = ("accept", "not_accepted", "false")

    @admin.action(description="It is verified", permissions=["decide"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Verification]) -> None:
        for one in queryset:
            self._do(request, one, lambda found, on: verify(verification=found, on=on, by=request.user))

    @admin.action(description="It is not accepted", permissions=["decide"])
    def not_accepted(self, request: HttpRequest, queryset: QuerySet[Verification]) -> None:
        for one in queryset:
            self._do(request, one, lambda found, on: refuse(verification=found, on=on, by=request.user))

    @admin.action(description="It is false: a breach of the contract", permissions=["decide"])
    def false(self, request: HttpRequest, queryset: QuerySet[Verification]) -> None:
        for one in queryset:
            self._do(
                request, one, lambda found, on: refuse(verification=found, on=on, by=request.user, false_identity=True)
            )

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_verification"))

    def _do(self, request: HttpRequest, one: Verification, verb: Any) -> None:
        try:
            done = verb(one, today(one.vendor, timezone.now()))
        except NotPossible as error:
            self.message_user(request, f"Nothing was changed: {error}.", messages.ERROR)
            return
        self.log_change(request, done, f"Verification: {done.get_state_display()}.")
        self.message_user(request, f"{done.customer}: {done.get_state_display()}.", messages.SUCCESS)

    @admin.display(description="why")
    def why(self, verification: Verification) -> SafeString:
        refused = verification.state == Verification.State.REFUSED
        told = tell_identity(Identity(True, refused, verification.false_identity, ()))
        return panel(of_row(told, verification.sheet, verification.because))

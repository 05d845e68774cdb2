"""The texts of contracts, which staff upload."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts import services
from accounts.files import download
from accounts.models import ContractDocument
from backoffice.admin import StaffAdmin


class DocumentForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A contract's text for one version of the book."""

    class Meta:
        model = ContractDocument
        fields = ("sheet", "title", "version", "file")


@admin.register(ContractDocument)
class ContractDocumentAdmin(StaffAdmin):
    section = "Agreements"
    about = (
        "The texts of the contracts themselves, with their hashes. Add one for each version of the terms, so "
        "that it can be accepted."
    )
    icon = "description"
    form = DocumentForm
    list_display = ("title", "version", "sheet", "uploaded_at", "digest")
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

    @admin.display(description="SHA-256")
    def digest(self, document: ContractDocument) -> str:
        """Its beginning; the whole of it would push everything else off the list."""
        return f"{document.sha256[:12]}…"

    @admin.display(description="file")
    def download(self, document: ContractDocument) -> SafeString:
        address = reverse("admin:accounts_contractdocument_file", args=(document.pk,))
        return format_html('<a class="underline" href="{}">Download</a>', address)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.send_file))
        own = path("<int:number>/file/", view, name="accounts_contractdocument_file")
        return [own, *super().get_urls()]

    def send_file(self, request: HttpRequest, number: int) -> FileResponse:
        return download(get_object_or_404(ContractDocument, pk=number))

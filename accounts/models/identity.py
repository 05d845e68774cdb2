"""Who a customer is: the documents that show it, who looked at them, and how each question about it ended."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst

from accounts.models.customers import Customer
from backoffice import sealed
from backoffice.fields import SheetField, VendorField
from backoffice.terms.words import moment_words

# What a day can find; the indexes below have the same conditions.
TO_PURGE = Q(purged_on__isnull=True)
TO_EXPIRE = Q(state="verified")


def a_random_name(_row: models.Model, _name: str) -> str:
    """Where a file lies: nothing of its name as it was sent, nor of the person."""
    return f"sealed/{uuid4().hex}"


class IdentityDocumentQuerySet(models.QuerySet["IdentityDocument"]):
    """Which files are to go, and how the job takes hold of them."""

    def to_purge(self) -> IdentityDocumentQuerySet:
        return self.filter(TO_PURGE)

    def claim(self, vendor: str, day: date, count: int) -> list[IdentityDocument]:
        """Locks some that are due on a vendor's day, passing over what others hold."""
        due = self.to_purge().filter(vendor=vendor, purge_on__lte=day).order_by("purge_on", "id")
        return list(due.select_for_update(of=("self",), skip_locked=True)[:count])


class IdentityDocument(models.Model):
    """A document that a customer showed. Its file lies sealed under a key of its own and goes on a day that is known
    from the beginning; that it was shown, of which kind and with which hash, stays."""

    class Kind(models.TextChoices):
        PASSPORT = "passport", "passport"
        IDENTITY_CARD = "identity_card", "identity card"
        REGISTER = "register", "company register extract"
        POWER = "power", "power of attorney"
        ADDRESS = "address", "proof of address"
        VAT = "vat", "VAT certificate"

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        PNG = "png", "PNG"
        JPEG = "jpeg", "JPEG"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="identity_documents")
    vendor = VendorField()
    kind = models.CharField(max_length=16, choices=Kind)
    form = models.CharField(max_length=4, choices=Form)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField("valid until", null=True, blank=True, help_text="Its last valid day.")
    file = models.FileField(upload_to=a_random_name, blank=True)
    house_key = models.CharField(max_length=16, help_text="The key of the house that its own key lies under.")
    wrapped = models.BinaryField()
    sha256 = models.CharField("SHA-256", max_length=64, help_text="Of the document as it was shown.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_on = models.DateField()
    purge_on = models.DateField("goes on", help_text="The day on which the file is destroyed.")
    purge_basis = models.CharField("why then", max_length=200)
    purged_on = models.DateField("gone since", null=True, blank=True)
    created_at = models.DateTimeField()

    objects = IdentityDocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("customer", "vendor", "sha256"),
                condition=TO_PURGE,
                name="one_document_per_content",
                violation_error_message="This very document is there already.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["passport", "identity_card", "register", "power", "address", "vat"]),
                name="document_kind_known",
            ),
            models.CheckConstraint(condition=Q(form__in=["pdf", "png", "jpeg"]), name="document_form_known"),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="document_expires_after",
                violation_error_message="A document cannot run out before it was issued.",
            ),
            models.CheckConstraint(condition=Q(purge_on__gte=F("uploaded_on")), name="document_purged_later"),
            models.CheckConstraint(condition=TO_PURGE | Q(file="", wrapped=b""), name="purged_document_is_gone"),
        ]
        indexes = [models.Index(fields=("vendor", "purge_on", "id"), name="document_to_purge", condition=TO_PURGE)]

    def __str__(self) -> str:
        return f"{capfirst(self.get_kind_display())} {self.pk}"

    @property
    def place(self) -> str:
        """Where the file lies, which its sealing is bound to."""
        return f"accounts_identitydocument:{self.pk}:file"

    @property
    def key_place(self) -> str:
        """Where its key lies, which the sealing of the key is bound to."""
        return f"accounts_identitydocument:{self.pk}:wrapped"

    def content(self) -> bytes:
        """The document as it was shown; sealed.NotOpened where its key or its place are not the right ones."""
        key = sealed.unwrap_key(self.house_key, bytes(self.wrapped), self.key_place)
        with self.file.open("rb") as file:
            return sealed.opened(file.read(), key, self.place)


class DocumentOpening(models.Model):
    """That somebody of the staff opened a customer's document, and what for."""

    document = models.ForeignKey(IdentityDocument, models.PROTECT, related_name="openings")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="document_opened_for_a_reason")]

    def __str__(self) -> str:
        return f"{self.document}, opened on {moment_words(self.opened_at)}"


class VerificationQuerySet(models.QuerySet["Verification"]):
    """Which verifications run out, and how the job takes hold of them."""

    def to_expire(self) -> VerificationQuerySet:
        return self.filter(TO_EXPIRE)

    def claim(self, vendor: str, day: date, count: int) -> list[Verification]:
        """Locks some whose last day is over, and their customers, passing over what others hold."""
        over = self.to_expire().filter(vendor=vendor, until_on__lt=day).order_by("until_on", "id")
        rows = over.select_related("customer")
        return list(rows.select_for_update(of=("self", "customer"), skip_locked=True)[:count])


class Verification(models.Model):
    """That a customer was asked under a contract who it is, and how that ended. One that runs out is asked anew."""

    class State(models.TextChoices):
        ASKED = "asked", "asked for"
        VERIFIED = "verified", "verified"
        REFUSED = "refused", "not accepted"
        EXPIRED = "expired", "ran out"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="verifications")
    vendor = VendorField()
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    until_on = models.DateField("valid until", null=True, blank=True, help_text="Its last day.")
    false_identity = models.BooleanField(default=False, help_text="What was shown is false: a breach of the contract.")
    documents = models.ManyToManyField(IdentityDocument, related_name="verifications", blank=True)
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    objects = VerificationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("customer", "vendor"), condition=Q(state="asked"), name="one_open_verification"
            ),
            models.UniqueConstraint(
                fields=("customer", "vendor"), condition=Q(state="verified"), name="one_verification_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "verified", "refused", "expired"]), name="verification_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(decided_on__isnull=False), name="verification_decided_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(until_on__isnull=False), name="verification_runs_out"
            ),
            models.CheckConstraint(
                condition=Q(false_identity=False) | Q(state="refused"), name="false_identity_is_refused"
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "until_on", "id"), name="verification_to_expire", condition=TO_EXPIRE),
            # What staff narrow the list by.
            models.Index(fields=("state", "id"), name="verification_by_state"),
            models.Index(fields=("vendor", "id"), name="verification_by_vendor"),
        ]

    def __str__(self) -> str:
        return f"Verification {self.pk}: {self.get_state_display()}"
